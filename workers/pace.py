"""What is made anew beside intake: as soon as it may, and never more than a small part of the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg

from sql.load import raw


def paced(conn: psycopg.Connection[Any], name: str, act: Callable[[psycopg.Connection[Any]], int], share: float = 0.05) -> int:
    """Do ``act`` unless its last time would then take more than ``share`` of the time since; return what it returned, or 0.

    So a small city is counted each minute, and a large one as often as it can bear. By the server's clock, not the test's.
    Autocommit connection.
    """
    (due,) = conn.execute(raw("pace.is_due"), {"name": name, "share": share}).fetchone() or (True,)
    if not due:
        return 0
    begun = time.monotonic()
    done = act(conn)
    conn.execute(raw("pace.keep"), {"name": name, "seconds": time.monotonic() - begun})
    return done
