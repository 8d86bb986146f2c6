"""Working days as the State Council sets them each year, make-up days included.

A year without a notice yet counts Monday to Friday, without the holidays of the law.
"""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import cache

import chinese_calendar

from workers.holidays import by_law

_FIRST, _LAST = date(2015, 1, 1), date(2035, 12, 31)


def plus(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``, which itself is not counted; 0 is ``day``."""
    return day if count == 0 else _at(bisect_right(_working(), day.toordinal()) + count - 1)


def minus(day: date, count: int) -> date:
    """Return the ``count``-th working day before ``day``, which itself is not counted."""
    return _at(bisect_left(_working(), day.toordinal()) - count)


def at_or_before(day: date) -> date:
    return _at(bisect_right(_working(), day.toordinal()) - 1)


def on_or_after(day: date) -> date:
    return _at(bisect_left(_working(), day.toordinal()))


def between(start: date, end: date) -> int:
    """Return how many working days lie after ``start``, up to and including ``end``."""
    return bisect_right(_working(), end.toordinal()) - bisect_right(_working(), start.toordinal())


def _at(index: int) -> date:
    return date.fromordinal(_working()[index])


@cache
def _working() -> list[int]:
    days = ((_FIRST + timedelta(n)) for n in range((_LAST - _FIRST).days + 1))
    return [day.toordinal() for day in days if _is_working(day)]


def _is_working(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # no notice for that year
        return day.weekday() < 5 and by_law(day) is None
