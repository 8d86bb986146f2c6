"""The last visit of each household, and what followed each clue: made anew by the clock when records arrived; what differs is written."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from sql import clock
from sql.load import raw

NAME = "visited"
_ALONE = "select pg_try_advisory_xact_lock(hashtext('aidwatch visited'))"


def refresh(conn: psycopg.Connection[Any], *, again: bool = False) -> int:
    """Make it if records have arrived since, or ``again`` whatever arrived; return how many rows changed. One transaction, one snapshot."""
    with conn.transaction():
        conn.execute("set transaction isolation level repeatable read")
        (alone,) = conn.execute(_ALONE).fetchone() or (False,)
        (arrived,) = conn.execute(raw("visited.arrived")).fetchone() or (0,)
        if not alone or (not again and _last_arrived(conn) == arrived):
            return 0
        conn.execute("set local work_mem = '256MB'")
        changed = sum(_make(conn, table) for table in (NAME, "followed"))
        conn.execute(raw("course.counted"), {"name": NAME, "at": clock.now(conn), "told": Jsonb({"arrived": arrived, "changed": changed})})
        return changed


def _make(conn: psycopg.Connection[Any], table: str) -> int:
    conn.execute(raw(f"visited.make_{table}"))
    return sum(conn.execute(raw(f"visited.{act}_{table}")).rowcount for act in ("forget", "keep"))


def _last_arrived(conn: psycopg.Connection[Any]) -> int | None:
    row = conn.execute("select cast(told ->> 'arrived' as bigint) from watch.counted where name = %s", [NAME]).fetchone()
    return row[0] if row else None
