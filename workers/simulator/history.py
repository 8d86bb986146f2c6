"""The past of the city: schema, a year of history, and what is planted in it, in one transaction.

One, so that whoever follows the database sees nothing of it or all of it.
"""

import logging
from datetime import datetime
from importlib.resources import files
from random import Random

import psycopg

from workers.simulator.book import Book, Connection
from workers.simulator.city import city
from workers.simulator.plants import LOOK_ALIKES, PLANTS, NoGroundError, look_alike, plant

_BOOKFUL = 20_000
log = logging.getLogger(__name__)


def is_loaded(conn: Connection) -> bool:
    found = conn.execute("select to_regclass('sim.state') is not null").fetchone()
    return bool(found and found[0])


def load_history(conn: Connection, households: int, seed: int, now: datetime, *, plants: int = 2) -> None:
    """Make the schema and the city, with ``plants`` violations of every rule and one look-alike each.

    now: the end of the history, Beijing wall clock. With ``plants`` 0 the city is lawful throughout.
    """
    with conn.transaction():
        conn.execute(files("workers.simulator").joinpath("schema.sql").read_bytes())
        write_city(conn, households, seed, now)
        keep_accounts(conn, now)
        conn.execute("analyze")
        if plants:
            plant_history(conn, Random(f"{seed}:plants"), now, plants)
    log.info("the city of %d households is there, as of %s", households, now)


def write_city(conn: Connection, households: int, seed: int, now: datetime) -> None:
    gathered = Book()
    for book in city(households, seed, now):
        for table, rows in book.rows.items():
            gathered.rows[table].extend(rows)
        if len(gathered) > _BOOKFUL:
            gathered.copy_to(conn)
    gathered.copy_to(conn)


def keep_accounts(conn: Connection, now: datetime) -> None:
    """Write what the finance bureaus have on record about the payments: budgets, money that came in, money asked back."""
    text = files("workers.simulator").joinpath("finance.sql").read_text(encoding="utf-8")
    psycopg.ClientCursor(conn).execute(text, {"now": now})


def plant_history(conn: Connection, rng: Random, now: datetime, times: int) -> None:
    """Plant every rule ``times`` over, and every look-alike once; a small city may lack ground for some."""
    for make, rules in ((look_alike, LOOK_ALIKES), *(((plant, PLANTS),) * times)):
        for rule in rules:
            try:
                make(conn, rule, rng, now, past=True)
            except NoGroundError as lack:
                log.warning("%s was not planted: %s", rule, lack)
