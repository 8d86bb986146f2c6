"""Folding events into the facts: rows, their order, who stands behind each person, and a mark of what changed (design §4).

The rows already held are read first, so the order is decided here and every row is written by plain
COPY: what it replaces is deleted (or closed, where versions are kept) before. Two takers that touch
the same record meet at a unique key; the later one starts again and then sees what the other wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import psycopg

from sql.batch import Held, Prepared, Table, is_newer
from sql.copying import array, copy_lines, line

_PEOPLE_LIMIT = 1_000_000
#: What derives facts from facts, by the entity that changed; calendars of regions follow the tree.
_DERIVING = {"region": "store.flatten_regions(), store.count_local_days()", "workday": "store.count_working_days()"}
BEGINNING = "1900-01-01T00:00:00+00:00"  #: a record's first version holds from here; no event may be older


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
    for entity, functions in _DERIVING.items():
        if entity in by_entity:
            conn.execute(f"select {functions}")
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
        if self.table.name == "person":  # before any row is locked: nobody decides who is one while persons are written
            self.conn.execute("select pg_advisory_xact_lock_shared(hashtext('aidwatch merged'))")
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
        if self.table.name == "person":
            self._merge()

    def _merge(self) -> None:
        """A number that people merged into another stands for the same human in every later event."""
        for name in ("person", "identity"):
            self.conn.execute(f"update store.{name} t set person_key = m.into_key from store.merged m "
                              "where m.person_key = t.person_key and t.person_id = any(%s::text[])", [array(list(self.taken))])  # fmt: skip

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
