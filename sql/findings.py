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


def inside(slice_: Mapping[str, Any]) -> str:
    """Return the conditions on rows that name a subject_key, for a slice (keys, periods, after, upto)."""
    return "".join(text for name, text in _CONDITIONS.items() if slice_.get(name) is not None)


def read_known(conn: psycopg.Connection, codes: Sequence[str], kind: str, slice_: Mapping[str, Any]) -> Iterable[Row]:
    """Return the findings of these codes inside a slice (keys, periods, after, upto)."""
    where = inside(slice_)
    cursor = conn.cursor(binary=True, row_factory=tuple_row)
    return cursor.execute(raw("findings.known") + where, {"codes": list(codes), "kind": kind, **slice_}, prepare="keys" in slice_)


def write(conn: psycopg.Connection, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run one named statement of findings.sql for many rows."""
    if rows:
        conn.cursor().executemany(raw(f"findings.{statement}"), rows)


def read_rechecked(conn: psycopg.Connection, files: Sequence[str], kind: str, slice_: Mapping[str, Any]) -> set[str]:
    """Return which of these rule files are to look again at something inside a slice."""
    query = f"select distinct file from watch.recheck where file = any(%(files)s) and subject_kind = %(kind)s{inside(slice_)}"
    return {file for (file,) in conn.execute(query, {"files": list(files), "kind": kind, **slice_})}


def forget_rechecks(conn: psycopg.Connection, file: str, kind: str, slice_: Mapping[str, Any]) -> None:
    where = "file = %(file)s and subject_kind = %(kind)s" + inside(slice_)
    conn.execute(f"delete from watch.recheck where {where}", {"file": file, "kind": kind, **slice_})


def add_rechecks(conn: psycopg.Connection, file: str, kind: str, rows: Sequence[Row]) -> None:
    """Remember when to look again: (subject_key, period, at)."""
    if rows:
        query = "insert into watch.recheck(file, subject_kind, subject_key, period, at) values (%s, %s, %s, %s, %s)"
        conn.cursor().executemany(query, [(file, kind, *row) for row in rows])
