"""``aidwatch calendar``: the working days deadlines are counted in; a new year's arrangement becomes events like any other.

A file says which days of a year are off and which weekend days are worked (调休), as the State Council's notice does::

    year = 2027                                # every day of it is known from now on; left out: only the days named change
    off = ["2027-01-01", "2027-02-05/2027-02-11"]
    worked = ["2027-02-14"]

What is judged by these days is judged again by itself: due dates move, findings with them.
"""

from __future__ import annotations

import argparse
import json
import tomllib
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from monitors.errors import SupervisionError
from monitors.event import LOCAL
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers.intake import Intake
from workers.keys import ensure
from workers.lane import Lane
from workers.seeds import CALENDAR

_A_DAY = timedelta(days=1)


class CalendarFileError(SupervisionError):
    """A file of working days that cannot be taken as it is."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}")


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    load = actions.add_parser("load", help="take a year's arrangement, or local days, from a TOML file")
    load.add_argument("file", type=Path)
    show = actions.add_parser("show", help="show the days of a year that are not as a plain week has them")
    show.add_argument("year", type=int)
    for action in (load, show):
        action.add_argument("--calendar", default=CALENDAR, help="name of the calendar (default: %(default)s)")


def main(args: argparse.Namespace, settings: Settings) -> int:
    with connect(settings.database_url_for("worker"), name="calendar", statement_s=600) as conn:
        if args.action == "load":
            days = list(read(args.file))
            _take(conn, settings, args.calendar, days)
            print(json.dumps({"days": len(days)}) if args.format == "json" else f"{len(days)} days of {args.calendar} taken")
            return 0
        told = shown(conn, args.calendar, args.year)
    print(json.dumps(told) if args.format == "json" else _table(told))
    return 0 if told["working_days"] is not None else 1


def read(path: Path) -> Iterator[tuple[date, bool]]:
    """Return (day, working) of a file, in order. Raises CalendarFileError."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CalendarFileError(path, f"cannot be read as TOML: {fault}") from fault
    if unknown := sorted(set(told) - {"year", "off", "worked"}):
        raise CalendarFileError(path, f"has unknown entries {unknown}: give year, off and worked")
    off, worked = ({day for span in _listed(told.get(name, [])) for day in _days(path, name, span)} for name in ("off", "worked"))
    if both := sorted(off & worked):
        raise CalendarFileError(path, f"{both[0]} is both off and worked")
    year = told.get("year")
    if year is not None and (not isinstance(year, int) or not 1990 <= year <= 2100):
        raise CalendarFileError(path, f"year = {year!r}: give a year such as 2027")
    if strangers := sorted(day for day in off | worked if year is not None and day.year != year):
        raise CalendarFileError(path, f"{strangers[0]} does not lie in {year}")
    named = dict.fromkeys(off, False) | dict.fromkeys(worked, True)
    yield from sorted((_plain_year(year) | named if year is not None else named).items())


def _listed(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _days(path: Path, name: str, span: Any) -> Iterator[date]:
    """The days of "2027-01-01" or "2027-02-05/2027-02-11", both ends included; dates of TOML are taken too."""
    try:
        first, _, last = str(span).partition("/")
        day, until = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise CalendarFileError(path, f"{name}: {span!r} is no day: write 2027-01-01 or 2027-02-05/2027-02-11") from None
    if not day <= until < day + timedelta(days=60):
        raise CalendarFileError(path, f"{name}: {span!r} ends before it begins, or after more than 60 days")
    while day <= until:
        yield day
        day += _A_DAY


def _plain_year(year: int) -> dict[date, bool]:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return {day: day.weekday() < 5 for day in days if day.year == year}


def _take(conn: psycopg.Connection[Any], settings: Settings, calendar: str, days: list[tuple[date, bool]]) -> None:
    with Lane(settings.home, "calendar") as lane:
        receipt = Intake(conn, ensure(settings), lane.name).take([_event(calendar, day, working) for day, working in days], local=True)
    if receipt.rejected:
        raise SupervisionError(f"a day was refused: {receipt.rejected[0]}")


def _event(calendar: str, day: date, working: bool) -> bytes:
    key = f"{calendar}/{day}"
    data = {"day_id": key, "calendar": calendar, "day": day, "working": working, "provisional": False}
    return msgspec.json.encode({"specversion": "1.0", "id": f"calendar/{uuid.uuid4()}", "source": LOCAL, "subject": key,
                                "type": "aidwatch.workday.upserted", "time": datetime.now(UTC), "data": data})  # fmt: skip


def shown(conn: psycopg.Connection[Any], calendar: str, year: int) -> dict[str, Any]:
    """Return what a year has beside plain weeks; ``working_days`` is null when nothing of it is known."""
    rows = conn.execute(raw("calendar.year"), {"calendar": calendar, "year": year}).fetchall()
    return {
        "year": year, "working_days": sum(working for _, working, _ in rows) if rows else None,
        "off": [day.isoformat() for day, working, _ in rows if not working and day.weekday() < 5],
        "worked": [day.isoformat() for day, working, _ in rows if working and day.weekday() >= 5],
        "provisional": any(provisional for _, _, provisional in rows),
    }  # fmt: skip


def _table(told: dict[str, Any]) -> str:
    if told["working_days"] is None:
        return f"{told['year']}: nothing is known of it"
    state = " (provisional: its arrangement is not published yet)" if told["provisional"] else ""
    lines = [f"{told['year']}: {told['working_days']} working days{state}"]
    lines += [f"{name:7} {', '.join(told[name]) or 'none'}" for name in ("off", "worked")]
    return "\n".join(lines)
