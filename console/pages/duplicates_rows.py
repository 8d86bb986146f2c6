"""The people behind the numbers of page Duplicates, on the screen and as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from console import words
from console.answering import Asked
from console.files.place import looked_at
from console.files.sheet import Sheet
from console.i18n import t, tn
from console.parts import listing, states
from console.parts.filter_bar import described
from console.parts.listing import Field
from console.parts.tiles import ROWS
from console.queries import overlaps, regions
from console.url import Filters

PATH = "/duplicates"
DEFAULT = "exclusive"


def opens(scope: Filters, rows: str, n: int) -> str:
    """Return the address of a list of this page."""
    return scope.but(rows=rows, said=n).href(PATH) + ROWS


def title(wanted: str) -> str:
    """Return what a list holds, in words."""
    if wanted in overlaps.PAIRS:
        return " × ".join(words.word(words.PROGRAMME, programme) for programme in overlaps.PAIRS[wanted])
    return t(words.EFFECT[wanted.replace("-", "_")])


def months(asks: dict[str, Any]) -> str:
    """Return the benefit months looked at, in words."""
    first, last = overlaps.period(asks["first"]), overlaps.period(asks["last"])
    return last if first == last else t("until {last}", last=last) if not asks["first"] else t("{first} to {last}", first=first, last=last)


def tell_rows(asked: Asked) -> list[Any]:
    """Return sentence, note and rows of the list asked for."""
    wanted = asked.filters.rows or DEFAULT
    if not overlaps.is_list(wanted):
        return [t("There is no such list."), states.empty(t("There is no such list."), t("Choose a number above.")), None]
    if overlaps.made_at(asked.conn) is None:
        return [title(wanted), states.stale(t("Overlaps have not been counted yet; it is done every few minutes."), None), None]
    asks = overlaps.question(asked.conn, asked.filters, asked.now)
    rows, n = overlaps.listed(asked.conn, asks, wanted)
    agreed = listing.agrees(n, asked.filters.said if asked.filters.rows else None)
    say = [title(wanted), t(", "), months(asks), t(": "), tn("{n} row", "{n} rows", n), " ", agreed]
    if not n:
        return [say, states.empty(t("Nothing here."), t("Choose a wider place, a longer time, or another number above.")), None]
    advice = states.advice(
        t("One row for each human. Money at risk is the lesser amount of both for each month they overlap, where they exclude each other: "
          "a doubt, not a loss. What was paid, and what makes an overlap lawful, is on the finding."))  # fmt: skip
    notes = [states.cut(len(rows), n) if n > len(rows) else None, advice]
    return [say, [note for note in notes if note], listing.table(fields(asked, asks, rows), rows)]


def sheet(asked: Asked, most: int) -> Sheet:
    """Return the list asked for as a file, at most ``most`` rows."""
    wanted = asked.filters.rows if asked.filters.rows and overlaps.is_list(asked.filters.rows) else DEFAULT
    asks = overlaps.question(asked.conn, asked.filters, asked.now)
    rows, n = overlaps.listed(asked.conn, asks, wanted, most)
    made, place = fields(asked, asks, rows), looked_at(asked)
    head = [*described(asked.filters, place), (t("List"), title(wanted)), (t("Benefit months"), months(asks)),
            (t("Sum"), tn("{n} row", "{n} rows", n))]  # fmt: skip
    return Sheet("duplicates", t("Duplicates"), place, asked.now, head, listing.columns(made), listing.values(made, rows), n,
                 lambda: listing.people(made, rows))  # fmt: skip


def fields(asked: Asked, asks: dict[str, Any], rows: Sequence[Any]) -> list[Field]:
    """Return the columns of a list."""
    places = regions.places(asked.conn, [code for row in rows for code in (row.region_a, row.region_b)])
    found = overlaps.evidence(asked.conn, rows)

    def finding(row: Any) -> Any:
        return overlaps.about(found.get(row.person_key, ()), (row.programme_a, row.programme_b))

    def where(row: Any) -> str:
        codes = dict.fromkeys((row.region_a, row.region_b))
        return t(", ").join(places[code].full if code in places else code or t("no known place") for code in codes)

    return [
        Field(t("Person"), lambda row: row.person_key, width=18, href=lambda row: f"/dossier/person/{row.person_key}"),
        Field(t("Finding"), lambda row: one.rule if (one := finding(row)) else None, width=9,
              href=lambda row: f"/finding/{one.finding_id}" if (one := finding(row)) else None),
        *_benefit(t("First benefit"), "a"), *_benefit(t("Second benefit"), "b"),
        Field(t("Relation"), lambda row: words.word(words.EFFECT, row.effect), width=18),
        Field(t("From month"), lambda row: overlaps.period(max(row.from_month, asks["first"])), width=10),
        Field(t("To month"), lambda row: overlaps.period(min(row.to_month, asks["last"])), width=10),
        Field(t("Months"), lambda row: row.months, "count", 8), Field(t("Pairs"), lambda row: row.pairs, "count", 8),
        Field(t("Money at risk"), lambda row: row.all_fen, "money"), Field(t("Place"), where, width=24),
        Field(t("Ground"), lambda row: row.basis, width=30),
    ]  # fmt: skip


def _benefit(name: str, side: str) -> list[Field]:
    def key(row: Any) -> str:
        return str(getattr(row, f"benefit_{side}"))

    return [Field(name, lambda row: words.word(words.PROGRAMME, getattr(row, f"programme_{side}")), width=18),
            Field(t("Key"), key, width=18, href=lambda row: f"/dossier/benefit/{key(row)}")]  # fmt: skip
