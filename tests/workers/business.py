"""A business database of a test's own, and somebody who takes what capture hands over."""

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from workers.capture import Capture
from workers.embedded.postgres import PostgresServer
from workers.mapping import BusinessMapping
from workers.mapping_file import read_mapping

_numbers = itertools.count(1)

#: A table of every kind of column, as small as can be.
SCHEMA = """
create table t_line (id int primary key, case_no char(8), amount numeric(12,2), at timestamp, kind text, gone int default 0,
    note text, changed timestamp);
create publication watch for table t_line with (publish = 'insert, update, delete');
"""
LINE = {
    "publication": "watch",
    "slot": "watch",
    "table": [
        {
            "name": "t_line", "entity": "payment", "source": "/test/fund", "time": "changed",
            "deleted": {"column": "gone", "values": ["1"]},
            "fields": {
                "payment_id": {"column": "id", "prefix": "P"}, "benefit_id": "case_no", "amount_fen": "amount",
                "paid_at": "at", "kind": {"column": "kind", "values": {"正常": "regular", "补发": "arrears"}},
                "account_name": "note",
            },
        }
    ],
}  # fmt: skip


def line_mapping(slot: str = "watch") -> BusinessMapping:
    return read_mapping(LINE | {"slot": slot}, "line.toml")


@dataclass
class Receipt:
    rejected: list[object] = field(default_factory=list)


@dataclass
class Taker:
    """Keeps what it is given. ``fail_after``: raise instead, once so many batches have been taken."""

    batches: list[list[bytes]] = field(default_factory=list)
    fail_after: int | None = None

    def __call__(self, events: list[bytes]) -> Receipt:
        if self.fail_after is not None and len(self.batches) >= self.fail_after:
            raise psycopg.OperationalError("our own database is away")
        self.batches.append(events)
        return Receipt()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(event) for batch in self.batches for event in batch]

    def state(self) -> dict[str, dict[str, Any]]:
        """Return every record as it is after all events, in the order in which they came."""
        records: dict[str, dict[str, Any]] = {}
        for event in self.events:
            key = f"{event['type'].split('.')[1]}:{event['subject']}"
            records.pop(key, None)
            if event["type"].endswith("upserted"):
                records[key] = event["data"]
        return records


@dataclass
class Business:
    """A database with its own name in the tests' cluster."""

    server: PostgresServer
    name: str

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return self.server.connect(self.name)

    def url(self, user: str = "postgres") -> str:
        return self.server.url(self.name, user)

    def one(self, query: str) -> Any:
        with self.connect() as conn:
            row = conn.execute(query).fetchone()
        return row[0] if row else None

    def run(self, *statements: str) -> None:
        with self.connect() as conn, conn.transaction():
            for statement in statements:
                conn.execute(statement)

    def confirmed(self, slot: str = "watch") -> bool:
        """Return whether the slot has confirmed everything written so far."""
        return bool(self.one(f"select confirmed_flush_lsn >= pg_current_wal_lsn() from pg_replication_slots"
                             f" where slot_name = '{slot}'"))  # fmt: skip

    def streams(self, slot: str = "watch") -> bool:
        """Return whether somebody follows the log through the slot."""
        return bool(self.one(f"select active from pg_replication_slots where slot_name = '{slot}'"))


@contextmanager
def business(server: PostgresServer, schema: str = SCHEMA) -> Iterator[Business]:
    made = Business(server, f"business_{next(_numbers)}")
    with server.connect() as conn:
        conn.execute(f"create database {made.name}")
    made.run(schema)
    try:
        yield made
    finally:
        with server.connect() as conn:
            conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [made.name])
            _drop_slots(conn, made.name)
            conn.execute(f"drop database {made.name} with (force)")


def _drop_slots(conn: psycopg.Connection[tuple[object, ...]], database: str) -> None:
    wait_for(lambda: conn.execute("select from pg_replication_slots where active and database = %s", [database])
             .fetchone() is None)  # fmt: skip
    conn.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = %s", [database])


@contextmanager
def capturing(capture: Capture, taker: Taker) -> Iterator[threading.Thread]:
    """Run a capture beside the test; what it raises is raised here."""
    stop, raised = threading.Event(), []

    def run() -> None:
        try:
            capture.run(taker, stop)
        except Exception as fault:
            raised.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive(), "capture did not stop when told to"
    if raised:
        raise raised[0]


def wait_for(ready: Callable[[], bool], limit_s: float = 30) -> None:
    give_up = time.monotonic() + limit_s
    while not ready():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)
