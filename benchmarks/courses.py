"""The courses at size: made from nothing, kept up to date, and page Procedure asked about them.

``python -m benchmarks.courses --scale 1`` builds 500,000 applications with 5,000,000 steps of five years, by set-based SQL without intake.
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
from console.parts import flow
from console.queries import procedure
from console.url import Filters
from sql import clock
from sql.access import see_as
from sql.connect import connect
from sql.people import Viewer
from workers import courses, forecasts

APPLICATIONS, NOW = 500_000, datetime(2026, 11, 5, 4, tzinfo=UTC)
VIEWERS = {"city": ("*",), "county": ("371402000000",)}
BUILD = """
set synchronous_commit = off;
insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival)
select code, code, level, parent, '/bench', '2020-01-01', 0 from (
    select '371400000000' as code, 'city' as level, null as parent
    union all select '3714' || lpad(c::text, 2, '0') || '000000', 'county', '371400000000' from generate_series(1, 12) c
    union all
    select '3714' || lpad(c::text, 2, '0') || lpad(t::text, 3, '0') || '000', 'township', '3714' || lpad(c::text, 2, '0') || '000000'
    from generate_series(1, 12) c, generate_series(1, 11) t) place;
select store.flatten_regions();
create temp table n as
select i, 'A' || i as application_id, timestamptz '2026-11-04 09:00+08' - (i::float8 / {n}) * interval '1825 days' as begun_at,
    r.random as luck,
    '3714' || lpad((1 + i % 12)::text, 2, '0') || lpad((1 + (i / 12) % 11)::text, 3, '0') || '000' as region_code,
    (array['dibao', 'dibao', 'dibao', 'tekun', 'dibao_margin', 'temporary_aid'])[1 + i % 6] as programme
from generate_series(1, {n}) i cross join lateral (select random() where i > 0) r;
insert into store.application(application_id, programme, path, region_code, unit_code, submitted_at, event_source, event_at, arrival)
select application_id, programme, 'standard', region_code, 'U' || region_code, begun_at, '/bench', begun_at, i from n;
insert into store.stage(stage_id, application_id, stage_code, at, event_source, event_at, arrival)
select 'S' || i || '-' || nth, application_id, code, step_at, '/bench', step_at, {n} + i * 16 + nth
from (
    select n.*, step.nth, step.code, begun_at + step.day * interval '1 day' * (0.4 + 1.6 * luck) + random() * interval '2 days' as step_at
    from n cross join (values (1, 'APPLY', 0), (2, 'ACCEPT', 1), (3, 'SURVEY_START', 3), (4, 'CHECK_REQUEST', 3), (5, 'CHECK_REPORT', 8),
        (6, 'VISIT', 6), (7, 'OPINION', 11), (8, 'PUBLICITY_START', 13), (9, 'PUBLICITY_END', 20), (10, 'DECIDE', 24)) step(nth, code, day)
    where not (step.code in ('VISIT', 'PUBLICITY_START') and random() < 0.02)) taken
where step_at < '2026-11-05 12:00+08';
analyze store.stage; analyze store.application;
"""


def build(conn: psycopg.Connection, n: int) -> dict[str, int]:
    """Write the applications and their steps."""
    conn.execute(BUILD.replace("{n}", str(n)))
    clock.move(conn, NOW)
    (stages,) = conn.execute("select count(*) from store.stage").fetchone() or (0,)
    return {"applications": n, "stages": stages}


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    done = act()
    return round(time.perf_counter() - begun, 3), done


def jobs(conn: psycopg.Connection) -> dict[str, Any]:
    """What the clock does: everything from nothing, nothing new, a thousand changed, and the forecast of a night."""
    first, made = timed(lambda: courses.refresh(conn))
    conn.execute("analyze watch.course; analyze watch.variant")
    idle, _ = timed(lambda: courses.refresh(conn))
    conn.execute("update store.stage set arrival = arrival + 100000000 "
                 "where stage_id in (select 'S' || i || '-2' from generate_series(1, 1000) i)")  # fmt: skip
    again, changed = timed(lambda: courses.refresh(conn))
    night, told = timed(lambda: forecasts.make(conn))
    return {"from_nothing_s": first, "made": made, "nothing_new_s": idle, "changed": changed, "changed_s": again, "forecast_s": night,
            "forecasts": told}  # fmt: skip


def page(url: str) -> dict[str, float]:
    """Seconds of each question of the page, the slowest of five, by viewer."""
    took: dict[str, float] = {}
    engine = sqlalchemy.create_engine(url)
    for name, seen in VIEWERS.items():
        with engine.connect() as conn:
            see_as(conn, Viewer("bench", "bench", frozenset({"supervisor"}), seen))
            asked = procedure.asked(Filters(region=None if seen == ("*",) else seen[0]), NOW)
            known = procedure.variants(conn, asked)
            acts: dict[str, Callable[[], Any]] = {
                "variants": lambda asked=asked, conn=conn: procedure.variants(conn, asked),
                "by_place": lambda asked=asked, conn=conn: procedure.lines(conn, asked, "place", asked["region"] or "371400000000"),
                "by_unit": lambda asked=asked, conn=conn: procedure.lines(conn, asked, "unit"),
                "cases": lambda asked=asked, conn=conn, known=known: procedure.cases(conn, asked, "broken", known),
                "drawing": lambda known=known: flow.figure(flow.flow(known)).to_plotly_json(),  # type: ignore[arg-type]
            }  # fmt: skip
            took |= {f"{name} {what}": max(timed(act)[0] for _ in range(5)) for what, act in acts.items()}
    engine.dispose()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.courses", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size (default: %(default)s)")
    args = parser.parse_args()
    with deployed(8978) as settings:
        with owner(settings) as conn:
            sizes = build(conn, int(APPLICATIONS * args.scale))
        with connect(settings.database_url_for("worker"), name="bench", statement_s=1800) as conn:
            done = jobs(conn)
        with owner(settings) as conn:
            asked = "select pg_total_relation_size('watch.course'), (select count(*) from watch.variant)"
            (size, variants) = conn.execute(asked).fetchone() or (0, 0)
        figures = {**sizes, "variants": variants, "course_bytes": size, **done, "page_s": page(settings.database_url_for("console"))}
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
