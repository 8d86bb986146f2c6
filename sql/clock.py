"""The one clock of judgement: real time, or the test clock a test deployment has set (contract §2)."""

from __future__ import annotations

from datetime import datetime

import psycopg


def now(conn: psycopg.Connection) -> datetime:
    """Return the instant findings are judged at: UTC, aware."""
    row = conn.execute("select watch.now_at()").fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


def move(conn: psycopg.Connection, to: datetime) -> None:
    """Set the test clock; a move back cannot be worked off by rechecks, so everything is asked again."""
    before = now(conn)
    conn.execute("delete from watch.clock")
    conn.execute("insert into watch.clock(now_at) values (%s)", [to])
    if to < before:
        conn.execute("insert into watch.resweep(file, reason) select distinct file, 'clock moved' from watch.rule_state")
