"""Overlaps at size: who holds two benefits at once made from nothing and again, and page Duplicates asked about it.

``python -m benchmarks.overlaps --scale 1`` builds 2,000,000 households of three people and 740,000 benefits in 135 townships, by
SQL without intake: dibao of households, and subsidies of people of which one in four belongs to somebody who has another benefit as well.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

import psycopg
import sqlalchemy

from benchmarks.deployment import deployed, owner
from benchmarks.places import run_file, settle
from benchmarks.reconciliation import VIEWERS, timed
from console.queries import overlaps as questions
from console.url import Filters
from sql import clock
from sql.access import see_as
from sql.connect import connect
from sql.people import Viewer
from workers import overlaps

HOUSEHOLDS, NOW = 2_000_000, datetime(2026, 11, 20, 4, tzinfo=UTC)
LISTS = {"small pair": "dibao-tekun", "large pair": "dibao-old-age", "exclusive pairs": "exclusive", "lawful pairs": "coexist"}


def build(conn: psycopg.Connection, n: int) -> dict[str, int]:
    """Write people, households and benefits."""
    settle(conn)
    run_file(conn, "overlaps.sql", n=n)
    clock.move(conn, NOW)
    conn.execute("vacuum analyze")
    (benefits,) = conn.execute("select count(*) from store.benefit").fetchone() or (0,)
    return {"people": n * 3, "benefits": benefits}


def jobs(conn: psycopg.Connection) -> dict[str, Any]:
    """What the clock does: everything from nothing, nothing arrived, and one benefit changed."""
    first, _ = timed(lambda: overlaps.refresh(conn))
    quiet, _ = timed(lambda: overlaps.refresh(conn))
    conn.execute("update store.benefit set end_period = '2026-01' where benefit_id = 'C1'")
    again, changed = timed(lambda: overlaps.refresh(conn, again=True))
    return {"from_nothing_s": first, "nothing_arrived_s": quiet, "again_s": again, "rows_changed": changed}


def page(url: str) -> dict[str, float]:
    """Seconds of each question of the page, the slowest of five, by viewer."""
    took: dict[str, float] = {}
    engine = sqlalchemy.create_engine(url)
    for name, seen in VIEWERS.items():
        with engine.connect() as conn:
            see_as(conn, Viewer("bench", "bench", frozenset({"supervisor"}), seen))
            for when, filters in {"now": Filters(), "a year": Filters(span="365d")}.items():
                asks = questions.question(conn, filters, NOW)
                acts = {"people": lambda asks=asks: questions.people(conn, asks), "marks": lambda asks=asks: questions.marks(conn, asks),
                        **{what: lambda asks=asks, rows=rows: questions.listed(conn, asks, rows)
                           for what, rows in LISTS.items()}}  # fmt: skip
                took |= {f"{name} {when} {what}": max(timed(act)[0] for _ in range(5)) for what, act in acts.items()}
                took |= {f"{name} {when} rows of the {what}": questions.listed(conn, asks, rows)[1] for what, rows in LISTS.items()}
    engine.dispose()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overlaps", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size (default: %(default)s)")
    args = parser.parse_args()
    with deployed(8981) as settings:
        with owner(settings) as conn:
            built, sizes = timed(lambda: build(conn, int(HOUSEHOLDS * args.scale)))
        with connect(settings.database_url_for("worker"), name="bench", statement_s=1800) as conn:
            done = jobs(conn)
        with owner(settings) as conn:
            conn.execute("vacuum analyze")
            asked = ("select relname, pg_total_relation_size(oid), reltuples::bigint from pg_class "
                     "where relkind = 'r' and relname like 'overlap%'")
            kept = {f"{name}_{what}": told for name, size, n in conn.execute(asked) for what, told in (("bytes", size), ("rows", n))}
        figures = {**sizes, "built_s": built, **kept, **done, "page_s": page(settings.database_url_for("console"))}
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
