"""Questions of page Eligibility: what registers cover and how fresh they are, and what went wrong to the citizen's cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


@dataclass(frozen=True)
class Arrived:
    """What came of one item: as old as the oldest of its sources."""

    declared: bool
    as_of: date | None
    last_at: datetime | None
    stale_since: datetime | None
    persons: int | None


def compared(conn: Connection, filters: Filters, now: datetime) -> list[Compared]:
    """Return the items in their order, each register's numbers at its first item of which something came."""
    rows = conn.execute(named("console_eligibility.arrivals"), {"region": filters.region}).all()
    came = {item.number: arrived(item, rows) for item in items()}
    by = {kind: _by_rule(conn, filters, now, kind) for kind in ("held", "confirmed", "lifted")}
    first: dict[str | None, int] = {}
    for item in sorted(items(), key=lambda item: came[item.number] is None):
        first.setdefault(item.kind, item.number)
    shared = {item.number: first[item.kind] if item.kind and first[item.kind] != item.number else None for item in items()}
    return [_one(item, came[item.number], now, by, shared[item.number]) for item in items()]


def arrived(item: Item, rows: Sequence[Any]) -> Arrived | None:
    """Return what came of an item; None: nothing.

    Where items of several departments are one kind of register, an item is what its own department sends, else what nobody on the list
    is known to send: that the police report deaths says nothing of death certificates.
    """
    came = [row for row in rows if row.carried_by == item.carried_by]
    if item.kind:
        sharing = {other.department["zh"] for other in items() if other.kind == item.kind}
        own = [row for row in came if item.department["zh"] in (row.department or "")]
        came = own or [row for row in came if not any(one in (row.department or "") for one in sharing)]
    return _together(came)


def _together(came: Sequence[Any]) -> Arrived | None:
    """What came from several sources; of those nobody declared the newest counts, beside those declared none."""
    declared = [row for row in came if row.declared]
    told = declared or list(came)
    of = min if declared else max

    def over(name: str, of: Callable[..., Any]) -> Any:
        return of((getattr(row, name) for row in told if getattr(row, name) is not None), default=None)

    if not told:
        return None
    return Arrived(bool(declared), over("as_of", of), over("last_at", of), over("stale_since", min), over("persons", max))


def _one(item: Item, row: Arrived | None, now: datetime, by: dict[str, dict[str, int]], shared_with: int | None) -> Compared:
    told = item.rules and not shared_with
    counts: list[int | None] = [sum(of.get(code, 0) for code in item.rules) if told else None for of in by.values()]
    if row is None:  # nobody sends it: that nothing was found says nothing
        return Compared(item, "blind", None, None, None, shared_with, None, *(n or None for n in counts))
    persons = None if shared_with else row.persons
    return Compared(item, _state(item, row, now), row.as_of, row.last_at, row.stale_since, shared_with, persons, *counts)


def _state(item: Item, row: Arrived, now: datetime) -> str:
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
