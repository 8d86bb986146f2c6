"""What pages read of very many records: last visits, what followed a clue, what projects add up to, what bears a stop out.

Made anew by the clock when records arrived; what differs is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from sql import clock
from sql.load import raw


@dataclass(frozen=True)
class Remade:
    """Tables of schema ``watch`` that are made together, by the queries of the file of that name."""

    name: str
    tables: tuple[str, ...]
    share: float = 0.05  #: of the time, at most


VISITS, PROJECTS = Remade("visited", ("visited", "followed")), Remade("project_sum", ("project_sum",))
STOPS = Remade("stopped", ("stopped",), share=0.01)  #: hangs on payments, which come all the time
ALL = (VISITS, PROJECTS, STOPS)
_ALONE = "select pg_try_advisory_xact_lock(hashtext('aidwatch ' || %s))"


def refresh(conn: psycopg.Connection[Any], what: Remade, *, again: bool = False) -> int:
    """Make it if records have arrived since, or ``again`` whatever arrived; return how many rows changed. One transaction, one snapshot."""
    with conn.transaction():
        conn.execute("set transaction isolation level repeatable read")
        (alone,) = conn.execute(_ALONE, [what.name]).fetchone() or (False,)
        (arrived,) = conn.execute(raw(f"{what.name}.arrived")).fetchone() or (0,)
        if not alone or (not again and _last_arrived(conn, what) == arrived):
            return 0
        conn.execute("set local work_mem = '256MB'")
        changed = sum(_make(conn, what, table) for table in what.tables)
        told = Jsonb({"arrived": arrived, "changed": changed})
        conn.execute(raw("course.counted"), {"name": what.name, "at": clock.now(conn), "told": told})
        return changed


def _make(conn: psycopg.Connection[Any], what: Remade, table: str) -> int:
    conn.execute(raw(f"{what.name}.make_{table}"))
    return sum(conn.execute(raw(f"{what.name}.{act}_{table}")).rowcount for act in ("forget", "keep"))


def _last_arrived(conn: psycopg.Connection[Any], what: Remade) -> int | None:
    row = conn.execute(
        "select cast(told ->> 'arrived' as bigint) from watch.counted where name = %s", [what.name]
    ).fetchone()
    return row[0] if row else None
