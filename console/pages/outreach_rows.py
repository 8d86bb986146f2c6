"""The lists behind the numbers of the outreach page, on the screen and as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from console import words
from console.answering import Asked
from console.files.place import looked_at
from console.files.sheet import Sheet
from console.i18n import marked, t, tn
from console.parts import listing, states
from console.parts.filter_bar import described
from console.parts.listing import Field
from console.parts.tiles import ROWS
from console.queries import outreach, regions
from console.url import Filters

PATH = "/outreach"
DEFAULTS = ("clues-overdue", "visits-overdue", "checks-overdue", "clues")  #: the first of these that has rows, where none is asked for
SUBJECT = {"clues": marked("Pushed households"), "visits": marked("Households visited"), "checks": marked("Refused and exited households")}
KINDS: dict[str, Mapping[str, str]] = {"clues": words.CLUE, "visits": words.COLOUR, "checks": words.GONE}
STATES: dict[str, Mapping[str, str]] = {
    kind: {**told, "overdue": marked("overdue in all")}
    for kind, told in (("clues", words.CLUE_STATE), ("visits", words.VISIT_STATE), ("checks", words.CHECK_STATE))
}


def named(subject: str, kind: str | None = None, state: str | None = None) -> str:
    """Return the name of a list: a subject, one kind of it, one state."""
    return "-".join(part.replace("_", "-") for part in (subject, kind, state) if part)


def opens(scope: Filters, rows: str, n: int | None = None) -> str:
    """Return the address of a list of this page."""
    return scope.but(rows=rows, said=n).href(PATH) + ROWS


def title(wanted: str) -> str:
    """Return what a list holds, in words; empty for a list there is not."""
    subject = wanted.partition("-")[0]
    if subject not in SUBJECT:
        return ""
    lists = {named(subject, kind, state): (kind, state) for kind in (None, *KINDS[subject]) for state in (None, *STATES[subject])}
    if wanted not in lists:
        return ""
    kind, state = lists[wanted]
    return " · ".join(t(said) for said in (SUBJECT[subject], KINDS[subject].get(kind or ""), STATES[subject].get(state or "")) if said)


def found(asked: Asked, most: int = outreach.MOST) -> tuple[str, Sequence[Any], int]:
    """Return the name of the list asked for (empty: there is none such), its rows, at most ``most``, and how many it has."""
    asks, wanted = outreach.question(asked.filters, asked.now), asked.filters.rows
    if wanted:
        return (wanted, *outreach.listed(asked.conn, asks, wanted, most)) if title(wanted) else ("", [], 0)
    lists = ((name, *outreach.listed(asked.conn, asks, name, most)) for name in DEFAULTS)
    return next((one for one in lists if one[2]), (DEFAULTS[0], [], 0))


def tell_rows(asked: Asked) -> list[Any]:
    """Return sentence, note and rows of the list asked for."""
    wanted, rows, n = found(asked)
    if not wanted:
        return [t("There is no such list."), states.empty(t("There is no such list."), t("Choose a number above.")), None]
    say = [title(wanted), t(": "), tn("{n} row", "{n} rows", n), listing.agrees(n, asked.filters.said if asked.filters.rows else None)]
    if not n:
        return [say, states.empty(t("Nothing here."), t("Choose a wider place, a longer time, or another number above.")), None]
    return [say, states.cut(len(rows), n) if n > len(rows) else None, listing.table(fields(asked, wanted, rows), rows)]


def sheet(asked: Asked, most: int) -> Sheet:
    """Return the list asked for as a file, at most ``most`` rows."""
    wanted, rows, n = found(asked, most)
    made, place = fields(asked, wanted, rows) if wanted else [], looked_at(asked)
    head = [*described(asked.filters, place), (t("List"), title(wanted)), (t("Sum"), tn("{n} row", "{n} rows", n))]
    return Sheet("outreach", t("Outreach"), place, asked.now, head, listing.columns(made), listing.values(made, rows), n,
                 lambda: listing.people(made, rows))  # fmt: skip


def fields(asked: Asked, wanted: str, rows: Sequence[Any]) -> list[Field]:
    """Return the columns of a list."""
    subject = wanted.partition("-")[0]
    places = regions.places(asked.conn, [row.region_code for row in rows])
    units = regions.units(asked.conn, [row.unit_code for row in rows]) if subject == "clues" else {}
    own = {"clues": lambda: _clue(units), "visits": _visit, "checks": _check}[subject]()
    return [
        _household(),
        Field(t("Place"), lambda row: places[row.region_code].full if row.region_code in places else row.region_code, width=20),
        *own,
    ]


def _household() -> Field:
    return Field(
        t("Household"),
        lambda row: row.household_id,
        width=18,
        href=lambda row: row.household_id and f"/dossier/household/{row.household_id}",
    )


def _word(name: str, of: Mapping[str, str], column: str, width: int = 20) -> Field:
    get: Callable[[Any], str] = lambda row: words.word(of, getattr(row, column) or "untold")  # noqa: E731
    return Field(name, get, width=width)


def _clue(units: Mapping[str, str]) -> list[Field]:
    return [
        _word(t("Source of the clue"), words.CLUE, "kind"),
        Field(t("Unit"), lambda row: units.get(row.unit_code, row.unit_code), width=24),
        Field(t("Pushed at"), lambda row: row.pushed_at, "instant", 18),
        Field(t("To be followed up by"), lambda row: row.due_on, "day", 12),
        Field(t("Followed up at"), lambda row: row.followed_at, "instant", 18),
        _word(t("State"), words.CLUE_STATE, "state"),
    ]


def _visit() -> list[Field]:
    return [
        _word(t("Colour"), words.COLOUR, "risk"),
        _word(t("Last visit"), words.VISIT_KIND, "kind"),
        Field(t("Visited at"), lambda row: row.visited_at, "instant", 18),
        Field(t("Every so many days"), lambda row: row.every_days, "count", 9),
        Field(t("Next visit by"), lambda row: row.due_on, "day", 12),
        _word(t("State"), words.VISIT_STATE, "state"),
    ]


def _check() -> list[Field]:
    return [
        _word(t("How"), words.GONE, "how", 10),
        _word(t("Programme"), words.PROGRAMME, "programme"),
        Field(t("Since"), lambda row: row.gone_on, "day", 12),
        Field(t("Last quarterly check"), lambda row: row.checked_on, "day", 12),
        Field(t("Next check by"), lambda row: row.due_on, "day", 12),
        _word(t("State"), words.CHECK_STATE, "state", 24),
    ]
