"""A full sweep of every rule over a stored city, through the same reconcile as always (PostgreSQL)."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from benchmarks.city import fill, months
from benchmarks.deployment import deployed, owner
from monitors.catalogue import load
from sql.connect import connect
from workers import rulebook
from workers.keys import ensure
from workers.sweep import sweep


def run(benefits: int, history: int) -> dict[str, Any]:
    """Time a first sweep of all rules; return seconds in all and per rule file."""
    with deployed() as settings, owner(settings) as conn:
        fill(conn, ensure(settings), benefits, months(history, date(2026, 10, 1)))
        with connect(settings.database_url_for("worker"), name="bench", statement_s=600) as worker:
            rulebook.sync(worker, load())
            rules = {}
            for rule in load().rules:
                begun = time.perf_counter()
                sweep(worker, rule)
                rules[rule.file] = time.perf_counter() - begun
    return {"seconds": sum(rules.values()), "benefits": benefits, "payments": benefits * history, "rules": rules}
