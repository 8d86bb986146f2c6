"""The events of a finding's subject as they stand in the ledger, and what proves that they stood there."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, RowMapping

from console.queries import dossier
from sql.load import named

MOST_EVENTS = 5_000
MOST_HASHES = 500_000  # of whole batches, which must be given in full; the largest batches are left out first, and that is said


@dataclass(frozen=True)
class Proof:
    """Lines of events.ndjson and chain.ndjson; ``cut`` when the subject has more events than a package holds."""

    events: list[dict[str, Any]]
    batches: list[dict[str, Any]]
    cut: bool


def proof(conn: Connection, finding: dossier.Finding, homes: Sequence[str]) -> Proof:
    """Return the events the reader may see, first to last, and the batches they came in."""
    rows = dossier.story(conn, "evidence.events", finding, homes)
    kept = rows[:MOST_EVENTS]
    return Proof([_event(row) for row in kept], _batches(conn, kept), len(rows) > MOST_EVENTS)


def _event(row: RowMapping) -> dict[str, Any]:
    """What the hash is over stands first, as it was hashed (workers.intake.row_hash)."""
    withheld = row["body"] is not None and bool(_birth_dates(row["entity"], json.loads(row["body"])))
    told = {
        "source": row["source"], "event_id": row["event_id"], "time": row["occurred_at"].astimezone(UTC).isoformat(),
        "entity": row["entity"], "key": row["key"], "op": row["op"], "sequence": row["sequence"],
        "body": None if withheld else row["body"], "hash": bytes(row["hash"]).hex(),
        "batch_id": row["batch_id"], "arrival": row["arrival"], "known_at": row["known_at"].astimezone(UTC).isoformat(),
    }  # fmt: skip
    return told | ({"withheld": "birth date", "shown": _without(row["entity"], json.loads(row["body"]))} if withheld else {})


def _birth_dates(entity: str, body: dict[str, Any]) -> set[str]:
    """The fields that tell a full birth date, which leaves by no way but a reveal (design §11.15)."""
    told = {name for name in body if name.endswith("birth_date") and body[name]}
    return told | ({"from_date"} if entity == "register" and body.get("kind") == "hukou" and body.get("from_date") else set())


def _without(entity: str, body: dict[str, Any]) -> dict[str, Any]:
    hidden = _birth_dates(entity, body)
    return {name: value for name, value in body.items() if name not in hidden}


def _batches(conn: Connection, events: Sequence[RowMapping]) -> list[dict[str, Any]]:
    wanted = sorted({(row["batch_id"], row["source"]) for row in events})
    asked = {"batch_ids": [batch for batch, _ in wanted], "sources": [source for _, source in wanted]}
    found = conn.execute(named("evidence.batches"), asked).mappings().all()
    hashes = _hashes(conn, found)
    ours = {(row["batch_id"], row["source"], row["arrival"]) for row in events}
    return [_batch(row, hashes.get((row["batch_id"], row["source"])), ours) for row in found]


def _batch(row: RowMapping, hashes: list[tuple[int, bytes]] | None, ours: set[tuple[int, str, int]]) -> dict[str, Any]:
    """``ours`` are the arrivals of the subject's events; ``hashes`` those of all its rows in order, as one text."""
    slot = (row["batch_id"], row["source"])
    return {
        "batch_id": row["batch_id"], "source": row["source"], "lane": row["lane"], "n": row["n"], "events": row["events"],
        "previous": bytes(row["previous"] or b"").hex(), "hash": bytes(row["hash"]).hex(),
        "ours": sorted(arrival for *place, arrival in ours if tuple(place) == slot),
        "places": None if hashes is None else [place for place, (arrival, _) in enumerate(hashes) if (*slot, arrival) in ours],
        "hashes": None if hashes is None else "".join(digest.hex() for _, digest in hashes),
    }  # fmt: skip


def _hashes(conn: Connection, batches: Iterable[RowMapping]) -> dict[tuple[int, str], list[tuple[int, bytes]]]:
    """Return (arrival, hash) of every row of the batches, smallest batches first, up to MOST_HASHES."""
    room, wanted = MOST_HASHES, set()
    for row in sorted(batches, key=lambda row: int(row["events"])):
        room -= row["events"]
        if room >= 0:
            wanted.add((row["batch_id"], row["source"]))
    found: dict[tuple[int, str], list[tuple[int, bytes]]] = defaultdict(list)
    for source, batch_id, arrival, digest in conn.execute(named("evidence.hashes"), {"batch_ids": sorted({batch for batch, _ in wanted})}):
        if (batch_id, source) in wanted:
            found[batch_id, source].append((arrival, bytes(digest)))
    return found
