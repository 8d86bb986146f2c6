"""Questions about bought services. Numbers and rows read the same named ``chosen`` statement (number = list)."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from console import rulebook
from console.url import SHANGHAI, Filters
from monitors.indicators.projects import AFTER_DAYS, BAR, ENOUGH, GAP, MIDTERM_SHARE, SAMPLES, TARGET
from sql.load import raw

MOST = 100  #: rows of a list on the page
LIMITS = {
    "midterm_share": MIDTERM_SHARE,
    "after_days": AFTER_DAYS,
    "samples": SAMPLES,
    "enough": ENOUGH,
    "gap": GAP,
    "bar": BAR,
    "target": TARGET,
}
FAMILY = "project"


@cache
def _statement(name: str) -> TextClause:
    return text(f"with {raw('console_projects.chosen')} {raw(f'console_projects.{name}')}")


def question(filters: Filters, now: datetime) -> dict[str, Any]:
    """Return the parameters of ``chosen``: place, one project or provider, and the time its contract ran in."""
    start, end = filters.window(now)
    key = {filters.subject_kind: filters.subject_key}
    return LIMITS | {
        "today": now.astimezone(SHANGHAI).date(),
        "region": filters.region,
        "project": key.get("project"),
        "provider": key.get("provider"),
        "from_day": start and start.date(),
        "to_day": end and end.date(),
        "rules": rulebook.codes(FAMILY, ()),
    }


def tags(conn: Connection, asks: dict[str, Any]) -> dict[str, int]:
    """Return how many projects stand in each list."""
    return {row.tag: row.n for row in conn.execute(_statement("tags"), asks)}


def sums(conn: Connection, asks: dict[str, Any]) -> Any:
    """Return what the projects add up to; None where no source tells."""
    return conn.execute(_statement("sums"), asks).one()


def channels(conn: Connection, asks: dict[str, Any]) -> Sequence[Any]:
    """Return valid answers by channel: channel, answers, satisfied."""
    return conn.execute(_statement("channels"), asks).all()


def satisfied(conn: Connection, asks: dict[str, Any], most: int) -> Sequence[Any]:
    """Return projects with answers, the least content first."""
    return conn.execute(_statement("satisfied"), asks | {"most": most}).all()


def unbalanced(conn: Connection, asks: dict[str, Any], most: int) -> Sequence[Any]:
    """Return projects with delivery and payment, the furthest apart first."""
    return conn.execute(_statement("unbalanced"), asks | {"most": most}).all()


def places(conn: Connection, asks: dict[str, Any], parent: str) -> Sequence[Any]:
    """Return projects by the places below ``parent``, and its own."""
    return conn.execute(_statement("places"), asks | {"parent": parent}).all()


def listed(conn: Connection, asks: dict[str, Any], wanted: str, most: int = MOST) -> tuple[Sequence[Any], int]:
    """Return the rows of a list, at most ``most``, and how many it has."""
    name, _, kind = wanted.partition("-")
    if name in ("answers", "orders", "payments"):
        rows = conn.execute(_statement(name), asks | {"kind": kind or None, "most": most}).all()
    elif name == "providers":
        rows = conn.execute(_statement("providers"), asks | {"list": wanted, "most": most}).all()
    else:
        rows = conn.execute(_statement("rows"), asks | {"list": wanted, "most": most}).all()
        return rows, tags(conn, asks).get(wanted, 0)
    return rows, rows[0].n if rows else 0
