"""Cases handled too late or in the wrong way, and cases that only look so.

One file, though long: each plant stands beside its look-alike, and they share how a case is told.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from workers.simulator import cases, workdays
from workers.simulator.benefits import Terms, grant
from workers.simulator.book import yuan
from workers.simulator.cases import Case, Wish, course_times, open_case
from workers.simulator.months import add_months
from workers.simulator.people import Household, family, household, person
from workers.simulator.plants.ground import Ground
from workers.simulator.truth import Card, Expected, Truth

Shift = Callable[[dict[str, datetime]], None]
_WITH_EXTENSION = (*cases.COUNTY[:7], "延期", *cases.COUNTY[7:])
_OBJECTED = (*cases.COUNTY[:9], "异议", *cases.COUNTY[9:])
_FINISHED = 50  # working days ago: every course below is over by now


def _home(ground: Ground, size: int = 2) -> Household:
    town = ground.town()
    made = family(ground.scene, town, size, 30_000)
    ground.use(made.id)
    return made


def _case(ground: Ground, wish: Wish, *, begun: datetime | None = None, home: Household | None = None) -> Case:
    home = home or _home(ground)
    return open_case(ground.scene, home.town, home, begun or ground.begun(_FINISHED), wish)


def _found(ground: Ground, rule: str, what: str, case: Case, card: Card) -> Truth:
    return ground.truth(rule, what, Expected(rule, "application", {"application_id": case.id}, card))


def _silent(ground: Ground, rule: str, what: str, *made: Case) -> Truth:
    return ground.lawful(rule, what, *(("application", {"application_id": case.id}) for case in made))


def _late(ground: Ground, rule: str, what: str, card: Card, **wish: Any) -> Truth:
    return _found(ground, rule, what, _case(ground, Wish(**wish)), card)


def t02(ground: Ground) -> Truth:
    """The investigation began on the 5th (10th) working day, not by the 3rd; or has not begun at all."""
    way = ground.rng.randrange(3)
    if way == 0:
        return _never_begun(ground)
    days = (5, 10)[way - 1]
    pace = {"survey": days, "request": days, "visit": days + 1}
    return _late(ground, "T02", "调查启动迟", ("yellow", "red")[way - 1], programme=_margin(ground), pace=pace)


def _margin(ground: Ground) -> str:
    return ground.rng.choice(("低保", "低保边缘"))


def _never_begun(ground: Ground) -> Truth:
    begun = ground.scene.office_hour(workdays.minus(ground.now.date(), 6))
    case = _case(ground, Wish(course=("申请", "受理")), begun=begun)
    return _found(ground, "T02", "受理后无人调查", case, "yellow")


def t03(ground: Ground) -> Truth:
    """The check began 5 (10) working days after it was asked for, not within 3."""
    days, card = ground.rng.choice(((5, "yellow"), (10, "red")))
    return _late(ground, "T03", "核对启动迟", card, pace={"start": days})


def t04(ground: Ground) -> Truth:
    """Decided on the 32nd (37th) working day, not by the 30th; every single step was in time."""
    days, opinion, card = ground.rng.choice(((32, 17, "yellow"), (37, 21, "red")))
    case = _decided_after(ground, days, Wish(pace={"opinion": opinion}))
    return _found(ground, "T04", "审核确认总时限超期", case, card)


def _decided_after(ground: Ground, days: int, wish: Wish) -> Case:
    """Write a case decided exactly ``days`` working days after it was accepted."""
    begun = ground.begun(_FINISHED)
    decided = ground.scene.office_hour(workdays.plus(begun.date(), days))
    wish.times = {**wish.times, "审核确认": decided}
    return _case(ground, wish, begun=begun)


def t06(ground: Ground) -> Truth:
    """The county held the file for 12 (16) working days, not 10."""
    days, card = ground.rng.choice(((12, "yellow"), (16, "red")))
    return _late(ground, "T06", "县级确认超时", card, pace={"decide": days})


def t07(ground: Ground) -> Truth:
    """The township's opinion on a 特困 case came on the 18th (23rd) working day, not by the 15th."""
    days, card = ground.rng.choice(((14, "yellow"), (19, "red")))
    return _late(ground, "T07", "特困初审超时", card, programme="特困", pace={"opinion": days})


def t09(ground: Ground) -> Truth:
    """A refusal was told after 6 (13) working days, not 3."""
    days, card = ground.rng.choice(((6, "yellow"), (13, "red")))
    return _late(ground, "T09", "不予确认告知超时", card, course=cases.REFUSED, agreed=False, pace={"notice": days})


