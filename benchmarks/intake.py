"""Sustained intake: encoded batches waiting in the stream → findings committed, all rules on; and the COPY ceiling.

The ceiling is what PostgreSQL takes when the same rows are copied into the same fact tables with the
same indexes and nothing else is done: no ledger, no order, no pseudonyms, no marks, no rules.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from benchmarks.city import fill, months
from benchmarks.deployment import bus_of, deployed, owner, process, reading, settled
from benchmarks.generate import payments
from sql.connect import connect
from sql.copying import copy_lines, line
from sql.settings import Settings
from workers.intake import Intake
from workers.keys import ensure
from workers.stream import push
from workers.tables import TABLES

MONTH = date(2026, 10, 1)  #: the first month paid; the stored history ends before it


def rate(settings: Settings, events: int, benefits: int, tag: str) -> dict[str, float]:
    """Events per second from the stream to the last finding committed; the rules have been asked about the past before."""
    bus = bus_of(settings)
    with connect(settings.database_url_for("worker"), name="bench") as conn, process(settings, "evaluator"):
        settled(conn, bus)
        (before,) = conn.execute("select count(*) from watch.finding where present").fetchone() or (0,)
        waiting = payments(events, benefits=benefits, first=MONTH, tag=tag)
        with process(settings, "ingest"):
            reading(bus)
            begun = time.perf_counter()
            push(bus, ensure(settings), waiting)
            settled(conn, bus)
            took = time.perf_counter() - begun
        (found,) = conn.execute("select count(*) from watch.finding where present").fetchone() or (0,)
        (taken,) = conn.execute("select count(*) from store.payment where payment_id like %s", [f"N{tag}%"]).fetchone() or (0,)
    if taken != events:
        raise AssertionError(f"{events - taken} events were lost")
    return {"events_per_s": events / took, "seconds": took, "findings_opened": found - before, "findings_before": before}


def ceiling(settings: Settings, events: int, benefits: int) -> float:
    """Rows per second of plain COPY of the same payments into store.payment and its held table."""
    with owner(settings) as conn:
        intake = Intake(conn, ensure(settings), "bench")
        prepared = [intake.prepared(intake.decoded(raw), n) for n, raw in
                    enumerate(payments(events, benefits=benefits, first=MONTH, tag="C"))]  # fmt: skip
        table = TABLES["payment"]
        rows = [table.row(e) for e in prepared]
        held = [line(e.key, e.at_text, e.source, "", "1", "f", e.month or "") for e in prepared]
        begun = time.perf_counter()
        for start in range(0, events, 5_000):
            with conn.transaction():
                columns = ",".join([*table.columns, "judged_at", "event_source", "event_at", "arrival", "absent"])
                copy_lines(conn, f"store.payment({columns})", rows[start : start + 5_000])
                copy_lines(conn, "store.payment_held(key,at,source,sequence,arrival,deleted,month)", held[start : start + 5_000])
        return events / (time.perf_counter() - begun)


def run(events: int, benefits: int, history: tuple[int, ...]) -> dict[str, Any]:
    """Measure at each length of history (months); return figures with their sizes."""
    result: dict[str, Any] = {"events": events, "benefits": benefits, "rates": {}}
    for count in history:
        with deployed() as settings, owner(settings) as conn:
            begun = time.perf_counter()
            fill(conn, ensure(settings), benefits, months(count, date(2026, 9, 1)))
            filled = time.perf_counter() - begun
            one = rate(settings, events, benefits, "a")
            one |= {"history_payments": benefits * count, "fill_s": filled}
            if count == history[0]:
                one["copy_ceiling_per_s"] = ceiling(settings, events, benefits)
            result["rates"][str(count)] = one
    return result
