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
from benchmarks.pages import places
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
BUILD = """
set synchronous_commit = off;
insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival) select code, name, level, parent, '/bench', '2020-01-01', 0 from place;
select store.flatten_regions();
create temp table town as select code, row_number() over (order by code) - 1 as n from place where level = 'township';
insert into store.identity select 'P' || i, md5(i::text) from generate_series(1, {n} * 3) i;
insert into store.household_member(member_id, household_id, person_id, counted, from_date, event_source, event_at, arrival)
select 'M' || i, 'H' || (i + 2) / 3, 'P' || i, true, '2020-01-01', '/bench', '2020-01-01', i from generate_series(1, {n} * 3) i;
insert into store.benefit(benefit_id, programme, household_id, person_id, region_code, monthly_amount_fen, start_period, end_period, from_at, event_source, event_at, arrival)
select 'B' || i, kind, 'H' || i, case when kind <> 'dibao' then 'P' || i * 3 end, town.code, 20000 + i % 500 * 100,
    to_char(date '2021-01-01' + i % 60 * interval '1 month', 'YYYY-MM'),
    case when i % 5 = 0 then to_char(date '2021-06-01' + i % 60 * interval '1 month' + i % 17 * interval '1 month', 'YYYY-MM') end, '1900-01-01', '/bench', '2025-01-05', i
from (select i, case when i % 40 < 3 then 'dibao' when i % 40 < 9 then (array['disability_care', 'disability_living', 'old_age'])[1 + i % 3] end as kind
    from generate_series(1, {n}) i) b join town on town.n = i % (select count(*) from town) where kind is not null;
insert into store.benefit(benefit_id, programme, household_id, person_id, region_code, monthly_amount_fen, start_period, from_at, event_source, event_at, arrival)
select 'C' || i, (array['disability_care', 'old_age', 'disability_living', 'tekun'])[case when i % 1000 = 1 then 4 else 1 + i % 3 end], 'H' || i, 'P' || i * 3, town.code, 15000,
    to_char(date '2022-01-01' + i % 50 * interval '1 month', 'YYYY-MM'), '1900-01-01', '/bench', '2025-01-05', i
from generate_series(1, {n}) i join town on town.n = (i + (i % 500 = 1)::int) % (select count(*) from town) where i % 40 < 9 and i % 3 = 1 or i % 13 = 0;
insert into store.source_state(source, entity, last_at, events) values ('/bench', 'benefit', now(), 1);
"""  # noqa: E501 – read as SQL


def build(conn: psycopg.Connection, n: int) -> dict[str, int]:
    """Write people, households and benefits."""
    conn.execute("create temp table place (code text, name text, level text, parent text)")
    conn.cursor().executemany("insert into place values (%s, %s, %s, %s)", list(places()))
    conn.execute(BUILD.replace("{n}", str(n)))
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
