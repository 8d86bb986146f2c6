"""Limits two people have agreed on, as ``parameter`` events: in force like any that arrive, and on record in the ledger.

``access.limit_change`` is the outbox. A crash between taking and noting takes an event again under the same id: a duplicate.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import psycopg

from monitors.event import LOCAL
from sql.load import raw
from workers.intake import Intake

AT_ONCE = 100


def take_limits(conn: psycopg.Connection, intake: Intake) -> int:
    """Take the events of accepted limits that have none yet; return how many. ``conn`` must be idle, in autocommit mode."""
    rows = conn.execute(raw("limits.to_take"), {"limit": AT_ONCE}).fetchall()
    if rows:
        intake.take([_event(*row) for row in rows], local=True)
        conn.execute(raw("limits.taken"), {"ids": [row[0] for row in rows]})
    return len(rows)


def _event(number: int, at: Any, rule: str, name: str, region_code: str | None, programme: str | None,
           value: Any, valid_from: date) -> bytes:  # fmt: skip
    """A later change for the same place and day replaces the earlier one; of different days the latest that has come wins."""
    key = "/".join(["limit", rule, name, region_code or "", programme or "", valid_from.isoformat()])
    data = {"parameter_id": key, "rule": rule, "name": name, "region_code": region_code, "programme": programme, "path": None,
            "value": value, "valid_from": valid_from}  # fmt: skip
    return msgspec.json.encode({"specversion": "1.0", "id": f"limit/{number}", "source": LOCAL, "time": at,
                                "type": "aidwatch.parameter.upserted", "subject": key, "data": data})  # fmt: skip
