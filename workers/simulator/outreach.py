"""Looking for people in need: visits by the colour of a household, and clues that are followed up in time."""

from datetime import datetime, time, timedelta
from random import Random
from zlib import crc32

from workers.simulator import workdays
from workers.simulator.geography import Town
from workers.simulator.identity import digest
from workers.simulator.people import Household
from workers.simulator.scene import Scene

SOURCES = ("指数前5%", "低收入", "自报", "热线", "网格", "转介")
CARE_DAYS = {"红": (2, 8, 14, 20), "橙": (6, 31)}  #: days ago of the last care visits, besides those of each quarter
_ONE_CLUE_IN, _OPEN_DAYS = 25, 4  # households; working days a fresh clue may still wait


def colour(made: Household) -> str:
    """Return the colour of a household, which stays: two in a hundred red, eight orange."""
    place = crc32(made.id.encode()) % 50
    return "红" if place == 0 else "橙" if place < 5 else "黄"


def add_visit(scene: Scene, made: Household, at: datetime, kind: str) -> None:
    """Write a visit of the neighbours who look after a home, so that nobody is in two villages within a minute."""
    rng = scene.rng
    scene.put(
        "t_tf", at, tfbh=scene.ids("TF"), jtbh=made.id, rybh=made.head.id, lb=kind, fxdj=colour(made),
        yfrq=at.date() + timedelta(days=5), tfsj=at, czy1=f"WG{made.id}1", czy2=f"WG{made.id}2", jd=made.lon, wd=made.lat,
        zpzy=digest(rng), jlzy=digest(rng), sc=rng.randrange(900, 3600),
    )  # fmt: skip


def push_clues(scene: Scene, town: Town, homes: list[Household]) -> None:
    """Write the push lists of half a year; whatever is not of the last days was followed up within eight working days."""
    rng = Random(f"{town.code}:{scene.now.date()}:clues")  # its own: what else there is stays as it was
    for home in rng.sample(homes, len(homes) // _ONE_CLUE_IN + (len(homes) % _ONE_CLUE_IN > rng.randrange(_ONE_CLUE_IN))):
        day = workdays.at_or_before(scene.now.date() - timedelta(days=rng.randrange(1, 180)))
        pushed, answered = (datetime.combine(each, time(9)) + timedelta(minutes=rng.randrange(450))
                            for each in (day, workdays.plus(day, rng.randrange(1, 9))))  # fmt: skip
        is_answered = answered < scene.now and workdays.plus(day, _OPEN_DAYS) < scene.now.date()
        add_clue(scene, town, home, pushed, rng.choice(SOURCES), answered if is_answered else None)


def add_clue(scene: Scene, town: Town, home: Household, at: datetime, source: str, answered: datetime | None = None) -> None:
    """Write a household that was pushed, and when somebody came, if so."""
    scene.put(
        "t_xs", answered or at, xsbh=scene.ids("XS"), jtbh=home.id, rybh=home.head.id, qhdm=town.code, jgbm=town.office, ly=source, tssj=at,
        hysj=answered, hyjg="已入户核实" if answered else None,
    )  # fmt: skip
