"""Taking a batch: ledger, facts and marks in one transaction, durably and completely, or not at all (design §4, §11.1–2, §11.20–23)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import psycopg
from psycopg import errors

from sql.batch import Batch, Outcome, Prepared, Table
from sql.copying import array, copy_lines, line
from sql.fold import Known, write_facts
from sql.load import raw

_ATTEMPTS = 8
_CLASH = (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)


def take(conn: psycopg.Connection, tables: Mapping[str, Table], batch: Batch, known: Known) -> Outcome:
    """Write a batch durably and completely, or not at all. ``conn`` must be idle, in autocommit mode."""
    _ensure_months(conn, batch.events, known)
    for attempt in range(_ATTEMPTS):
        try:
            with conn.transaction():
                taking = _Taking(conn, tables, batch, known)
                outcome = taking.run()
            known.learn_people(taking.met)
            return outcome
        except _CLASH:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError


def _ensure_months(conn: psycopg.Connection, events: Sequence[Prepared], known: Known) -> None:
    happened = {e.at_text[:7] for e in events} - known.months
    paid = {e.month for e in events if e.month} - known.periods
    if happened:
        _ensure(conn, "ledger.ensure_months", happened)
        known.months |= happened
    if paid:
        _ensure(conn, "store.ensure_periods", paid)
        known.periods |= paid


def _ensure(conn: psycopg.Connection, function: str, wanted: Iterable[str]) -> None:
    with conn.transaction():
        conn.execute(f"select {function}(%s)", [sorted(wanted)])


class _Taking:
    """One attempt at one batch, inside its transaction."""

    def __init__(self, conn: psycopg.Connection, tables: Mapping[str, Table], batch: Batch, known: Known) -> None:
        self.conn, self.tables, self.batch, self.known = conn, tables, batch, known
        self.outcome = Outcome()
        self.met: set[str] = set()

    def run(self) -> Outcome:
        lanes = self._lock_lanes()
        fresh = self._unseen()
        if fresh:
            self._number(fresh)
            self._write_ledger(fresh, lanes)
            written = write_facts(self.conn, self.tables, fresh, self.known)
            self.outcome.superseded, self.met = written.superseded, written.met
        self._write_around()
        self.outcome.accepted = len(fresh)
        return self.outcome

    def _lock_lanes(self) -> dict[str, tuple[int, bytes]]:
        """Lock this lane of each source in turn; the chain goes on from the hash found there."""
        lanes = {}
        for source in sorted({e.source for e in self.batch.events}):
            query = "select n, hash from ledger.lane where source = %s and lane = %s for update"
            found = self.conn.execute(query, [source, self.batch.lane]).fetchone()
            lanes[source] = found or (0, b"")
        return lanes

    def _unseen(self) -> list[Prepared]:
        """Drop what was seen before (same content) and refuse reused ids (other content)."""
        seen = self._read_seen()
        fresh = []
        for event in self.batch.events:
            before = seen.get((event.source, event.event_id))
            if before is None:
                seen[(event.source, event.event_id)] = event.hash
                fresh.append(event)
            elif before == event.hash:
                self.outcome.repeated.append(event.index)
            else:
                self.outcome.reused.append(event.index)
        return fresh

    def _read_seen(self) -> dict[tuple[str, str], bytes]:
        ids: dict[str, list[str]] = defaultdict(list)
        for event in self.batch.events:
            ids[event.source].append(event.event_id)
        seen = {}
        for source, wanted in ids.items():
            bound = {"source": source, "ids": array(wanted)}
            for event_id, digest in self.conn.execute(raw("ledger.seen"), bound, binary=True):
                seen[(source, event_id)] = digest
        return seen | self._read_forgotten(seen)

    def _read_forgotten(self, seen: Mapping[tuple[str, str], bytes]) -> dict[tuple[str, str], bytes]:
        """Ids no longer remembered, found in the ledger under the instant they came with. Read after what is remembered."""
        row = self.conn.execute(raw("ledger.forgotten_before")).fetchone()
        old = [e for e in self.batch.events if row and e.at <= row[0] and (e.source, e.event_id) not in seen]
        if not old:
            return {}
        bound = {"sources": array([e.source for e in old]), "ids": array([e.event_id for e in old]), "at": array([e.at_text for e in old])}
        rows = self.conn.execute(raw("ledger.seen_in_ledger"), bound, binary=True)
        return {(source, event_id): digest for source, event_id, digest in rows}

    def _number(self, fresh: list[Prepared]) -> None:
        row = self.conn.execute("select nextval('ledger.arrival')").fetchone()
        assert row is not None
        for place, event in enumerate(fresh):
            event.arrival = row[0] + place

    def _write_ledger(self, fresh: list[Prepared], lanes: dict[str, tuple[int, bytes]]) -> None:
        batch_id = fresh[0].arrival
        copy_lines(self.conn, "ledger.event(source,event_id,occurred_at,arrival,entity,key,op,sequence,batch_id,body,hash)",
                   (_ledger_line(e, batch_id) for e in fresh))  # fmt: skip
        copy_lines(self.conn, "ledger.seen(source,event_id,occurred_at,hash)",
                   (line(e.source, e.event_id, e.at_text, "\\x" + e.hash.hex()) for e in fresh))  # fmt: skip
        for source, (n, previous) in lanes.items():
            own = [e.hash for e in fresh if e.source == source]
            chained = hashlib.sha256(previous + b"".join(own)).digest()
            self.conn.execute("insert into ledger.batch(batch_id, source, lane, n, events, hash) values (%s,%s,%s,%s,%s,%s)",
                              [batch_id, source, self.batch.lane, n + 1, len(own), chained])  # fmt: skip
            self.conn.execute("insert into ledger.lane(source, lane, n, hash) values (%s,%s,%s,%s) "
                              "on conflict (source, lane) do update set n = excluded.n, hash = excluded.hash",
                              [source, self.batch.lane, n + 1, chained])  # fmt: skip

    def _write_around(self) -> None:
        """What goes with a batch whether or not anything in it was new."""
        if self.batch.vault:
            self.conn.execute("insert into vault.identity(pseudonym, kind, ciphertext) select * from "
                              "unnest(%s::text[], %s::text[], %s::bytea[]) on conflict do nothing",
                              [list(column) for column in zip(*self.batch.vault, strict=True)])  # fmt: skip
        if self.batch.dead:
            self.conn.cursor().executemany("insert into ledger.dead_letter(source, event_id, index_in_batch, reason, "
                                           "original_encrypted) values (%s,%s,%s,%s,%s)", self.batch.dead)  # fmt: skip
        for (source, entity, kind), (last_at, as_of, n) in sorted(self.batch.arrivals.items()):
            self.conn.execute(_SOURCE_STATE, [source, entity, kind, last_at, as_of, n])
        for source, (lowest, highest, n) in sorted(self.batch.sequences.items()):
            self.conn.execute(_SOURCE_SEQUENCE, [source, lowest, highest, n])


_SOURCE_STATE = """
insert into store.source_state as held (source, entity, kind, last_at, as_of, events) values (%s, %s, %s, %s, %s, %s)
on conflict (source, entity, kind) do update set last_at = greatest(held.last_at, excluded.last_at),
    as_of = greatest(held.as_of, excluded.as_of), events = held.events + excluded.events, known_at = now()"""
_SOURCE_SEQUENCE = """
insert into store.source_sequence as held (source, lowest, highest, n) values (%s, %s, %s, %s)
on conflict (source) do update set lowest = least(held.lowest, excluded.lowest),
    highest = greatest(held.highest, excluded.highest), n = held.n + excluded.n"""


def _ledger_line(event: Prepared, batch_id: int) -> str:
    return line(
        event.source, event.event_id, event.at_text, str(event.arrival), event.entity, event.key,
        "deleted" if event.deletes else "upserted", "" if event.sequence is None else str(event.sequence),
        str(batch_id), event.body.decode() if event.body else "", "\\x" + event.hash.hex(),
    )  # fmt: skip


def forget_ids(conn: psycopg.Connection, before: datetime, *, at_once: int = 20_000) -> int:
    """Forget the ids of events known before ``before`` (design §11.23); return how many. Autocommit connection."""
    forgotten = 0
    while True:
        row = conn.execute(raw("ledger.forget"), {"before": before, "limit": at_once}).fetchone()
        n: int = row[0] if row else 0
        forgotten += n
        if n < at_once:
            return forgotten
