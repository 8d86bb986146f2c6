"""What the database says of a rule: its columns, the tables its plan reads, and whether one key needs a whole table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import psycopg

from monitors.entities import ENTITIES, MARKED
from monitors.explain import COMPUTED
from monitors.rule import LADDER, REFERENCE, Rule
from sql.scope import asked, touched_columns, touching
from workers.asking import select_of

#: Tables derived from an entity: who changes the entity changes them.
_DERIVED = {"working_day": "workday", "region_calendar": "workday", "region_path": "region", "identity": "person", "merged": "person",
            "finding": "correction"}  # fmt: skip
_INSTANT = 1184  # oid of timestamptz
_NESTED_LOOPS = "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off"
_SCANS = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan"}


class Scan(NamedTuple):
    """One table a plan reads; ``condition`` None = from end to end."""

    entity: str
    condition: str | None


def database_faults(conn: psycopg.Connection, rule: Rule) -> list[str]:
    """Return what the database objects to. ``conn`` must be idle, in a database filled by ``ballast.fill``."""
    try:
        return column_faults(conn, rule) or [*_plan_faults(conn, rule), *_touch_faults(conn, rule), *_override_faults(conn, rule)]
    except psycopg.Error as fault:
        return [f"the database refuses it: {str(fault).splitlines()[0]}"]


def scans(conn: psycopg.Connection, query: str, keys: Mapping[str, Any]) -> list[Scan]:
    """Return what the plan of a query reads, with indexes and nested loops only."""
    with conn.transaction(force_rollback=True):
        conn.execute(_NESTED_LOOPS)
        row = conn.execute(f"explain (format json, verbose) {query}", keys).fetchone()
    assert row is not None
    return [scan for node in _nodes(row[0][0]["Plan"]) if (scan := _scan(node))]


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _scan(node: Mapping[str, Any]) -> Scan | None:
    if node["Node Type"] not in _SCANS or node.get("Schema") not in ("store", "watch"):
        return None
    table = re.sub(r"^(payment)_(default|\d{6})$", r"\1", node["Relation Name"])
    return Scan(_DERIVED.get(table, table), _condition(node))


def _condition(node: Mapping[str, Any]) -> str | None:
    """What an index is asked; what a partial index is made of (a bitmap's recheck) narrows nothing."""
    below = (_condition(one) for one in node.get("Plans", ()) if one["Node Type"].startswith("Bitmap"))
    return node.get("Index Cond") or next(filter(None, below), None)


def _one_key(rule: Rule) -> tuple[str, dict[str, Any]]:
    return asked(select_of(rule, {}), keys=True, months=int(rule.by_month)), {"keys": ["x"], "month_0": "2026-10"}


def column_faults(conn: psycopg.Connection, rule: Rule) -> list[str]:
    """Return what is wrong with the columns the SELECT returns. Raises psycopg.Error where it cannot be planned."""
    return list(_column_faults(rule, _columns(conn, rule)))


def _columns(conn: psycopg.Connection, rule: Rule) -> dict[str, int]:
    cursor = conn.execute(f"select * from ({select_of(rule, {})}) f limit 0")
    return {column.name: column.type_code for column in cursor.description or ()}


def _column_faults(rule: Rule, columns: Mapping[str, int]) -> Iterator[str]:
    wanted = ["subject_key"] + ["rule"] * (len(rule.codes) > 1) + ["period"] * rule.by_month
    yield from (f"the SELECT returns no column {name}" for name in wanted if name not in columns)
    rungs = [name for name in LADDER[:3] if name in columns]
    if not rungs:
        yield f"the SELECT returns none of {', '.join(LADDER[:3])}"
    yield from (f"{name} is not a timestamptz" for name in (*rungs, "until_at") if columns.get(name, _INSTANT) != _INSTANT)
    if "period" in columns and not rule.by_month:
        yield "returns period, but the header does not say by_month = true"
    for name in ("says", "clears"):
        for lang, text in getattr(rule, name).items():
            unknown = set(re.findall(r"{(\w+)}", text)) - columns.keys() - {"subject_key", "item", "opened_at"} - COMPUTED
            yield from (f"{name}.{lang} speaks of {{{one}}}, which the SELECT does not return" for one in sorted(unknown))


def _plan_faults(conn: psycopg.Connection, rule: Rule) -> Iterator[str]:
    one = scans(conn, *_one_key(rule))
    read = {scan.entity for scan in [*one, *scans(conn, asked(select_of(rule, {})), {})]}
    untold = sorted(read - rule.touches.keys())
    yield from (f"reads {entity}, but touches says nothing of {entity}" for entity in untold)
    if rule.scope == "keys":
        whole = sorted({scan.entity for scan in one if scan.condition is None} - REFERENCE)
        yield from (f'asked about one subject it reads all of {entity}; mend the SELECT or say scope = "all"' for entity in whole)


def _touch_faults(conn: psycopg.Connection, rule: Rule) -> Iterator[str]:
    for entity, how in rule.touches.items():
        if entity not in ENTITIES and entity not in MARKED:
            yield f"touches.{entity}: there is no such entity"
            continue
        if how == "*":
            continue
        marked = {*MARKED[entity]} if entity in MARKED else {*ENTITIES[entity].references, *(["period"] if ENTITIES[entity].month else [])}
        is_select = how.lstrip().lower().startswith("select")
        asks = touched_columns(how) if is_select else [how]
        yield from (f"touches.{entity} asks for {name}, which marks do not carry" for name in asks if name not in marked)
        if is_select and set(asks) <= marked:
            yield from _touch_plan_faults(conn, entity, how)


def _touch_plan_faults(conn: psycopg.Connection, entity: str, how: str) -> Iterator[str]:
    found = scans(conn, touching(how), {name: ["x"] for name in touched_columns(how)})
    whole = sorted({scan.entity for scan in found if scan.condition is None} - REFERENCE)
    yield from (f"touches.{entity} reads all of {one} to find its subjects" for one in whole)


def _override_faults(conn: psycopg.Connection, rule: Rule) -> Iterator[str]:
    """Local values of parameters must fit wherever a parameter stands."""
    if not rule.params:
        return
    local = select_of(rule, {code: set(rule.params) for code in rule.codes})
    try:
        conn.execute(f"explain {local}")
    except psycopg.Error as fault:
        yield f"with local parameters: {str(fault).splitlines()[0]}"
