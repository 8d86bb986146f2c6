"""What every deployment starts with: national limits and paths, the exclusion matrix and the calendar of working days.

Each row is a local event whose id names its content and whose time lies before anything a region sets:
sent again it changes nothing, a row of a new release replaces the old one, and a local change of the
same row always wins.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
from chinese_calendar.constants import holidays as published
from chinese_calendar.constants import workdays as worked_weekends

from monitors.entities import ENTITIES
from monitors.event import LOCAL
from workers import holidays
from workers.intake import Intake

FOLDER = Path(__file__).parent.parent / "monitors" / "reference"
CALENDAR = "CN"
FIRST_YEAR = 2004  #: the first year of the published calendars
PROVISIONAL_YEARS = 2  #: years after the last published one, taken as plain weeks and the law's holidays until theirs is out
_SEEDED_AT = datetime(2000, 1, 3, tzinfo=timezone(timedelta(hours=8)))
_A_DAY = timedelta(days=1)


def seed(intake: Intake) -> None:
    """Send every row. Raises RuntimeError when one is refused: then the files of this release are wrong."""
    receipt = intake.take([*map(_event, chain(deadlines(), paths(), exclusions(), workdays()))], local=True)
    if receipt.rejected:
        raise RuntimeError(f"a seed row was refused: {receipt.rejected[0]}")


def deadlines() -> Iterator[tuple[str, dict[str, Any]]]:
    """The limits, national and of places; what a row leaves out is known to be empty."""
    for row in _read("deadlines")["deadline"]:
        whom, step = row.pop("for"), row.pop("step", None)
        for key in whom:
            programme, path = _scope(key)
            place = (row.get("region_code", CALENDAR), row["rule"], programme, path, step)
            yield "deadline", _empty("deadline") | {"unit": "working_day", "verified": False} | row | {
                "deadline_id": "/".join(filter(None, place)), "programme": programme, "path": path,
            }  # fmt: skip


def paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """The steps of a case for each programme and path; ``*`` = every programme."""
    for row in _read("paths")["path"]:
        for key in row["for"]:
            programme, path = _scope(key)
            yield "prescribed_path", _empty("prescribed_path") | {
                "path_id": f"{CALENDAR}/{key}", "programme": programme, "path": path,
                "stages": row["stages"], "required": row["required"], "basis": row["basis"], "verified": False,
            }  # fmt: skip


def exclusions() -> Iterator[tuple[str, dict[str, Any]]]:
    """Pairs of programmes: exclusive, to be topped up, or free to stand side by side."""
    for effect, pairs in _read("exclusions").items():
        for pair, basis in pairs.items():
            one, other = pair.split()
            yield "exclusion", {
                "exclusion_id": f"{CALENDAR}/{one}/{other}", "programme_a": one, "programme_b": other, "effect": effect,
                "region_code": None, "basis": basis, "valid_from": None, "valid_to": None,
            }  # fmt: skip


def workdays() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every day of the published calendars (worked Saturdays, public holidays), then plain weeks with the days of the law off."""
    last = max(published).year
    day = date(FIRST_YEAR, 1, 1)
    while day.year <= last + PROVISIONAL_YEARS:
        yield "workday", {"day_id": f"{CALENDAR}/{day}", "calendar": CALENDAR, "day": day, **_day(day, last)}
        day += _A_DAY


def _day(day: date, last: int) -> dict[str, Any]:
    """What is known of a day; ``last`` is the last published year, into whose end the next notice may still reach."""
    if day.year > last:
        name = holidays.by_law(day)
        return {"working": day.weekday() < 5 and name is None, "provisional": True, "name": name, "settled": not holidays.may_change(day)}
    named = published.get(day) or worked_weekends.get(day)
    is_reached = day >= date(last, 12, 1) and holidays.may_change(day)
    return {"working": day in worked_weekends or (day.weekday() < 5 and day not in published), "provisional": False,
            "name": holidays.names()[named] if named else None, "settled": not is_reached}  # fmt: skip


def _scope(key: str) -> tuple[str | None, str | None]:
    """``programme``, ``programme/path``, ``*/path`` or ``*`` as programme and path; None = any."""
    programme, _, path = key.partition("/")
    return None if programme == "*" else programme, path or None


def _empty(entity: str) -> dict[str, Any]:
    return dict.fromkeys(field.name for field in ENTITIES[entity].fields)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _event(told: tuple[str, dict[str, Any]]) -> bytes:
    entity, row = told
    data = msgspec.json.encode(row)
    key = row[ENTITIES[entity].key]
    content = hashlib.sha256(data).hexdigest()[:8]
    return msgspec.json.encode({
        "specversion": "1.0", "id": f"seed/{entity}/{key}/{content}", "source": LOCAL, "subject": key,
        "type": f"aidwatch.{entity}.upserted", "time": _SEEDED_AT, "data": msgspec.Raw(data),
    })  # fmt: skip
