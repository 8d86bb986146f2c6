"""The holidays of the law, and which days of a year without its notice the notice may still change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

_FILE = Path(__file__).parent.parent / "monitors" / "reference" / "holidays.toml"
Reach = tuple[int, int]  #: first and last day, counted from the holiday's own


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One holiday; ``off`` and ``worked`` say how far the notices of published years went around it."""

    name: str
    english: str  # as the package chinesecalendar calls it
    by_law: Reach
    off: Reach
    worked: Reach
    each_year: str | None = None  # "05-01"
    days: frozenset[date] = frozenset()

    def distance(self, day: date) -> int:
        """Days from the nearest of its own days known; far away where none is."""
        own = self.days if self.each_year is None else {date.fromisoformat(f"{day.year + n}-{self.each_year}") for n in (-1, 0, 1)}
        return min(((day - one).days for one in own), key=abs)

    def may_change(self, day: date) -> bool:
        """Whether a notice may still take ``day`` off, or have it worked where it lies on a weekend."""
        first, last = self.off if day.weekday() < 5 else self.worked
        return first <= self.distance(day) <= last


@cache
def holidays() -> tuple[Holiday, ...]:
    """Return the holidays of the law in the order of the year."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8"))["holiday"], tuple[Holiday, ...])


@cache
def names() -> Mapping[str, str]:
    """Return English name → Chinese name."""
    return {one.english: one.name for one in holidays()} | {"Anti-Fascist 70th Day": "抗战胜利70周年纪念日"}


def by_law(day: date) -> str | None:
    """Return the holiday that ``day`` is by law, None where it is none."""
    return next((one.name for one in holidays() if one.by_law[0] <= one.distance(day) <= one.by_law[1]), None)


def may_change(day: date) -> bool:
    """Whether the notice of a year not yet published may make a working day of ``day``, or take it off."""
    return by_law(day) is None and any(one.may_change(day) for one in holidays())


def dated_until() -> int:
    """Return the last year for which every holiday has its day."""
    return min(max(day.year for day in one.days) for one in holidays() if one.days)
