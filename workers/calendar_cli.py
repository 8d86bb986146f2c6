"""``aidwatch calendar``: the working days deadlines are counted in; a new year's arrangement becomes events like any other.

A file says which days of a year are off and which weekend days are worked (调休), as the State Council's notice does::

    year = 2027                                # every day of it is known from now on; left out: only the days named change
    off = ["2027-01-01", { days = "2027-02-05/2027-02-11", name = "春节" }]
    worked = ["2027-02-14"]                    # a notice may also name days of the December before

A calendar named by the code of a region (``--calendar 371402``) holds in that region and below it, and says only what
differs from the calendar above it, in the end from CN. What is judged by these days is judged again by itself: due
dates move, findings with them.
"""

from __future__ import annotations

import argparse
import json
import tomllib
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

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
from workers.seeds import CALENDAR, workdays

_A_DAY = timedelta(days=1)


class Day(NamedTuple):
    """What a file says of one day."""

    day: date
    working: bool
    name: str | None = None


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
        action.add_argument("--calendar", type=_calendar, default=CALENDAR, help="CN, or the code of a region that differs (default: CN)")


def main(args: argparse.Namespace, settings: Settings) -> int:
    with connect(settings.database_url_for("worker"), name="calendar", statement_s=600) as conn:
        if args.action == "load":
            read_days = list(read(args.file))
            _take(conn, settings, args.calendar, [*read_days, *_settled(conn, args.calendar, read_days)])
            print(json.dumps({"days": len(read_days)}) if args.format == "json" else f"{len(read_days)} days of {args.calendar} taken")
            return 0
        days = _year(conn, args.calendar, args.year)
    told = _summary(args.year, days)
    print(json.dumps(told) if args.format == "json" else _table(told, {one.day.isoformat(): one.name for one, _ in days}))
    return 0 if told["working_days"] is not None else 1


def _calendar(told: str) -> str:
    """The code of a region is padded to its twelve digits."""
    return told.ljust(12, "0") if told.isdigit() and len(told) <= 12 else told


def read(path: Path) -> Iterator[Day]:
    """Return what a file says of days, in order. Raises CalendarFileError."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CalendarFileError(path, f"cannot be read as TOML: {fault}") from fault
    if unknown := sorted(set(told) - {"year", "off", "worked"}):
        raise CalendarFileError(path, f"has unknown entries {unknown}: give year, off and worked")
    off, worked = ({one.day: one for entry in _listed(told.get(name, [])) for one in _days(path, name, entry)}
                   for name in ("off", "worked"))  # fmt: skip
    if both := sorted(off.keys() & worked.keys()):
        raise CalendarFileError(path, f"{both[0]} is both off and worked")
    year = told.get("year")
    if year is not None and (not isinstance(year, int) or not 1990 <= year <= 2100):
        raise CalendarFileError(path, f"year = {year!r}: give a year such as 2027")
    if strangers := sorted(day for day in off | worked if year is not None and not date(year - 1, 12, 1) <= day <= date(year, 12, 31)):
        raise CalendarFileError(path, f"{strangers[0]} does not lie in {year} or in the December before")
    yield from sorted(((_plain_year(year) if year is not None else {}) | off | worked).values())


def _listed(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _days(path: Path, name: str, entry: Any) -> Iterator[Day]:
    """The days of "2027-01-01", "2027-02-05/2027-02-11" (both ends included) or { days = …, name = … }; dates of TOML are taken too."""
    told = entry if isinstance(entry, dict) else {"days": entry}
    if set(told) - {"days", "name"} or not isinstance(told.get("name", ""), str):
        raise CalendarFileError(path, f'{name}: {entry!r}: write {{ days = "2027-02-05/2027-02-11", name = "春节" }}')
    span = told.get("days")
    try:
        first, _, last = str(span).partition("/")
        day, until = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise CalendarFileError(path, f"{name}: {span!r} is no day: write 2027-01-01 or 2027-02-05/2027-02-11") from None
    if not day <= until < day + timedelta(days=60):
        raise CalendarFileError(path, f"{name}: {span!r} ends before it begins, or after more than 60 days")
    while day <= until:
        yield Day(day, name == "worked", told.get("name") or None)
        day += _A_DAY


def _plain_year(year: int) -> dict[date, Day]:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return {day: Day(day, day.weekday() < 5) for day in days if day.year == year}


def _settled(conn: psycopg.Connection[Any], calendar: str, days: list[Day]) -> Iterator[Day]:
    """The end of the year before, as it stands: with the notice of a whole year it can change no more."""
    named = {one.day for one in days}
    for year in {day.year for day in named if date(day.year, 1, 1) in named and date(day.year, 12, 31) in named}:
        rows = conn.execute(raw("calendar.unsettled"), {"calendar": calendar, "year": year}).fetchall()
        yield from (Day(*row) for row in rows if row[0] not in named)


def _take(conn: psycopg.Connection[Any], settings: Settings, calendar: str, days: list[Day]) -> None:
    with Lane(settings.home, "calendar") as lane:
        receipt = Intake(conn, ensure(settings), lane.name).take([_event(calendar, one) for one in days], local=True)
    if receipt.rejected:
        raise SupervisionError(f"a day was refused: {receipt.rejected[0]}")


def _event(calendar: str, one: Day) -> bytes:
    key = f"{calendar}/{one.day}"
    data = {"day_id": key, "calendar": calendar, **one._asdict(), "provisional": False, "settled": True}
    return msgspec.json.encode({"specversion": "1.0", "id": f"calendar/{uuid.uuid4()}", "source": LOCAL, "subject": key,
                                "type": "aidwatch.workday.upserted", "time": datetime.now(UTC), "data": data})  # fmt: skip


def shown(conn: psycopg.Connection[Any], calendar: str, year: int) -> dict[str, Any]:
    """Return what a year has beside plain weeks; ``working_days`` is null when nothing of it is known."""
    return _summary(year, _year(conn, calendar, year))


def _year(conn: psycopg.Connection[Any], calendar: str, year: int) -> list[tuple[Day, bool]]:
    """The days of a year, and whether each is provisional; before the first migration those a deployment will start with."""
    try:
        rows = conn.execute(raw("calendar.year"), {"calendar": calendar, "year": year}).fetchall()
    except psycopg.errors.UndefinedTable:
        shipped = (told for _, told in workdays() if told["day"].year == year and calendar == CALENDAR)
        return [(Day(told["day"], told["working"], told["name"]), told["provisional"]) for told in shipped]
    return [(Day(day, working, name), provisional) for day, working, name, provisional in rows]


def _summary(year: int, days: list[tuple[Day, bool]]) -> dict[str, Any]:
    return {
        "year": year, "working_days": sum(one.working for one, _ in days) if days else None,
        "off": [one.day.isoformat() for one, _ in days if not one.working and one.day.weekday() < 5],
        "worked": [one.day.isoformat() for one, _ in days if one.working and one.day.weekday() >= 5],
        "provisional": any(provisional for _, provisional in days),
    }  # fmt: skip


def _table(told: dict[str, Any], names: dict[str, str | None]) -> str:
    if told["working_days"] is None:
        return f"{told['year']}: nothing is known of it"
    state = " (provisional: its arrangement is not published yet)" if told["provisional"] else ""
    lines = [f"{told['year']}: {told['working_days']} working days{state}"]
    said = {kind: [" ".join(filter(None, (day, names[day]))) for day in told[kind]] for kind in ("off", "worked")}
    lines += [f"{kind:7} {', '.join(days) or 'none'}" for kind, days in said.items()]
    return "\n".join(lines)
