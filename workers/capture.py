"""Change capture: follows a business PostgreSQL by logical decoding and hands every change to intake.

The slot moves on only after intake has committed: what is killed in between comes again, as the same events.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

import psycopg

from sql.connect import connect as connect_own
from sql.settings import Settings
from workers.changes import Translator
from workers.intake import Intake
from workers.keys import ensure
from workers.mapping import BusinessMapping
from workers.mapping_file import load_mapping
from workers.pgoutput import Begin, Change, Commit, Decoder, Truncate
from workers.replication import CaptureError, Connection, ReplicationConnection, connect, ensure_publication, slot_state
from workers.snapshot import read_tables

BATCH = 5_000
_WAIT_S = 0.5
_BACK_OFF_S = (0.5, 1.0, 2.0, 3.0)
_BRIEF = 4  # failures in a row: fewer are a business system that starts or restarts
_WELL_S = 60.0  # an attempt that lasted so long counts as a success
_SHOWN = 5  # of each batch's faults, in the log
log = logging.getLogger(__name__)


class Taken(Protocol):
    """What intake says about a batch it has committed."""

    @property
    def rejected(self) -> Sequence[object]: ...


Take = Callable[[list[bytes]], Taken]


class Capture:
    """One business database being followed. ``counts``: events taken and rejected, faults, interruptions."""

    def __init__(self, url: str, mapping: BusinessMapping) -> None:
        self.url = url
        self.mapping = mapping
        self.counts: Counter[str] = Counter()

    def run(self, take: Take, stop: threading.Event) -> None:
        """Follow the database until ``stop``: the snapshot first where there is no slot yet, then the log."""
        with connect(self.url) as conn:
            ensure_publication(conn, self.mapping.publication, [rule.table for rule in self.mapping.tables])
            self._drop_lost_slot(conn)
            if slot_state(conn, self.mapping.slot) is None:
                self._snapshot(conn, take, stop)
        if not stop.is_set():
            self._stream(take, stop)

    def _snapshot(self, conn: Connection, take: Take, stop: threading.Event) -> None:
        """Read everything under a slot that dies with us; it becomes the lasting one only when all was taken."""
        slot = self.mapping.slot
        with ReplicationConnection(self.url) as replication:
            translator = Translator(self.mapping, replication.cluster())
            snapshot = replication.make_snapshot(f"{slot}_first")
            for batch in read_tables(conn, snapshot, translator, BATCH, stop):
                self._hand_over(batch, translator, take)
            if not stop.is_set():
                conn.execute("select pg_copy_logical_replication_slot(%s, %s, false)", [snapshot.slot, slot])
                log.info("snapshot read: %d events", self.counts["taken"])

    def _stream(self, take: Take, stop: threading.Event) -> None:
        with ReplicationConnection(self.url) as replication:
            follower = _Follower(Translator(self.mapping, replication.cluster()))
            replication.start(self.mapping.slot, self.mapping.publication)
            while not stop.is_set():
                for message, position in replication.read(_WAIT_S, BATCH):
                    follower.receive(message, position)
                self._hand_over(follower.take_events(), follower.translator, take)
                if follower.done_lsn > replication.confirmed:
                    replication.confirm(follower.done_lsn)

    def _hand_over(self, events: list[bytes], translator: Translator, take: Take) -> None:
        """Give events to intake; when this returns, they are committed."""
        if events:
            receipt = take(events)
            self.counts["taken"] += len(events)
            self.counts["rejected"] += len(receipt.rejected)
            for refused in receipt.rejected[:_SHOWN]:
                log.warning("intake refused %s", refused)
        for fault in translator.faults[:_SHOWN]:
            log.warning("%s: %s", self.mapping.file, fault)
        self.counts["faults"] += len(translator.faults)
        translator.faults.clear()

    def _drop_lost_slot(self, conn: Connection) -> None:
        if slot_state(conn, self.mapping.slot) == "lost":
            log.error("the business database no longer holds our place in its log; reading everything again")
            conn.execute("select pg_drop_replication_slot(%s)", [self.mapping.slot])


class _Follower:
    """Where in the log we are, and the events read since they were last taken away."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.done_lsn = 0  # everything before it has become events
        self._decoder = Decoder()
        self._events: list[bytes] = []
        self._transaction: Begin | None = None
        self._place = 0

    def receive(self, message: bytes, position: int) -> None:
        """Take in one message of the stream; ``position`` is how far the server has read."""
        if not message:
            if self._transaction is None:  # what we do not follow is not ours to hold back either
                self.done_lsn = max(self.done_lsn, position)
            return
        decoded = self._decoder.decode(message)
        if isinstance(decoded, Begin):
            self._transaction, self._place = decoded, 0
        elif isinstance(decoded, Change) and self._transaction is not None:
            self._place += 1
            within = self._transaction
            self._events.extend(self.translator.of_change(decoded, within.commit_lsn, self._place, within.at))
        elif isinstance(decoded, Truncate):
            names = ", ".join(relation.full_name for relation in decoded.relations)
            log.error("%s was truncated in the business database: no event says which rows are gone", names)
        elif isinstance(decoded, Commit):
            self._transaction, self.done_lsn = None, decoded.end_lsn

    def take_events(self) -> list[bytes]:
        events, self._events = self._events, []
        return events


def follow(attempt: Callable[[], None], stop: threading.Event) -> None:
    """Call ``attempt`` until ``stop``, again and again after every lost connection, more slowly while it fails."""
    failures = 0
    while not stop.is_set():
        begun = time.monotonic()
        try:
            attempt()
        except (psycopg.Error, CaptureError) as fault:
            failures = 0 if time.monotonic() - begun > _WELL_S else failures + 1
            how_bad = logging.INFO if failures < _BRIEF else logging.WARNING
            log.log(how_bad, "capture interrupted, will go on: %s", str(fault).strip())
            stop.wait(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])


def main(settings: Settings, stop: threading.Event) -> None:
    """Follow the business database of the settings; idle where there is none."""
    if settings.capture_url is None:
        stop.wait()
        return
    capture = Capture(settings.capture_url, load_mapping(settings.capture_mapping or "minzheng"))

    def attempt() -> None:
        with connect_own(settings.database_url_for("worker"), name="capture") as own:
            capture.run(Intake(own, ensure(settings), "capture").take, stop)

    follow(attempt, stop)
