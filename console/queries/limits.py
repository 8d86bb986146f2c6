"""Questions about limits people proposed for rules, and what is said about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from sql.load import named


@dataclass(frozen=True)
class Change:
    """One proposal; ``accepted`` is None while it waits, ``region_code`` None where it is for everywhere."""

    id: int
    rule: str
    name: str
    region_code: str | None
    programme: str | None
    value: Any
    valid_from: date
    who: str
    at: datetime
    why: str
    accepted: bool | None
    decided_by: str | None
    decided_at: datetime | None
    place: str | None


def of(conn: Connection, code: str) -> list[Change]:
    """Return the proposals for a rule, those that wait first, then the newest, at most 20."""
    return [Change(**row) for row in conn.execute(named("limits.of"), {"rule": code}).mappings()]


def one(conn: Connection, code: str, number: str) -> Change | None:
    return next((change for change in of(conn, code) if str(change.id) == number), None)


def places(conn: Connection) -> Sequence[tuple[str, str]]:
    """Return the places of the own scope but villages, (code, name), at most 2,000."""
    return [(row.region_code, row.name or row.region_code) for row in conn.execute(named("limits.places"))]


def propose(conn: Connection, **change: Any) -> None:
    conn.execute(named("limits.propose"), change | {"value": json.dumps(change["value"], ensure_ascii=False)})


def decide(conn: Connection, number: int, who: str, *, accepted: bool) -> bool:
    """Decide once; False where it is decided, or who proposed it would accept it."""
    return bool(conn.execute(named("limits.decide"), {"id": number, "who": who, "accepted": accepted}).rowcount)
