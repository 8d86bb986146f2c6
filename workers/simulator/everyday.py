"""What happens in the business system on an ordinary day: small lawful changes, each a transaction of its own."""

from collections.abc import Callable
from datetime import timedelta

from workers.simulator import cases, outreach, registers, services
from workers.simulator.benefits import Terms, grant
from workers.simulator.cases import Wish, open_case
from workers.simulator.geography import Town, Village, dezhou
from workers.simulator.identity import phone_number
from workers.simulator.people import Account, Household, Member, Person, family
from workers.simulator.plants.ground import Ground
from workers.simulator.services import Project
from workers.simulator.town import add_one_off

_MOST_OPEN = 400  # steps still to come; no new case is begun beyond it


def visit(ground: Ground) -> None:
    home = _some_home(ground)
    outreach.add_visit(ground.scene, home, ground.now, "关爱探访")


def clue(ground: Ground) -> None:
    """A household is pushed to its township."""
    home = _some_home(ground)
    outreach.add_clue(ground.scene, home.town, home, ground.now, ground.rng.choice(outreach.SOURCES))


def clue_answered(ground: Ground) -> None:
    """Somebody went to see the household that has waited longest."""
    query = "select xsbh from t_xs where hysj is null and tssj < %(before)s order by tssj limit 1"
    found = ground.rows(query, before=ground.now - timedelta(minutes=20))
    if found:
        ground.update("t_xs", "xsbh", found[0]["xsbh"], hysj=ground.now, hyjg="已入户核实")


def new_phone(ground: Ground) -> None:
    home = _some_home(ground)
    ground.update("t_ry", "rybh", home.head.id, sjh=phone_number(ground.rng))


def register_delivery(ground: Ground) -> None:
    """A department confirms what it delivered before, as of today."""
    table, key, prefix = ground.rng.choice((_SHARED, _SHARED, _SHARED, _DEATHS, _CUSTODY))
    query = f"select {key} as key from {table} where {key} >= %(first)s order by {key} limit 1"
    found = ground.rows(query, first=f"{prefix}{ground.town().short}{ground.rng.randrange(200):04d}")
    if found:
        ground.update(table, key, found[0]["key"], jzrq=ground.now.date())


_SHARED, _DEATHS, _CUSTODY = ("t_gx_sj", "sjid", "GX"), ("t_gx_sw", "swid", "SW"), ("t_gx_jy", "jyid", "JY")


def hospital_stay(ground: Ground) -> None:
    home = _some_home(ground)
    end = ground.now.date() - timedelta(days=1)
    registers.shared(
        ground.scene, "住院", home.head, end - timedelta(days=6), end, fen=ground.rng.randrange(200_000, 900_000)
    )


def application(ground: Ground) -> None:
    """Somebody applies today; the steps of the case follow in the coming weeks, each in time."""
    (waiting,) = ground.rows("select count(*) as n from sim.due")
    if waiting["n"] > _MOST_OPEN:
        return
    town = ground.town()
    home = family(ground.scene, town, ground.rng.choice((1, 2, 3)), 30_000)
    registers.ordinary_records(ground.scene, home)
    case = open_case(ground.scene, town, home, ground.now, Wish(course=cases.COUNTY))
    grant(ground.scene, home, case, Terms(), case.decided_at)


def emergency(ground: Ground) -> None:
    """A fire or an accident: paid within minutes, papers within the hour."""
    scene, now = ground.scene, ground.now
    town = ground.town()
    home = family(scene, town, ground.rng.choice((1, 2, 3)), 130_000)
    minutes = {"受理": 1, "首次发放": 2, "手续补齐": 4, "审核确认": 6}
    times = {step: now + timedelta(minutes=after) for step, after in minutes.items()}
    cause = ground.rng.choice(("火灾", "交通事故", "突发重病"))
    wish = Wish("临时救助", "急难", cases.EMERGENCY, times={"申请": now, **times}, cause=cause)
    case = open_case(scene, town, home, now, wish)
    add_one_off(scene, town, home, case, now)


def old_file(ground: Ground) -> None:
    """A case handled on paper in the last months is entered, complete."""
    town = ground.town()
    home = family(ground.scene, town, ground.rng.choice((1, 2, 3)), 40_000)
    wish = ground.rng.choice((Wish("低保边缘"), Wish(course=cases.REFUSED, agreed=False)))
    open_case(ground.scene, town, home, ground.begun(40), wish)


def service(ground: Ground) -> None:
    """A carer comes back from a home."""
    found = _running_project(ground)
    if found is not None:
        made, home = found
        at = ground.now - timedelta(minutes=ground.rng.randrange(45, 80))
        services.add_order(ground.scene, made, f"{made.id}{ground.plant_id}", home, at, ground.rng.randrange(28, 42))


def answer(ground: Ground) -> None:
    """Somebody says how content they are."""
    found = _running_project(ground)
    if found is not None:
        services.respond(ground.scene, found[0], ground.now, ground.rng.choice((5, 5, 4, 4, 4, 3)), home=found[1])


EVERYDAY: dict[Callable[[Ground], None], int] = {
    visit: 6, new_phone: 2, register_delivery: 5, hospital_stay: 1, application: 2, emergency: 2, old_file: 1,
    service: 5, answer: 3, clue: 1, clue_answered: 1,
}  # fmt: skip


def _some_home(ground: Ground) -> Household:
    query = """
    select h.*, r.sfzh, r.xm, r.xb, r.csrq from t_jt h join t_ry r on r.rybh = h.hzbh
    where h.jtbh >= %(from)s order by h.jtbh limit 1
    """
    found = ground.rows(query, **{"from": f"JT{ground.town().short}{ground.rng.randrange(40):04d}"})
    row = found[0] if found else ground.rows(query, **{"from": ""})[0]
    head = Person(row["hzbh"], row["sfzh"], row["xm"], row["xb"], row["csrq"])
    town = dezhou().town(row["qhdm"][:9])
    place = float(row["jd"]), float(row["wd"])
    return Household(
        row["jtbh"], town, Village(row["qhdm"], ""), [Member("", head, "户主")], 0, *place, Account("", "")
    )


def _running_project(ground: Ground) -> tuple[Project, Household] | None:
    """Return a project nothing was planted on, and one of the homes it serves."""
    found = ground.rows(
        "select x.xmbh, x.qhdm, x.fwlx, x.ksrq from t_fw_xm x where x.jsrq > %(today)s and x.xmbh !~ '^XML'"
        " order by md5(x.xmbh || %(salt)s) limit 1",
        today=ground.now.date(), salt=str(ground.rng.random()),
    )  # fmt: skip
    if not found:
        return None
    town: Town = dezhou().town(found[0]["qhdm"])
    made = Project(found[0]["xmbh"], town, found[0]["fwlx"], found[0]["ksrq"])
    row = ground.rows(
        "select h.* from t_fw_gd g join t_jt h on h.hzbh = g.rybh where g.xmbh = %(id)s order by md5(g.gdbh || %(salt)s)"
        " limit 1", id=made.id, salt=str(ground.rng.random()),
    )  # fmt: skip
    if not row:
        return None
    head = Person(row[0]["hzbh"], "", "", "", ground.now.date())
    village = Village(row[0]["qhdm"], "")
    place = float(row[0]["jd"]), float(row[0]["wd"])
    return made, Household(row[0]["jtbh"], town, village, [Member("", head, "户主")], 0, *place, Account("", ""))
