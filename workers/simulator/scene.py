"""What every maker of rows needs: the book, the randomness, the clock, and numbers that are not taken."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from psycopg.types.json import Json

from workers.simulator.book import Book
from workers.simulator.identity import id_number
from workers.simulator.months import add_months, first_day, month_of


class Ids:
    """Keys that tell the place they were made for: prefix, tag, counter."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self._last: dict[str, int] = {}

    def __call__(self, prefix: str) -> str:
        self._last[prefix] = self._last.get(prefix, 0) + 1
        return f"{prefix}{self.tag}{self._last[prefix]:04d}"


@dataclass
class Scene:
    """One place and its randomness at one instant (Beijing wall clock)."""

    book: Book
    ids: Ids
    rng: Random
    now: datetime
    since: datetime  # rows about older things were written on this day: the migration, or now in live operation
    is_taken: Callable[[str], bool] = field(default=lambda _number: False)

    def put(self, table: str, at: datetime, **values: Any) -> None:
        """Write a row that comes to be at ``at``: now, or when its time comes.

        Rows older than the business system itself carry the day they were migrated.
        """
        row = values | {"gxsj": max(at, self.since)}
        if at <= self.now:
            self.book.add(table, **row)
        else:
            self.book.add("sim.due", at=at, tbl=table, body=Json(row, dumps=_dumps))

    def office_hour(self, day: date) -> datetime:
        """Return a minute of that day's office hours."""
        return datetime.combine(day, time(8, 30)) + timedelta(minutes=self.rng.randrange(510))

    def day_between(self, first: date, last: date) -> date:
        return first + timedelta(days=self.rng.randrange(max((last - first).days, 0) + 1))

    def number(self, area: str, born: date, sex: str) -> str:
        """Return an ID number nobody has yet."""
        while True:
            number = id_number(area, born, 2 * self.rng.randrange(500) + (sex == "男"))
            if not self.is_taken(number):
                return number

    @property
    def month(self) -> str:
        return month_of(self.now.date())

    @property
    def first_month(self) -> str:
        """The first month whose payments are on record."""
        return month_of(self.since.date())


def history_start(now: datetime) -> datetime:
    """Return the first day of the history: twelve months with this one."""
    return datetime.combine(first_day(add_months(month_of(now.date()), -11)), time())


def _dumps(row: dict[str, Any]) -> str:
    return json.dumps(row, default=str, ensure_ascii=False)
