"""Benefit months, written YYYYMM as the business system does."""

from datetime import date


def month_of(day: date) -> str:
    return f"{day.year}{day.month:02d}"


def add_months(month: str, count: int) -> str:
    index = int(month[:4]) * 12 + int(month[4:]) - 1 + count
    return f"{index // 12}{index % 12 + 1:02d}"


def months_from(first: str, last: str) -> list[str]:
    """Return the months from ``first`` to ``last``, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = add_months(first, 1)
    return found


def first_day(month: str) -> date:
    return date(int(month[:4]), int(month[4:]), 1)


def last_day(month: str) -> date:
    return date.fromordinal(first_day(add_months(month, 1)).toordinal() - 1)
