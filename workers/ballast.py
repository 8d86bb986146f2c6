"""Rows that mean nothing, in every fact table: so that a query plan shows which tables would be read from end to end."""

from __future__ import annotations

import psycopg

from monitors.entities import ENTITIES
from monitors.rule import REFERENCE

ROWS = 2_000  #: of each table; few enough to be quick, many enough for the planner to prefer an index
_PERIODS = ("1990-01", "2026-09", "2026-10")  # the first has no partition of its own
_VALUE = {
    "text": "'{column}' || g % ({rows} / 2)", "date": "date '2026-01-01' + g % 300", "boolean": "g % 2 = 0",
    "timestamp with time zone": "timestamptz '2026-01-01 00:00:00+00' + g * interval '1 hour'",
    "ARRAY": "array['x' || g]", "jsonb": "'{{}}'::jsonb",
}  # fmt: skip

_FINDINGS = f"""
    insert into watch.finding (finding_id, rule, rule_version, subject_kind, subject_key, item, present, evidence, opened_at, first_seen_at,
        last_seen_at, yellow_at, unit_code, outcome, replied_at, verified_at)
    select 'finding_id' || g, 'P01', 1, 'application', 'A' || g, '', true, '{{}}', at, at, at, at, 'unit_code' || g, 'true', at, at
    from (select g, timestamptz '2026-01-01 00:00:00+00' + g * interval '1 hour' as at from generate_series(1, {ROWS}) g) made"""

_PAIRS = f"""
    insert into watch.person_pair (left_key, right_key, left_person_id, right_person_id, probability, weight, prior_weight, reasons)
    select 'a' || g, 'b' || g, 'person_id' || g, 'person_id' || (g + 1), 0.95, 4, -25, '[]' from generate_series(1, {ROWS}) g"""


def fill(conn: psycopg.Connection) -> None:
    """Fill the fact tables and count them for the planner. ``conn`` is the owner's: only an owner may analyze."""
    conn.execute("select store.ensure_periods(%s)", [list(_PERIODS)])
    for name, entity in ENTITIES.items():
        if name not in REFERENCE:
            _fill(conn, name, entity.key)
    conn.execute(_FINDINGS)
    conn.execute(f"insert into store.identity select 'person_id' || g, 'person_key' || g from generate_series(1, {ROWS}) g")
    conn.execute(f"insert into store.merged select 'id_number_key' || g, 'person_key' || g from generate_series(1, {ROWS}) g")
    conn.execute(_PAIRS)
    conn.execute("analyze")


def _fill(conn: psycopg.Connection, table: str, key: str) -> None:
    query = "select column_name, data_type from information_schema.columns where table_schema = 'store' and table_name = %s"
    columns = {str(name): str(kind) for name, kind in conn.execute(query, [table])}
    values = [_value(name, kind, key) for name, kind in columns.items()]
    conn.execute(f"insert into store.{table} ({', '.join(columns)}) select {', '.join(values)} from generate_series(1, {ROWS}) g")


def _value(column: str, kind: str, key: str) -> str:
    if column == key:
        return f"'{column}' || g"
    if column == "period":
        return f"(array{list(_PERIODS)})[1 + g % {len(_PERIODS)}]"
    if column == "to_at":
        return "null"
    if column == "path":  # an index of emergencies that is empty would be read from end to end
        return "(array['standard', 'emergency'])[1 + g % 2]"
    if column == "id_number_key":  # registers name half of their people by another key
        return f"case when g % 2 = 0 then '{column}' || g end"
    return _VALUE.get(kind, "g").format(column=column, rows=ROWS)
