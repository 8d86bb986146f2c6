"""Who holds two benefits in the same months, and how many: made anew by the clock when anything it is made from has arrived.

Everything is made from the records of now, so nothing has to be mended; only what differs is written.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from sql import clock
from sql.load import raw

NAME = "overlap"
MADE = ("held", "both", "ruled", "fresh", "counts")
WRITTEN = ("forget", "keep", "forget_counts", "keep_counts")
_ALONE = "select pg_try_advisory_xact_lock(hashtext('aidwatch overlap'))"


def refresh(conn: psycopg.Connection[Any], *, again: bool = False) -> int:
    """Make the overlaps if records have arrived since, or ``again`` whatever arrived; return how many rows changed.

    Autocommit connection; one transaction, one snapshot. Two at once would do the same work twice: the second does nothing.
    """
    with conn.transaction():
        conn.execute("set transaction isolation level repeatable read")
        (alone,) = conn.execute(_ALONE).fetchone() or (False,)
        (arrived,) = conn.execute(raw("overlap.arrived")).fetchone() or (0,)
        if not alone or (not again and _last_arrived(conn) == arrived):
            return 0
        changed = _make(conn)
        told = {"arrived": arrived, "changed": changed}
        conn.execute(raw("course.counted"), {"name": NAME, "at": clock.now(conn), "told": Jsonb(told)})
        return changed


def _make(conn: psycopg.Connection[Any]) -> int:
    conn.execute("set local work_mem = '256MB'")
    for name in MADE:
        conn.execute(raw(f"overlap.{name}"))
        if name in ("held", "both"):  # a fresh table is taken for a small one
            conn.execute(f"analyze overlap_{name}")
    return sum(conn.execute(raw(f"overlap.{name}")).rowcount for name in WRITTEN)


def _last_arrived(conn: psycopg.Connection[Any]) -> int | None:
    row = conn.execute("select cast(told ->> 'arrived' as bigint) from watch.counted where name = %s", [NAME]).fetchone()
    return row[0] if row else None
