"""Questions about saved views."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from sql.load import named


def of(conn: Connection, who: str) -> Sequence[Any]:
    """Return the views somebody keeps and those others share (rows of views.of), one's own first; at most 60."""
    return conn.execute(named("views.of"), {"who": who}).all()
