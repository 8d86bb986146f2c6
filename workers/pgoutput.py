"""Decoder of pgoutput, PostgreSQL's own logical replication format, protocol version 1.

Values stay the texts PostgreSQL prints; what they mean is the mapping's business.
https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_OPS = {b"I": "insert", b"U": "update", b"D": "delete"}


class Unchanged(Enum):
    """A large value the server did not send because the change left it alone. It is not NULL."""

    VALUE = "unchanged"


UNCHANGED = Unchanged.VALUE
Values = tuple[str | Unchanged | None, ...]


class DecodeError(ValueError):
    """A message that is not pgoutput version 1, or one about a table never described."""


@dataclass(frozen=True, slots=True)
class Begin:
    commit_lsn: int
    at: datetime
    xid: int


@dataclass(frozen=True, slots=True)
class Commit:
    commit_lsn: int
    end_lsn: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Relation:
    """A table as it is from here on; the server describes it before its first change, and again when it changes."""

    oid: int
    schema: str
    name: str
    columns: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class Change:
    """One row changed. ``old`` is the key alone (other columns None) unless the replica identity is full.

    ``old`` is None for an insert, and for an update that kept the key under the default identity.
    """

    op: str  # insert | update | delete
    relation: Relation
    old: Values | None
    new: Values | None
    old_is_full: bool


@dataclass(frozen=True, slots=True)
class Truncate:
    relations: tuple[Relation, ...]


Message = Begin | Commit | Relation | Change | Truncate


class Decoder:
    """Decodes the messages of one replication connection; it remembers the tables described so far."""

    def __init__(self) -> None:
        self._relations: dict[int, Relation] = {}

    def decode(self, message: bytes) -> Message | None:
        """Return what the message says; None for kinds that carry no rows (origin, type, logical message)."""
        try:
            return self._decode(message)
        except (struct.error, IndexError, ValueError, UnicodeDecodeError) as fault:
            if isinstance(fault, DecodeError):
                raise
            raise DecodeError(
                f"message {message[:1]!r} of {len(message)} bytes is cut or malformed: {fault}"
            ) from fault

    def _decode(self, message: bytes) -> Message | None:
        kind = message[:1]
        if kind in _OPS:
            return self._change(kind, message)
        if kind == b"B":
            lsn, at, xid = struct.unpack_from("!QqI", message, 1)
            return Begin(lsn, _instant(at), xid)
        if kind == b"C":
            _flags, lsn, end, at = struct.unpack_from("!BQQq", message, 1)
            return Commit(lsn, end, _instant(at))
        if kind == b"R":
            return self._relation(message)
        if kind == b"T":
            return self._truncate(message)
        if kind in (b"O", b"Y", b"M"):
            return None
        raise DecodeError(f"message kind {kind!r} is not in pgoutput version 1")

    def _relation(self, message: bytes) -> Relation:
        (oid,) = struct.unpack_from("!I", message, 1)
        schema, place = _text(message, 5)
        name, place = _text(message, place)
        (count,) = struct.unpack_from("!H", message, place + 1)  # one byte of replica identity before it
        place += 3
        columns = []
        for _ in range(count):
            column, place = _text(message, place + 1)  # one byte of flags before the name
            columns.append(column)
            place += 8  # type and its modifier
        found = Relation(oid, schema or "pg_catalog", name, tuple(columns))
        self._relations[oid] = found
        return found

    def _change(self, kind: bytes, message: bytes) -> Change:
        relation = self._known(struct.unpack_from("!I", message, 1)[0])
        old: Values | None = None
        new: Values | None = None
        is_full, place = False, 5
        while place < len(message):
            part = message[place : place + 1]
            values, place = _row(message, place + 1)
            if len(values) != len(relation.columns):
                raise DecodeError(
                    f"a row of {relation.full_name} has {len(values)} values, not {len(relation.columns)}"
                )
            if part == b"N":
                new = values
            elif part in (b"K", b"O"):
                old, is_full = values, part == b"O"
            else:
                raise DecodeError(f"row part {part!r} is not in pgoutput version 1")
        return Change(_OPS[kind], relation, old, new, is_full)

    def _truncate(self, message: bytes) -> Truncate:
        count, _options = struct.unpack_from("!IB", message, 1)
        return Truncate(tuple(map(self._known, struct.unpack_from(f"!{count}I", message, 6))))

    def _known(self, oid: int) -> Relation:
        if oid not in self._relations:
            raise DecodeError(f"a change of table {oid}, which the server has not described")
        return self._relations[oid]


def _instant(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _text(message: bytes, place: int) -> tuple[str, int]:
    end = message.index(0, place)
    return message[place:end].decode(), end + 1


def _row(message: bytes, place: int) -> tuple[Values, int]:
    (count,) = struct.unpack_from("!H", message, place)
    place += 2
    values: list[str | Unchanged | None] = []
    for _ in range(count):
        kind = message[place]
        place += 1
        if kind == 0x6E:  # n
            values.append(None)
        elif kind == 0x75:  # u
            values.append(UNCHANGED)
        elif kind == 0x74:  # t
            (length,) = struct.unpack_from("!I", message, place)
            place += 4
            if place + length > len(message):
                raise DecodeError("a value reaches past the end of its message")
            values.append(message[place : place + length].decode())
            place += length
        else:
            raise DecodeError(f"value kind {kind:#x} is not in pgoutput version 1")
    return tuple(values), place


def whole_row(change: Change) -> Values | None:
    """Return the new row with values the server left out taken from the old row, where that is complete."""
    if change.new is None or UNCHANGED not in change.new:
        return change.new
    old: Sequence[str | Unchanged | None] = change.old if change.old and change.old_is_full else change.new
    return tuple(was if now is UNCHANGED else now for now, was in zip(change.new, old, strict=True))
