"""The first reading of a business database: every mapped table as it stood when the slot was made."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

from psycopg import sql

from workers.changes import Translator
from workers.mapping import MappingError
from workers.replication import Connection, Snapshot


def read_tables(
    conn: Connection, snapshot: Snapshot, translator: Translator, size: int, stop: threading.Event
) -> Iterator[list[bytes]]:
    """Yield every row as an event, table by table in the mapping's order, in batches of at most ``size``."""
    seen_at = datetime.now(UTC)
    conn.execute("begin isolation level repeatable read, read only")
    conn.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(snapshot.name)))
    batch: list[bytes] = []
    for rule in translator.mapping.tables:
        for event in _events(conn, translator, rule.table, seen_at):
            batch.append(event)
            if len(batch) >= size:
                yield batch
                batch = []
            if stop.is_set():
                return
    if batch:
        yield batch
    conn.execute("commit")


def _events(conn: Connection, translator: Translator, table: str, seen_at: datetime) -> Iterator[bytes]:
    columns = _columns(conn, table)
    bound = translator.bound(table, columns)
    if not columns or bound is None:
        raise MappingError(
            translator.mapping.file, table, "name", "the business database has no such table, or we may not read it"
        )
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    copy = sql.SQL("copy (select {} from {}) to stdout").format(names, sql.Identifier(*table.split(".")))
    with conn.cursor().copy(copy) as rows:
        for row in rows.rows():
            events = (translator.of_row(one, row, seen_at) for one in bound.all if one.is_carried(row))
            yield from (event for event in events if event is not None)


def _columns(conn: Connection, table: str) -> list[str]:
    """Return the columns in the order in which the log describes them; generated ones are not in the log."""
    rows = conn.execute(
        "select attname from pg_attribute where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped"
        " and attgenerated = '' order by attnum", [table]
    ).fetchall()  # fmt: skip
    return [row[0] for row in rows]
