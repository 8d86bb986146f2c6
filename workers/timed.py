"""Rules that compare many cases with each other (``scope = "all"``): asked by the clock, not for each event."""

from __future__ import annotations

from typing import Any

import psycopg

from monitors.catalogue import load
from sql.load import raw


def run_once(conn: psycopg.Connection[Any]) -> int:
    """Have each of them asked once, by an ordinary sweep of the evaluator; return how many there are."""
    files = [rule.file for rule in load().rules if rule.scope == "all"]
    with conn.transaction():
        for file in files:
            conn.execute(raw("evaluator.add_resweep"), {"file": file, "reason": "by the clock"})
    return len(files)
