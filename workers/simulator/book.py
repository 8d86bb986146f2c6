"""Rows on their way into the business database: gathered by table, written by COPY or as ordinary inserts."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

Row = dict[str, Any]
Connection = psycopg.Connection[Any]


class Book:
    """Rows to be written, by table, in the order in which tables were first named."""

    def __init__(self) -> None:
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, **values: Any) -> None:
        self.rows[table].append(values)

    def __len__(self) -> int:
        return sum(map(len, self.rows.values()))

    def copy_to(self, conn: Connection) -> None:
        """Write everything by COPY, as a migration of old data would."""
        for table, rows in self._take():
            names = list(rows[0])
            with conn.cursor().copy(_statement("copy {} ({}) from stdin", table, names)) as copy:
                for row in rows:
                    copy.write_row([row[name] for name in names])

    def insert_into(self, conn: Connection) -> None:
        """Write everything as the business system's own clerks do: INSERT in the caller's transaction."""
        for table, rows in self._take():
            names = list(rows[0])
            insert = _statement(f"insert into {{}} ({{}}) values ({', '.join(['%s'] * len(names))})", table, names)
            conn.cursor().executemany(insert, [[row[name] for name in names] for row in rows])

    def _take(self) -> Iterator[tuple[str, list[Row]]]:
        rows, self.rows = self.rows, defaultdict(list)
        yield from rows.items()


def _statement(text: str, table: str, names: list[str]) -> sql.Composed:
    return sql.SQL(text).format(sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, names)))


def yuan(fen: int) -> str:
    """Return an amount as the business system writes it; exact, unlike a float."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"
