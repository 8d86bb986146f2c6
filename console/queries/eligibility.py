"""Questions of page Eligibility: what registers cover and how fresh they are, and what went wrong to the citizen's cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from console import rulebook
from console.queries import findings
from console.url import SHANGHAI, Filters
from monitors.registers import Item, items, registers
from sql.load import named, raw

MOST = 100  #: rows of a list on the page
STOPPED_DAYS = 365  #: stops of the last year are looked at where no time is chosen
STOPPED = ("contradicted", "unborne", "unknown")
STATES = ("stale", "undated", "open", "fresh", "blind")  #: of an item; open: no declared source, so nobody promised when it comes


@dataclass(frozen=True)
class Compared:
    """One item of the list with what came of it. Numbers are None where nothing is known, or an item before it has them."""

    item: Item
    state: str
    as_of: date | None
    last_at: datetime | None
    stale_since: datetime | None
    shared_with: int | None  # the number of the item that shows the numbers of the same register
    persons: int | None = None
    hits: int | None = None
    confirmed: int | None = None
    lifted: int | None = None


def question(filters: Filters, now: datetime) -> dict[str, Any]:
    """Return the parameters of every statement."""
    start, end = filters.window(now)
    today = now.astimezone(SHANGHAI).date()
    return {
        "region": filters.region,
        "programme": filters.programme,
        "from_at": start,
        "to_at": end,
        "since": start.astimezone(SHANGHAI).date() if start else today - timedelta(days=STOPPED_DAYS),
        "until": end and (end - timedelta(seconds=1)).astimezone(SHANGHAI).date(),
    }


def compared(conn: Connection, filters: Filters, now: datetime) -> list[Compared]:
    """Return the items in their order, each register's numbers at its first item."""
    came = {row.carried_by: row for row in conn.execute(named("console_eligibility.arrivals"), {"region": filters.region})}
    for entity in {key.partition(".")[0] for key in came} - came.keys():
        came[entity] = next(row for key, row in came.items() if key.startswith(f"{entity}."))
    by = {kind: _by_rule(conn, filters, now, kind) for kind in ("held", "confirmed", "lifted")}
    first: dict[str, int] = {}
    found = []
    for item in items():
        other = first.setdefault(item.carried_by, item.number) if item.kind and item.carried_by else item.number
        found.append(_one(item, came.get(item.carried_by or ""), now, by, None if other == item.number else other))
    return found


def _one(item: Item, row: Any, now: datetime, by: dict[str, dict[str, int]], shared_with: int | None) -> Compared:
    told = item.rules and not shared_with
    counts: list[int | None] = [sum(of.get(code, 0) for code in item.rules) if told else None for of in by.values()]
    if row is None:  # nobody sends it: that nothing was found says nothing
        counts = [n or None for n in counts]
    persons = row.persons if row and not shared_with else None
    return Compared(
        item, _state(item, row, now), row and row.as_of, row and row.last_at, row and row.stale_since, shared_with, persons, *counts,
    )  # fmt: skip


def _state(item: Item, row: Any, now: datetime) -> str:
    if row is None:
        return "blind"
    today = now.astimezone(SHANGHAI).date()
    if row.stale_since or (row.declared and row.as_of and today - row.as_of > timedelta(days=item.refresh_days)):
        return "stale"
    if not row.declared:
        return "open"
    return "undated" if item.kind and row.as_of is None else "fresh"


def _by_rule(conn: Connection, filters: Filters, now: datetime, kind: str) -> dict[str, int]:
    asked = wanted(filters, tuple(sorted({code for item in items() for code in item.rules})), kind)
    return {code: totals.n for code, totals in findings.by_rule(conn, findings.asked(asked, now)).items()} if asked.rule else {}


def wanted(filters: Filters, codes: tuple[str, ...], kind: str) -> Filters:
    """Return the question whose rows a number of an item counts: held, confirmed or lifted findings of its rules."""
    scope = filters.scope().but(rule=codes)
    return scope.but(present=True) if kind == "held" else scope.but(outcome=kind)


def comparing() -> tuple[str, ...]:
    """Return the codes of rules of the family that need a register."""
    needing = {code for item in items() if item.carried_by in registers() for code in item.rules}
    return tuple(sorted(needing & set(rulebook.codes("eligibility", ()) or ())))


def underpaid(conn: Connection, asks: dict[str, Any], most: int = MOST) -> tuple[Sequence[Any], int, int]:
    """Return lines below what the rule gives, at most ``most``; how many there are, and how much is missing (fen)."""
    wanted = {key: asks[key] for key in ("region", "programme", "from_at", "to_at")} | {"most": most}
    rows = conn.execute(named("console_eligibility.underpaid"), wanted).all()
    return (rows, rows[0].n, rows[0].total_fen) if rows else ([], 0, 0)


@cache
def _stopped(name: str) -> TextClause:
    return text(f"{raw('console_eligibility.judged')} {raw(f'console_eligibility.{name}')}")


def _stops(asks: dict[str, Any]) -> dict[str, Any]:
    return {key: asks[key] for key in ("region", "programme", "since", "until")}


def stops(conn: Connection, asks: dict[str, Any]) -> dict[str, int]:
    """Return how many benefits stopped for death or custody are in each state."""
    return {row.state: row.n for row in conn.execute(_stopped("stopped_counts"), _stops(asks))}


def stopped(conn: Connection, asks: dict[str, Any], state: str, most: int = MOST) -> tuple[Sequence[Any], int]:
    """Return the stopped benefits of one state, at most ``most``, and how many there are."""
    rows = conn.execute(_stopped("stopped"), _stops(asks) | {"state": state, "most": most}).all()
    return rows, rows[0].n if rows else 0
