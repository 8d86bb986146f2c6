"""The business system at work: steps that come due, everyday changes, and now and then something wrong."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from psycopg import sql
from psycopg.types.json import Json

from workers.simulator.book import Connection
from workers.simulator.everyday import EVERYDAY
from workers.simulator.payrun import pay_town, unpaid_towns
from workers.simulator.plants import LOOK_ALIKES, PLANTS, NoGroundError, look_alike, plant
from workers.simulator.plants.ground import Ground
from workers.simulator.truth import Truth, write_truth

_FIRST_PLANT_S, _BETWEEN_PLANTS_S = 5.0, (9.0, 18.0)
_LOOK_ALIKE_EVERY = 4  # plants
_TICK_S = 0.2
log = logging.getLogger(__name__)


def beijing_now() -> datetime:
    """Return the wall clock of the business system, which knows no zones."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, microsecond=0)


class Live:
    """A city going on. One change each ``1 / rate`` seconds, a plant every ten to twenty."""

    def __init__(
        self, conn: Connection, rate: float, rng: Random, truth_file: Path, first_plant_s: float = _FIRST_PLANT_S
    ) -> None:
        self._conn, self._rate, self._rng, self._truth_file = conn, rate, rng, truth_file
        self._owed = 0.0
        self._next_plant = time.monotonic() + first_plant_s
        self._rules: list[str] = []
        self._planted = 0

    def run(self, stop: threading.Event) -> None:
        before = time.monotonic()
        while not stop.wait(min(_TICK_S, 1 / self._rate) if self._rate > 0 else _TICK_S):
            now = time.monotonic()
            self._owed = min(self._owed + (now - before) * self._rate, self._rate)  # a slow second is not made up for
            before = now
            write_due(self._conn, beijing_now())
            self._pay()
            while self._owed >= 1 and not stop.is_set():
                self._owed -= 1
                everyday(self._conn, self._rng, beijing_now())
            if self._rate > 0 and now >= self._next_plant:
                self._plant()
                self._next_plant = now + self._rng.uniform(*_BETWEEN_PLANTS_S)

    def _pay(self) -> None:
        for town in unpaid_towns(self._conn, beijing_now())[:1]:
            pay_town(self._conn, town, beijing_now())

    def _plant(self) -> None:
        """Plant the next rule of a shuffled round, and a look-alike now and then."""
        self._planted += 1
        if self._planted % _LOOK_ALIKE_EVERY == 0:
            self._try(look_alike, self._rng.choice(list(LOOK_ALIKES)))
            return
        self._rules = self._rules or self._rng.sample(list(PLANTS), len(PLANTS))
        self._try(plant, self._rules.pop())

    def _try(self, make: Callable[[Connection, str, Random, datetime], Truth], rule: str) -> None:
        try:
            truth = make(self._conn, rule, self._rng, beijing_now())
        except NoGroundError as lack:
            log.info("%s: %s", rule, lack)
            self._next_plant = 0
        else:
            write_truth(self._conn, self._truth_file)
            log.info("planted %s %s", rule, truth.what)


def everyday(conn: Connection, rng: Random, now: datetime) -> None:
    """Make one ordinary change, in a transaction of its own."""
    (change,) = rng.choices(list(EVERYDAY), list(EVERYDAY.values()))
    with conn.transaction():
        ground = Ground(conn, rng, now)
        change(ground)
        ground.flush()


def write_due(conn: Connection, now: datetime) -> int:
    """Write the steps of open cases whose time has come; return how many."""
    with conn.transaction():
        due = conn.execute(
            "delete from sim.due where n in (select n from sim.due where at <= %s order by at, n limit 500)"
            " returning at, n, tbl, body", [now]
        ).fetchall()  # fmt: skip
        for _at, _n, table, body in sorted(due, key=lambda row: row[:2]):
            insert = sql.SQL("insert into {0} select * from json_populate_record(null::{0}, %s)")
            conn.execute(insert.format(sql.Identifier(table)), [Json(body)])
    return len(due)
