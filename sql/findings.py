"""Findings as rows: reading a slice of them and writing what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from sql.load import raw

Row = tuple[Any, ...]
_CONDITIONS = {
    "keys": " and subject_key = any(%(keys)s::text[])",
    "periods": " and period = any(%(periods)s::text[])",
    "after": " and subject_key > %(after)s",
    "upto": " and subject_key <= %(upto)s",
}


def _inside(slice_: Mapping[str, Any]) -> str:
    return "".join(text for name, text in _CONDITIONS.items() if slice_.get(name) is not None)


def read_known(conn: psycopg.Connection, codes: Sequence[str], kind: str, slice_: Mapping[str, Any]) -> Iterable[Row]:
    """Return the findings of these codes inside a slice (keys, periods, after, upto as in sql.scope.asked)."""
    where = _inside(slice_)
    cursor = conn.cursor(binary=True, row_factory=tuple_row)
    return cursor.execute(raw("findings.known") + where, {"codes": list(codes), "kind": kind, **slice_})


def write(conn: psycopg.Connection, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run one named statement of findings.sql for many rows."""
    if rows:
        conn.cursor().executemany(raw(f"findings.{statement}"), rows)


def replace_rechecks(conn: psycopg.Connection, file: str, kind: str, slice_: Mapping[str, Any], rows: Sequence[Row]) -> None:
    """Forget the rechecks of a slice and remember these (subject_key, period, at)."""
    where = "file = %(file)s and subject_kind = %(kind)s" + _inside(slice_)
    conn.execute(f"delete from watch.recheck where {where}", {"file": file, "kind": kind, **slice_})
    if rows:
        query = "insert into watch.recheck(file, subject_kind, subject_key, period, at) values (%s, %s, %s, %s, %s)"
        conn.cursor().executemany(query, [(file, kind, *row) for row in rows])
