"""Our own reveals as events of entity ``access``, so that one rule sees every look-up (P20).

``access.reveal`` is the outbox: a row is written with what was shown, the event is taken from it afterwards. A crash between
taking and noting takes it again under the same id, which is then a duplicate.
"""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg

from monitors.event import LOCAL
from sql.load import raw
from workers.intake import Intake

AT_ONCE = 500


def take_reveals(conn: psycopg.Connection, intake: Intake) -> int:
    """Take the events of reveals that have none yet; return how many. ``conn`` must be idle, in autocommit mode."""
    rows = conn.execute(raw("reveal.to_take"), {"limit": AT_ONCE}).fetchall()
    if rows:
        intake.take([_event(*row) for row in rows], local=True)
        conn.execute(raw("reveal.taken"), {"ids": [row[0] for row in rows]})
    return len(rows)


def _event(number: int, at: Any, who: str, person_id: str | None, purpose: str, case_no: str) -> bytes:
    key = f"reveal/{number}"
    data = {"access_id": key, "user_id": who, "person_id": person_id, "at": at, "purpose": f"{purpose} {case_no}",
            "application_id": None, "exported": 0}  # fmt: skip
    return msgspec.json.encode({"specversion": "1.0", "id": key, "source": LOCAL, "time": at,
                                "type": "aidwatch.access.upserted", "subject": key, "data": data})  # fmt: skip
