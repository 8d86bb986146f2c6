"""Questions about the forecast of the open queue: an order of work, never a finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from console.url import Filters
from sql.load import named, raw

MOST = 50


@dataclass(frozen=True)
class Totals:
    """How many clocks run, how many cards are to be expected, and what the first tenth of the list holds of both."""

    n: int
    expected: float
    n_tenth: int
    expected_tenth: float


@cache
def _statement(name: str) -> TextClause:
    return text(f"with matching as ({raw('console_forecast.matching')}) {raw(f'console_forecast.{name}')}")


def asked(filters: Filters, now: datetime) -> dict[str, Any]:
    """Return the parameters of ``matching``; the queue is what is open now, whenever it began."""
    return {"region": filters.region, "programme": filters.programme, "unit": filters.unit, "now": now}


def first(conn: Connection, question: dict[str, Any], most: int = MOST) -> list[Any]:
    """Return the applications most likely to be late, at most ``most``."""
    return list(conn.execute(_statement("first"), question | {"limit": most}))


def totals(conn: Connection, question: dict[str, Any]) -> Totals:
    """Return what is to be expected in the scope."""
    return Totals(**conn.execute(_statement("totals"), question).mappings().one())


def told(conn: Connection) -> tuple[datetime, dict[str, Any]] | None:
    """Return when the forecast was made and how true earlier ones were; None: never made."""
    row = conn.execute(named("console_forecast.told")).one_or_none()
    return (row.at, row.told) if row else None
