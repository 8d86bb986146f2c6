"""The whole system as an operator runs it: the supervisor, real servers, every process of the Procfile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import redis

from sql.load import raw
from sql.settings import Settings
from workers.embedded.postgres import PostgresServer
from workers.simulator import DATABASE
from workers.stream import connect_bus, events_backlog

PATIENCE_S = 120
TOKEN = "bootstrap"


def until(true: Callable[[], bool], what: str) -> None:
    """Poll; fail when it does not come true in time."""
    end = time.monotonic() + PATIENCE_S
    nap = threading.Event()
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"{what} did not come true in {PATIENCE_S} s")
        nap.wait(0.1)


@contextmanager
def supervised(home: Path, port: int, business: PostgresServer) -> Iterator[Settings]:
    told = {"AIDWATCH_HOME": str(home), "AIDWATCH_PORT": str(port), "AIDWATCH_TEST": "1", "AIDWATCH_BOOTSTRAP_TOKEN": TOKEN,
            "AIDWATCH_CAPTURE_URL": business.url(DATABASE), "AIDWATCH_CAPTURE_MAPPING": "minzheng"}  # fmt: skip
    command = [str(Path(sys.executable).with_name("aidwatch")), "up"]
    home.mkdir(parents=True)
    with (home / "up.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | told, stdout=log, stderr=log)
        try:
            until(lambda: ready(port) or process.poll() is not None, "readiness")
            yield Settings.read(told)
        finally:
            process.terminate()
            process.wait(60)


def ready(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def settled(settings: Settings, conn: psycopg.Connection, business: PostgresServer, lsn: str) -> bool:
    """Capture has confirmed everything the business wrote, the stream is empty, everything is evaluated."""
    with suppress(redis.RedisError):
        backlog = events_backlog(connect_bus(settings))
        unsettled = (conn.execute(raw("status.unsettled")).fetchone() or ())[1:]
        return backlog.entries + backlog.pending == 0 and not any(unsettled) and followed(business, lsn)
    return False


def followed(business: PostgresServer, lsn: str) -> bool:
    query = "select bool_and(confirmed_flush_lsn >= %s::pg_lsn) from pg_replication_slots where not temporary"
    with business.connect(DATABASE) as conn:
        row = conn.execute(query, [lsn]).fetchone()
    return bool(row and row[0])
