"""From bytes on the wire to a committed batch: decode, tokenise, take. The one door for events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import psycopg

from monitors.errors import RejectedError
from monitors.event import Event, decode
from monitors.identifiers import without_citizen_numbers
from monitors.tokens import Tokeniser
from sql.batch import Batch, Outcome, Prepared
from sql.copying import array
from sql.fold import Known
from sql.take import take
from workers.keys import Keys
from workers.tables import TABLES

LEAD = timedelta(days=1)  #: how far ahead of now an event may be dated (contract §6)
CHUNK = 5_000  #: events per transaction
Raws = Sequence[bytes | msgspec.Raw]


@dataclass
class Receipt:
    """The answer to a sender; ``rejected`` names each place with a reason the vendor can act on,
    ``repeated`` are the places of events that were taken before."""

    accepted: int = 0
    superseded: int = 0
    repeated: list[int] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)

    @property
    def duplicates(self) -> int:
        return len(self.repeated)

    def add(self, outcome: Outcome) -> None:
        self.accepted += outcome.accepted
        self.superseded += outcome.superseded
        self.repeated += outcome.repeated


class Intake:
    """Takes events for one process. ``lane`` names its hash chain. Not to be shared by threads."""

    def __init__(self, conn: psycopg.Connection, keys: Keys, lane: str) -> None:
        self._conn, self._keys, self._lane = conn, keys, lane
        self._tokeniser = Tokeniser(keys.hmac, date.today)
        self._known = Known()

    def take(self, raws: Raws, *, local: bool = False, bury: bool = True) -> Receipt:
        """Take events (one CloudEvent as JSON each); return once they are durable. What is refused becomes a dead letter if ``bury``.

        Raises only what makes the whole call fail (the database away); then nothing of the current
        chunk was written and sending again is safe.
        """
        receipt = Receipt()
        latest = self._latest()
        for start in range(0, len(raws), CHUNK):
            batch = self._prepare(raws[start : start + CHUNK], start, latest, receipt, local=local)
            batch.dead = batch.dead if bury else []
            receipt.add(outcome := take(self._conn, TABLES, batch, self._known))
            self._tokeniser.fresh.clear()
            if outcome.reused:
                self._reject_reused(outcome, batch, raws, receipt, bury=bury)
        receipt.rejected.sort(key=lambda r: r["index"])
        return receipt

    def decoded(self, raw: bytes | msgspec.Raw, *, local: bool = False) -> Event:
        """Return the event in ``raw``; raises RejectedError."""
        return decode(raw, local=local)

    def unsealed(self, sealed: bytes) -> bytes:
        """Return the original of a refused event; raises cryptography's InvalidTag where it was sealed with another key."""
        return self._keys.unseal(sealed)

    def pseudonym(self, kind: str, raw: str) -> str:
        """Return the pseudonym under which a sensitive value is kept."""
        return self._tokeniser.pseudonym(kind, raw)

    def _latest(self) -> datetime:
        row = self._conn.execute("select greatest(watch.now_at(), now())").fetchone()
        assert row is not None
        return row[0].astimezone(UTC) + LEAD  # type: ignore[no-any-return]

    def _prepare(self, raws: Raws, start: int, latest: datetime, receipt: Receipt, *,
                 local: bool) -> Batch:  # fmt: skip
        batch = Batch([], self._lane)
        for index, raw in enumerate(raws, start):
            try:
                event = self.decoded(raw, local=local)
                if event.at > latest:
                    raise RejectedError(f"time {event.at.isoformat()} is more than one day ahead; send when it happened",
                                   event.event_id, event.source)  # fmt: skip
            except RejectedError as fault:
                self._refuse(batch, receipt, index, fault, raw)
                continue
            batch.events.append(self.prepared(event, index))
            _note_arrival(batch, event, latest.date())
        batch.vault = self._sealed()
        return batch

    def _sealed(self) -> list[tuple[str, str, bytes]]:
        """Clear values the vault does not hold yet, encrypted; in order, so that two takers do not lock crosswise."""
        fresh = self._tokeniser.fresh
        if not fresh:
            return []
        query = "select pseudonym from vault.identity where pseudonym = any(%s::text[])"
        for (key,) in self._conn.execute(query, [array(list(fresh))]).fetchall():
            del fresh[key]
        seal = self._keys.seal
        return [(key, kind, seal(clear.encode())) for key, (kind, clear) in sorted(fresh.items())]

    def prepared(self, event: Event, index: int) -> Prepared:
        """Return an event ready to be written: tokenised, encoded, hashed."""
        event.event_id, event.source = map(self._tokeniser.without_numbers, (event.event_id, event.source))
        kept = self._tokeniser.keep(event)
        body = None if kept is None else msgspec.json.encode(kept)
        month = getattr(kept, TABLES[event.entity].month or "", None)
        at_text = event.at.astimezone(UTC).isoformat()
        return Prepared(event.entity, event.key, kept is None, event.at, at_text, event.source, event.event_id, event.sequence,
                        body, row_hash(event, at_text, body), kept, month if isinstance(month, str) else None, index)  # fmt: skip

    def _refuse(self, batch: Batch, receipt: Receipt, index: int, fault: RejectedError, raw: bytes | msgspec.Raw) -> None:
        source, event_id = (name and without_citizen_numbers(name) for name in (fault.source, fault.event_id))
        receipt.rejected.append({"index": index, "id": event_id, "reason": fault.reason})
        batch.dead.append((source, event_id, index, fault.reason, self._keys.seal(bytes(raw))))

    def _reject_reused(self, outcome: Outcome, batch: Batch, raws: Raws, receipt: Receipt, *, bury: bool) -> None:
        events = {event.index: event for event in batch.events}
        late = Batch([], self._lane)
        for index in outcome.reused:
            event = events[index]
            reason = "id reused: this source sent the same id before with another time or body; give each event its own id"
            self._refuse(late, receipt, index, RejectedError(reason, event.event_id, event.source), raws[index])
        if bury:
            take(self._conn, TABLES, late, self._known)


