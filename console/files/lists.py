"""The lists of a page as files: what its panels show, whole, each under a name of its own (``rows`` of the address)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from console import words
from console.answering import Asked
from console.files.place import looked_at
from console.files.sheet import Sheet
from console.i18n import t, tn
from console.parts import listing
from console.parts.filter_bar import described
from console.parts.listing import Field
from console.queries import regions
from console.url import Filters


@dataclass(frozen=True)
class Listed:
    """A list as a file holds it: what it was asked, its columns, its rows (at most as many as were wanted) and how many there are.

    ``asks`` keeps of the address what the list heeds: nothing else is printed. ``when`` names what its time is of,
    ``more`` says what filters alone do not; ``placed`` is false where rows lie in no place.
    """

    asks: Filters
    fields: Sequence[Field]
    rows: Sequence[Any]
    n: int
    when: str = ""
    more: Sequence[tuple[str, str]] = ()
    placed: bool = True


Lists = Mapping[str, tuple[str, Callable[[Asked, int], Listed]]]  #: name → what it holds (marked), and how it is made


def sheet_of(page: str, title: str, lists: Lists) -> Callable[[Asked, int], Sheet]:
    """Return how a page makes the list its address names, the first where it names none."""

    def build(asked: Asked, most: int) -> Sheet:
        wanted = asked.filters.rows or ""
        wanted = wanted if wanted in lists else next(iter(lists))
        said, make = lists[wanted]
        made = make(asked, most)
        place = looked_at(replace(asked, filters=made.asks)) if made.placed else ""
        head = [*described(made.asks, place, made.when), (t("List"), t(said)), *made.more, (t("Sum"), tn("{n} row", "{n} rows", made.n))]
        columns, rows = listing.columns(made.fields), listing.values(made.fields, made.rows[:most])
        return Sheet(f"{page}-{wanted}", t(title), place, asked.now, head, columns, rows, made.n)

    return build


def whereabouts(asked: Asked, rows: Sequence[Any]) -> list[Field]:
    """Return the columns place and unit of rows, their names read once for all."""
    places = regions.places(asked.conn, {row.region_code for row in rows})
    units = regions.units(asked.conn, {row.unit_code for row in rows})
    return [
        Field(t("Place"), lambda row: places[row.region_code].full if row.region_code in places else row.region_code, width=20),
        Field(t("Unit"), lambda row: units.get(row.unit_code or "", row.unit_code), width=24),
    ]


def count(name: str, column: str) -> Field:
    """Return the column of a number rows have under a name of their own."""
    return Field(name, lambda row: getattr(row, column), "count", 10)


def programme() -> Field:
    """Return the column programme of rows."""
    return Field(t("Programme"), lambda row: words.word(words.PROGRAMME, row.programme), width=16)
