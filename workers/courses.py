"""The courses of applications, made anew for whatever changed: by the clock, beside intake, exactly.

No mark and no cursor: each course keeps a digest of the records it was made from, so late, moved and deleted records are seen.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from monitors.catalogue import load
from monitors.indicators.conformance import Judged, judge
from sql import clock
from sql.load import raw

PIECE, MOST = 5_000, 100_000  #: applications of one transaction, and of one look

#: Two at once would do the same work twice.
LOCK = "select pg_try_advisory_lock(hashtext('aidwatch courses'))"
UNLOCK = "select pg_advisory_unlock(hashtext('aidwatch courses'))"


def refresh(conn: psycopg.Connection[Any]) -> int:
    """Make every outdated course anew; return how many. Autocommit connection; one transaction for each piece."""
    (alone,) = conn.execute(LOCK).fetchone() or (False,)
    if not alone:
        return 0
    try:
        made = _remake(conn)
        with conn.transaction():
            conn.execute(raw("course.gone"))
            conn.execute(raw("course.flag"), {"rules": clocks()})
            told = {"name": "course", "at": clock.now(conn), "told": Jsonb({"made": made})}
            conn.execute(raw("course.counted"), told)
        return made
    finally:
        conn.execute(UNLOCK)


def clocks() -> list[str]:
    """The codes of rules whose card says that an application is late."""
    return sorted({code for rule in load().rules if rule.family == "timeliness" and rule.subject == "application" for code in rule.codes})


def _remake(conn: psycopg.Connection[Any]) -> int:
    made = 0
    while rows := conn.execute(raw("course.outdated"), {"limit": MOST}).fetchall():
        for start in range(0, len(rows), PIECE):
            _write(conn, rows[start : start + PIECE])
        made += len(rows)
        if len(rows) < MOST:
            break
    return made


def _write(conn: psycopg.Connection[Any], rows: list[tuple[str, int]]) -> None:
    with conn.transaction():
        conn.execute(raw("course.write"), {"ids": [one for one, _ in rows], "digests": [digest for _, digest in rows]})
        unjudged = conn.execute(raw("course.unjudged")).fetchall()
        verdicts = [{"variant_id": number, **_lists(judge(*way))} for number, *way in unjudged]
        conn.cursor().executemany(raw("course.judge"), verdicts)


def _lists(judged: Judged) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(judged).items()}
