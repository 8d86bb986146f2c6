"""Findings as rows: reading a slice of them and writing what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from sql.load import raw

Row = tuple[Any, ...]


def read_known(conn: psycopg.Connection, codes: Sequence[str], kind: str, slice_: Mapping[str, Any]) -> Iterable[Row]:
    """Return the findings of these codes inside a slice (keys, periods, after, upto as in sql.scope)."""
    conditions = {
        "keys": " and subject_key = any(%(keys)s)",
        "periods": " and period = any(%(periods)s)",
        "after": " and subject_key > %(after)s",
        "upto": " and subject_key <= %(upto)s",
    }
    where = "".join(text for name, text in conditions.items() if slice_.get(name) is not None)
    cursor = conn.cursor(binary=True, row_factory=tuple_row)
    return cursor.execute(raw("findings.known") + where, {"codes": list(codes), "kind": kind, **slice_})


def write(conn: psycopg.Connection, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run one named statement of findings.sql for many rows."""
    if rows:
        conn.cursor().executemany(raw(f"findings.{statement}"), rows)


def replace_rechecks(conn: psycopg.Connection, file: str, kind: str, slice_: Mapping[str, Any], rows: Sequence[Row]) -> None:
    """Forget the rechecks of a slice and remember these (subject_key, period, at)."""
    where = "file = %(file)s and subject_kind = %(kind)s"
    where += " and subject_key = any(%(keys)s)" if slice_.get("keys") is not None else ""
    where += " and period = any(%(periods)s)" if slice_.get("periods") is not None else ""
    where += " and subject_key > %(after)s" if slice_.get("after") is not None else ""
    where += " and subject_key <= %(upto)s" if slice_.get("upto") is not None else ""
    conn.execute(f"delete from watch.recheck where {where}", {"file": file, "kind": kind, **slice_})
    if rows:
        query = "insert into watch.recheck(file, subject_kind, subject_key, period, at) values (%s, %s, %s, %s, %s)"
        conn.cursor().executemany(query, [(file, kind, *row) for row in rows])
