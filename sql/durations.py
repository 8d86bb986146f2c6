"""How long steps take, asked: which rows of histograms a question adds up, and what they add up to.

``region`` None is everything the scope of the transaction shows (access.see_as).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from sql.load import named, raw

FIRST, LAST = date(1900, 1, 1), date(9999, 12, 31)
Question = dict[str, Any]


def question(conn: Connection, by: str, *, region: str | None = None, programme: str | None = None, unit: str | None = None,
             first: date | None = None, last: date | None = None) -> Question:  # fmt: skip
    """Return the parameters of ``grouped`` for a key: step, region, unit, programme, week or from (the step before).

    ``first`` and ``last`` are days; every week they touch counts whole. By region the next places down are told
    apart from what lies in the place itself; by unit, and of one unit, rows are read unit by unit (``own`` None: all in sight).
    """
    tops = [region] if region else _codes(conn, "tops")
    nowhere = [] if region else [""]  # what lies in no known place is part of everything
    weeks = {"first": first - timedelta(days=first.weekday()) if first else FIRST, "last": last or LAST}
    whole: Question = {"by": by, "programme": programme, "unit": unit, "each": by == "programme", **weeks}
    if unit or by == "unit":
        return whole | {"places": [], "own": _codes(conn, "below", tops) if region else None}
    if by == "region":
        places, passed = _apart(conn, tops)
        return whole | {"places": places, "own": [*places, *passed, *nowhere]}
    return whole | {"places": tops, "own": [*tops, *nowhere]}


def _apart(conn: Connection, tops: list[str]) -> tuple[list[str], list[str]]:
    """Return the next places at which the tree branches, and the places passed on the way."""
    passed: list[str] = []
    while len(tops) == 1:
        passed.append(tops[0])
        tops = _codes(conn, "children", tops)
    return tops, passed


def _codes(conn: Connection, statement: str, codes: Sequence[str] = ()) -> list[str]:
    return list(conn.execute(named(f"steps.{statement}"), {"codes": list(codes)} if codes else {}).scalars())


def grouped(conn: Connection, asked: Question, step: str | None = None) -> Sequence[Any]:
    """Return, of one step or of all, rows (key, step, n, limited, late, again, working, calendar), the histograms packed; at most 5,000."""
    return conn.execute(text(f"with matching as ({raw('steps.matching')}) {raw('steps.grouped')}"), asked | {"step": step}).all()


def passages(conn: Connection, asked: Question, step: str, *, late: bool, most: int) -> Sequence[Any]:
    """Return the slowest cases behind the number of one step; ``of`` says how many there are. ``asked`` by unit."""
    return conn.execute(named("steps.passages"), asked | {"step": step, "late": late, "most": most}).all()


def queue(conn: Connection, asked: Question, now: Any, left: str | None, most: int) -> Sequence[Any]:
    """Return limits that are running, the next to end first. ``asked`` by unit."""
    return conn.execute(_clocks("picked", "queue"), asked | {"now": now, "left": left, "most": most, "first": None if left else most}).all()


def queue_classes(conn: Connection, asked: Question, now: Any) -> dict[str, int]:
    """Return how many limits are running, by how many days are left."""
    return {row.left_class: row.n for row in conn.execute(_clocks("picked_classes", "queue_classes"), asked | {"now": now})}


def _clocks(picked: str, name: str) -> Any:
    steps = {"running": "running", "picked": picked, "classed": "classed"}
    told = ", ".join(f"{step} as ({raw(f'steps.{part}')})" for step, part in steps.items())
    return text(f"with {told} {raw(f'steps.{name}')}")
