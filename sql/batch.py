"""What taking works on: events ready to be written, the order of their versions, a batch and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec


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