def t05(ground: Ground) -> Truth:
    """The limit was extended for a reason no text names; or for an objection that nobody raised."""
    reason, card = ground.rng.choice((("其他", "yellow"), ("公示异议", "red")))
    case = _case(ground, Wish(course=_WITH_EXTENSION, details={"延期": {"yy": reason}}))
    return _found(ground, "T05", "无法定事由延期", case, card)


def t10(ground: Ground) -> Truth:
    """The first aid came 30 (60) hours after the application, not within 24."""
    hours, card = ground.rng.choice(((30, "yellow"), (60, "red")))
    return _found(ground, "T10", "先行救助迟", _urgent(ground, hours), card)


def _urgent(ground: Ground, hours: float, **pace: int) -> Case:
    """Write an emergency that was aided ``hours`` after it was applied for."""
    begun = ground.begun(_FINISHED)
    times = {"首次发放": begun + timedelta(hours=hours)}
    return _case(ground, Wish("临时救助", "急难", cases.EMERGENCY, pace=pace, times=times, cause="火灾"), begun=begun)


def t11(ground: Ground) -> Truth:
    """The papers were complete 8 (12) working days after the aid, not 5."""
    days, card = ground.rng.choice(((8, "yellow"), (12, "red")))
    return _found(ground, "T11", "补手续迟", _urgent(ground, 5, papers=days), card)


def t21(ground: Ground) -> Truth:
    """Somebody objected; nobody looked into it, and the county got the file 17 working days later."""
    return _shifted(ground, "T21", "异议未复核", "yellow", _answered_late, Wish(course=_OBJECTED))


def _answered_late(at: dict[str, datetime]) -> None:
    received = at["异议"] + (workdays.plus(at["异议"].date(), 17) - at["异议"].date())
    at["县级接收"], at["审核确认"], at["告知"], at["公布"] = (received + timedelta(hours=n) for n in range(4))


def p01(ground: Ground) -> Truth:
    """Published for 5 days (60 hours), not 7 days."""
    hours, card = ground.rng.choice(((120, "yellow"), (60, "red")))
    return _late(ground, "P01", "公示期不足", card, programme=_margin(ground), publicity=timedelta(hours=hours))


def p02(ground: Ground) -> Truth:
    """Agreed without ever being published."""
    return _late(ground, "P02", "未公示即确认", "red", programme=_margin(ground), course=cases.UNPUBLISHED)


def p04(ground: Ground) -> Truth:
    """Agreed without authorisation, before the report of the check, or on an old report."""
    way = ground.rng.randrange(3)
    if way == 0:
        return _late(ground, "P04", "未经授权核对", "red", authorised=False)
    if way == 1:
        return _shifted(ground, "P04", "核对报告晚于确认", "red", _report_after)
    return _shifted(ground, "P04", "核对报告过旧", "yellow", _report_old)


def _report_after(at: dict[str, datetime]) -> None:
    at["核对报告"] = at["审核确认"] + timedelta(days=1)


def _report_old(at: dict[str, datetime]) -> None:
    at["核对报告"] = at["审核确认"] - timedelta(days=110)


def p10(ground: Ground) -> Truth:
    """Visited after the opinion; or decided while the publicity was still running."""
    if ground.rng.random() < 0.5:
        return _shifted(ground, "P10", "先出意见后入户", "yellow", _visit_after)
    return _shifted(ground, "P10", "公示未满即确认", "red", _decide_early)


def _visit_after(at: dict[str, datetime]) -> None:
    at["入户调查"] = at["初审意见"] + timedelta(minutes=50)


def _decide_early(at: dict[str, datetime]) -> None:
    at["县级接收"] = at["公示开始"] + timedelta(days=1)
    at["审核确认"] = at["公示开始"] + timedelta(days=3)
    at["告知"] = at["公布"] = at["公示结束"] + timedelta(days=1)


def _shifted(ground: Ground, rule: str, what: str, card: Card, shift: Shift, wish: Wish | None = None) -> Truth:
    return _found(ground, rule, what, _shifted_case(ground, wish or Wish(), shift), card)


def _shifted_case(ground: Ground, wish: Wish, shift: Shift) -> Case:
    """Write a lawful case with some of its instants moved by ``shift``."""
    begun = ground.begun(_FINISHED)
    at = course_times(ground.scene, begun, wish)
    shift(at)
    wish.times = at
    return _case(ground, wish, begun=begun)


