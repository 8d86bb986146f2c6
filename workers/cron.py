"""Exactly one ``rq cron``: a lock in Redis keeps a second one waiting, because two would enqueue everything twice."""

from __future__ import annotations

import sys
import threading

import redis

from sql.settings import Settings
from workers.jobs import run_until

LOCK, LEASE_S = "aidwatch:cron", 30


def main(settings: Settings, stop: threading.Event) -> None:
    bus = redis.Redis.from_url(settings.redis_url, protocol=2, socket_timeout=10)
    lock = bus.lock(LOCK, timeout=LEASE_S, thread_local=False)
    while not lock.acquire(blocking=True, blocking_timeout=1):
        if stop.is_set():
            return
    lost = threading.Event()
    threading.Thread(target=_renew, args=(lock, stop, lost), daemon=True).start()
    run_until(_either(stop, lost), [sys.executable, "-m", "rq.cli", "cron", "workers.schedule", "--url", settings.redis_url], settings)


def _renew(lock: redis.lock.Lock, stop: threading.Event, lost: threading.Event) -> None:
    while not stop.wait(LEASE_S / 3):
        try:
            lock.extend(LEASE_S, replace_ttl=True)
        except redis.RedisError:
            lost.set()
            return


def _either(stop: threading.Event, lost: threading.Event) -> threading.Event:
    """An event that is set when one of two is."""
    both = threading.Event()

    def watch() -> None:
        while not (stop.wait(0.2) or lost.is_set()):
            pass
        both.set()

    threading.Thread(target=watch, daemon=True).start()
    return both
