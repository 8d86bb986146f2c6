"""Our own looks as events of entity ``access``, so that one rule sees every look-up (P20): reveals, and searches that
found somebody. Files hold masks only: they are no look.

``access.reveal`` and ``access.lookup`` are outboxes: a row is written with what was shown, the event is taken from it afterwards. A crash
between taking and noting takes it again under the same id, which is then a duplicate.
"""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg

from monitors.event import LOCAL
from sql.load import raw
from workers.intake import Intake

AT_ONCE = 500
OUTBOXES = {"reveal": "reveal", "look-up": "search"}  #: how their events are called, and the file of their statements


def take_looks(conn: psycopg.Connection, intake: Intake) -> int:
    """Take the events of looks that have none yet; return how many. ``conn`` must be idle, in autocommit mode."""
    return sum(_take(conn, intake, name, file) for name, file in OUTBOXES.items())


def _take(conn: psycopg.Connection, intake: Intake, name: str, file: str) -> int:
    rows = conn.execute(raw(f"{file}.to_take"), {"limit": AT_ONCE}).fetchall()
    if rows:
        intake.take([_event(f"{name}/{row[0]}", *row[1:]) for row in rows], local=True)
        conn.execute(raw(f"{file}.taken"), {"ids": [row[0] for row in rows]})
    return len(rows)


def _event(key: str, at: Any, who: str, person_id: str | None, purpose: str | None) -> bytes:
    data = {"access_id": key, "user_id": who, "person_id": person_id, "at": at, "purpose": purpose, "application_id": None, "exported": 0}
    return msgspec.json.encode({"specversion": "1.0", "id": key, "source": LOCAL, "time": at,
                                "type": "aidwatch.access.upserted", "subject": key, "data": data})  # fmt: skip