def p16(ground: Ground) -> Truth:
    """A benefit nobody decided: no application at all, or one that was withdrawn."""
    home = _home(ground)
    case = _case(ground, Wish("低保边缘", course=cases.WITHDRAWN), home=home) if ground.rng.random() < 0.4 else None
    terms = Terms("低保边缘", start=ground.scene.month)
    benefit = grant(ground.scene, home, case, terms, ground.now - timedelta(hours=1))
    expected = Expected("P16", "benefit", {"benefit_id": benefit.id}, "red")
    return ground.truth("P16", "未经程序直接纳入", expected)


def t02_lawful(ground: Ground) -> Truth:
    """The check was asked for at once, the survey came later; or all on the very last day."""
    early = _case(ground, Wish(pace={"request": 1, "survey": 7, "visit": 8, "opinion": 2}))
    last_day = _case(ground, Wish(pace={"request": 3, "survey": 3, "visit": 4}))
    gone = _case(ground, Wish(course=(*cases.WITHDRAWN[:2], "撤回"), pace={"withdraw": 3}))
    return _silent(ground, "T02", "先委托核对、末日启动、已撤回", early, last_day, gone)


def t03_lawful(ground: Ground) -> Truth:
    """The check began on the last day; or its report came before anybody noted its beginning."""
    last_day = _case(ground, Wish(pace={"start": 3}))
    course = tuple(step for step in cases.COUNTY if step != "核对开始")
    at_once = _case(ground, Wish(course=course, pace={"report": 3}))
    return _silent(ground, "T03", "末日启动、直接出报告", last_day, at_once)


def t04_lawful(ground: Ground) -> Truth:
    """The 30th day; the 20th where delegated; the 42nd with an objection; the 35th with a pause."""
    plain = _decided_after(ground, 30, Wish(pace={"opinion": 15}))
    delegated = _decided_after(ground, 20, Wish(path="委托下放", course=cases.TOWNSHIP, pace={"opinion": 5}))
    return _silent(ground, "T04", "末日确认、依法延期、依法中止", plain, delegated, _extended(ground), _paused(ground))


def _extended(ground: Ground) -> Case:
    """Somebody objected to the publicity; the limit was extended to 45 working days."""
    begun = ground.begun(_FINISHED)

    def on(day: int) -> datetime:
        return ground.scene.office_hour(workdays.plus(begun.date(), day))

    course = (*cases.COUNTY[:9], "异议", "公示结束", "复核", "延期", "县级接收", "审核确认", "告知")
    times = {"复核": on(22), "延期": on(25), "县级接收": on(34), "审核确认": on(42)}
    details = {"延期": {"yy": "公示异议"}}
    return _case(ground, Wish(course=course, pace={"opinion": 6}, times=times, details=details), begun=begun)


def _paused(ground: Ground) -> Case:
    """The clock stood still for 8 working days while papers were supplied."""
    course = (*cases.COUNTY[:5], "中止计时", "恢复计时", *cases.COUNTY[5:])
    details = {"中止计时": {"yy": "补正材料"}}
    wish = Wish(course=course, pace={"resume": 8, "visit": 12, "opinion": 9}, details=details)
    return _decided_after(ground, 35, wish)


def t05_lawful(ground: Ground) -> Truth:
    """Extended in time because the applicant lives elsewhere; or because somebody had objected."""
    elsewhere = Wish(course=_WITH_EXTENSION, pace={"opinion": 20}, details={"延期": {"yy": "异地申办"}})
    return _silent(ground, "T05", "依法延期", _decided_after(ground, 35, elsewhere), _extended(ground))


def t10_lawful(ground: Ground) -> Truth:
    """Aid in the 23rd hour; ordinary aid, which has no such limit."""
    return _silent(
        ground, "T10", "24小时内、非急难", _urgent(ground, 23), _case(ground, Wish("临时救助", course=cases.TEMPORARY))
    )


def t11_lawful(ground: Ground) -> Truth:
    return _silent(ground, "T11", "第五个工作日补齐", _urgent(ground, 5, papers=5))


def t21_lawful(ground: Ground) -> Truth:
    """The objection was looked into in time; or the case was decided before its answer was due."""
    return _silent(ground, "T21", "及时复核、及时确认", _extended(ground), _case(ground, Wish(course=_OBJECTED)))


def t06_lawful(ground: Ground) -> Truth:
    return _silent(ground, "T06", "第十个工作日确认", _case(ground, Wish(pace={"decide": 10})))


