"""Questions about benefits held at once: how many people by pair, what the matrix says of a pair, and the people behind a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from console import rulebook
from console.queries import regions
from console.url import SHANGHAI, Filters
from monitors.entities import PROGRAMMES
from sql.load import named

MOST = 100  #: rows of a list on the page
EFFECTS = ("exclusive", "top_up", "coexist", "open")  # open: no row of the matrix is about the pair
Pair = tuple[str, str]  #: two programmes, in the order of the alphabet
PAIRS: dict[str, Pair] = {"-".join(pair).replace("_", "-"): pair for pair in
                          ((a, b) for a in sorted(PROGRAMMES) for b in sorted(PROGRAMMES) if a <= b)}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """What the matrix says of a pair in the place looked at, and whether a place below says otherwise."""

    effect: str = "open"
    basis: str | None = None
    differs: bool = False


def month_of(at: datetime) -> int:
    """Return the month an instant lies in, as watch.overlap counts months."""
    local = at.astimezone(SHANGHAI)
    return local.year * 12 + local.month - 1


def period(month: int) -> str:
    """Return such a month as YYYY-MM."""
    return f"{month // 12}-{month % 12 + 1:02}"


def question(conn: Connection, filters: Filters, now: datetime) -> dict[str, Any]:
    """Return the parameters all questions share: the months a time touches (this month where none is said; never one to come)."""
    start, end = filters.window(now)
    this = month_of(now)
    last = min(month_of(end - timedelta(days=1)), this) if end else this
    first = min(month_of(start), last) if start else 0 if end else last
    seen: bool = conn.execute(named("console_funds.everywhere")).scalar_one()
    tops = [filters.region] if filters.region else [""] if seen else list(conn.execute(named("steps.tops")).scalars())
    return {"first": first, "last": last, "place": tops[0] if len(tops) == 1 else None, "programme": filters.programme,
            "region": filters.region, "day": date(last // 12, last % 12 + 1, 1)}  # fmt: skip


def people(conn: Connection, asks: Mapping[str, Any]) -> dict[tuple[str, str, str], int]:
    """Return how many people hold both, by (programme, programme, effect); "" stands for every one."""
    which = "people_of_places" if asks["place"] is None else "people"
    return {(row.programme_a, row.programme_b, row.effect): row.n for row in conn.execute(named(f"overlap.{which}"), asks)}


def marks(conn: Connection, asks: Mapping[str, Any]) -> dict[Pair, Mark]:
    """Return what the matrix says in the place looked at, on the first of the last month."""
    top = regions.root(conn)
    place = asks["place"] or (top.region_code if top and asks["place"] == "" else "")
    rows = conn.execute(named("overlap.marks"), {**asks, "place": place})
    return {(row.programme_a, row.programme_b): Mark(row.effect, row.basis, row.differs) for row in rows}


def is_list(wanted: str) -> bool:
    """Return whether there is such a list: of a pair, or of an effect."""
    return wanted in PAIRS or wanted.replace("-", "_") in EFFECTS


def listed(conn: Connection, asks: Mapping[str, Any], wanted: str, most: int = MOST) -> tuple[Sequence[Any], int]:
    """Return one row for each human of a list, at most ``most``, and how many it has."""
    a, b = PAIRS.get(wanted, (None, None))
    effect = None if a else wanted.replace("-", "_")
    rows = conn.execute(named("overlap.listed"), {**asks, "a": a, "b": b, "effect": effect, "most": most}).all()
    return rows, rows[0].n if rows else 0


def evidence(conn: Connection, rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Return the findings of duplicates that hold now about the people of some rows, by human."""
    found: dict[str, list[Any]] = {}
    asked = {"people": [row.person_key for row in rows], "rules": rulebook.codes("duplicate", ())}
    for one in conn.execute(named("overlap.evidence"), asked):
        found.setdefault(one.subject_key, []).append(one)
    return found


def about(found: Sequence[Any], pair: Pair) -> Any | None:
    """Return the finding about a pair, the first by rule; None: nothing was found wrong about it."""
    own = {("dibao", "dibao"): ("D01", "D03"), ("dibao", "tekun"): ("D02",)}.get(pair, ())
    return next((one for one in found if one.rule in own or set(one.item.split("/")) == set(pair)), None)


def made_at(conn: Connection) -> datetime | None:
    """Return when overlaps were last looked at; None: never."""
    told: datetime | None = conn.execute(named("overlap.state")).scalar_one_or_none()
    return told
