"""The places of a real city (province to village), for benchmarks that build one by SQL."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import psycopg

CITY, COUNTY = "371400000000", "371402000000"
_REGIONS = Path(__file__).parents[1] / "workers" / "simulator" / "data" / "dezhou_regions.csv"
_LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}
_SETTLED = """
insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival)
select code, name, level, parent, '/bench', '2020-01-01', 0 from place;
select store.flatten_regions();
create temp table town as select code, row_number() over (order by code) - 1 as n from place where level = 'township';
"""


def places() -> Iterator[tuple[str, str, str, str | None]]:
    """Yield code of 12 digits, name, level and the code above."""
    with _REGIONS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            code, length = row["code"], len(row["code"])
            above = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}[length]
            yield code.ljust(12, "0"), row["name"], _LEVELS[length], code[:above].ljust(12, "0") if above else None


def settle(conn: psycopg.Connection) -> None:
    """Write all regions; leave the temporary tables place (code, name, level, parent) and town (code, n from 0)."""
    listed(conn)
    conn.execute(_SETTLED)


def listed(conn: psycopg.Connection) -> None:
    """Only the temporary table place."""
    conn.execute("create temp table place (code text, name text, level text, parent text)")
    with conn.cursor() as cursor:
        cursor.executemany("insert into place values (%s, %s, %s, %s)", list(places()))


def run_file(conn: psycopg.Connection, name: str, **told: int) -> None:
    """Run one SQL file of this folder, with what is ``told`` in place of its names in braces."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    for key, value in told.items():
        text = text.replace(f"{{{key}}}", str(value))
    conn.execute(text)
