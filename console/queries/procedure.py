"""Questions about the courses of applications. Every answer starts from the same ``matching`` statement (number = list)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from console.url import Filters
from monitors.indicators.conformance import edges
from sql.load import named, raw

MOST_VARIANTS, MOST_LINES, MOST_CASES = 20_000, 40, 100


@dataclass(frozen=True)
class Variant:
    """One way through a prescribed path and how many went it; ``fits`` None: unknown."""

    variant_id: int
    stages: list[str] | None
    required: list[str]
    trace: list[str]
    fits: bool | None
    skipped: list[str]
    reversed: list[str]
    repeated: list[str]
    n: int
    n_late: int
    n_backdated: int

    def answers(self, course: str) -> bool:
        """Return whether those who went this way belong to a list (console.url, ``course``); of "backdated" and "late" any may."""
        kind, _, which = course.partition(":")
        if kind in ("skipped", "reversed", "repeated"):
            found: list[str] = getattr(self, kind)
            return which in found if which else bool(found)
        return {
            "broken": self.fits is False, "unknown": self.fits is None, "variant": str(self.variant_id) in which.split("-"),
            "step": which in self.trace, "edge": tuple(which.split("-")) in edges(self.trace),
        }.get(kind, True)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One place, unit, or programme and path: its courses by what they are like."""

    key: str | None
    name: str | None
    n: int
    fits: int
    broken: int
    unknown: int
    skipped: int
    reversed: int
    repeated: int
    backdated: int
    late: int
    of: int  # how many lines there are

    @property
    def fit_share(self) -> float | None:
        """The share that keeps to the path, of those it is known of."""
        return self.fits / (self.fits + self.broken) if self.fits + self.broken else None


@dataclass(frozen=True)
class State:
    """When courses were last made, and since when a source of steps is late; None: never, not."""

    at: datetime | None
    stale_since: datetime | None


@cache
def _statement(*names: str) -> TextClause:
    return text(f"with matching as ({raw('console_procedure.matching')}) " + " ".join(raw(f"console_procedure.{name}") for name in names))


def asked(filters: Filters, now: datetime) -> dict[str, Any]:
    """Return the parameters of ``matching``: applications begun in the time looked at."""
    begun_from, begun_to = filters.window(now)
    return {"region": filters.region, "programme": filters.programme, "unit": filters.unit, "begun_from": begun_from, "begun_to": begun_to}


def variants(conn: Connection, question: dict[str, Any]) -> list[Variant]:
    """Return the ways taken, the most frequent first; at most MOST_VARIANTS."""
    rows = conn.execute(_statement("variants"), question | {"limit": MOST_VARIANTS})
    return [Variant(**row) for row in rows.mappings()]


def lines(conn: Connection, question: dict[str, Any], by: str, parent: str = "", most: int = MOST_LINES) -> list[Line]:
    """Return the lines of the table by "place" (below ``parent``), "unit" or "programme", the worst first; at most ``most``."""
    rows = conn.execute(_statement(f"by_{by}", "tallied"), question | {"parent": parent, "limit": most})
    return [Line(**row) for row in rows.mappings()]


def cases(conn: Connection, question: dict[str, Any], course: str, known: list[Variant], most: int = MOST_CASES) -> tuple[int, list[Any]]:
    """Return how many applications a list holds, and the first ``most`` of them; ``known`` as ``variants`` returns them."""
    ids = [one.variant_id for one in known if one.answers(course)]
    flags = {flag: course == flag for flag in ("backdated", "late")}
    rows = conn.execute(_statement("cases"), question | {"variants": ids, "limit": most} | flags).all()
    return (rows[0].of if rows else 0), list(rows)


def state(conn: Connection) -> State:
    """Return how fresh the courses are."""
    return State(**conn.execute(named("console_procedure.state")).mappings().one())
