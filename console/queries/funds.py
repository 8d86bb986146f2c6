"""Questions about money: what the reconciliation adds up to, the lines behind its numbers, lists, budgets. Nothing sums payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from console.url import SHANGHAI, Filters
from monitors.catalogue import load
from monitors.indicators.reconciliation import CLASSES, DEVIATING
from sql.load import named, raw
from sql.scope import with_parameters

MOST = 100  #: rows of a list on the page
SPAN = "365d"  # what is looked at where the address says no time
HINTS = ("hints-months", "hints-aid", "hints-digits")  #: lists of what lies far from its past or from what one would expect
CLOCKS = ("long", "late", "intime", "unknown")


@dataclass(frozen=True)
class Sum:
    """How many lines or benefits, and how many fen they add up to."""

    n: int = 0
    fen: int = 0


Sums = dict[str, Sum]  #: by kind: decided, listed, paid, owed, unknown, or a class


@cache
def _limits(code: str, statement: str) -> TextClause:
    (rule,) = load().by_code(code)
    by = {"region": "cast(:region as text)", "programme": "cast(:programme as text)", "on": "cast(:today as date)"}
    return text(with_parameters(raw(f"console_funds.{statement}"), rule.params, list(rule.codes), by, rule.params))


def repay_days(conn: Connection, asks: dict[str, Any]) -> dict[str, int]:
    """Return the working days in which what the bank returned is to be paid again (``repay_days``), and after which it is long overdue
    (``red_days``): the parameters of rule F05, as the place and programme asked about has them today.

    A place below with limits of its own is counted by those of the place asked about; its findings go by its own.
    """
    return {name: int(value) for name, value in _asked(conn, asks, "F05", "repay_days").items()}


def budget_limits(conn: Connection, asks: dict[str, Any]) -> dict[str, Any]:
    """Return the limits of rule F12, in the same way: ``over_percent``, ``under_percent``, ``first_month``, ``under_month``."""
    return _asked(conn, asks, "F12", "budget_limits")


def _asked(conn: Connection, asks: dict[str, Any], code: str, statement: str) -> dict[str, Any]:
    found = conn.execute(_limits(code, statement), {name: asks[name] for name in ("region", "programme", "today")}).one()
    return found._asdict()


def question(conn: Connection, filters: Filters, now: datetime) -> dict[str, Any]:
    """Return the parameters all questions share: the months a time touches, place and programme."""
    start, end = filters.window(now, SPAN)
    start, last = start or datetime(1900, 1, 1, tzinfo=SHANGHAI), (end or datetime(9999, 1, 1, tzinfo=SHANGHAI)) - timedelta(days=1)
    is_dated = bool(filters.span or filters.start or filters.end)
    tops = [filters.region] if filters.region else _everything(conn)
    return {"first": f"{start:%Y-%m}", "last": f"{last:%Y-%m}", "undated": not is_dated, "tops": tops, "region": filters.region,
            "programme": filters.programme, "today": now.astimezone(SHANGHAI).date(), "from_at": start if is_dated else None,
            "to_at": end if is_dated else None, "from_day": start.date() if is_dated else None,
            "to_day": end.date() if is_dated and end else None,
            "year": last.astimezone(SHANGHAI).year if end else now.year}  # fmt: skip


def _everything(conn: Connection) -> list[str]:
    """What lies in no known place is part of everything, for who sees everything."""
    seen: bool = conn.execute(named("console_funds.everywhere")).scalar_one()
    return [""] if seen else list(conn.execute(named("steps.tops")).scalars())


def sums(conn: Connection, asks: dict[str, Any]) -> Sums:
    """Return what the place adds up to."""
    return {row.kind: Sum(row.n, row.fen) for row in conn.execute(named("console_funds.sums"), asks)}


def months(conn: Connection, asks: dict[str, Any], places: Sequence[str]) -> dict[tuple[str, str], Sums]:
    """Return what places add up to by month."""
    found: dict[tuple[str, str], Sums] = {}
    for row in conn.execute(named("console_funds.months"), asks | {"places": list(places)}):
        found.setdefault((row.region_code, row.period), {})[row.kind] = Sum(row.n, row.fen)
    return found


def fens(of: Sums) -> dict[str, int]:
    """Return the amounts alone."""
    return {kind: one.fen for kind, one in of.items()}


def classes_of(wanted: str) -> tuple[str, ...]:
    """Return the classes a list holds; none where it is no list of lines."""
    name = wanted.replace("-", "_")
    return DEVIATING if name == "deviation" else (name,) if name in (*CLASSES, "owed", "unknown") else ()


def listed(conn: Connection, asks: dict[str, Any], wanted: str, most: int = MOST) -> tuple[Sequence[Any], int, int | None]:
    """Return the rows of a list, at most ``most``, how many it has, and what they add up to in fen (None: they do not add up)."""
    if classes := classes_of(wanted):
        held = sums(conn, asks)
        rows = conn.execute(named("console_funds.lines"), asks | {"classes": list(classes), "most": most}).all()
        counted = [held.get(name, Sum()) for name in classes]
        return rows, sum(one.n for one in counted), None if wanted in ("deviation", "unknown") else sum(one.fen for one in counted)
    if wanted.startswith("returned-"):
        late = [row for row in returned(conn, asks) if row.clock == wanted.partition("-")[2]]
        return late[:most], len(late), sum(row.fen for row in late)
    if wanted in ("batches", "batches-off"):
        rows = batches(conn, asks, most, only_off=wanted == "batches-off")
        return rows, rows[0].n if rows else 0, None
    if wanted == "budgets":
        rows = budgets(conn, asks, most)
        return rows, rows[0].n if rows else 0, None
    if wanted in HINTS:
        rows = hints(conn, asks, wanted, most)
        return rows, rows[0].n if rows else 0, None
    rows = conn.execute(named(f"console_funds.{wanted}"), asks | {"most": most}).all()
    return rows, rows[0].n if rows else 0, rows[0].sum_fen if rows else 0


def returned(conn: Connection, asks: dict[str, Any]) -> Sequence[Any]:
    """Return what the bank returned and nobody paid again, with its clock, the longest first."""
    return conn.execute(named("console_funds.returned"), asks | repay_days(conn, asks)).all()


def batches(conn: Connection, asks: dict[str, Any], most: int, *, only_off: bool = False) -> Sequence[Any]:
    """Return payment lists beside what stands in them."""
    return conn.execute(named("console_funds.batches"), asks | {"most": most, "only_off": only_off}).all()


def budgets(conn: Connection, asks: dict[str, Any], most: int = MOST) -> Sequence[Any]:
    """Return budget lines of the year looked at, with what was paid of them, and the limits they are judged by."""
    return conn.execute(named("console_funds.budgets"), asks | budget_limits(conn, asks) | {"most": most}).all()


def hints(conn: Connection, asks: dict[str, Any], wanted: str, most: int = MOST) -> Sequence[Any]:
    """Return the rows of one of HINTS, what stands out most first."""
    return conn.execute(named(f"console_funds.{wanted.replace('-', '_')}"), asks | {"most": most}).all()


def hinted(conn: Connection, asks: dict[str, Any]) -> dict[tuple[str, str], int]:
    """Return how many indicators there are by kind (people, amount, modal, digits) and band."""
    return {(row.kind, row.band): row.n for row in conn.execute(named("console_funds.hints"), asks)}


def hinted_at(conn: Connection) -> datetime | None:
    """Return when the statistics were last made anew; None: never."""
    told: datetime | None = conn.execute(named("console_funds.state")).one().hinted_at
    return told


def made_at(conn: Connection) -> datetime | None:
    """Return when the reconciliation last looked for changes; None: never."""
    row = conn.execute(named("console_funds.state")).one()
    told: datetime | None = row.looked_at or row.at
    return told
