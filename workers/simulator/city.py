"""A city modelled on Dezhou: every township's people, a year of their cases and payments, all of it lawful."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from workers.simulator import services
from workers.simulator.book import Book
from workers.simulator.geography import CITY, PROVINCE, County, Geography, Town, dezhou
from workers.simulator.identity import card_number, given_name, surname
from workers.simulator.people import Account, add_account
from workers.simulator.rates import write_rates
from workers.simulator.scene import Ids, Scene, history_start
from workers.simulator.town import Township

_LEVELS = {2: "省", 4: "市", 6: "县", 9: "乡", 12: "村"}
_JOBS = {1: "受理", 2: "调查", 3: "审核", 4: "调查", 5: "审批", 6: "发放"}
#: What the shared systems promise: source, department, seconds between deliveries.
FEEDS = (
    ("/dezhou/minzheng", "民政局", 3 * 86_400),
    ("/dezhou/fund", "财政局", 35 * 86_400),
    ("/dezhou/registers", "大数据局", 7 * 86_400),
    ("/dezhou/services", "民政局", 35 * 86_400),
)


def city(households: int, seed: int, now: datetime) -> Iterator[Book]:
    """Yield the rows of the whole city, a bookful at a time; the same for the same arguments.

    now: the end of the history, Beijing wall clock.
    """
    places, since, is_taken = dezhou(), history_start(now), _Taken()
    shared = Scene(Book(), Ids("00000"), Random(f"{seed}:city"), now, since, is_taken)
    homes = {county.code: _shared_rows(shared, places, county) for county in places.counties}
    _write_places(shared, places)
    yield shared.book
    for town, count in _shares(places, households, seed):
        scene = Scene(Book(), Ids(town.short), Random(f"{seed}:{town.code}"), now, since, is_taken)
        township = Township(scene, town, homes[town.county])
        township.settle(count)
        _services(township)
        yield scene.book


class _Taken(set[str]):
    """The numbers given out so far: the first who asks for one has it."""

    def __call__(self, number: str) -> bool:
        before = len(self)
        self.add(number)
        return len(self) == before


def _shares(places: Geography, households: int, seed: int) -> list[tuple[Town, int]]:
    """Return how many households each township has: more where there are more villages."""
    rng = Random(f"{seed}:shares")
    weights = [len(town.villages) ** 0.5 * rng.uniform(0.8, 1.2) for town in places.towns]
    total, given, sofar = sum(weights), 0, 0.0
    found = []
    for town, weight in zip(places.towns, weights, strict=True):
        sofar += weight
        count = round(households * sofar / total) - given
        given += count
        found.append((town, count))
    return found


def _shared_rows(scene: Scene, places: Geography, county: County) -> Account:
    """Write a county's offices and staff and the account of its care home; return that account."""
    for kind, suffix in (("县级民政", "01"), ("县级财政", "02"), ("残联", "03"), ("代发银行", "04")):
        _unit(scene, f"JG{county.code}{suffix}", f"{county.name}{kind}", county.code, kind)
    _staff(scene, county.code, f"JG{county.code}01")
    for town in (town for town in places.towns if town.county == county.code):
        _unit(scene, town.office, f"{town.name}社会救助工作站", town.code, "乡镇街道")
        _staff(scene, town.short, town.office)
    home = Account(card_number(scene.rng), f"{county.name}中心敬老院")
    add_account(scene, home, None, "机构", agreement=True)
    return home


def _unit(scene: Scene, code: str, name: str, area: str, kind: str) -> None:
    scene.book.add("t_jg", jgbm=code, jgmc=name, qhdm=area, jglb=kind, gxsj=scene.since)


def _staff(scene: Scene, desk: str, unit: str) -> None:
    """Write the six clerks of an office."""
    rng = scene.rng
    for number, job in _JOBS.items():
        sex = rng.choice("男女")
        born = scene.day_between(scene.now.date() - timedelta(days=20_000), scene.now.date() - timedelta(days=9_500))
        scene.book.add(
            "t_czy", gh=f"GH{desk}{number}", jgbm=unit, xm=surname(rng) + given_name(rng, sex),
            sfzh=scene.number("371402", born, sex), gw=job, qrq=scene.since.date() - timedelta(days=1500), zrq=None,
            gxsj=scene.since,
        )  # fmt: skip


def _write_places(scene: Scene, places: Geography) -> None:
    urban = {village.code for town in places.towns for village in town.villages if village.is_urban}
    for code, name in places.names.items():
        scene.book.add(
            "t_xzqh", qhdm=code, qhmc=name, jb=_LEVELS[len(code)], sjdm=_parent(code),
            cxfl=("城镇" if code in urban else "农村") if len(code) == 12 else None,
            qyrq=datetime(2023, 1, 1).date(), tyrq=None, gxsj=scene.since,  # noqa: DTZ001 - Beijing wall clock
        )  # fmt: skip
    write_rates(scene.book, places, scene.now, scene.since)
    for number, (source, department, interval_s) in enumerate(FEEDS, 1):
        scene.book.add("t_xt_jk", jkbh=f"JK{number}", xtbs=source, bm=department, zq_s=interval_s, qysj=scene.since,
                       gxsj=scene.since)  # fmt: skip


def _parent(code: str) -> str | None:
    lengths = list(_LEVELS)
    shorter = lengths.index(len(code)) - 1
    return None if code == PROVINCE else CITY if len(code) == 6 else code[: lengths[shorter]]


def _services(township: Township) -> None:
    """Every third township buys a service for its people."""
    scene, town = township.scene, township.town
    homes = [home for home in township.households if home.head.name]
    if int(town.code[-3:]) % 3 or len(homes) < 4:
        return
    code = services.provider(scene, town.county, f"{town.name}惠民社会工作服务中心")
    services.run_project(scene, services.project(scene, town, code), scene.rng.sample(homes, min(len(homes), 12)))
