"""``aidwatch replay``: rebuild the facts from the ledger, in order of arrival, and prove that they come out the same.

One transaction: readers see the old facts until the new ones are complete, and a difference
undoes everything unless --force says the ledger is right. Findings are kept (their history is truth)
and compared with a full run over the rebuilt facts (design §11.7).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg

from monitors.catalogue import Catalogue, load
from monitors.entities import ENTITIES
from monitors.event import KEPT
from sql.batch import Prepared
from sql.connect import connect
from sql.fold import Known, write_facts
from sql.settings import Settings
from workers.audit import audit
from workers.tables import TABLES

CHUNK = 5_000
_DECODERS = {name: msgspec.json.Decoder(struct) for name, struct in KEPT.items()}
_EVENTS = """select entity, key, op, occurred_at, source, event_id, sequence, body::text, hash, arrival
from ledger.event order by arrival"""


def stored(row: tuple[Any, ...]) -> Prepared:
    """Return a ledger row as the event intake once wrote."""
    entity, key, op, at, source, event_id, sequence, body, digest, arrival = row
    kept = _DECODERS[entity].decode(body) if body is not None else None
    month = getattr(kept, TABLES[entity].month or "", None)
    return Prepared(entity, key, op == "deleted", at, at.isoformat(), source, event_id, sequence, None, digest, kept,
                    month if isinstance(month, str) else None, 0, arrival)  # fmt: skip


def _chunks(conn: psycopg.Connection) -> Iterator[list[Prepared]]:
    with conn.cursor("replay") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(_EVENTS)
        while rows := cursor.fetchmany(CHUNK):
            yield [stored(row) for row in rows]


def rebuild(conn: psycopg.Connection) -> int:
    """Empty the facts and fold the whole ledger again, in the caller's transaction; return the events folded."""
    conn.execute("lock table ledger.lane in exclusive mode")  # intake waits
    marks = conn.execute("select coalesce(max(id), 0) from ledger.mark").fetchone()
    for name in ENTITIES:
        conn.execute(f"delete from store.{name}; delete from store.{name}_held")
    conn.execute("delete from store.identity")
    folded, known = 0, Known()
    for events in _chunks(conn):
        write_facts(conn, TABLES, events, known)
        folded += len(events)
    conn.execute("delete from ledger.mark where id > %s", [marks[0] if marks else 0])
    return folded


def digests(conn: psycopg.Connection) -> dict[str, tuple[int, str]]:
    """Per table of facts: how many rows, and a digest of all of them that does not depend on their order."""
    found = {}
    for name in [*ENTITIES, *(f"{n}_held" for n in ENTITIES), "identity", "region_path", "region_order", "working_day", "region_calendar"]:
        query = f"select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text from store.{name} t"
        row = conn.execute(query).fetchone()
        assert row is not None
        found[name] = (row[0], row[1])
    return found


def replay(conn: psycopg.Connection, catalogue: Catalogue, *, force: bool = False) -> dict[str, Any]:
    """Rebuild and compare; return {events, rows, differing: {table: [before, after]}, drift}."""
    with conn.transaction() as whole:
        before = digests(conn)
        folded = rebuild(conn)
        after = digests(conn)
        differing = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        if differing and not force:
            raise psycopg.Rollback(whole)
    drift = sum(verdict.drift for verdict in audit(conn, catalogue))
    return {"events": folded, "rows": sum(n for n, _ in after.values()), "differing": differing, "drift": drift}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="keep the rebuilt facts even where they differ")


def main(args: argparse.Namespace, settings: Settings) -> int:
    with connect(settings.database_url_for("worker"), name="replay", statement_s=3600) as conn:
        result = replay(conn, load(), force=args.force)
    faults = bool(result["differing"]) or bool(result["drift"])
    if args.format == "json":
        print(json.dumps(result))
    else:
        print(f"{result['events']} events folded into {result['rows']} rows; "
              f"{len(result['differing'])} tables differ, {result['drift']} findings drift")  # fmt: skip
        print("".join(f"    {name}: {a} → {b}\n" for name, (a, b) in result["differing"].items()), end="")
    return 1 if faults else 0
