"""Money at size: every month reconciled from nothing, kept up to date, and page Funds asked about it.

``python -m benchmarks.reconciliation --scale 1`` builds 375,000 benefits paid for twelve months in 135 townships
(4,500,000 payments, one in fifty of them not as decided), by set-based SQL without intake.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import sqlalchemy

from benchmarks.deployment import deployed, owner
from benchmarks.places import CITY, COUNTY, places, run_file, settle
from console.queries import funds
from console.url import Filters
from sql import clock
from sql.access import see_as
from sql.connect import connect
from sql.people import Viewer
from workers import money_statistics, reconciliation

BENEFITS, NOW = 375_000, datetime(2026, 11, 20, 4, tzinfo=UTC)
VIEWERS = {"city": ("*",), "county": (COUNTY,)}


def build(conn: psycopg.Connection, n: int) -> dict[str, int]:
    """Write benefits, lists and payments."""
    settle(conn)
    run_file(conn, "reconciliation.sql", n=n)
    clock.move(conn, NOW)
    conn.execute("vacuum analyze")
    (payments,) = conn.execute("select count(*) from store.payment").fetchone() or (0,)
    return {"benefits": n, "payments": payments}


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    done = act()
    return round(time.perf_counter() - begun, 3), done


def jobs(conn: psycopg.Connection) -> dict[str, Any]:
    """What the clock does: everything from nothing, nothing arrived, something arrived, one month changed, and a night."""
    first, made = timed(lambda: reconciliation.refresh(conn))
    statistics, told = timed(lambda: money_statistics.refresh(conn))
    quiet, _ = timed(lambda: reconciliation.refresh(conn))
    conn.execute("update store.source_state set events = events + 1")
    looked, none = timed(lambda: reconciliation.refresh(conn))
    conn.execute("update store.payment set arrival = arrival + 1 where period = '2026-11' and payment_id = 'P5-12'")
    conn.execute("update store.source_state set events = events + 1")
    again, months = timed(lambda: reconciliation.refresh(conn))
    statistics_again, _ = timed(lambda: money_statistics.refresh(conn))
    night, run = timed(lambda: reconciliation.recount(conn))
    return {"from_nothing_s": first, "months": made, "nothing_arrived_s": quiet, "nothing_changed_s": looked, "months_then": none,
            "one_line_changed_s": again, "months_made_anew": months, "statistics_s": statistics, "indicators": told,
            "statistics_of_a_month_s": statistics_again, "night_s": night, "night_drift": run["drift"]}  # fmt: skip


def page(url: str) -> dict[str, float]:
    """Seconds of each question of the page, the slowest of five, by viewer."""
    took: dict[str, float] = {}
    engine = sqlalchemy.create_engine(url)
    for name, seen in VIEWERS.items():
        with engine.connect() as conn:
            see_as(conn, Viewer("bench", "bench", frozenset({"supervisor"}), seen))
            asks = funds.question(conn, Filters(), NOW)
            codes = [code for code, _, level, parent in places() if parent == (COUNTY if name == "county" else CITY)]
            acts: dict[str, Callable[[], Any]] = {
                "sums": lambda conn=conn, asks=asks: funds.sums(conn, asks),
                "months": lambda conn=conn, asks=asks, codes=codes: funds.months(conn, asks, codes),
                "deviating_lines": lambda conn=conn, asks=asks: funds.listed(conn, asks, "deviation"),
                "returned": lambda conn=conn, asks=asks: funds.returned(conn, asks),
                "batches": lambda conn=conn, asks=asks: funds.batches(conn, asks, 200),
                "hints": lambda conn=conn, asks=asks: funds.hinted(conn, asks),
                **{name: lambda conn=conn, asks=asks, name=name: funds.hints(conn, asks, name) for name in funds.HINTS},
                "prevented": lambda conn=conn, asks=asks: funds.listed(conn, asks, "prevented"),
            }  # fmt: skip
            took |= {f"{name} {what}": max(timed(act)[0] for _ in range(5)) for what, act in acts.items()}
    engine.dispose()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reconciliation", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size (default: %(default)s)")
    args = parser.parse_args()
    with deployed(8979) as settings:
        with owner(settings) as conn:
            built, sizes = timed(lambda: build(conn, int(BENEFITS * args.scale)))
        with connect(settings.database_url_for("worker"), name="bench", statement_s=1800) as conn:
            done = jobs(conn)
        with owner(settings) as conn:
            conn.execute("vacuum analyze")
            asked = ("select relname || '_bytes', pg_total_relation_size(oid) from pg_class where relkind = 'r' "
                     "and relname in ('reconciled', 'difference', 'listed', 'money_month', 'money_indicator')")  # fmt: skip
            kept: dict[str, int] = dict(conn.execute(asked).fetchall())
            (kept["lines"],) = conn.execute("select count(*) from watch.difference").fetchone() or (0,)
        figures = {**sizes, "built_s": built, **kept, **done, "page_s": page(settings.database_url_for("console"))}
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
