"""The bus: the stream ``events`` between connectors and the ingest process, and the stream ``live``.

An entry of ``events`` holds up to 5,000 events, sealed: what lies in Redis can be read by nobody who
has not got the keys. One group reads it and deletes what it has taken, so its length is its backlog.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import redis
from cryptography.exceptions import InvalidTag
from redis.backoff import NoBackoff
from redis.retry import Retry

from monitors.errors import SupervisionError
from sql.settings import Settings
from workers.keys import Keys

EVENTS, GROUP, LIVE = "events", "ingest", "live"
ENTRY_EVENTS, ENTRY_BYTES = 5_000, 8 * 2**20
RESULTS_S = 3_600  #: how long the receipts of a job are kept
Bus = Any  #: a redis.Redis; its own types say every answer may be awaitable


class UnreadableEntryError(SupervisionError):
    """An entry nobody can open: sealed with another key, or damaged."""


class Entry(NamedTuple):
    """One entry as it lies in the stream; ``sealed`` is None for one that was deleted while pending."""

    id: str
    sealed: bytes | None
    n: int
    job: str | None


class EventsBacklog(NamedTuple):
    """What is waiting in the stream: entries nobody has read, and those read but not yet taken."""

    entries: int
    pending: int


@dataclass(frozen=True)
class Job:
    """A delivery somebody waits for: the ingest process leaves a receipt of each entry under its name."""

    name: str

    @property
    def key(self) -> str:
        return f"taken:{self.name}"


def connect_bus(settings: Settings, *, timeout_s: float = 10) -> Bus:
    """Return a client. RESP2: the shapes of answers differ between protocols, and every server has this one.

    It does not retry by itself: each loop knows better what a lost bus means to it.
    """
    once = Retry(NoBackoff(), 0)
    return redis.Redis.from_url(
        settings.redis_url, protocol=2, socket_timeout=timeout_s, socket_connect_timeout=5, retry=once
    )


class BusAwayError(SupervisionError):
    """The bus cannot be reached."""


@contextmanager
def bus_of(settings: Settings) -> Iterator[Bus]:
    """Give a command its client; what it cannot do without the bus ends with BusAwayError."""
    with closing(connect_bus(settings)) as bus:
        try:
            yield bus
        except redis.ConnectionError as fault:
            raise BusAwayError(
                f"the bus cannot be reached ({fault}); is `aidwatch up` running, or REDIS_URL right?"
            ) from fault


def push(bus: Bus, keys: Keys, raws: Sequence[bytes], job: Job | None = None) -> list[str]:
    """Append events (one CloudEvent as JSON each) in as few entries as allowed; return the entries' ids."""
    return [_append(bus, keys, part, job) for part in parts(raws)]


def parts(raws: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Yield events in portions of one entry each."""
    part: list[bytes] = []
    size = 0
    for one in raws:
        if part and (len(part) >= ENTRY_EVENTS or size + len(one) > ENTRY_BYTES):
            yield part
            part, size = [], 0
        part.append(one)
        size += len(one)
    if part:
        yield part


def _append(bus: Bus, keys: Keys, raws: list[bytes], job: Job | None) -> str:
    fields: dict[str, bytes | int | str] = {"d": keys.seal(msgspec.msgpack.encode(raws)), "n": len(raws)}
    if job is not None:
        fields["job"] = job.name
    entry: bytes = bus.xadd(EVENTS, fields)
    return entry.decode()


def opened(entry: Entry, keys: Keys) -> list[bytes]:
    """Return the events of an entry. Raises UnreadableEntryError."""
    try:
        return msgspec.msgpack.decode(keys.unseal(entry.sealed or b""), type=list[bytes])
    except (InvalidTag, ValueError, msgspec.MsgspecError) as fault:
        raise UnreadableEntryError(
            f"stream entry {entry.id} cannot be opened: sealed with another key, or damaged"
        ) from fault


def ensure_group(bus: Bus) -> None:
    """Make the group; it begins at the first entry, also of a stream that was filled before."""
    try:
        bus.xgroup_create(EVENTS, GROUP, id="0", mkstream=True)
    except redis.ResponseError as fault:
        if "BUSYGROUP" not in str(fault):
            raise


class Consumer:
    """One member of the group, by name. An entry stays its own until acknowledged."""

    def __init__(self, bus: Bus, name: str) -> None:
        self._bus, self._name = bus, name

    def own(self, count: int) -> list[Entry]:
        """What a process of this name was given before and has not acknowledged."""
        return self._read("0", count, None)

    def abandoned(self, count: int, idle_s: float) -> list[Entry]:
        """Take over what others were given and have held for longer than ``idle_s``."""
        found = self._bus.xautoclaim(EVENTS, GROUP, self._name, int(idle_s * 1000), "0-0", count=count)
        return [_entry(*one) for one in found[1]]

    def new(self, count: int, wait_s: float) -> list[Entry]:
        return self._read(">", count, int(wait_s * 1000))

    def acknowledge(self, entries: Sequence[Entry], receipts: dict[Job, dict[str, bytes]]) -> None:
        """Say that entries are taken: they leave the stream, and their receipts are left for who waits."""
        if not entries:
            return
        ids = [entry.id for entry in entries]
        with self._bus.pipeline(transaction=True) as commands:
            for job, left in receipts.items():
                commands.hset(job.key, mapping=left)
                commands.expire(job.key, RESULTS_S)
            commands.xack(EVENTS, GROUP, *ids).xdel(EVENTS, *ids).execute()

    def _read(self, after: str, count: int, block_ms: int | None) -> list[Entry]:
        found = self._bus.xreadgroup(GROUP, self._name, {EVENTS: after}, count=count, block=block_ms)
        return [_entry(*one) for _, entries in found or () for one in entries]


def _entry(entry_id: bytes, fields: dict[bytes, bytes] | None) -> Entry:
    told = fields or {}
    job = told.get(b"job")
    return Entry(entry_id.decode(), told.get(b"d"), int(told.get(b"n", 0)), job.decode() if job else None)


def events_backlog(bus: Bus) -> EventsBacklog:
    """Return what waits in the stream; nothing where there is no stream yet."""
    try:
        pending = int(bus.xpending(EVENTS, GROUP)["pending"])
    except redis.ResponseError:
        pending = 0
    return EventsBacklog(int(bus.xlen(EVENTS)) - pending, pending)


def receipts_of(bus: Bus, keys: Keys, job: Job) -> dict[str, bytes]:
    """Return the receipts left since the last call, by entry, and take them away."""
    left = bus.hgetall(job.key)
    if left:
        bus.hdel(job.key, *left)
    return {entry.decode(): keys.unseal(sealed) for entry, sealed in left.items()}
