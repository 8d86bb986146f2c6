"""The test clock of a deployment: set at start, moved by the API, and gone when the deployment is real again."""

from __future__ import annotations

from datetime import datetime

from sql import clock
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings


def begin(settings: Settings) -> None:
    """Make the clock what the settings say.

    A clock that was moved keeps its place over a restart. A deployment that is no test any more follows
    real time again: a forgotten test clock would judge nothing, and nobody would notice.
    """
    with connect(settings.database_url_for("worker"), name="clock") as conn, conn.transaction():
        conn.execute("select pg_advisory_xact_lock(hashtext('aidwatch clock'))")
        is_fixed = conn.execute("select exists (select from watch.clock)").fetchone() == (True,)
        if settings.test_clock is not None and not is_fixed:
            clock.move(conn, settings.test_clock)
        elif is_fixed and not settings.is_test:
            conn.execute(raw("clock.release"))


def move(settings: Settings, to: datetime) -> datetime:
    """Move the clock; return where it stands. The evaluator sees the new instant whole, never a moment without."""
    with connect(settings.database_url_for("worker"), name="clock") as conn:
        with conn.transaction():
            conn.execute("select pg_advisory_xact_lock(hashtext('aidwatch clock'))")
            clock.move(conn, to)
            conn.execute("select pg_notify('marks', '')")
        return clock.now(conn)
