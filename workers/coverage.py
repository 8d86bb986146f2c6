"""How many people of ours each register covers: counted now and then, because nobody waits while 21 million records are read."""

from __future__ import annotations

from typing import Any

import psycopg

from sql.load import raw

NAME = "coverage"


def recount(conn: psycopg.Connection[Any]) -> int:
    """Count anew and replace what stood; return how many rows. Autocommit connection; one transaction."""
    with conn.transaction():
        conn.execute(raw("coverage.forget"))
        return conn.execute(raw("coverage.count")).rowcount
