"""Applications and the steps of their handling, each inside its legal limit unless a plant asks otherwise.

A course is a list of steps; each step comes a number of working days (a ``Pace``) after the latest of
those it follows. Lawful paces keep well clear of every limit, so that a case still open today stays
lawful while it is finished step by step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workers.simulator import workdays
from workers.simulator.book import yuan
from workers.simulator.geography import Town
from workers.simulator.people import Household, Person
from workers.simulator.scene import Scene

#: Which steps a step follows (those that are in the course), and what its pace is called.
_FOLLOWS: dict[str, tuple[tuple[str, ...], str]] = {
    "申请": ((), ""),
    "受理": (("申请",), "accept"),
    "不予受理": (("申请",), "accept"),
    "撤回": (("受理", "申请"), "withdraw"),
    "启动调查": (("受理",), "survey"),
    "核对委托": (("受理",), "request"),
    "核对开始": (("核对委托",), "start"),
    "入户调查": (("受理",), "visit"),
    "核对报告": (("核对开始", "受理"), "report"),
    "延期": (("受理",), "extend"),
    "中止计时": (("核对开始", "受理"), "pause"),
    "恢复计时": (("中止计时",), "resume"),
    "初审意见": (("受理", "入户调查", "核对报告", "恢复计时"), "opinion"),
    "公示开始": (("初审意见",), "post"),
    "异议": (("公示开始",), "object"),
    "公示结束": (("公示开始",), ""),
    "县级接收": (("公示结束", "初审意见"), "receive"),
    "县级入户": (("县级接收",), "county_visit"),
    "审核确认": (("县级接收", "县级入户", "公示结束", "初审意见", "核对报告", "受理", "手续补齐"), "decide"),
    "告知": (("审核确认",), "notice"),
    "公布": (("审核确认",), "publish"),
    "首次发放": (("申请",), "first_payment"),
    "手续补齐": (("首次发放",), "papers"),
}
PACE = {
    "accept": 0, "withdraw": 2, "survey": 1, "request": 1, "start": 1, "visit": 2, "report": 2, "extend": 10,
    "pause": 1, "resume": 5, "opinion": 1, "post": 1, "object": 2, "receive": 1, "county_visit": 2, "decide": 3,
    "notice": 1, "publish": 2, "first_payment": 0, "papers": 3,
}  # fmt: skip
PUBLICITY = timedelta(days=7)

TOWNSHIP = ("申请", "受理", "启动调查", "核对委托", "核对开始", "入户调查", "核对报告", "初审意见",
            "公示开始", "公示结束", "审核确认", "告知", "公布")  # fmt: skip
COUNTY = (*TOWNSHIP[:-3], "县级接收", *TOWNSHIP[-3:])
VISITED = (*COUNTY[:-3], "县级入户", *COUNTY[-3:])  # the county went to see for itself
COMMITMENT = tuple(step for step in COUNTY if step not in ("入户调查", "启动调查"))
UNPUBLISHED = tuple(step for step in COUNTY if step not in ("公示开始", "公示结束", "公布"))
ALLOWANCE = ("申请", "受理", "核对委托", "核对开始", "核对报告", "初审意见", "县级接收", "审核确认", "告知")
TEMPORARY = ("申请", "受理", "核对委托", "核对开始", "入户调查", "核对报告", "初审意见", "审核确认", "告知")
EMERGENCY = ("申请", "受理", "首次发放", "手续补齐", "审核确认")
REFUSED = UNPUBLISHED
NOT_ACCEPTED = ("申请", "不予受理", "告知")
WITHDRAWN = ("申请", "受理", "启动调查", "撤回")
_BY_COUNTY = frozenset(("核对开始", "核对报告", "县级接收", "县级入户", "审核确认"))
_MATERIALS = {"受理": "授权书,申请材料", "入户调查": "签字,照片", "告知": "告知书", "审核确认": "会议纪要"}
_COMMITTED = "承诺书,授权书,申报表"  #: one certificate, one letter, one form
_PUBLISHED = {"公示开始": "姓名,家庭人口数,金额", "公布": "姓名,家庭人口数,金额"}
_TOO_MUCH_FEN = 220_000  #: a month for each: above half as much again as any standard, so nothing else fits either
_REFUSAL = "家庭人均月收入高于当地最低生活保障标准，不符合条件"


@dataclass(slots=True)
class Wish:
    """How one case is to run. Every field left alone gives a lawful case."""

    programme: str = "低保"
    path: str = "普通"
    course: tuple[str, ...] = COUNTY
    pace: Mapping[str, int] = field(default_factory=dict)
    publicity: timedelta | None = None
    agreed: bool = True
    times: Mapping[str, datetime] = field(default_factory=dict)  # steps whose instant is fixed
    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # further columns of a step
    authorised: bool = True
    exempt: bool = False
    cause: str | None = None
    plan: str | None = None
    person: Person | None = None  # the one who applies, when it is not the head
    income_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    at: dict[str, datetime]

    @property
    def decided_at(self) -> datetime:
        return self.at["审核确认"]


def open_case(scene: Scene, town: Town, household: Household, begun: datetime, wish: Wish) -> Case:
    """Write an application begun at ``begun`` with its steps; what lies in the future is written when due."""
    case = Case(scene.ids("SQ"), course_times(scene, begun, wish))
    applicant = wish.person or household.head
    for step, at in case.at.items():
        _write_step(scene, town, case.id, step, at, wish)
    _write_check(scene, case, household, wish)
    yes = {True: "是", False: "否"}
    scene.put(
        "t_jz_sq", begun, sqbh=case.id, jzlx=wish.programme, bllj=wish.path, qhdm=town.code, jgbm=town.office,
        jtbh=household.id, sqr=applicant.id, sqsj=begun, jqs="否", tsbz="否", ydsb="否", mgs=yes[wish.exempt],
        sy=wish.cause, fjdbh=wish.plan, sczt=0,
    )  # fmt: skip
    return case


def course_times(scene: Scene, begun: datetime, wish: Wish) -> dict[str, datetime]:
    """Return when each step of the course happens, in order."""
    pace = {**PACE, **wish.pace}
    at: dict[str, datetime] = {}
    for step in wish.course:
        at[step] = wish.times[step] if step in wish.times else _next(scene, step, at, begun, pace, wish)
    return at


def _next(
    scene: Scene, step: str, at: dict[str, datetime], begun: datetime, pace: Mapping[str, int], wish: Wish
) -> datetime:
    before, name = _FOLLOWS[step]
    last = max((at[each] for each in before if each in at), default=begun)
    if step == "申请":
        return begun
    if step == "公示结束":
        return last + (wish.publicity or PUBLICITY + timedelta(minutes=scene.rng.randrange(5, 600)))
    day = workdays.plus(last.date(), pace[name])
    return max(scene.office_hour(day), last + timedelta(minutes=scene.rng.randrange(5, 50)))


def _write_step(scene: Scene, town: Town, case_id: str, step: str, at: datetime, wish: Wish) -> None:
    by_county = step in _BY_COUNTY and wish.path != "委托下放"
    desk = town.county if by_county else town.short
    row = {
        "hjbh": scene.ids("HJ"), "sqbh": case_id, "hjdm": step, "fssj": at, "lrsj": at,
        "czy1": f"GH{desk}{_DESK.get(step, 1)}", "czy2": f"GH{desk}4" if step == "入户调查" else None,
        "jgbm": town.county_office if by_county else town.office, "jg": _result(step, wish),
        "yy": None if wish.agreed or step not in ("不予受理", "告知", "审核确认") else _REFUSAL, "bz": None,
        "cl": _COMMITTED if step == "受理" and wish.path == "告知承诺" else _MATERIALS.get(step),
        "gsnr": _PUBLISHED.get(step), "jd": None, "wd": None,
    }  # fmt: skip
    scene.put("t_jz_hj", at, **row | dict(wish.details.get(step, {})))


#: The place of the clerk at each step: 1 intake, 2 investigator, 3 reviewer, 4 second investigator, 5 approver.
_DESK = {"入户调查": 2, "启动调查": 2, "初审意见": 3, "公示开始": 3, "公示结束": 3, "县级接收": 1, "核对开始": 2,
         "核对报告": 2, "县级入户": 2, "审核确认": 5, "告知": 3, "公布": 3}  # fmt: skip


def _result(step: str, wish: Wish) -> str | None:
    return ("同意" if wish.agreed else "不同意") if step in ("初审意见", "审核确认") else None


def _write_check(scene: Scene, case: Case, household: Household, wish: Wish) -> None:
    """Write what the check of income and property found; cases without a check have none."""
    at = case.at.get("核对报告")
    if at is None:
        return
    found = household.income_fen if wish.agreed else max(household.income_fen, _TOO_MUCH_FEN)
    check(scene, case.id, household, at, found if wish.income_fen is None else wish.income_fen, authorised=wish.authorised)


def check(scene: Scene, case_id: str, household: Household, at: datetime, income_fen: int, *, authorised: bool = True) -> None:
    """Write a check of income and property: so much a month for each."""
    scene.put(
        "t_hd", at, hdbh=scene.ids("HD"), sqbh=case_id, jtbh=household.id, hdsj=at, sbrjsr=yuan(income_fen),
        hsrjsr=yuan(income_fen), zcze=yuan(scene.rng.randrange(0, 900_000)), hcje=yuan(scene.rng.choice((0, 0, 0, 16500))),
        sqsz="已授权" if authorised else "未授权",
    )  # fmt: skip
