"""Where things are planted: the business database at one instant, with what is free to plant on."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from workers.simulator import workdays
from workers.simulator.book import Book, Connection, Row
from workers.simulator.geography import Town, dezhou
from workers.simulator.months import add_months
from workers.simulator.payments import last_paid_month
from workers.simulator.scene import Ids, Scene, history_start
from workers.simulator.truth import Card, Expected, Truth


class NoGroundError(LookupError):
    """The city has nothing (left) of the kind a plant needs."""


@dataclass
class Ground:
    """One plant being made. ``past``: it belongs to the history, so it may have begun months ago."""

    conn: Connection
    rng: Random
    now: datetime
    past: bool = False

    def __post_init__(self) -> None:
        found = self.conn.execute("select nextval('sim.block')").fetchone()
        assert found is not None
        self.plant_id = f"P{found[0]:06d}"
        since = history_start(self.now) if self.past else self.now
        self.scene = Scene(Book(), Ids(f"L{found[0]:05d}"), self.rng, self.now, since, self._is_taken)

    def town(self) -> Town:
        return self.rng.choice(dezhou().towns)

    def begun(self, working_days: int) -> datetime:
        """Return an office hour at least ``working_days`` ago, and further back in the history."""
        further = self.rng.randrange(160) if self.past else self.rng.randrange(4)
        return self.scene.office_hour(workdays.minus(self.now.date(), working_days + further))

    def month(self, back: int = 0) -> str:
        """Return a month that has been paid: the last one, or ``back`` months before it."""
        return add_months(last_paid_month(self.now), -back)

    def rows(self, query: str, **values: Any) -> list[Row]:
        with self.conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(sql.SQL(query), values).fetchall()

    def pick(self, query: str, n: int = 1, **values: Any) -> list[Row]:
        """Return ``n`` rows of ``query`` that nothing was planted on yet, and take them.

        The query names its ``used`` column: the household, person or project a plant would stand on. It is asked about a random
        sliver of them first: of a whole city it would take half a minute.
        """
        wrapped = (
            f"select * from ({query}) found where not exists (select from sim.used where key = found.used)"
            " and hashtext(found.used) & (%(slivers)s - 1) = %(sliver)s order by md5(found.used || %(salt)s), found.used limit %(n)s"
        )
        for slivers in (1024, 32, 1):
            found = self.rows(wrapped, salt=str(self.rng.random()), n=n, slivers=slivers, sliver=self.rng.randrange(slivers), **values)
            if len(found) >= n:
                break
        else:
            raise NoGroundError(f"the city has only {len(found)} of the {n} rows needed")
        self.use(*(row["used"] for row in found))
        return found

    def use(self, *keys: str) -> None:
        for key in keys:
            self.conn.execute("insert into sim.used values (%s) on conflict do nothing", [key])

    def update(self, table: str, key: str, value: str, **new: Any) -> None:
        """Change one row as the business system does."""
        new["gxsj"] = self.now
        names = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in new)
        change = sql.SQL("update {} set {} where {} = %s").format(sql.Identifier(table), names, sql.Identifier(key))
        self.conn.execute(change, [*new.values(), value])

    def flush(self) -> None:
        self.scene.book.insert_into(self.conn)

    def truth(self, rule: str, what: str, *expected: Expected) -> Truth:
        return Truth(self.plant_id, rule, what, self.now, False, expected)

    def lawful(self, rule: str, what: str, *subjects: tuple[str, dict[str, str]]) -> Truth:
        """Return what a look-alike is marked by: that ``rule`` finds nothing on these subjects."""
        return Truth(self.plant_id, rule, what, self.now, True, tuple(Expected(rule, *each) for each in subjects))

    def _is_taken(self, number: str) -> bool:
        return self.conn.execute("select from t_ry where sfzh = %s", [number]).fetchone() is not None


def by_share(share: float, limit: float) -> Card:
    return "red" if share > limit else "yellow"
