"""The lists behind the numbers of page Funds, on the screen and as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from console import format as shown
from console import words
from console.answering import Asked
from console.files.place import looked_at
from console.files.sheet import Sheet
from console.i18n import t, tn
from console.pages import funds_hints
from console.parts import listing, states
from console.parts.filter_bar import described
from console.parts.listing import Field
from console.parts.tiles import ROWS
from console.queries import funds, regions
from console.url import Filters
from monitors.indicators.budget import Execution, Limits

PATH = "/funds"
DEFAULT = "deviation"
Place = Callable[[Any], str | None]


def opens(scope: Filters, rows: str, n: int | None = None) -> str:
    """Return the address of a list of this page."""
    return scope.but(rows=rows.replace("_", "-"), said=n).href(PATH) + ROWS


def title(wanted: str) -> str:
    """Return what a list holds, in words; empty for a list there is not."""
    kind = wanted.replace("-", "_")
    if funds.classes_of(wanted) and kind in words.MONEY:
        return t(words.MONEY[kind])
    return t(words.FUND_LIST[wanted]) if wanted in words.FUND_LIST else ""


def tell_rows(asked: Asked) -> list[Any]:
    """Return sentence, note and rows of the list asked for."""
    wanted = asked.filters.rows or DEFAULT
    name = title(wanted)
    if not name:
        return [t("There is no such list."), states.empty(t("There is no such list."), t("Choose a number above.")), None]
    rows, n, fen = funds.listed(asked.conn, funds.question(asked.conn, asked.filters, asked.now), wanted)
    agreed = listing.agrees(n, asked.filters.said if asked.filters.rows else None)
    say = [name, t(": "), tn("{n} row", "{n} rows", n), t(", {amount}", amount=shown.yuan(fen)) if fen is not None else "", " ", agreed]
    if not n:
        return [say, states.empty(t("Nothing here."), t("Choose a wider place, a longer time, or another number above.")), None]
    notes = [states.cut(len(rows), n) if n > len(rows) else None, states.advice(MEANS[wanted]()) if wanted in MEANS else None]
    return [say, [note for note in notes if note] or None, listing.table(fields(asked, wanted, rows), rows)]


#: What has to be known to read a list.
MEANS: dict[str, Callable[[], str]] = {
    "prevented": lambda: t("One month only, of benefits that people confirmed to be wrong and that ended or were reduced after the finding "
                           "was shown: the amount before, less the amount after."),
    "recovered": lambda: t("What the business reports as paid back on an order to pay back."),
    "owed": lambda: t("Decided for a month whose list is closed, less what was paid or is on its way; "
                      "money taken back by an adjustment is not owed."),
    **dict.fromkeys(funds.HINTS, funds_hints.meaning),
    "unknown": lambda: t("The decision of the time is not on record, or runs out gradually: the line stands for it."),
}  # fmt: skip


def sheet(asked: Asked, most: int) -> Sheet:
    """Return the list asked for as a file, at most ``most`` rows."""
    wanted = asked.filters.rows if asked.filters.rows and title(asked.filters.rows) else DEFAULT
    rows, n, fen = funds.listed(asked.conn, funds.question(asked.conn, asked.filters, asked.now), wanted, most)
    made, place = fields(asked, wanted, rows), looked_at(asked)
    total = tn("{n} row", "{n} rows", n) + (t(", {amount}", amount=shown.yuan(fen)) if fen is not None else "")
    head = [*described(asked.filters, place), (t("List"), title(wanted)), (t("Sum"), total)]
    return Sheet("funds", t("Funds"), place, asked.now, head, listing.columns(made), listing.values(made, rows), n)


def fields(asked: Asked, wanted: str, rows: Sequence[Any]) -> list[Field]:
    """Return the columns of a list."""
    named = regions.places(asked.conn, [row.region_code for row in rows])

    def place(row: Any) -> str | None:
        return named[row.region_code].full if row.region_code in named else row.region_code or t("no known place")

    kind = wanted.partition("-")[0]
    if wanted in funds.HINTS:
        return funds_hints.fields(asked.filters, wanted, place)
    make = {"batches": _batches, "recovered": _recovered, "prevented": _prevented, "budgets": _budgets}.get(kind)
    return make(place) if make else _lines(place, wanted)


def _of(place: Place) -> list[Field]:
    return [Field(t("Programme"), lambda row: words.word(words.PROGRAMME, row.programme), width=18), Field(t("Place"), place, width=20)]


def _benefit() -> Field:
    return Field(t("Benefit"), lambda row: row.benefit_id, width=18,
                 href=lambda row: f"/dossier/benefit/{row.benefit_id}" if row.benefit_id else None)


def _lines(place: Place, wanted: str) -> list[Field]:
    clock = [
        Field(t("Returned at"), lambda row: row.at, "instant", 18), Field(t("Working days since"), lambda row: row.days, "count", 10),
    ] if wanted.startswith("returned-") else [Field(t("Date"), lambda row: row.at, "day", 11)]  # fmt: skip
    return [
        Field(t("Benefit month"), lambda row: row.period or t("unknown"), width=10), *_of(place), _benefit(),
        Field(t("Household"), lambda row: row.household_id, width=18,
              href=lambda row: f"/dossier/household/{row.household_id}" if row.household_id else None),
        Field(t("Payment"), lambda row: row.payment_id, width=18), Field(t("Payment list"), lambda row: row.batch_id, width=18),
        Field(t("Class"), lambda row: words.word(words.MONEY, row.kind), width=24), *clock,
        Field(t("Amount"), lambda row: row.fen, "money"),
    ]  # fmt: skip


def _batches(place: Place) -> list[Field]:
    return [
        Field(t("Payment list"), lambda row: row.batch_id, width=22), Field(t("Benefit month"), lambda row: row.period, width=10),
        *_of(place),
        Field(t("Lines said"), lambda row: row.lines, "count", 9), Field(t("Lines found"), lambda row: row.found_n, "count", 9),
        Field(t("Total said"), lambda row: row.total_fen, "money"), Field(t("Total found"), lambda row: row.found_fen, "money"),
        Field(t("Difference"), lambda row: None if None in (row.total_fen, row.found_fen) else row.total_fen - row.found_fen, "money"),
        Field(t("Paid"), lambda row: row.paid_fen, "money"), Field(t("Returned"), lambda row: row.returned_n, "count", 9),
        Field(t("Closed at"), lambda row: row.closed_at, "instant", 18),
        Field(t("State"), _state, width=18),
    ]  # fmt: skip


def _state(row: Any) -> str:
    if row.found_n is None:
        return t("not counted yet")
    return t("differs from its head") if row.is_off else t("not closed") if row.closed_at is None else t("agrees")


def _recovered(place: Place) -> list[Field]:
    return [
        Field(t("Order to pay back"), lambda row: row.recovery_id, width=18), Field(t("Ordered on"), lambda row: row.ordered_on, "day", 11),
        *_of(place), _benefit(), Field(t("Ordered"), lambda row: row.amount_fen, "money"),
        Field(t("Recovered"), lambda row: row.recovered_fen, "money"),
        Field(t("Closed on"), lambda row: row.closed_on, "day", 11),
    ]  # fmt: skip


def _prevented(place: Place) -> list[Field]:
    return [
        Field(t("Rule"), lambda row: row.rule, width=7, href=lambda row: f"/finding/{row.finding_id}"), *_of(place), _benefit(),
        Field(t("Put right at"), lambda row: row.rectified_at, "instant", 18),
        Field(t("Monthly before"), lambda row: row.before_fen, "money"),
        Field(t("Monthly after"), lambda row: row.after_fen, "money"), Field(t("Prevented"), lambda row: row.fen, "money"),
    ]  # fmt: skip


def execution(row: Any) -> Execution:
    """Return the execution of a budget line as the query gives it."""
    limits = Limits(row.over_percent, row.under_percent, row.first_month, row.under_month)
    return Execution(row.budget_fen, row.paid_fen, row.ended_fen, row.months, limits)


def _budgets(place: Place) -> list[Field]:
    return [
        *_of(place), Field(t("Budget"), lambda row: row.budget_fen, "money"), Field(t("Paid"), lambda row: row.paid_fen, "money"),
        Field(t("Share paid"), lambda row: execution(row).share, "share", 9), Field(t("Months ended"), lambda row: row.months, "count", 9),
        Field(t("Projected for the year"), lambda row: execution(row).projected_fen, "money"),
        Field(t("Share projected"), lambda row: execution(row).projected_share, "share", 9),
        Field(t("State"), lambda row: t(words.EXECUTION[execution(row).verdict]), width=20),
    ]  # fmt: skip
