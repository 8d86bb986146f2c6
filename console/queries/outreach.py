"""Questions about looking for people in need: clues, visits, quarterly checks. Number and list read the same statement."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from console.url import SHANGHAI, Filters
from monitors.indicators.outreach import CLUE_DAYS, VISIT_DAYS, WITHOUT_AID_MONTHS
from sql.load import raw

MOST = 100  #: rows of a list on the page
#: The statements a number and its list begin with: their meaning.
SUBJECTS = {"clues": ("clues", "clue_tags"), "visits": ("visits", "visit_states"), "checks": ("checks", "check_tags")}
ROWS = {"clues": "clue_rows", "visits": "visit_rows", "checks": "check_rows"}
LIMITS = {"clue_days": CLUE_DAYS, **{f"{colour}_days": days for colour, days in VISIT_DAYS.items()}}


@cache
def _statement(parts: tuple[str, ...]) -> TextClause:
    return text("with " + " ".join(raw(f"console_outreach.{part}") for part in parts))


def question(filters: Filters, now: datetime) -> dict[str, Any]:
    """Return the parameters of every statement: the place, the time, and what day it is in Shanghai."""
    start, end = filters.window(now)
    today = now.astimezone(SHANGHAI).date()
    years, months = divmod(today.year * 12 + today.month - 1 - WITHOUT_AID_MONTHS, 12)
    return LIMITS | {
        "region": filters.region,
        "programme": filters.programme,
        "from_at": start,
        "to_at": end,
        "today": today,
        "since": start.date() if start else today.replace(year=years, month=months + 1, day=1),
        "until": end and end.date(),
    }


def tags(conn: Connection, asks: dict[str, Any], subject: str) -> dict[str, int]:
    """Return how many of a subject (clues, visits, checks) stand in each list."""
    return {row.tag: row.n for row in conn.execute(_statement((*SUBJECTS[subject], "tags")), asks)}


def listed(conn: Connection, asks: dict[str, Any], wanted: str, most: int = MOST) -> tuple[Sequence[Any], int]:
    """Return the rows of a list, at most ``most``, and how many it has; none for a list there is not."""
    subject = wanted.partition("-")[0]
    if subject not in SUBJECTS:
        return [], 0
    rows = conn.execute(_statement((*SUBJECTS[subject], ROWS[subject])), asks | {"list": wanted, "most": most}).all()
    return rows, rows[0].n if rows else 0
