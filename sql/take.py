"""Taking a batch: ledger, facts and marks in one transaction (design §4, §11.1–2, §11.20–23).

The rows already held are read first, so the order is decided here and every row is written by plain
COPY: what it replaces is deleted (or closed, where versions are kept) before. Two takers that touch
the same record meet at a unique key; the later one starts again and then sees what the other wrote.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec
import psycopg
from psycopg import errors

from sql.copying import array, copy_lines, line

_ATTEMPTS = 8
_PEOPLE_LIMIT = 1_000_000
BEGINNING = "1900-01-01T00:00:00+00:00"  #: a record's first version holds from here; no event may be older
_CLASH = (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)


class Prepared(msgspec.Struct, gc=False):
    """One event ready to be written: everything sensitive is already pseudonym and mask."""

    entity: str
    key: str
    deletes: bool
    at: datetime
    at_text: str  # the same instant as ISO 8601 text in UTC
    source: str
    event_id: str
    sequence: int | None
    body: bytes | None
    hash: bytes  # sha256 over source, id, time, entity, key, op and body
    kept: Any  # the record's struct; None for a deletion
    month: str | None
    index: int  # its place in the sender's batch
    arrival: int = 0


class Held(NamedTuple):
    """The order of the version held of one record."""

    at: datetime
    source: str
    sequence: int | None
    arrival: int
    deleted: bool
    month: str | None


class Table(Protocol):
    """What taking needs to know of one entity (built by workers.tables from the contract)."""

    name: str
    key: str
    columns: tuple[str, ...]
    references: tuple[str, ...]
    month: str | None
    versioned: bool
    refers_to_people: tuple[str, ...]

    def row(self, event: Prepared, from_at: str = "", to_at: str = "") -> str: ...
    def refs(self, kept: Any) -> tuple[Any, ...]: ...


@dataclass
class Batch:
    """Prepared events of one delivery, in the order in which they arrived."""

    events: list[Prepared]
    lane: str
    vault: list[tuple[str, str, bytes]] = field(default_factory=list)  # pseudonym, kind, ciphertext
    dead: list[tuple[str | None, str | None, int, str, bytes]] = field(default_factory=list)
    arrivals: dict[tuple[str, str, str], tuple[datetime, Any, int]] = field(default_factory=dict)
    sequences: dict[str, tuple[int, int, int]] = field(default_factory=dict)


@dataclass
class Outcome:
    """What became of a batch. ``repeated`` are places of events seen before, ``reused`` of those whose id
    stood for something else before."""

    accepted: int = 0
    superseded: int = 0
    repeated: list[int] = field(default_factory=list)
    reused: list[int] = field(default_factory=list)


def is_newer(event: Prepared, held: Held) -> bool:
    """Order of versions (contract §6): time, then sequence within a source, then arrival.

    A deletion beats every version with an earlier or equal time.
    """
    if event.at != held.at:
        return event.at > held.at
    if event.deletes or held.deleted:
        return event.deletes and not held.deleted
    if event.source == held.source and None not in (event.sequence, held.sequence) and event.sequence != held.sequence:
        return event.sequence > held.sequence  # type: ignore[operator]
    return event.arrival > held.arrival


@dataclass
class Known:
    """What one process knows to stand in one database already; only ever a saving, never the truth."""

    months: set[str] = field(default_factory=set)
    periods: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)

    def learn_people(self, ids: Iterable[str]) -> None:
        if len(self.people) > _PEOPLE_LIMIT:
            self.people.clear()
        self.people.update(ids)


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
            query = "select event_id, hash from ledger.seen where source = %s and event_id = any(%s::text[])"
            for event_id, digest in self.conn.execute(query, [source, array(wanted)], binary=True):
                seen[(source, event_id)] = digest
        return seen

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


class Written(NamedTuple):
    """How many events were older than what is held, and which people the rest named for the first time."""

    superseded: int
    met: set[str]


def write_facts(conn: psycopg.Connection, tables: Mapping[str, Table], events: Sequence[Prepared], known: Known) -> Written:
    """Fold events (in order of arrival) into the facts and mark what changed."""
    by_entity: dict[str, list[Prepared]] = defaultdict(list)
    for event in events:
        by_entity[event.entity].append(event)
    written = Written(0, set())
    for entity in sorted(by_entity):
        fold = _Fold(conn, tables[entity], by_entity[entity], known)
        written = Written(written.superseded + fold.write(), written.met | fold.met)
    for entity, function in (("region", "store.flatten_regions"), ("workday", "store.count_working_days")):
        if entity in by_entity:
            conn.execute(f"select {function}()")
    conn.execute("select pg_notify('marks', '')")
    return written


class _Fold:
    """The events of one entity against the rows held of it."""

    def __init__(self, conn: psycopg.Connection, table: Table, events: list[Prepared], known: Known) -> None:
        self.conn, self.table, self.events, self.known = conn, table, events, known
        self.met: set[str] = set()  # people named here who may be new to this database
        self.held = self._read_held()
        self.taken: dict[str, list[Prepared]] = {}  # per key what is newer than before, in order
        self.columns: dict[str, set[str]] = {name: set() for name in table.references}
        self.periods: set[str] = set()

    def _read_held(self) -> dict[str, Held]:
        query = f"select key, at, source, sequence, arrival, deleted, month from store.{self.table.name}_held where key = any(%s::text[])"
        rows = self.conn.execute(query, [array(list({e.key for e in self.events}))], binary=True)
        return {row[0]: Held(*row[1:]) for row in rows}

    def write(self) -> int:
        """Write rows, order, identities and marks; return how many events were superseded."""
        superseded = self._order()
        if self.taken:
            starts = self._retire()
            self._insert(starts)
            self._write_held()
            self._identify()
            self._mark()
        return superseded

    def _order(self) -> int:
        head = dict(self.held)
        superseded = 0
        for event in self.events:
            before = head.get(event.key)
            if before is not None and not is_newer(event, before):
                superseded += 1
                continue
            head[event.key] = Held(event.at, event.source, event.sequence, event.arrival, event.deletes, event.month)
            self.taken.setdefault(event.key, []).append(event)
        return superseded

    def _retire(self) -> dict[str, tuple[str, datetime]]:
        """Take the rows away that are replaced; remember what they pointed to. Return open starts by key."""
        replaced = {key: self.held[key] for key in self.taken if key in self.held and not self.held[key].deleted}
        if not replaced:
            return {}
        return self._close(replaced) if self.table.versioned else self._delete(replaced)

    def _delete(self, replaced: dict[str, Held]) -> dict[str, tuple[str, datetime]]:
        query = f"delete from store.{self.table.name} where {self.table.key} = any(%s)"
        values: list[Any] = [sorted(replaced)]
        if self.table.month:
            query += f" and ({self.table.month} = any(%s) or {self.table.month} is null)"
            values.append(sorted({h.month for h in replaced.values() if h.month}))
        for row in self.conn.execute(f"{query} returning {', '.join(self.table.references)}", values, binary=True):
            self._point(row)
        self.periods.update(h.month for h in replaced.values() if h.month)
        return {}

    def _close(self, replaced: dict[str, Held]) -> dict[str, tuple[str, datetime]]:
        """End the version in force when the next begins; one that begins at the same instant is replaced."""
        keys = sorted(replaced)
        ends = [self.taken[key][0].at for key in keys]
        references = ", ".join(f"t.{name}" for name in self.table.references)
        query = (f"update store.{self.table.name} t set to_at = n.at from unnest(%s::text[], %s::timestamptz[]) n(key, at) "
                 f"where t.{self.table.key} = n.key and t.to_at is null "
                 f"returning t.{self.table.key}, t.from_at::text, t.event_at, t.event_at = n.at, {references}")  # fmt: skip
        starts = {}
        for key, from_at, event_at, same, *row in self.conn.execute(query, [keys, ends]):
            self._point(row)
            if same:
                starts[key] = (from_at, event_at)
        if starts:
            self.conn.execute(f"delete from store.{self.table.name} t using unnest(%s::text[], %s::timestamptz[]) n(key, at) "
                              f"where t.{self.table.key} = n.key and t.from_at = n.at",
                              [list(starts), [from_at for from_at, _ in starts.values()]])  # fmt: skip
        return starts

    def _insert(self, starts: dict[str, tuple[str, datetime]]) -> None:
        rows = []
        for key, events in self.taken.items():
            rows += self._versions(key, events, starts) if self.table.versioned else self._last(events)
        if rows:
            extra = ["judged_at"] if self.table.month else []
            ends = ["from_at", "to_at"] if self.table.versioned else []
            columns = ",".join([*self.table.columns, *extra, "event_source", "event_at", "arrival", "absent", *ends])
            copy_lines(self.conn, f"store.{self.table.name}({columns})", rows)

    def _last(self, events: list[Prepared]) -> list[str]:
        return [] if events[-1].deletes else [self.table.row(events[-1])]

    def _versions(self, key: str, events: list[Prepared], starts: dict[str, tuple[str, datetime]]) -> list[str]:
        """Every version of one record in this batch; the very first one holds from the beginning of time."""
        rows = []
        start = starts[key][0] if key in starts else BEGINNING if key not in self.held else None
        for event, following in zip(events, [*events[1:], None], strict=True):
            if event.deletes or (following is not None and following.at == event.at):
                start = start if not event.deletes else None
                continue
            rows.append(self.table.row(event, start or event.at_text, following.at_text if following else ""))
            start = None
        return rows

    def _write_held(self) -> None:
        name = self.table.name
        changed = [key for key in self.taken if key in self.held]
        if changed:
            self.conn.execute(f"delete from store.{name}_held where key = any(%s)", [changed])
        copy_lines(self.conn, f"store.{name}_held(key,at,source,sequence,arrival,deleted,month)",
                   (_held_line(key, events[-1]) for key, events in self.taken.items()))  # fmt: skip

    def _point(self, values: Iterable[Any]) -> None:
        for name, value in zip(self.table.references, values, strict=True):
            if value is not None:
                self.columns[name].add(value)

    def _identify(self) -> None:
        """Keep who stands behind each person_id; a person not yet sent stands under its own key."""
        upserts = [events[-1] for events in self.taken.values() if not events[-1].deletes]
        if self.table.name == "person":
            pairs = [(e.key, e.kept.person_key) for e in upserts]
            query = "select person_key from store.identity where person_id = any(%s::text[])"
            before = self.conn.execute(query, [array(list(self.taken))])
            self.columns["person_key"].update(key for (key,) in before)  # also of one deleted until now
            self.columns["person_key"].update(f"person:{key}" for key in self.taken)  # or only named, just now, by another taker
            action = "update set person_key = excluded.person_key"
        else:
            wanted = {getattr(e.kept, name) for name in self.table.refers_to_people for e in upserts}
            self.met = {one for one in wanted if isinstance(one, str)} - self.known.people
            pairs = [(one, f"person:{one}") for one in sorted(self.met)]
            action = "nothing"
        if pairs:
            query = f"insert into store.identity select * from unnest(%s::text[], %s::text[]) on conflict (person_id) do {action}"
            self.conn.execute(query, [[p for p, _ in pairs], [k for _, k in pairs]])

    def _mark(self) -> None:
        upserts = [event for events in self.taken.values() for event in events if not event.deletes]
        for name, values in zip(self.table.references, zip(*(self.table.refs(e.kept) for e in upserts), strict=True), strict=False):
            self.columns[name].update(v for v in set(values) if v.__class__ is str)
        self.columns[self.table.key].update(self.taken)
        self.periods.update(e.month for e in upserts if e.month)
        columns = {name: list(values) for name, values in self.columns.items() if values}
        periods = sorted(self.periods) if self.table.month else None
        self.conn.execute("insert into ledger.mark(entity, columns, periods, n) values (%s, %s, %s, %s)",
                          [self.table.name, msgspec.json.encode(columns).decode(), periods, len(self.taken)])  # fmt: skip


def _held_line(key: str, event: Prepared) -> str:
    sequence = "" if event.sequence is None else str(event.sequence)
    return line(key, event.at_text, event.source, sequence, str(event.arrival), "t" if event.deletes else "f", event.month or "")
