"""Questions about the clock of one case: its steps, the limits that run or were missed, and the calendar below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from console.url import SHANGHAI, end_of
from sql.load import named


@dataclass(frozen=True)
class Step:
    """One step of a case. ``late`` None: it ended no limit that anybody judges."""

    stage_code: str
    at: datetime
    result: str | None
    reason: str | None
    late: bool | None


@dataclass(frozen=True)
class Limit:
    """One limit of a case, as its rule says."""

    rule: str
    started_at: datetime
    due_at: datetime  # from this instant on it is missed
    red_at: datetime | None
    ended_at: datetime | None
    evidence: dict[str, Any]


@dataclass(frozen=True)
class Clock:
    """Everything the drawing of a case needs. ``off`` are days on which no working day is counted."""

    steps: tuple[Step, ...]
    limits: tuple[Limit, ...]
    begin: datetime
    end: datetime
    off: tuple[date, ...]
    working: dict[date, int]  # working days counted up to and including the day
    provisional: bool

    def working_days(self, begin: datetime, end: datetime) -> int | None:
        """Return the working days from one day to another, the first not counted; None outside the calendar."""
        first, last = (self.working.get(at.astimezone(SHANGHAI).date()) for at in (begin, end))
        return None if first is None or last is None else last - first


def of(conn: Connection, application_id: str, now: datetime) -> Clock | None:
    """Return the clock of a case; None where no step of it is known."""
    asked = {"application_id": application_id}
    steps = tuple(Step(**row) for row in conn.execute(named("console_clock.steps"), asked).mappings())
    if not steps:
        return None
    judged = [limit for row in conn.execute(named("console_clock.limits"), asked) if (limit := _limit(row))]
    kept = (limit for row in conn.execute(named("console_clock.ended"), asked) if (limit := _kept(row)))
    limits = tuple(sorted([*judged, *kept], key=lambda limit: (limit.started_at, limit.due_at, limit.rule)))
    is_open = any(limit.ended_at is None for limit in limits)
    ends = [steps[-1].at, *(limit.due_at for limit in limits), *([now] if is_open else [])]
    begin, end = _midnight(steps[0].at), _midnight(max(ends) + timedelta(days=1))
    days = conn.execute(named("console_clock.days"), asked | {"first": begin.date(), "last": end.date()}).all()
    return Clock(steps, limits, begin, end, tuple(day.day for day in days if not day.working), {day.day: day.n for day in days},
                 any(day.provisional for day in days))  # fmt: skip


def _limit(row: Any) -> Limit | None:
    started, ended = (_instant(row.evidence.get(name)) for name in ("started_at", "ended_at"))
    if started is None or row.yellow_at is None:
        return None
    limit_on = row.evidence.get("limit_on")
    due_at = end_of(date.fromisoformat(limit_on)) if isinstance(limit_on, str) else row.yellow_at
    return Limit(row.rule, started, due_at, row.red_at, ended, row.evidence)


def _kept(row: Any) -> Limit | None:
    """A limit that was kept; None where it was not (its rule tells of it) or its last day is in no calendar."""
    is_longer = row.extended_at is not None and row.extended_days and row.limit_on and row.extended_at < end_of(row.limit_on)
    limit_on, days = (row.longer_on, row.extended_days) if is_longer else (row.limit_on, row.days)
    if limit_on is None or row.ended_at >= end_of(limit_on):
        return None
    told = {"from_stage": row.from_stage, "to_stage": row.to_stage, "limit_days": days, "unit": row.unit, "deadline_basis": row.basis}
    given = {"extended_at": row.extended_at.isoformat()} if is_longer else {}
    return Limit(row.rule, row.started_at, end_of(limit_on), None, row.ended_at, told | given)


def _instant(told: Any) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) else None


def _midnight(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def lasting(steps: Sequence[Step]) -> list[tuple[Step, Step]]:
    """Return each step with the one after it; an extension is no step of its own."""
    real = [step for step in steps if step.stage_code != "EXTEND"]
    return list(pairwise(real))
