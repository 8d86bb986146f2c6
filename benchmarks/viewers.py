"""Two hundred live browsers on one web process for ten minutes: how soon each hears of a finding, and what memory that takes.

The clients hold an event stream each, from two processes. Committed: another connection sees the finding (asked every 5 ms).
All read the same clock. The web process has met everybody who is paid and holds as many changes as it may: memory is that of a
process in use.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from datetime import date
from typing import Any

import psutil
import psycopg

from benchmarks.city import fill, months
from benchmarks.deployment import bus_of, deployed, owner, process, settled
from benchmarks.generate import payments
from benchmarks.latency import BATCH, Watcher, post, session, share
from sql.settings import Settings
from workers.keys import ensure

CLIENTS, PROCESSES, SECONDS = 200, 2, 600
RATE, WRONG = 100, 0.05  #: events per second, and the share of them that opens a finding
BENEFITS = 100_000
BUDGET_S = 1.0


class Memory(threading.Thread):
    """Resident bytes of a process, every five seconds: (epoch seconds, bytes)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.seen: list[tuple[float, int]] = []
        self._process, self._done = psutil.Process(pid), threading.Event()

    def run(self) -> None:
        while not self._done.wait(5):
            self.seen.append((time.time(), self._process.memory_info().rss))

    def close(self) -> None:
        self._done.set()
        self.join()


def run(clients: int = CLIENTS, seconds: int = SECONDS, benefits: int = BENEFITS) -> dict[str, Any]:
    """Measure; return latencies in seconds and bytes of the web process, with the sizes they hold for."""
    with deployed() as settings, owner(settings) as conn:
        fill(conn, ensure(settings), benefits, months(1, date(2026, 10, 1)))
        with process(settings, "web") as web, process(settings, "evaluator"):
            settled(conn, bus_of(settings))
            _meet(settings, conn, seconds * RATE, benefits)
            watcher, memory = Watcher(settings), Memory(web.pid)
            listening = [_listening(settings, clients // PROCESSES, seconds + 15) for _ in range(PROCESSES)]
            time.sleep(10)  # everybody is connected
            watcher.start()
            memory.start()
            _feed(settings, payments(seconds * RATE, benefits=benefits, first=date(2026, 11, 1), tag="V", wrong_share=WRONG))
            heard = [json.loads(one.communicate(timeout=120)[0]) for one in listening]
            watcher.close()
            memory.close()
    return {"clients": clients, "seconds": seconds, "events_per_s": RATE} | _heard(watcher, heard, clients) | _memory(memory.seen)


def _meet(settings: Settings, conn: psycopg.Connection, n: int, benefits: int) -> None:
    """Send an earlier month of everybody who will be paid: intake, in the same process, remembers pseudonyms and people it has met."""
    events = payments(n, benefits=benefits, first=date(2026, 9, 1), tag="W", wrong_share=WRONG)
    for begin in range(0, n, BATCH):
        post(settings, events[begin : begin + BATCH])
    settled(conn, bus_of(settings))


def _listening(settings: Settings, clients: int, seconds: int) -> subprocess.Popen[bytes]:
    asked = [f"http://127.0.0.1:{settings.port}", session(settings, f"bench-{time.time_ns()}"), str(clients), str(seconds)]
    return subprocess.Popen([sys.executable, "-m", "benchmarks.listening", *asked], stdout=subprocess.PIPE)


def _feed(settings: Settings, events: list[bytes]) -> None:
    begun = time.time()
    for n in range(0, len(events), BATCH):
        time.sleep(max(0.0, begun + n / RATE - time.time()))
        post(settings, events[n : n + BATCH])


def _heard(watcher: Watcher, heard: list[dict[str, list[float]]], clients: int) -> dict[str, Any]:
    """What was committed at least two seconds before the clients left, and how long it took to each of them."""
    last = max(at for one in heard for times in one.values() for at in times)
    due = {one: at for payment, (one, at) in watcher.seen.items() if payment.startswith("NV") and at < last - 2}
    waits = [at - due[one] for got in heard for one, times in got.items() if one in due for at in times]
    return {"findings": len(due), "messages": len(waits), "missing": clients * len(due) - len(waits),
            "p50_s": share(waits, 0.5), "p95_s": share(waits, 0.95), "max_s": max(waits)}  # fmt: skip


def _memory(seen: list[tuple[float, int]]) -> dict[str, Any]:
    """Mean bytes of each fifth of the time; flat memory has a ratio of one between the last and the second."""
    fifth = max(len(seen) // 5, 1)
    means = [statistics.fmean(size for _, size in seen[n * fifth : (n + 1) * fifth]) for n in range(5)]
    return {"rss_bytes": means, "rss_ratio": means[4] / means[1]}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.viewers", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    args = parser.parse_args()
    print(json.dumps(run(args.clients, args.seconds), indent=1))


if __name__ == "__main__":
    main()
