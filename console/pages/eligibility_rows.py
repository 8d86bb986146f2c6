"""The lists behind the numbers of page Eligibility, on the screen and as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from console import format as shown
from console import words
from console.answering import Asked
from console.files.place import looked_at
from console.files.sheet import Sheet
from console.i18n import language, marked, t, tn
from console.parts import listing, states
from console.parts.filter_bar import described
from console.parts.listing import Field
from console.parts.tiles import ROWS
from console.queries import data, eligibility, regions
from console.queries.eligibility import Compared
from console.url import SHANGHAI, Filters
from monitors.indicators.wilson import interval

PATH = "/eligibility"
DEFAULT = "items"
STATE = {
    "stale": marked("stale"), "undated": marked("not dated"), "open": marked("no interval promised"), "fresh": marked("fresh"),
    "blind": marked("blind: nobody sends it"),
}  # fmt: skip
LISTS = {
    "items": marked("Items of the comparison"),
    **{f"items-{state}": said for state, said in STATE.items()},
    "underpaid": marked("Paid less than the rule gives"),
    "stopped-contradicted": marked("Stopped for death or custody; a sign of life came after"),
    "stopped-unborne": marked("Stopped for death or custody; no register bears it out"),
    "stopped-unknown": marked("Stopped for death or custody; no such register is reported"),
}
REASON = {"death": marked("death"), "custody": marked("custody")}


def named(*parts: str) -> str:
    """Return the name of a list."""
    return "-".join(parts)


def opens(scope: Filters, rows: str, n: int | None = None) -> str:
    """Return the address of a list of this page."""
    return scope.but(rows=rows, said=n).href(PATH) + ROWS


def title(wanted: str) -> str:
    """Return what a list holds, in words; empty for a list there is not."""
    if wanted not in LISTS:
        return ""
    said = t(LISTS[wanted])
    return f"{t(LISTS['items'])} · {said}" if wanted.startswith("items-") else said


def found(asked: Asked, wanted: str, most: int = eligibility.MOST) -> tuple[Sequence[Any], int]:
    """Return the rows of a list there is, at most ``most``, and how many it has."""
    kind, _, state = wanted.partition("-")
    asks = eligibility.question(asked.filters, asked.now)
    if kind == "items":
        rows = [one for one in eligibility.compared(asked.conn, asked.filters, asked.now) if state in ("", one.state)]
        return rows, len(rows)
    if kind == "underpaid":
        return eligibility.underpaid(asked.conn, asks, most)[:2]
    return eligibility.stopped(asked.conn, asks, state, most)


def tell_rows(asked: Asked) -> list[Any]:
    """Return sentence, note and rows of the list asked for."""
    wanted = asked.filters.rows or DEFAULT
    if not title(wanted):
        return [t("There is no such list."), states.empty(t("There is no such list."), t("Choose a number above.")), None]
    rows, n = found(asked, wanted)
    say = [title(wanted), t(": "), tn("{n} row", "{n} rows", n), listing.agrees(n, asked.filters.said if asked.filters.rows else None)]
    if not n and wanted.startswith("stopped-") and not data.counted_at(asked.conn, "stopped"):
        return [title(wanted), states.empty(t("Stops have not been looked into yet."), t("They are within minutes.")), None]
    if not n:
        return [say, states.empty(t("Nothing here."), t("Choose a wider place, a longer time, or another number above.")), None]
    notes = [states.cut(len(rows), n)] if n > len(rows) else [states.advice(_means(wanted))]
    return [say, notes, listing.table(fields(asked, wanted, rows), rows)]


def _means(wanted: str) -> str:
    if wanted.startswith("items"):
        return t(
            "People found are those we know whom the register holds a record of, counted now and then. Where one register carries several "
            "items, its numbers stand at the first. Shares are of what was verified, with their 95 % interval."
        )
    if wanted == "underpaid":
        return t("What the rule gives follows from the standard, the verified income and the persons on record when the line was made.")
    return t(
        "A sign of life: a visit, a payment to the person under another benefit, or a hospital stay after the benefit ended. "
        "Look before restoring."
    )


def sheet(asked: Asked, most: int) -> Sheet:
    """Return the list asked for as a file, at most ``most`` rows."""
    wanted = asked.filters.rows or DEFAULT
    rows, n = found(asked, wanted, most) if title(wanted) else ([], 0)
    made, place = fields(asked, wanted, rows) if title(wanted) else [], looked_at(asked)
    head = [*described(asked.filters, place), (t("List"), title(wanted)), (t("Sum"), tn("{n} row", "{n} rows", n))]
    return Sheet("eligibility", t("Eligibility"), place, asked.now, head, listing.columns(made), listing.values(made, rows), n)


def fields(asked: Asked, wanted: str, rows: Sequence[Any]) -> list[Field]:
    """Return the columns of a list."""
    if wanted.startswith("items"):
        return _item(asked)
    places = regions.places(asked.conn, [row.region_code for row in rows])
    place = Field(t("Place"), lambda row: places[row.region_code].full if row.region_code in places else row.region_code, width=20)
    programme = Field(t("Programme"), lambda row: words.word(words.PROGRAMME, row.programme or "untold"), width=16)
    benefit = Field(t("Benefit"), lambda row: row.benefit_id, width=18, href=lambda row: f"/dossier/benefit/{row.benefit_id}")
    return [benefit, place, programme, *(_underpaid() if wanted == "underpaid" else _stopped())]


def _item(asked: Asked) -> list[Field]:
    today = asked.now.astimezone(SHANGHAI).date()

    def number(name: str, kind: str, of: Callable[[Compared], int | None]) -> Field:
        def href(one: Compared) -> str | None:
            return eligibility.wanted(asked.filters, one.item.rules, kind).but(said=of(one)).href("/findings") if of(one) else None

        return Field(name, of, "count", 9, href=href)

    return [
        Field(t("No."), lambda one: one.item.number, "count", 6),
        Field(t("Department"), lambda one: one.item.department[language()], width=12),
        Field(t("Item"), lambda one: one.item.title[language()], width=24),
        Field(t("State"), lambda one: t(STATE[one.state]), width=20),
        Field(t("Data as of"), lambda one: one.as_of, "day", 12),
        Field(t("Age in days"), lambda one: (today - one.as_of).days if one.as_of else None, "count", 9),
        Field(t("Limit in days"), lambda one: one.item.refresh_days, "count", 9),
        Field(t("People found"), lambda one: one.persons, "count", 10),
        number(t("Points to verify"), "held", lambda one: one.hits),
        number(t("Confirmed"), "confirmed", lambda one: one.confirmed),
        number(t("Lifted"), "lifted", lambda one: one.lifted),
        Field(t("Share confirmed"), _share, width=18),
        Field(t("Remark"), _remark, width=24),
        Field(t("Owner"), lambda one: one.item.owner, width=24),
    ]


def _share(one: Compared) -> str:
    n = (one.confirmed or 0) + (one.lifted or 0)
    if not n:
        return shown.NOTHING
    low, high = interval(one.confirmed or 0, n)
    return t("{share} ({low}–{high})", share=shown.share((one.confirmed or 0) / n), low=shown.share(low), high=shown.share(high))


def _remark(one: Compared) -> str:
    if one.shared_with:
        return t("same register as item {n}", n=one.shared_with)
    return "" if one.item.rules else t("no rule needs it yet")


def _underpaid() -> list[Field]:
    return [
        Field(t("Month"), lambda row: row.period, width=10),
        Field(t("Listed"), lambda row: row.amount_fen, "money", 12),
        Field(t("By the rule"), lambda row: row.expected_fen, "money", 12),
        Field(t("Missing"), lambda row: row.missing_fen, "money", 12, href=lambda row: f"/finding/{row.finding_id}"),
    ]


def _stopped() -> list[Field]:
    return [
        Field(
            t("Household"),
            lambda row: row.household_id,
            width=18,
            href=lambda row: row.household_id and f"/dossier/household/{row.household_id}",
        ),
        Field(t("Stopped because of"), lambda row: words.word(REASON, row.stop_reason), width=12),
        Field(t("Last month"), lambda row: row.end_period, width=10),
        Field(t("Newest sign of life"), lambda row: row.alive_at, "instant", 18),
    ]
