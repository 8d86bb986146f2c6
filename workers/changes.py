"""Business rows and changes as CloudEvents. The same row or change always becomes the same event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from workers.mapping import BoundTable, BusinessMapping, Values
from workers.pgoutput import UNCHANGED, Change, Relation, whole_row
from workers.pgoutput import Values as Sent

_encode = msgspec.json.Encoder().encode


@dataclass
class Translator:
    """Turns rows of mapped tables into events.

    cluster: what tells this business cluster from another one, so that two logs never share an event id.
    """

    mapping: BusinessMapping
    cluster: str
    faults: list[str] = field(default_factory=list)  # what could not be converted, for the log
    _bound: dict[tuple[str, tuple[str, ...]], BoundTable | None] = field(default_factory=dict)

    def bound(self, table: str, columns: Sequence[str]) -> BoundTable | None:
        """Return the rule for a table as it is now; None for a table the mapping leaves out."""
        at = (table, tuple(columns))
        if at not in self._bound:
            rule = self.mapping.rule(table)
            self._bound[at] = None if rule is None else BoundTable(rule, columns)
        return self._bound[at]

    def of_row(self, table: BoundTable, values: Values, seen_at: datetime) -> bytes | None:
        """Return the event of one record of a row found by a snapshot: its id is its content, its time the row's own.

        A row marked deleted gives its deletion: a second snapshot must take back what the first one brought.
        """
        key = self._key(table, values)
        if key is None:
            return None
        op, data = self._data(table, values)
        time = table.time(values) or seen_at.isoformat()
        content = sha256(_encode([time, op, data])).hexdigest()[:16]
        return self._event(table, f"{table.rule.table}:{key}:{content}", op, key, time, data)

    def of_change(self, change: Change, lsn: int, place: int, committed_at: datetime) -> Iterator[bytes]:
        """Yield the events of one change: one, or two when the key changed, or none.

        lsn, place: the commit's position in the log and the change's place in its transaction.
        """
        table = self._table(change.relation)
        if table is None:
            return
        new = self._complete(change)
        for n, one in enumerate(table.all):
            # a record with a key of its own may stand on other rows too: it does not go with this one
            is_own = one.rule.key.columns == table.rule.key.columns
            old = _known(change.old) if change.old is not None and is_own else None
            if change.op != "insert" or new is None or one.is_carried(new):
                event_id = f"{self.cluster}:{lsn:X}:{place}" + (f":{n}" if n else "")
                yield from self._of_record(one, old, new, event_id, committed_at.isoformat())

    def _of_record(self, table: BoundTable, old: Values | None, new: Values | None, event_id: str, time: str) -> Iterator[bytes]:
        """The events of one record of a changed row; one that the row carries no more is deleted."""
        old_key = None if old is None else self._key(table, old)
        key = None if new is None else self._key(table, new)
        if old_key is not None and old_key != key:
            yield self._event(table, event_id if new is None else f"{event_id}:old", "deleted", old_key, time, None)
        if new is not None and key is not None:
            op, data = self._data(table, new) if table.is_carried(new) else ("deleted", None)
            yield self._event(table, event_id, op, key, time, data)

    def _table(self, relation: Relation) -> BoundTable | None:
        return self.bound(relation.full_name, relation.columns)

    def _complete(self, change: Change) -> Values | None:
        row = whole_row(change)
        if row is None:
            return None
        if UNCHANGED in row:
            column = change.relation.columns[row.index(UNCHANGED)]
            self.faults.append(
                f"{change.relation.full_name}.{column}: a large value was not sent because it did not change; "
                f"run: alter table {change.relation.full_name} replica identity full"
            )
        return _known(row)

    def _key(self, table: BoundTable, values: Values) -> str | None:
        try:
            return table.key(values)
        except ValueError as fault:
            self.faults.append(f"{table.rule.table}: {fault}")
            return None

    def _data(self, table: BoundTable, values: Values) -> tuple[str, dict[str, Any] | None]:
        if table.is_deleted(values):
            return "deleted", None
        return "upserted", table.record(values, self.faults)

    @staticmethod
    def _event(table: BoundTable, event_id: str, op: str, key: str, time: str, data: dict[str, Any] | None) -> bytes:
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": event_id,
            "source": table.rule.source,
            "type": f"aidwatch.{table.rule.entity.name}.{op}",
            "subject": key,
            "time": time,
        }
        return _encode(event if data is None else event | {"data": data})


def _known(row: Sent) -> Values:
    return [None if value is UNCHANGED else value for value in row]
