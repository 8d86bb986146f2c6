"""What other departments know about people and share: deaths, custody, hospital stays, certificates, pensions."""

from datetime import date, datetime, time, timedelta
from typing import Any

from psycopg.types.json import Json

from workers.simulator.book import yuan
from workers.simulator.people import Household, Person
from workers.simulator.scene import Scene

DEPARTMENTS = {
    "死亡": "公安局", "火化": "民政局殡葬", "服刑": "司法局", "强制隔离戒毒": "公安局", "住院": "医保局",
    "残疾人证": "残联", "养老金": "人社局", "社会保险": "人社局", "就学": "教育局", "户籍": "公安局", "婚姻": "民政局",
}  # fmt: skip


def death(scene: Scene, person: Person, day: date, *, cremated: bool = True) -> None:
    """Write a death, and the cremation two days later."""
    _death(scene, "死亡", person, day)
    if cremated and day + timedelta(days=2) <= scene.now.date():
        _death(scene, "火化", person, day + timedelta(days=2))


def _death(scene: Scene, kind: str, person: Person, day: date) -> None:
    scene.book.add(
        "t_gx_sw", swid=scene.ids("SW"), lb=kind, sfzh=person.number, swrq=day, bm=DEPARTMENTS[kind],
        jzrq=refreshed(scene), sczt=0, gxsj=_delivered(scene),
    )  # fmt: skip


def custody(scene: Scene, person: Person, start: date, end: date | None, kind: str = "服刑") -> None:
    scene.book.add(
        "t_gx_jy", jyid=scene.ids("JY"), lb=kind, sfzh=person.number, rsrq=start, csrq=end, bm=DEPARTMENTS[kind],
        jzrq=refreshed(scene), sczt=0, gxsj=_delivered(scene),
    )  # fmt: skip


def shared(
    scene: Scene, kind: str, person: Person, start: date, end: date | None = None, *, fen: int | None = None,
    about: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    scene.book.add(
        "t_gx_sj", sjid=scene.ids("GX"), lb=kind, sfzh=person.number, ksrq=start, jsrq=end,
        je=None if fen is None else yuan(fen), nr=Json(about) if about else None, bm=DEPARTMENTS[kind],
        jzrq=refreshed(scene), sczt=0, gxsj=_delivered(scene),
    )  # fmt: skip


def ordinary_records(scene: Scene, household: Household) -> None:
    """Write what the departments hold of everybody in the household."""
    for member in household.members:
        _of_person(scene, member.person)


def _of_person(scene: Scene, person: Person) -> None:
    rng, today = scene.rng, scene.now.date()
    age = (today - person.born).days // 365
    shared(scene, "户籍", person, person.born)
    if person.grade:
        certificate(scene, person)
    if age >= 61:
        basic = rng.randrange(17000, 26000)  # the basic pension, which is no income (民发〔2021〕57号 第13条)
        since = person.born.replace(year=person.born.year + 60, day=1)
        shared(scene, "养老金", person, since, fen=basic, about={"excluded_fen": basic})
    elif age >= 18:
        shared(scene, "社会保险", person, date(today.year, 1, 1), fen=rng.choice((3000, 5000, 9000)))
    elif age >= 6:
        shared(scene, "就学", person, date(today.year - (today.month < 9), 9, 1))
    if rng.random() < 0.07:
        start = scene.day_between(scene.since.date(), today - timedelta(days=20))
        shared(
            scene,
            "住院",
            person,
            start,
            start + timedelta(days=rng.randrange(3, 12)),
            fen=rng.randrange(200_000, 900_000),
        )


def certificate(scene: Scene, person: Person) -> None:
    """Write the disability certificate that goes with what the person's record says."""
    about = {"类别": person.disability, "等级": person.grade}
    shared(scene, "残疾人证", person, scene.since.date() - timedelta(days=scene.rng.randrange(100, 900)), about=about)


def refreshed(scene: Scene) -> date:
    """When the departments last delivered: yesterday."""
    return scene.now.date() - timedelta(days=1)


def _delivered(scene: Scene) -> datetime:
    return max(min(datetime.combine(refreshed(scene), time(6)), scene.now), scene.since)