def row_hash(event: Event, at_text: str, body: bytes | None) -> bytes:
    """SHA-256 over what the ledger keeps of an event (design §11.16, §11.21); the instant in UTC."""
    sequence = "" if event.sequence is None else str(event.sequence)
    told = (event.source, event.event_id, at_text, event.entity, event.key, event.op, sequence)
    return hashlib.sha256("\x1f".join(told).encode() + b"\x1f" + (body or b"")).digest()


def _note_arrival(batch: Batch, event: Event, latest: date) -> None:
    """Note when a source was heard; an ``as_of`` still to come is a slip and must not make its register look fresh for years."""
    kind, as_of = _register(event)
    slot = (event.source, event.entity, kind)
    at, newest, n = batch.arrivals.get(slot, (event.at, None, 0))
    if as_of is not None and as_of <= latest and (newest is None or as_of > newest):
        newest = as_of
    batch.arrivals[slot] = (max(at, event.at), newest, n + 1)
    if event.sequence is not None:
        low, high, count = batch.sequences.get(event.source, (event.sequence, event.sequence, 0))
        batch.sequences[event.source] = (min(low, event.sequence), max(high, event.sequence), count + 1)


def _register(event: Event) -> tuple[str, date | None]:
    """Which register an event comes from and as of when; ("", None) for other entities."""
    if event.entity != "register" or event.record is None:
        return "", None
    kind, as_of = event.record.kind, event.record.as_of
    return kind if isinstance(kind, str) else "", as_of if isinstance(as_of, date) else None


def split(body: bytes, media_type: str) -> Iterable[bytes | msgspec.Raw]:
    """Return the events of a delivery, each as its own JSON text.

    Raises msgspec.DecodeError when the body as a whole cannot be read as its media type.
    """
    if media_type == "application/x-ndjson":
        return [line for line in body.splitlines() if line.strip()]
    if media_type == "application/cloudevents-batch+json":
        return msgspec.json.decode(body, type=list[msgspec.Raw])
    msgspec.json.decode(body, type=msgspec.Raw)
    return [body]
