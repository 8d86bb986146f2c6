"""How the system stands: feeds, backlog, rules, drift. One reading for the API, the command line and /metrics."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import redis
from sqlalchemy import Connection

from sql.load import named
from workers.stream import Bus, events_backlog

Row = dict[str, Any]


def read_status(conn: Connection, bus: Bus) -> Row:
    """Return everything ``GET /api/v1/status`` says."""
    clock = conn.execute(named("status.clock")).one()
    rules = rows(conn, "status.rules")
    return {
        "as_of": clock.as_of,
        "real_now": clock.real_now,
        "test_clock": clock.is_test_clock,
        "feeds": rows(conn, "status.feeds"),
        "backlog": backlog(conn, bus),
        "last_evaluated": _latest(rules),
        "drift": drift(conn),
        "rules": rules,
        "rules_unknown": [rule["rule"] for rule in rules if rule["unknown_since"] is not None],
        "dead_letters": conn.execute(named("status.dead_letters")).scalar_one(),
    }


def backlog(conn: Connection, bus: Bus) -> Row:
    """Return what has been accepted and is not evaluated yet; None for the stream while the bus is away."""
    waiting = dict(conn.execute(named("status.backlog")).mappings().one())
    waiting["marked_keys"] = int(waiting["marked_keys"])
    try:
        entries, pending = events_backlog(bus)
    except redis.RedisError:
        return {"stream_entries": None, "stream_pending": None, **waiting}
    return {"stream_entries": entries, "stream_pending": pending, **waiting}


def drift(conn: Connection) -> Row:
    """Return what the latest audits found: findings that differ from a full run (must be 0), None before the first."""
    found = rows(conn, "status.drift")
    total = {name: sum(row[name] for row in found) for name in ("compared", "drift", "pending")}
    return {"findings": total["drift"] if found else None, "compared": total["compared"], "pending": total["pending"],
            "at": min((row["at"] for row in found), default=None),
            "rules": {row["file"]: row["drift"] for row in found if row["drift"]}}  # fmt: skip


def rows(conn: Connection, statement: str, **bound: Any) -> list[Row]:
    """Return the rows of a named statement as dictionaries."""
    return [dict(row) for row in conn.execute(named(statement), bound).mappings()]


def _latest(rules: list[Row]) -> datetime | None:
    return max((rule["evaluated_at"] for rule in rules if rule["evaluated_at"] is not None), default=None)
