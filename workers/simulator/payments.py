"""Monthly payment: one batch per township, programme and month, one line per benefit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from workers.simulator import workdays
from workers.simulator.benefits import Benefit
from workers.simulator.book import yuan
from workers.simulator.geography import Town
from workers.simulator.months import add_months, first_day, month_of, months_from
from workers.simulator.people import Account, Person
from workers.simulator.scene import Scene

#: Short codes of the programmes in batch numbers.
CODES = {
    "低保": "DB", "特困": "TK", "孤儿": "GE", "事实无人抚养儿童": "SW", "困难残疾人生活补贴": "SH",
    "重度残疾人护理补贴": "HL", "高龄津贴": "GL", "临时救助": "LS",
}  # fmt: skip
_RETURNED_SHARE = 0.004


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of a batch pays, to whom and for what."""

    benefit_id: str | None
    household_id: str | None
    payee: Person
    account: Account
    fen: int
    kind: str = "正常"
    returned: bool = False
    month: str | None = None  # the benefit month, when it is not the batch's


def pay_day(month: str) -> date:
    """Return the day money reaches the accounts: the last working day up to the 9th."""
    return workdays.at_or_before(first_day(month) + timedelta(days=8))


def last_paid_month(now: datetime) -> str:
    """Return the latest month whose batches are closed."""
    month = month_of(now.date())
    return month if now.date() > pay_day(month) else add_months(month, -1)


def pay_history(scene: Scene, town: Town, benefits: list[Benefit]) -> None:
    """Write every batch of the township from the start of the history to the last month paid."""
    for programme in CODES:
        own = [benefit for benefit in benefits if benefit.programme == programme and benefit.is_paid]
        for month in months_from(scene.first_month, last_paid_month(scene.now)) if own else ():
            lines = list(_lines(scene, own, month))
            if lines:
                write_batch(scene, town, programme, month, lines)


def _lines(scene: Scene, benefits: list[Benefit], month: str) -> Iterable[Line]:
    listed_by = datetime.combine(workdays.minus(pay_day(month), 1), time(16))
    is_past = month < last_paid_month(scene.now)
    for benefit in benefits:
        if not benefit.holds_in(month):
            continue
        if benefit.known_at > listed_by:  # decided too late for this list: owed with the next
            benefit.arrears += (month,)
            continue
        line = _line(benefit, month)
        yield line
        if is_past and scene.rng.random() < _RETURNED_SHARE:  # came back from the bank, and was paid again
            yield _as_returned(line)
        yield from _arrears(benefit)


def _arrears(benefit: Benefit) -> Iterable[Line]:
    owed, benefit.arrears = benefit.arrears, ()
    for month in owed:
        yield Line(benefit.id, benefit.household.id, benefit.payee, benefit.account, benefit.amount_fen(month),
                   kind="补发", month=month)  # fmt: skip


def _line(benefit: Benefit, month: str) -> Line:
    return Line(benefit.id, benefit.household.id, benefit.payee, benefit.account, benefit.amount_fen(month))


def _as_returned(line: Line) -> Line:
    return Line(line.benefit_id, line.household_id, line.payee, line.account, line.fen, returned=True)


def write_batch(
    scene: Scene, town: Town, programme: str, month: str, lines: list[Line], *, extra: str = "",
    paid_at: datetime | None = None,
) -> str:  # fmt: skip
    """Write a closed batch whose totals are the sum of its lines; return its number."""
    paid_at = paid_at or datetime.combine(pay_day(month), time(10, 30))
    closed_at = min(paid_at + timedelta(hours=6), scene.now)
    batch_id = f"PC{town.short}{CODES[programme]}{month}{extra}"
    for line in lines:
        _write_line(scene, town, programme, batch_id, line.month or month, line, paid_at)
    scene.book.add(
        "t_ff_pc", pcbh=batch_id, jzlx=programme, qhdm=town.code, jgbm=town.office, ny=month, bs=len(lines),
        zje=yuan(sum(line.fen for line in lines)), zy=_list_hash(lines), spsj=_listed_at(paid_at), gdsj=closed_at,
        ysbh=None, gxsj=closed_at,
    )  # fmt: skip
    return batch_id


def _listed_at(paid_at: datetime) -> datetime:
    return datetime.combine(workdays.minus(paid_at.date(), 1), time(15, 30))


def _write_line(
    scene: Scene, town: Town, programme: str, batch_id: str, month: str, line: Line, paid_at: datetime
) -> None:
    submitted = _listed_at(paid_at) + timedelta(minutes=30)
    scene.book.add(
        "t_ff_mx", mxbh=scene.ids("MX"), pcbh=batch_id, bzbh=line.benefit_id, jzlx=programme, qhdm=town.code,
        jtbh=line.household_id, skr=line.payee.id, yhzh=line.account.number, hm=line.account.holder, ny=month,
        je=yuan(line.fen), fflx=line.kind, tjsj=submitted, dzsj=None if line.returned else paid_at,
        thsj=paid_at if line.returned else None, zt="退回" if line.returned else "已发放", qd="银行",
        spr=f"GH{town.county}6", gxsj=paid_at,
    )  # fmt: skip


def _list_hash(lines: list[Line]) -> str:
    text = "\n".join(f"{line.payee.id},{line.account.number},{line.fen}" for line in lines)
    return sha256(text.encode()).hexdigest()
