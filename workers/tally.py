"""The sums of findings by sort and place: lines added up every minute, everything counted anew at night and when places changed.

Exact whenever it is read: what no sum holds yet stands in a line written with the finding itself (migration 0096).
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from sql import clock
from sql.load import raw

NAME = "tally"
_ALONE = "select pg_try_advisory_xact_lock(hashtext('aidwatch tally'))"


def refresh(conn: psycopg.Connection[Any]) -> int:
    """Add up the lines, or count everything anew when the sums are in doubt; return how many sums changed. Autocommit connection."""
    with conn.transaction():
        (alone,) = conn.execute(_ALONE).fetchone() or (False,)
        (good,) = conn.execute(raw("tally.good")).fetchone() or (False,)
        if not alone:
            return 0
        if good:
            changed = conn.execute(raw("tally.fold")).rowcount
            conn.execute(raw("tally.sweep"))
            return changed
    return int(recount(conn)["sums"])


def recount(conn: psycopg.Connection[Any]) -> dict[str, Any]:
    """Count everything anew, compare and mend; return and keep {sums, drift}. Autocommit connection; one transaction, one snapshot.

    Drift is how many sums were wrong although nothing had put them in doubt: it must be 0.
    """
    with conn.transaction():
        conn.execute("set transaction isolation level repeatable read")
        (alone,) = conn.execute(_ALONE).fetchone() or (False,)
        if not alone:
            return {"sums": 0, "drift": 0}
        (good,) = conn.execute(raw("tally.good")).fetchone() or (False,)
        told = _make(conn, compare=bool(good))
        if good:
            conn.execute(raw("course.counted"), {"name": NAME, "at": clock.now(conn), "told": Jsonb(told)})
        return told


def _make(conn: psycopg.Connection[Any], *, compare: bool) -> dict[str, Any]:
    conn.execute("set local work_mem = '256MB'")
    for name in ("fold", "count"):
        sums = conn.execute(raw(f"tally.{name}")).rowcount
    (wrong,) = conn.execute(raw("tally.differ")).fetchone() or (0,)
    for name in ("forget", "keep", "trust") if wrong else ("sweep", "trust"):
        conn.execute(raw(f"tally.{name}"))
    return {"sums": sums, "drift": wrong if compare else 0}
