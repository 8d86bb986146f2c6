"""A subject as it was known at an earlier instant: the last thing its sources had told of each record by then.

A record is told whole, so its last event is its state (docs/contract.md §1); which records belong to the subject is what is known now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection

from console.queries.dossier import Event, Subject, story

COLUMNS = ("programme", "start_period", "end_period", "stop_reason", "covered_persons", "monthly_amount_fen")


@dataclass(frozen=True)
class Benefit:
    """A benefit, and what was paid of it, as known then (as console_dossier.benefits tells them now)."""

    benefit_id: str
    programme: str | None
    start_period: str | None
    end_period: str | None
    stop_reason: str | None
    covered_persons: int | None
    monthly_amount_fen: int | None
    paid_fen: int
    last_period: str | None
    returned: int


def records(conn: Connection, subject: Subject, of: Sequence[str], known: datetime) -> list[Event]:
    """Return the last event before ``known`` of each record of a subject and its households that stood then; at most 2,000."""
    rows = [Event(**row) for row in story(conn, "console_finding.standing", subject, of, known=known)]
    return [event for event in rows if event.body is not None and event.op != "deleted"]


def benefits(held: Sequence[Event]) -> list[Benefit]:
    """Return the benefits among records, those that ran first."""
    paid: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in held:
        if event.entity == "payment":
            paid[(event.body or {}).get("benefit_id") or ""].append(event.body or {})
    found = [_benefit(event.key, event.body or {}, paid[event.key]) for event in held if event.entity == "benefit"]
    return sorted(found, key=lambda one: (one.end_period is not None, one.benefit_id))


def _benefit(key: str, body: dict[str, Any], paid: list[dict[str, Any]]) -> Benefit:
    sent = sum(one.get("amount_fen") or 0 for one in paid if one.get("status") in ("submitted", "paid"))
    columns = {name: body.get(name) for name in COLUMNS}
    last = max((one["period"] for one in paid if one.get("period")), default=None)
    return Benefit(key, **columns, paid_fen=sent, last_period=last, returned=sum(one.get("status") == "returned" for one in paid))


def members(now: Sequence[Any], held: Sequence[Event]) -> list[Any]:
    """Return those of the members known ``now`` (rows of console_dossier.members) who were known then, as they were told then."""
    told = {event.key: event.body or {} for event in held if event.entity == "household_member"}
    return [SimpleNamespace(**(dict(row._mapping) | _member(told[row.member_id]))) for row in now if row.member_id in told]


def _member(body: dict[str, Any]) -> dict[str, Any]:
    left = date.fromisoformat(body["to_date"]) if body.get("to_date") else None
    return {"relation_to_head": body.get("relation_to_head"), "counted": body.get("counted"), "to_date": left}
