"""Services bought for people at home: providers, projects, visits by carers, and what people say of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import hypot

from workers.simulator import identity, workdays
from workers.simulator.book import yuan
from workers.simulator.geography import KM_PER_LAT, KM_PER_LON, Town
from workers.simulator.people import Household
from workers.simulator.scene import Scene

SERVICES = ("助餐", "助洁", "助浴", "康复护理", "精神慰藉")
_CHANNELS = ("短信", "弹窗", "电话", "走访", "表单")
_PHASES = ("中期", "结项", "即时")
_SPEED_KM_H = 25  # how fast a carer rides from door to door


@dataclass(frozen=True, slots=True)
class Project:
    id: str
    town: Town
    service: str
    start: date

    def worker(self, number: int) -> str:
        return f"{self.id}W{number}"


def provider(scene: Scene, area: str, name: str) -> str:
    """Write a provider and return its credit code."""
    code = identity.credit_code(scene.rng, area)
    boss = identity.surname(scene.rng) + identity.given_name(scene.rng, "女")
    scene.book.add("t_fw_jg", tyshxydm=code, mc=name, fddbr=boss, qhdm=area, gxsj=scene.since)
    return code


def project(scene: Scene, town: Town, provider_id: str, *, start: date | None = None) -> Project:
    """Write a project of one year that is on schedule: needs surveyed, mid-term evaluated when due, paid in parts."""
    rng = scene.rng
    start = start or scene.since.date() + timedelta(days=rng.randrange(10, 120))
    made = Project(scene.ids("XM"), town, rng.choice(SERVICES), start)
    price = rng.randrange(8, 30) * 1_000_000
    is_past_middle = scene.now.date() > start + timedelta(days=180)
    scene.book.add(
        "t_fw_xm", xmbh=made.id, mc=f"{town.name}困难群众{made.service}服务", fwlx=made.service, tyshxydm=provider_id,
        gmjg=town.county_office, qhdm=town.code, jg=yuan(price), jhl=400, qdrq=start - timedelta(days=12), ksrq=start,
        jsrq=start + timedelta(days=364), dyrq=start - timedelta(days=40), dyyb=60,
        zqpgrq=start + timedelta(days=170) if is_past_middle else None, jxpgrq=None, fkyb=None, gxsj=scene.since,
    )  # fmt: skip
    if scene.now.date() > start + timedelta(days=90):
        paid_at = datetime.combine(workdays.on_or_after(start + timedelta(days=20)), time(10))
        scene.put("t_fw_zf", paid_at, zfbh=scene.ids("ZF"), xmbh=made.id, je=yuan(price // 5), zfsj=paid_at)
    return made


def serve(scene: Scene, made: Project, worker: str, day: date, homes: list[Household]) -> list[datetime]:
    """Write one carer's round of a day: one home after the other, with time to ride between them."""
    at = datetime.combine(day, time(8, 20)) + timedelta(minutes=scene.rng.randrange(50))
    started: list[datetime] = []
    before: Household | None = None
    for home in homes:
        if before is not None:
            at += timedelta(minutes=10 + 60 * _km(before, home) / _SPEED_KM_H)
        minutes = scene.rng.randrange(28, 75)
        add_order(scene, made, worker, home, at, minutes)
        started.append(at)
        at, before = at + timedelta(minutes=minutes), home
    return started


def add_order(
    scene: Scene, made: Project, worker: str, home: Household, at: datetime, minutes: int, *, off_lat: float = 0.0,
    state: str = "已完成",
) -> None:  # fmt: skip
    """Write one service at one home; ``off_lat`` moves the place of arrival away from the door (degrees)."""
    rng = scene.rng
    end = at + timedelta(minutes=minutes, seconds=rng.randrange(60))
    lon, lat = (round(place + rng.uniform(-0.0008, 0.0008), 6) for place in (home.lon, home.lat + off_lat))
    scene.put(
        "t_fw_gd", end, gdbh=scene.ids("GD"), xmbh=made.id, fwlx=made.service, rybh=home.head.id, fwy=worker, kssj=at,
        jssj=end, lrsj=end + timedelta(minutes=2), jd1=lon, wd1=lat, jd2=lon, wd2=lat, zpzy=identity.digest(rng),
        qmzy=identity.digest(rng), zt=state,
    )  # fmt: skip


def respond(
    scene: Scene, made: Project, at: datetime, score: int, *, home: Household | None = None, phase: str | None = None
) -> None:
    """Write one answer to a satisfaction survey, each from a device of its own."""
    rng = scene.rng
    scene.put(
        "t_fw_pj", at, pjbh=scene.ids("PJ"), xmbh=made.id, jd=phase or rng.choice(_PHASES),
        rybh=home.head.id if home else None, qd=rng.choice(_CHANNELS), pjsj=at, sc=rng.randrange(25, 300), fs=score,
        cjr="DCY-第三方", sbzy=identity.digest(rng)[:32],
    )  # fmt: skip


def _km(one: Household, other: Household) -> float:
    return hypot((one.lon - other.lon) * KM_PER_LON, (one.lat - other.lat) * KM_PER_LAT)


def run_project(scene: Scene, made: Project, homes: list[Household]) -> None:
    """Write a year of a lawful project: rounds of two carers every other week, and mostly content people."""
    rng = scene.rng
    day = workdays.on_or_after(made.start)
    while day < scene.now.date():
        for number in (1, 2):
            half = homes[number - 1 :: 2]
            serve(scene, made, made.worker(number), day, rng.sample(half, min(len(half), 3)))
        day = workdays.plus(day, 10)
    for _ in range(rng.randrange(18, 46)):
        first = made.start + timedelta(days=30)
        at = scene.office_hour(scene.day_between(first, max(first, scene.now.date() - timedelta(days=1))))
        if at < scene.now:
            respond(scene, made, at, rng.choices((5, 4, 3, 2), (50, 38, 9, 3))[0], home=rng.choice(homes))
