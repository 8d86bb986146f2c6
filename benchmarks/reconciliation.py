"""Money at size: every month reconciled from nothing, kept up to date, and page Funds asked about it.

``python -m benchmarks.reconciliation --scale 1`` builds 375,000 benefits paid for twelve months in 135 townships (4,500,000 payments,
                                                            one in
fifty of them not as decided), by set-based SQL without intake.
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
from benchmarks.pages import COUNTY, places
from console.queries import funds
from console.url import Filters
from sql import clock
from sql.access import see_as
from sql.connect import connect
from sql.people import Viewer
from workers import money_statistics, reconciliation

BENEFITS, NOW = 375_000, datetime(2026, 11, 20, 4, tzinfo=UTC)
BUILD = """
set synchronous_commit = off;
insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival) select code, name, level, parent, '/bench', '2020-01-01', 0 from place;
select store.flatten_regions();
create temp table town as select code, row_number() over (order by code) - 1 as n from place where level = 'township';
create temp table b as select i, 'B' || i as benefit_id, town.code, (array['dibao', 'dibao', 'tekun', 'disability_care', 'old_age'])[1 + (i / 997) % 5] as programme,
    (20000 + (i % 500) * 100)::bigint as fen from generate_series(1, {n}) i join town on town.n = i % (select count(*) from town);
insert into store.benefit(benefit_id, programme, household_id, region_code, monthly_amount_fen, start_period, from_at, event_source, event_at, arrival)
select benefit_id, programme, 'H' || i, code, fen, '2025-01', '1900-01-01', '/bench', '2025-01-05', i from b;
create temp table month as select to_char(m, 'YYYY-MM') as period, m::timestamp at time zone 'Asia/Shanghai' + interval '8 days 10 hours' as at, row_number() over (order by m) as nth
    from generate_series(timestamp '2025-12-01', timestamp '2026-11-01', interval '1 month') m;
select store.ensure_periods(array_agg(period)) from month;
insert into store.payment_batch(batch_id, programme, region_code, period, lines, total_fen, closed_at, event_source, event_at, arrival)
select 'L' || code || programme || period, programme, code, period, count(*), sum(fen), at + interval '6 hours', '/bench', at, max(nth)
from b cross join month group by code, programme, period, at;
insert into store.payment(payment_id, batch_id, benefit_id, programme, region_code, household_id, period, amount_fen, kind, status, submitted_at, judged_at, paid_at,
    returned_at, event_source, event_at, arrival)
select 'P' || i || '-' || nth, 'L' || code || programme || period, benefit_id, programme, code, 'H' || i, period,
    case when (i + nth) % 200 = 0 then fen + 1000 else fen end, 'regular', case when (i + nth) % 250 = 1 then 'returned' else 'paid' end,
    at - interval '18 hours', at - interval '18 hours', case when (i + nth) % 250 = 1 then null else at end, case when (i + nth) % 250 = 1 then at end, '/bench', at, {n} * nth + i
from b cross join month where (i + nth) % 300 <> 2;
insert into store.payment(payment_id, batch_id, benefit_id, programme, region_code, household_id, period, amount_fen, kind, status, submitted_at, judged_at, paid_at,
    event_source, event_at, arrival)
select 'A' || i || '-' || nth, 'L' || code || programme || period, benefit_id, programme, code, 'H' || i, period, fen, 'regular', 'paid', at + interval '5 days',
    at + interval '5 days', at + interval '6 days', '/bench', at, {n} * 20 + i * 12 + nth
from b cross join month where (i + nth) % 250 = 1 and i % 8 <> 0 or (i + nth) % 2000 = 7;
insert into store.source_state(source, entity, last_at, events) values ('/bench', 'payment', now(), 1), ('/bench', 'benefit', now(), 1);
"""  # noqa: E501 – read as SQL
VIEWERS = {"city": ("*",), "county": (COUNTY,)}


def build(conn: psycopg.Connection, n: int) -> dict[str, int]:
    """Write benefits, lists and payments."""
    conn.execute("create temp table place (code text, name text, level text, parent text)")
    conn.cursor().executemany("insert into place values (%s, %s, %s, %s)", list(places()))
    conn.execute(BUILD.replace("{n}", str(n)))
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
            codes = [code for code, _, level, parent in places() if parent == (COUNTY if name == "county" else "371400000000")]
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
