"""Questions of the correction loop: how findings stand, and the letters about them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from sql.load import named


def standing(conn: Connection, finding_ids: Sequence[str]) -> Sequence[Any]:
    """Return how findings stand (rows of correction.standing); those that may not be seen are left out; at most 200."""
    return conn.execute(named("correction.standing"), {"finding_ids": list(finding_ids)}).all()


def letters(conn: Connection, finding_id: str) -> Sequence[Any]:
    """Return the letters that speak of a finding (rows of letter.of_finding), newest first; at most 50."""
    return conn.execute(named("letter.of_finding"), {"finding_id": finding_id}).all()
