"""A table of rows with a head that says what was asked: what every format is written from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from console import format as shown
from console.i18n import t
from console.url import SHANGHAI
from monitors.identifiers import scrub

Kind = Literal["text", "money", "count", "share", "day", "instant"]
PEOPLE = frozenset({"person", "household", "application", "benefit", "account"})  #: subjects behind whom people stand
_NOT_IN_NAMES = re.compile(r'[\s/\\:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True)
class Column:
    """One column. Its values are of its ``kind``: text, fen, whole numbers, 0–1, dates, aware instants; None is empty.

    ``width`` is in characters; ``on_paper`` false leaves the column out of a PDF.
    """

    name: str
    kind: Kind = "text"
    width: int = 12
    on_paper: bool = True


@dataclass(frozen=True)
class Sheet:
    """A table as it leaves the console. ``total`` counts the rows of the question, ``rows`` may be fewer, read as they are written.

    ``people()`` says, once they are, how many of them name people, if only by mask or pseudonym.
    """

    name: str  # ASCII, begins the file's name
    title: str
    place: str
    as_of: datetime
    head: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    total: int
    people: Callable[[], int] = lambda: 0

    def printed_head(self, most: int, who: str) -> list[tuple[str, str]]:
        """Return the lines above the table: as of, filters, sum, who took it, and where it was cut."""
        cut = t("First {shown} of {all}: narrow the filter or export.", shown=f"{most:,}", all=f"{self.total:,}")
        lines = [(t("As of"), shown.second(self.as_of)), *self.head, (t("Exported by"), who)]
        return [(name, scrub(said)) for name, said in [*lines, *([(t("Cut"), cut)] if self.total > most else [])]]

    def file_name(self, kind: str) -> str:
        """Return a name that says what, of where, and when it held."""
        parts = (self.name, self.place, f"{self.as_of.astimezone(SHANGHAI):%Y%m%d-%H%M%S}")
        return "-".join(_NOT_IN_NAMES.sub(" ", part) for part in parts if part) + f".{kind}"


def text_of(value: Any, kind: Kind) -> str:
    """Return a value as text without units: 1480.00, 2026-11-22 10:06; empty for None."""
    if value is None:
        return ""
    if kind == "money":
        return f"{value / 100:.2f}"
    if kind == "share":
        return f"{value:.4f}"
    if isinstance(value, datetime):
        return shown.minute(value) if kind == "instant" else shown.day(value)
    return value.isoformat() if isinstance(value, date) else str(value)