def t07_lawful(ground: Ground) -> Truth:
    """The opinion on the 15th working day; and a 低保 case, which has no such limit."""
    last_day = _case(ground, Wish("特困", pace={"opinion": 11}))
    other = _case(ground, Wish("低保", pace={"opinion": 14}))
    return _silent(ground, "T07", "末日出意见、低保无此时限", last_day, other)


def t09_lawful(ground: Ground) -> Truth:
    last_day = _case(ground, Wish(course=cases.REFUSED, agreed=False, pace={"notice": 3}))
    return _silent(ground, "T09", "第三个工作日告知", last_day)


def p01_lawful(ground: Ground) -> Truth:
    """Exactly 7 × 24 hours."""
    return _silent(ground, "P01", "公示恰满七日", _case(ground, Wish(publicity=timedelta(days=7))))


def p02_lawful(ground: Ground) -> Truth:
    """Children, emergencies and rigid expense are not published; neither is a refusal."""
    child = _case(ground, Wish("特困", course=cases.UNPUBLISHED, exempt=True), home=_child(ground))
    orphan = _case(ground, Wish("孤儿", course=cases.UNPUBLISHED, exempt=True), home=_child(ground))
    urgent = _case(ground, Wish("临时救助", "急难", cases.EMERGENCY, cause="火灾"))
    rigid = _case(ground, Wish("刚性支出", course=cases.UNPUBLISHED))
    refused = _case(ground, Wish(course=cases.REFUSED, agreed=False))
    return _silent(ground, "P02", "免于公示的情形", child, orphan, urgent, rigid, refused)


def _child(ground: Ground) -> Household:
    """A child that is a household of its own."""
    town = ground.town()
    village = ground.rng.choice(town.villages)
    made = household(ground.scene, town, village, [(person(ground.scene, village, (6, 12)), "户主")], 0)
    ground.use(made.id)
    return made


def p04_lawful(ground: Ground) -> Truth:
    """A second check with authorisation; a report of 80 days ago; an emergency, checked afterwards."""
    twice = _case(ground, Wish(authorised=False))
    _authorised_too(ground, twice)
    old = _shifted_case(ground, Wish(), _report_80_days)
    urgent = _case(ground, Wish("临时救助", "急难", cases.EMERGENCY, cause="交通事故"))
    return _silent(ground, "P04", "二次核对已授权、报告未过期、急难先行", twice, old, urgent)


def _report_80_days(at: dict[str, datetime]) -> None:
    at["核对报告"] = at["审核确认"] - timedelta(days=80)


def _authorised_too(ground: Ground, case: Case) -> None:
    checked = case.at["核对报告"] + timedelta(hours=1)
    row: Mapping[str, Any] = ground.scene.book.rows["t_hd"][-1]
    again = {**row, "hdbh": ground.scene.ids("HD"), "hdsj": checked, "sqsz": "已授权", "zcze": yuan(0)}
    ground.scene.book.add("t_hd", **again)


def p10_lawful(ground: Ground) -> Truth:
    """Nobody visits on the commitment path; a decision may come the instant the publicity ends."""
    commitment = _case(ground, Wish(path="告知承诺", course=cases.COMMITMENT))
    course = tuple(step for step in cases.COUNTY if step != "县级接收")
    at_once = _shifted_case(ground, Wish(course=course), _decide_at_once)
    return _silent(ground, "P10", "承诺制不入户、公示期满即确认", commitment, at_once)


def _decide_at_once(at: dict[str, datetime]) -> None:
    at["审核确认"] = at["公示结束"]


def p16_lawful(ground: Ground) -> Truth:
    """A renewed benefit stands on the decision of the first one; an old one without papers has ended."""
    home = _home(ground)
    case = _case(ground, Wish("低保边缘"), home=home, begun=ground.begun(_FINISHED + 70))
    month = ground.scene.month
    first = grant(ground.scene, home, case, Terms("低保边缘", end=add_months(month, -1), why="自愿"), case.decided_at)
    again = grant(ground.scene, home, case, Terms("低保边缘", start=month), ground.now - timedelta(hours=1))
    gone = Terms("低保边缘", start=add_months(month, -30), end=add_months(month, -20), why="自愿")
    old = grant(ground.scene, _home(ground), None, gone, ground.now - timedelta(days=900))
    subjects = [("benefit", {"benefit_id": each.id}) for each in (first, again, old)]
    return ground.lawful("P16", "续期待遇沿用原审批、早已终止", *subjects)
