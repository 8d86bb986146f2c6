"""Every process is killed under load, again and again; in the end nothing is missing, nothing is double.

The supervisor runs the real processes over real servers; a business database is followed by capture,
one client posts over HTTP and one fills the stream, both until they are told their events are safe.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg
import redis

from monitors.catalogue import load
from sql.connect import connect
from sql.settings import Settings
from tests.engine.events import event
from tests.engine.running import PATIENCE_S, TOKEN, settled, supervised, until
from tests.workers.serving import free_port
from workers.audit import audit
from workers.embedded.database import ensure_database
from workers.embedded.postgres import PostgresServer
from workers.keys import ensure
from workers.simulator import DATABASE
from workers.simulator.history import load_history
from workers.simulator.live import beijing_now
from workers.stream import connect_bus, push

ROUNDS = 30 if os.environ.get("AIDWATCH_PROVE") == "1" else 5
VICTIMS = ("ingest", "evaluator", "capture", "web", "valkey")


class Client(threading.Thread):
    """Sends batches of payments until told to stop; each is sent again until it is known to be safe."""

    def __init__(self, name: str, send: Callable[[list[bytes]], None], seed: int) -> None:
        super().__init__(daemon=True)
        self.name, self._send, self._random = name, send, random.Random(seed)
        self.sent: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        for n in itertools.count():
            if self.stopping.is_set():
                return
            batch = [self._payment(n, k) for k in range(20)]
            while True:  # a batch that has begun is brought to its end: only then are its events owed
                with suppress(OSError, redis.RedisError, urllib.error.URLError):
                    self._send(batch)
                    break
                self.stopping.wait(0.05)
            self.sent += [f"{self.name}/{n}/{k}" for k in range(20)]

    def _payment(self, n: int, k: int) -> bytes:
        benefit = f"{self.name}{self._random.randint(1, 40)}"
        return event("payment", event_id=f"{self.name}/{n}/{k}", source=f"/kill/{self.name}", payment_id=f"{self.name}/{n}/{k}",
                     benefit_id=benefit, programme="dibao", household_id=benefit, payee_person_id=benefit,
                     period=f"2026-{self._random.randint(1, 6):02}", amount_fen=60_000, kind="regular", status="paid",
                     paid_at="2026-07-01T10:00:00+08:00", account_number=f"62220201111222{self._random.randint(10000, 10020)}")  # fmt: skip


def poster(port: int) -> Callable[[list[bytes]], None]:
    def post(batch: list[bytes]) -> None:
        body = b"[" + b",".join(batch) + b"]"
        headers = {"Content-Type": "application/cloudevents-batch+json", "Authorization": f"Bearer {TOKEN}"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/events", body, headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            told = json.load(answer)
        assert not told["rejected"], told

    return post


def streamer(settings: Settings) -> Callable[[list[bytes]], None]:
    keys = ensure(settings)

    def fill(batch: list[bytes]) -> None:
        bus = connect_bus(settings, timeout_s=5)
        try:
            push(bus, keys, batch)
        finally:
            bus.close()

    return fill


def pid_of(settings: Settings, name: str) -> int | None:
    with suppress(OSError, ValueError):
        pid = int((settings.home / "pids" / f"{name}.pid").read_text())
        os.kill(pid, 0)
        return pid
    return None


def kill(settings: Settings, name: str) -> None:
    until(lambda: pid_of(settings, name) is not None, f"{name} running")
    pid = pid_of(settings, name)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: pid_of(settings, name) not in (None, pid), f"{name} coming back")


def keys_of(conn: psycopg.Connection, query: str) -> list[str]:
    return sorted(row[0] for row in conn.execute(query))


def test_killed_at_random_under_load_nothing_is_missing_and_nothing_is_double(tmp_path: Path) -> None:
    pick = random.Random(7)
    port = free_port()
    with PostgresServer(tmp_path / "business", name="business", conf={"shared_buffers": "64MB"}) as business:
        ensure_database(business, DATABASE)
        with business.connect(DATABASE) as city:
            load_history(city, 200, 1, beijing_now(), plants=0)
        with supervised(tmp_path / "home", port, business) as settings:
            clients = [Client("http", poster(port), 1), Client("stream", streamer(settings), 2)]
            for client in clients:
                client.start()
            for n in range(ROUNDS):
                with business.connect(DATABASE) as city:
                    change_business(city, n)
                kill(settings, pick.choice(VICTIMS) if n >= len(VICTIMS) else VICTIMS[n])
            for client in clients:
                client.stopping.set()
                client.join(PATIENCE_S)
            with business.connect(DATABASE) as city, connect(settings.database_url_for("worker"), name="test") as conn:
                (lsn,) = city.execute("select pg_current_wal_lsn()::text").fetchone() or ("",)
                until(lambda: settled(settings, conn, business, str(lsn)), "settling")
                compare(conn, city, clients)


def change_business(city: psycopg.Connection, n: int) -> None:
    """The business goes on: amounts are corrected, and the clock of the row moves with it."""
    city.execute("update t_ff_mx set je = je + 1, gxsj = localtimestamp where mxbh in (select mxbh from t_ff_mx order by mxbh offset %s limit 20)", [n * 20])


def compare(conn: psycopg.Connection, city: psycopg.Connection, clients: list[Client]) -> None:
    for client in clients:
        held = keys_of(conn, f"select event_id from ledger.event where source = '/kill/{client.name}'")
        assert held == sorted(client.sent), f"{client.name}: {len(held)} events held, {len(client.sent)} were acknowledged"
        assert len(client.sent) > 20
        facts = keys_of(conn, f"select payment_id from store.payment where event_source = '/kill/{client.name}'")
        assert facts == sorted(client.sent)
    theirs = sorted((str(a), int(b)) for a, b in city.execute("select mxbh, round(je * 100)::bigint from t_ff_mx"))
    ours = sorted((str(a), int(b)) for a, b in conn.execute("select payment_id, amount_fen from store.payment where event_source not like '/kill/%'"))
    assert theirs
    assert ours == theirs
    drifted = [v for v in audit(conn, load()) if v.drift or v.pending]
    assert not drifted, drifted
