"""The ingest process: stream → ledger, facts and marks → commit → acknowledge, in that order.

Killed anywhere in between, the entry is still its own and is taken again; what was committed already
counts as duplicates then. The database away: it waits. An entry that cannot be opened becomes a dead letter.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing

import msgspec
import redis

from sql.settings import Settings
from workers import metrics
from workers.intake import CHUNK, Receipt
from workers.keys import Keys, ensure
from workers.lane import Lane
from workers.stream import Bus, Consumer, Entry, Job, UnreadableEntryError, connect_bus, ensure_group, opened
from workers.taking import DatabaseAwayError, Taker

READ = 8  #: entries asked for at once
WAIT_S, ABANDONED_S, LOOK_S = 1.0, 30.0, 10.0
log = logging.getLogger(__name__)


class Ingest:
    """Takes entries of the stream, one turn after the other."""

    def __init__(self, consumer: Consumer, taker: Taker, keys: Keys, stop: threading.Event) -> None:
        self._consumer, self._taker, self._keys, self._stop = consumer, taker, keys, stop
        self._recovering = True
        self._looked_at = 0.0

    def turn(self) -> int:
        """Take what is there; return how many entries were taken."""
        try:
            entries = self._next()
            done = 0
            for together in _together(entries):
                done += self._take(together)
            return done
        except redis.RedisError:
            self._recovering = True  # what we had been given is still ours: it is read again
            raise

    def _next(self) -> list[Entry]:
        if self._recovering:
            entries = self._consumer.own(READ)
            self._recovering = bool(entries)
            if entries:
                return entries
        if time.monotonic() - self._looked_at > LOOK_S:
            self._looked_at = time.monotonic()
            if entries := self._consumer.abandoned(READ, ABANDONED_S):
                return entries
        return self._consumer.new(READ, WAIT_S)

    def _take(self, entries: Sequence[Entry]) -> int:
        """Take entries in one go, as long as it takes; acknowledge them after the commit."""
        failures = 0
        while not self._stop.is_set():
            try:
                receipts = self._commit(entries)
            except DatabaseAwayError as fault:
                log.warning("%s", fault)
                self._stop.wait(min(5.0, 0.2 * 2 ** min(failures, 5)))
                failures += 1
                continue
            self._consumer.acknowledge(entries, receipts)
            return len(entries)
        self._recovering = True
        return 0

    def _commit(self, entries: Sequence[Entry]) -> dict[Job, dict[str, bytes]]:
        raws: list[bytes] = []
        for entry in entries:
            raws += self._open(entry)
        begun = time.perf_counter()
        receipt = self._taker.take(raws)
        metrics.acts().took("stream", receipt, time.perf_counter() - begun)
        job = entries[0].job
        return {} if job is None else {Job(job): {entries[0].id: self._keys.seal(_told(receipt))}}

    def _open(self, entry: Entry) -> list[bytes]:
        if entry.sealed is None:
            return []  # deleted by somebody while it was ours: nothing is left of it to take
        try:
            return opened(entry, self._keys)
        except UnreadableEntryError as fault:
            log.error("%s", fault)
            self._taker.bury(str(fault), entry.sealed)
            return []


def _told(receipt: Receipt) -> bytes:
    return msgspec.json.encode(
        {"accepted": receipt.accepted, "duplicates": receipt.duplicates, "rejected": receipt.rejected}
    )


def _together(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Put small entries into one transaction; one that somebody waits for stays alone, so that its numbers are its own."""
    group: list[Entry] = []
    for entry in entries:
        if group and (entry.job is not None or group[0].job is not None or sum(e.n for e in group) + entry.n > CHUNK):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def main(settings: Settings, stop: threading.Event) -> None:
    """Take entries until told to stop; go on after Redis or the database was away."""
    keys = ensure(settings)
    with Lane(settings.home, "ingest") as lane, closing(connect_bus(settings)) as bus:
        metrics.begin(settings, lane.short)
        with Taker(settings.database_url_for("worker"), keys, lane.name) as taker:
            _run(bus, Ingest(Consumer(bus, lane.name), taker, keys, stop), stop)


def _run(bus: Bus, ingest: Ingest, stop: threading.Event) -> None:
    failures = 0
    while not stop.is_set():
        try:
            ensure_group(bus)
            failures = 0
            while not stop.is_set():
                ingest.turn()
        except redis.RedisError as fault:
            log.warning("the bus is away, events wait: %s", fault)
            stop.wait(min(5.0, 0.2 * 2**failures))
            failures = min(failures + 1, 5)
