"""Questions about how long steps take: lengths by place, unit, week and step before, and the cases behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from console.url import SHANGHAI, Filters
from monitors.indicators.histogram import Histogram
from sql import durations
from sql.load import named

WHOLE = "WHOLE"  #: the step that stands for the case, from acceptance to decision
MOST_CASES = 100
SPAN = "90d"  # where the address says no time


@dataclass(frozen=True)
class Length:
    """How long one step took where ``key`` says; the histograms are as they are kept, so that ``+`` adds them up."""

    key: str
    step: str
    n: int
    limited: int
    late: int
    again: int
    working_packed: int
    calendar_packed: int

    def __add__(self, other: Length) -> Length:
        return Length(self.key, self.step, *(getattr(self, name) + getattr(other, name) for name in _COUNTED))

    @cached_property
    def working(self) -> Histogram:
        """Working days."""
        return Histogram.unpacked(self.working_packed)

    @cached_property
    def calendar(self) -> Histogram:
        """Calendar days."""
        return Histogram.unpacked(self.calendar_packed)

    @property
    def late_share(self) -> float | None:
        """The share of late steps among those with a limit; None where none has one."""
        return self.late / self.limited if self.limited else None

    def measure(self, name: str) -> float | None:
        """Return the median or P90 in working days, or the share late."""
        if name == "late":
            return self.late_share
        return self.working.quantile(0.9 if name == "p90" else 0.5)


_COUNTED = ("n", "limited", "late", "again", "working_packed", "calendar_packed")


@dataclass(frozen=True)
class Cases:
    """Some cases of a question, and how many there are."""

    rows: Sequence[Any]
    n: int


def question(conn: Connection, filters: Filters, now: datetime, by: str) -> durations.Question:
    """Return the question a page asks, for a key; whole weeks of the time the address names."""
    begin, end = filters.window(now, SPAN)
    first = begin.astimezone(SHANGHAI).date() if begin else None
    last = (end - timedelta(seconds=1)).astimezone(SHANGHAI).date() if end else None
    return durations.question(conn, by, region=filters.region, programme=filters.programme, unit=filters.unit, first=first, last=last)


def lengths(conn: Connection, filters: Filters, now: datetime, by: str, step: str | None = None) -> list[Length]:
    """Return lengths, of one step or of all, by step and a key (see sql.durations.question)."""
    rows = durations.grouped(conn, question(conn, filters, now, by), step)
    return [Length(row.key, row.step, row.n, row.limited, row.late, row.again, int(row.working), int(row.calendar)) for row in rows]


def together(found: Iterable[Length], step: str) -> Length:
    """Return one step's lengths added up."""
    return sum((one for one in found if one.step == step), start=Length("", step, 0, 0, 0, 0, 0, 0))


def cases(conn: Connection, filters: Filters, now: datetime, most: int = MOST_CASES) -> Cases:
    """Return the slowest cases behind the number the address names, at most ``most``."""
    asked = question(conn, filters, now, "unit")
    rows = durations.passages(conn, asked, filters.step or WHOLE, late=filters.due == "late", most=most)
    return Cases(rows, rows[0].of if rows else 0)


def queue(conn: Connection, filters: Filters, now: datetime, classes: dict[str, int], most: int = MOST_CASES) -> Cases:
    """Return limits that are running, the next to end first, whatever the times of the address; ``classes`` says how many there are."""
    rows = durations.queue(conn, question(conn, filters, now, "unit"), now, filters.left, most)
    return Cases(rows, classes.get(filters.left, 0) if filters.left else sum(classes.values()))


def queue_classes(conn: Connection, filters: Filters, now: datetime) -> dict[str, int]:
    """Return how many limits are running by days left (keys of console.url.LEFT)."""
    return durations.queue_classes(conn, question(conn, filters, now, "unit"), now)


def stale_since(conn: Connection) -> datetime | None:
    """Return since when a source the rules of time need is late."""
    found: datetime | None = conn.execute(named("steps.stale_since")).scalar_one()
    return found
