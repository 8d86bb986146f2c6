"""The replication connection to a business PostgreSQL: publication, slots, and the stream of its log."""

import select
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import psycopg
from psycopg import sql

from monitors.errors import SupervisionError

_STATUS_EVERY_S = 10.0  # well below the server's wal_sender_timeout of 60 s
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
Connection = psycopg.Connection[Any]


class CaptureError(SupervisionError):
    """A business database that cannot be followed; the message says what its administrator must do."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A slot's starting point: the rows seen under ``name`` and the log after ``lsn`` make the whole."""

    slot: str
    name: str
    lsn: str


def conninfo(url: str) -> str:
    """Return a libpq address for an SQLAlchemy URL."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def connect(url: str) -> Connection:
    """Return an ordinary connection; times are printed as Beijing time, dates as ISO."""
    options = "-c timezone=Asia/Shanghai -c datestyle=ISO -c extra_float_digits=3"
    return psycopg.connect(conninfo(url), autocommit=True, connect_timeout=10, application_name="aidwatch capture",
                           options=options)  # fmt: skip


def ensure_publication(conn: Connection, publication: str, tables: list[str]) -> None:
    """Make the publication where we may; refuse one that leaves out a mapped table."""
    absent = conn.execute(
        "select name from unnest(%s::text[]) name where to_regclass(name) is null", [tables]
    ).fetchall()
    if absent:
        more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        raise CaptureError(f"the business database has no table {absent[0][0]}{more} (yet)")
    if conn.execute("select from pg_publication where pubname = %s", [publication]).fetchone() is None:
        _create_publication(conn, publication, tables)
    rows = conn.execute(
        "select case schemaname when 'public' then tablename else schemaname || '.' || tablename end"
        " from pg_publication_tables where pubname = %s", [publication]
    ).fetchall()  # fmt: skip
    if missing := sorted(set(tables) - {row[0] for row in rows}):
        raise CaptureError(
            f"publication {publication} leaves out {', '.join(missing)}; run in the business database: "
            f"alter publication {publication} add table {', '.join(missing)}"
        )


def _create_publication(conn: Connection, publication: str, tables: list[str]) -> None:
    names = sql.SQL(", ").join(sql.Identifier(*table.split(".")) for table in tables)
    create = sql.SQL("create publication {} for table {} with (publish = 'insert, update, delete')").format(
        sql.Identifier(publication), names
    )
    try:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # its owner was quicker
            conn.execute(create)
    except psycopg.errors.InsufficientPrivilege as refused:
        text = create.as_string(conn)
        raise CaptureError(f"there is no publication yet; its owner must run: {text}") from refused


def slot_state(conn: Connection, slot: str) -> str | None:
    """Return None where there is no slot, ``lost`` where the server gave it up, else ``ready``."""
    row = conn.execute("select wal_status from pg_replication_slots where slot_name = %s", [slot]).fetchone()
    return None if row is None else "lost" if row[0] == "lost" else "ready"


def lag_bytes(conn: Connection, slot: str) -> int | None:
    """Return how much log the business database keeps for us, in bytes; None where there is no slot."""
    row = conn.execute(
        "select pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn) from pg_replication_slots"
        " where slot_name = %s", [slot]
    ).fetchone()  # fmt: skip
    return None if row is None or row[0] is None else int(row[0])


class ReplicationConnection:
    """One walsender session: makes slots, then streams."""

    def __init__(self, url: str) -> None:
        self._conn = psycopg.connect(
            conninfo(url), autocommit=True, replication="database", connect_timeout=10,
            application_name="aidwatch capture",
            options="-c timezone=Asia/Shanghai -c datestyle=ISO -c extra_float_digits=3",
        )  # fmt: skip
        self._pg = self._conn.pgconn
        self.confirmed = 0
        self._told_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._conn.close()

    def cluster(self) -> str:
        """Return a short name of the cluster: two clusters' logs count from the same positions."""
        row: Any = self._conn.execute("IDENTIFY_SYSTEM").fetchone()
        return f"{int(row[0]) % 2**40:x}"

    def make_snapshot(self, slot: str) -> Snapshot:
        """Make a slot that ends with this connection, and export what the database looks like at its start."""
        command = "CREATE_REPLICATION_SLOT {} TEMPORARY LOGICAL pgoutput (SNAPSHOT 'export')"
        row: Any = self._conn.execute(sql.SQL(command).format(sql.Identifier(slot))).fetchone()
        return Snapshot(slot, row[2], row[1])

    def start(self, slot: str, publication: str) -> None:
        command = "START_REPLICATION SLOT {} LOGICAL 0/0 (proto_version '1', publication_names {})"
        self._conn.execute(sql.SQL(command).format(sql.Identifier(slot), sql.Literal(f'"{publication}"')))

    def read(self, wait_s: float, most: int) -> list[tuple[bytes, int]]:
        """Return what has come, at most ``most`` messages, each with the log position the server has read up to.

        Waits until there is something, or ``wait_s``. An empty message is a keepalive: everything before
        its position has been sent.
        """
        found: list[tuple[bytes, int]] = []
        while len(found) < most:
            length, data = self._pg.get_copy_data(1)
            if length > 0:
                self._sort_out(bytes(data), found)
            elif length < 0:
                raise psycopg.OperationalError("the business database ended the replication stream")
            elif not select.select([self._pg.socket], [], [], 0 if found else wait_s)[0]:
                break
            else:
                self._pg.consume_input()
        if time.monotonic() - self._told_at > _STATUS_EVERY_S:
            self.confirm(self.confirmed)
        return found

    def _sort_out(self, data: bytes, found: list[tuple[bytes, int]]) -> None:
        if data[:1] == b"w":
            found.append((data[25:], struct.unpack_from("!Q", data, 9)[0]))
        elif data[:1] == b"k":
            found.append((b"", struct.unpack_from("!Q", data, 1)[0]))
            if data[17]:  # it wants an answer now, or it will take us for dead
                self.confirm(self.confirmed)

    def confirm(self, lsn: int) -> None:
        """Tell the server that everything before ``lsn`` is kept here for good."""
        self.confirmed = max(self.confirmed, lsn)
        now = int((datetime.now(UTC) - _EPOCH).total_seconds() * 1_000_000)
        self._pg.put_copy_data(b"r" + struct.pack("!QQQqB", *[self.confirmed] * 3, now, 0))
        self._pg.flush()
        self._told_at = time.monotonic()
