"""Questions about the trail: who did what to get in, to administer and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from console.answering import Asked
from sql import people


def asked(of: Asked) -> dict[str, Any]:
    """Return the parameters of the statements: whose lines, of which act, of which time by the clock on the wall."""
    begin, end = of.filters.window(of.clock.real_at)
    return {"who": of.filters.who, "what": of.filters.what, "begin": begin, "end": end}


def lines(of: Asked, most: int, before: int | None = None) -> Sequence[Any]:
    """Return the newest lines, at most ``most``; those older than ``before``, the id of a line."""
    return people.rows(of.conn, "trail", **asked(of), before=before, most=most)


def counted(of: Asked) -> int:
    """Return how many lines there are."""
    return int(people.rows(of.conn, "trail_counted", **asked(of))[0].count)
