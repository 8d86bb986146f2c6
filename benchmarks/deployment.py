"""A deployment of its own for a benchmark: embedded servers in a temporary home, real processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers.embedded.servers import running
from workers.migrate_cli import prepare
from workers.stream import EVENTS, GROUP, Bus, connect_bus, ensure_group, events_backlog

TOKEN = "bench"
LIMIT_S = 1_800  #: no benchmark waits longer than this for anything


@contextmanager
def deployed(port: int = 8951) -> Iterator[Settings]:
    """Servers running and migrated; gone, with everything in them, at the end."""
    with tempfile.TemporaryDirectory(prefix="aidwatch-bench-") as home, opened(home, port) as settings:
        yield settings


@contextmanager
def opened(home: str, port: int = 8951) -> Iterator[Settings]:
    """Servers running and migrated on what is kept in ``home``."""
    told = {"AIDWATCH_HOME": home, "AIDWATCH_PORT": str(port), "AIDWATCH_TEST": "1", "AIDWATCH_BOOTSTRAP_TOKEN": TOKEN}
    settings = Settings.read(told)
    with running(settings):
        prepare(settings)
        yield settings


@contextmanager
def process(settings: Settings, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """One line of the Procfile as a process."""
    environ = os.environ | {"AIDWATCH_HOME": str(settings.home), "AIDWATCH_PORT": str(settings.port), "AIDWATCH_TEST": "1",
                            "AIDWATCH_BOOTSTRAP_TOKEN": TOKEN}  # fmt: skip
    with (Path(settings.home) / f"{name}.out").open("ab") as log:
        one = subprocess.Popen([Path(sys.executable).with_name("aidwatch"), "run", name], env=environ, stdout=log, stderr=log)
        try:
            yield one
        finally:
            one.terminate()
            one.wait(20)


def owner(settings: Settings) -> psycopg.Connection:
    return connect(settings.database_url_for("owner"), name="bench", statement_s=3600)


def settled(conn: psycopg.Connection, bus: Bus, *, every_s: float = 0.02, without: str = "") -> None:
    """Wait until everything in the stream has been taken and evaluated; ``without``: one kind of work not waited for."""
    begun = time.monotonic()
    while True:
        backlog = events_backlog(bus)
        asked = (conn.execute("select count(*) from watch.rule_state where evaluated_at is not null").fetchone() or (0,))[0]
        if asked and backlog.entries + backlog.pending == 0 and not _waiting(conn) - {without}:
            return
        if time.monotonic() - begun > LIMIT_S:
            raise TimeoutError("the deployment did not settle")
        time.sleep(every_s)


def _waiting(conn: psycopg.Connection) -> set[str]:
    """The kinds of work that are not done."""
    cursor = conn.execute(raw("status.unsettled"))
    (row,) = cursor.fetchall()
    return {column.name for column, waits in zip(cursor.description or (), row, strict=True) if waits is True}


def reading(bus: Bus) -> None:
    """Wait until an ingest process reads the stream."""
    ensure_group(bus)
    begun = time.monotonic()
    while not bus.xinfo_consumers(EVENTS, GROUP):
        if time.monotonic() - begun > LIMIT_S:
            raise TimeoutError("no ingest process came up")
        time.sleep(0.01)


def bus_of(settings: Settings) -> Bus:
    return connect_bus(settings)
