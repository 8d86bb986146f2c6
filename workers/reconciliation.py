"""Decision, list and bank, month by month: made anew for whatever changed, by the clock, beside intake.

No mark and no cursor: each month keeps a digest of the records it was made from. A night makes every month anew, compares and mends.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from monitors.indicators.reconciliation import GRADUAL_EXIT_MONTHS
from sql import clock
from sql.load import raw

NAME = "reconciliation"
_LOCK = "select pg_try_advisory_lock(hashtext('aidwatch reconciliation'))"
_UNLOCK = "select pg_advisory_unlock(hashtext('aidwatch reconciliation'))"


def refresh(conn: psycopg.Connection[Any]) -> int:
    """Make every outdated month anew; return how many. Autocommit connection; one transaction for each month."""
    with _alone(conn) as alone:
        arrived = _one(conn, "arrived")
        if not alone or _last_arrived(conn) == arrived:
            return 0
        standing = dict(conn.execute(raw("reconciliation.standing")).fetchall())
        now = _digests(conn)
        outdated = [period for period in sorted(now.keys() | standing.keys(), reverse=True) if now.get(period) != standing.get(period)]
        for period in outdated:
            _remake(conn, period)
        told = {"name": NAME, "at": clock.now(conn), "told": Jsonb({"arrived": arrived, "made": len(outdated)})}
        conn.execute(raw("course.counted"), told)
        return len(outdated)


def recount(conn: psycopg.Connection[Any]) -> dict[str, Any]:
    """Make every month anew; return and keep {months, drift, seconds}. Autocommit connection.

    Drift is how many sums differed in months whose records had not changed since they were made.
    """
    begun, drift = time.monotonic(), 0
    with _alone(conn) as alone:
        if not alone:
            return {"months": 0, "drift": 0, "seconds": 0.0}
        standing = dict(conn.execute(raw("reconciliation.standing")).fetchall())
        months = sorted(_digests(conn).keys() | standing.keys(), reverse=True)
        for period in months:
            drift += _remake(conn, period)
        run = {"months": len(months), "drift": drift, "seconds": time.monotonic() - begun}
        conn.execute(raw("reconciliation.add_run"), run)
        return run


@contextmanager
def _alone(conn: psycopg.Connection[Any]) -> Iterator[bool]:
    """Two at once would do the same work twice."""
    (alone,) = conn.execute(_LOCK).fetchone() or (False,)
    try:
        yield alone
    finally:
        if alone:
            conn.execute(_UNLOCK)


def _last_arrived(conn: psycopg.Connection[Any]) -> int | None:
    row = conn.execute("select cast(told ->> 'arrived' as bigint) from watch.counted where name = %s", [NAME]).fetchone()
    return row[0] if row else None


def _one(conn: psycopg.Connection[Any], name: str) -> Any:
    (value,) = conn.execute(raw(f"reconciliation.{name}")).fetchone() or (None,)
    return value


def _digests(conn: psycopg.Connection[Any], period: str | None = None) -> dict[str, int]:
    return dict(psycopg.ClientCursor(conn).execute(raw("reconciliation.digests"), {"period": period}).fetchall())


def _remake(conn: psycopg.Connection[Any], period: str) -> int:
    """Make one month anew from one snapshot; return how many sums were wrong although its records were the same."""
    with conn.transaction():
        conn.execute("set transaction isolation level repeatable read")
        conn.execute("set local work_mem = '256MB'")
        cursor = psycopg.ClientCursor(conn)  # values written out: a month is one partition, and tables are made with them
        bound: dict[str, Any] = {"period": period, "gradual_exit_months": GRADUAL_EXIT_MONTHS}
        digest = _digests(conn, period).get(period)
        kept = conn.execute("select digest from watch.reconciled_month where period = %s", [period]).fetchone()
        for statement in ("judge", "cells"):
            cursor.execute(raw(f"reconciliation.{statement}"), bound)
        (wrong,) = cursor.execute(raw("reconciliation.wrong"), bound).fetchone() or (0,)
        cursor.execute(raw("reconciliation.forget"), bound)
        if digest is not None:
            cursor.execute(raw("reconciliation.keep"), bound | {"digest": digest})
        return int(wrong) if kept and kept[0] == digest else 0
