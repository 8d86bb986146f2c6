"""Bought services that people are unhappy with or that cannot have happened; and services that only look so."""

from datetime import datetime, time, timedelta

from workers.simulator import services, workdays
from workers.simulator.book import Row
from workers.simulator.geography import Town, Village, dezhou
from workers.simulator.people import Account, Household, Member, Person
from workers.simulator.plants.ground import Ground, NoGroundError
from workers.simulator.services import Project
from workers.simulator.truth import Expected, Truth

_FEWEST_HOMES = 4


def _project(ground: Ground) -> Project:
    town = ground.town()
    code = services.provider(ground.scene, town.county, f"{town.name}康宁居家养老服务中心")
    return services.project(ground.scene, town, code, start=ground.now.date() - timedelta(days=70))


def _found(ground: Ground, rule: str, what: str, made: Project, card: str) -> Truth:
    expected = Expected(rule, "project", {"project_id": made.id}, card)
    return ground.truth(rule, what, expected)


def _answers(ground: Ground, made: Project, content: int, discontent: int, phase: str | None = None) -> None:
    """Write answers of the last weeks, so many content and so many not."""
    scores = [4, 5] * content + [1, 2, 3] * discontent
    scores = [*scores[: 2 * content : 2], *scores[2 * content :: 3]]
    for place, score in enumerate(scores):
        day = workdays.minus(ground.now.date(), 1 + place % 20)
        services.respond(ground.scene, made, ground.scene.office_hour(day), score, phase=phase)


def j04(ground: Ground) -> Truth:
    """9 of 36 content: surely fewer than half. 17 of 40: fewer than half, but perhaps by chance."""
    content, discontent, card = ground.rng.choice(((9, 27, "red"), (17, 23, "yellow")))
    made = _project(ground)
    _answers(ground, made, content, discontent)
    return _found(ground, "J04", "满意率低于50%", made, card)


def j04_lawful(ground: Ground) -> Truth:
    """Too few answers to tell; exactly half; bad answers before the project began."""
    few, half, before = (_project(ground) for _ in range(3))
    _answers(ground, few, 3, 26)
    _answers(ground, half, 20, 20)
    _answers(ground, before, 2, 38, phase="需求")
    subjects = [("project", {"project_id": made.id}) for made in (few, half, before)]
    return ground.lawful("J04", "样本不足、恰半数、需求阶段", *subjects)


def j08(ground: Ground) -> Truth:
    """A carer in two homes at once; or in two far apart within minutes; or often far from the door."""
    way = ground.rng.randrange(3)
    made, homes = _project(ground), _homes(ground)
    if way == 0:
        _rounds(ground, made, homes, orders=8)
        _two_at_once(ground, made, homes)
        return _found(ground, "J08", "同一人员工单重叠", made, "red")  # 2 of 10
    if way == 1:
        _rounds(ground, made, homes, orders=28)
        _two_at_once(ground, made, homes, apart=timedelta(minutes=52), off_lat=0.5)
        return _found(ground, "J08", "同一人员瞬移", made, "yellow")  # 2 of 30
    _rounds(ground, made, homes, orders=8)
    for back in (1, 2, 3, 4):
        services.add_order(ground.scene, made, made.worker(1), homes[0], _at(ground, back, 14), 40, off_lat=0.02)
    return _found(ground, "J08", "签到远离服务地址", made, "yellow")  # 4 of 12


def _at(ground: Ground, back: int, hour: int) -> datetime:
    return datetime.combine(workdays.minus(ground.now.date(), back), time(hour, 10))


def _rounds(ground: Ground, made: Project, homes: list[Household], orders: int) -> None:
    """Write one plain order each day, back from three weeks ago."""
    for number in range(orders):
        at = _at(ground, 6 + number, 9)
        services.add_order(ground.scene, made, made.worker(1), homes[number % len(homes)], at, 40)


def _two_at_once(
    ground: Ground, made: Project, homes: list[Household], *, apart: timedelta = timedelta(minutes=20),
    off_lat: float = 0.0,
) -> None:  # fmt: skip
    """Write two orders of one carer on one morning; the second begins ``apart`` after the first began."""
    at = _at(ground, 2, 9)
    services.add_order(ground.scene, made, made.worker(2), homes[0], at, 40)
    far = homes[1]
    moved = Household(far.id, far.town, far.village, far.members, 0, far.lon, far.lat + off_lat, far.account)
    services.add_order(ground.scene, made, made.worker(2), moved, at + apart, 40)


def j08_lawful(ground: Ground) -> Truth:
    """A cancelled order in the same hour; two carers at once; two of twelve arrivals off the map."""
    made, homes = _project(ground), _homes(ground)
    _rounds(ground, made, homes, orders=8)
    at = _at(ground, 2, 9)
    services.add_order(ground.scene, made, made.worker(1), homes[0], at, 40)
    services.add_order(ground.scene, made, made.worker(1), homes[1], at, 40, state="取消")
    services.add_order(ground.scene, made, made.worker(2), homes[2], at, 40)
    for back in (3, 4):
        services.add_order(ground.scene, made, made.worker(2), homes[3], _at(ground, back, 14), 40, off_lat=0.02)
    return ground.lawful("J08", "取消工单、两人同时、少数定位偏差", ("project", {"project_id": made.id}))


def _homes(ground: Ground) -> list[Household]:
    """Return the homes of one township in which everybody is alive and at home."""
    query = """
    select h.*, h.jtbh as home, left(h.qhdm, 9) as town from t_jt h
    where left(h.qhdm, 9) = %(town)s and (select count(*) from t_jtcy c where c.rybh = h.hzbh) = 1 and not exists (
        select from t_ry r where r.rybh = h.hzbh and (exists (select from t_gx_sw d where d.sfzh = r.sfzh)
        or exists (select from t_gx_sj g where g.sfzh = r.sfzh and g.lb = '住院')
        or exists (select from t_gx_jy j where j.sfzh = r.sfzh)))
    order by home limit 10
    """
    towns = dezhou().towns
    for town in ground.rng.sample(towns, len(towns)):
        homes = ground.rows(query, town=town.code)
        if len(homes) >= _FEWEST_HOMES:
            return [_household(row) for row in homes]
    raise NoGroundError(f"no township has the {_FEWEST_HOMES} homes needed")


def _household(row: Row) -> Household:
    head = Person(row["hzbh"], "", "", "", datetime(2000, 1, 1).date())  # noqa: DTZ001
    town = Town(row["town"], "", row["town"][:6], 0, 0)
    place = float(row["jd"]), float(row["wd"])
    return Household(
        row["home"], town, Village(row["qhdm"], ""), [Member("", head, "户主")], 0, *place, Account("", "")
    )
