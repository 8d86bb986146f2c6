"""The deadline rule against the slow way: counting the days one by one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitors.catalogue import load
from monitors.ladder import Ladder
from sql.connect import connect
from sql.fold import Known, write_facts
from workers import cases, seeds
from workers.asking import ask
from workers.embedded.postgres import PostgresServer
from workers.intake import Intake
from workers.keys import Keys
from workers.tables import TABLES

SHANGHAI = timezone(timedelta(hours=8))
WORKING = {row["day"]: row["working"] for _, row in seeds.workdays()}
_NAME = "aidwatch_arithmetic"
_DAY = timedelta(days=1)
Pauses = list[tuple[datetime, datetime | None]]


@pytest.fixture(scope="module")
def conn(pg_server: PostgresServer, _template: str) -> Iterator[psycopg.Connection]:
    with pg_server.connect() as admin:
        admin.execute(f"create database {_NAME} template {_template} owner aidwatch_owner strategy file_copy")
        with connect(pg_server.url(_NAME, "aidwatch_worker"), name="arithmetic") as connection:
            yield connection
        admin.execute(f"drop database {_NAME} with (force)")


def naive(started: datetime, needed: int, pauses: Pauses, *, every_day: bool, working: Mapping[date, bool] = WORKING) -> datetime | None:
    """The first moment of the day on which ``needed`` days are used up: not the first one, none of a pause."""
    day, used = started.astimezone(SHANGHAI).date(), 0
    for _ in range(400):
        day += _DAY
        used += (every_day or working[day]) and not any(_covers(pause, day) for pause in pauses)
        if used == needed:
            return datetime.combine(day, time(), SHANGHAI)
    return None


def _covers(pause: tuple[datetime, datetime | None], day: date) -> bool:
    begun, ended = (at.astimezone(SHANGHAI).date() if at else date.max for at in pause)
    return begun < day <= ended


def events(started: datetime, days: int, red: int, unit: str, pauses: Pauses, done: datetime | None) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [
        {"deadline": {"deadline_id": "L", "rule": "T04", "programme": "tekun", "from_stage": "ACCEPT", "to_stage": "DECIDE", "days": days,
                      "red_days": red, "notice_days": 2, "unit": unit, "pauses": ["disaster"]}},
        {"application": {"application_id": "A", "programme": "tekun", "path": "standard"}},
        _stage("ACCEPT", started), _stage("OPINION", started),
    ]  # fmt: skip
    for begun, ended in pauses:
        told += [_stage("PAUSE", begun)] + ([_stage("RESUME", ended)] if ended else [])
    return told + ([_stage("DECIDE", done)] if done else [])


def _stage(code: str, at: datetime) -> dict[str, Any]:
    return {"stage": {"stage_id": f"{code}{at.isoformat()}", "application_id": "A", "stage_code": code, "at": at, "reason": "disaster"}}


def ladder(conn: psycopg.Connection, told: list[dict[str, Any]]) -> Ladder | None:
    """What the rule says of A; T07 is not in question, there is an opinion."""
    with conn.transaction(force_rollback=True):
        write_facts(conn, TABLES, cases._prepared(Intake(conn, Keys(bytes(32), bytes(32)), "a"), told), Known())
        answers = ask(conn, load().by_code("T04")[0], {}, {"keys": ["A"]})
    return next((answer.ladder for answer in answers if answer.identity.rule == "T04"), None)


moments = st.datetimes(datetime(2025, 11, 1), datetime(2026, 12, 15)).map(  # noqa: DTZ001 - Shanghai is put on below
    lambda at: at.replace(microsecond=0, tzinfo=SHANGHAI)
)


@st.composite
def pauses_after(draw: st.DrawFn, started: datetime) -> Pauses:
    """Up to three pauses, one after the other; the last may still last."""
    found: Pauses = []
    at = started - timedelta(days=draw(st.integers(0, 3)))
    for _ in range(draw(st.integers(0, 3))):
        at += timedelta(hours=draw(st.integers(1, 300)))
        ended = at + timedelta(hours=draw(st.integers(0, 400)))
        found.append((at, ended))
        at = ended + timedelta(seconds=1)
    still_stopped = draw(st.booleans())
    if found and still_stopped:
        found[-1] = (found[-1][0], None)
    return found


@given(st.data(), moments, st.integers(1, 40), st.integers(1, 8), st.sampled_from(("working_day", "calendar_day")))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_rungs_are_where_counting_day_by_day_puts_them(
    conn: psycopg.Connection, data: st.DataObject, started: datetime, days: int, more: int, unit: str
) -> None:
    pauses = data.draw(pauses_after(started))
    found = ladder(conn, events(started, days, days + more, unit, pauses, None)) or Ladder()
    slow = [naive(started, needed, pauses, every_day=unit == "calendar_day") for needed in (days - 2, days + 1, days + more + 1)]
    notice = started if days <= 2 else slow[0]
    assert found == Ladder(*(at.astimezone(UTC) if at else None for at in (notice, *slow[1:])))


REGION = "990000000000"
calendars = st.dictionaries(st.dates(date(2025, 11, 1), date(2027, 1, 31)), st.booleans(), max_size=200)


@given(st.data(), calendars, moments, st.integers(1, 40), st.integers(1, 8))
@settings(max_examples=200 if os.environ.get("AIDWATCH_PROVE") else 10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_calendar_of_a_region_is_counted_as_its_days_say(
    conn: psycopg.Connection, data: st.DataObject, own: dict[date, bool], started: datetime, days: int, more: int
) -> None:
    """A region takes off, or has worked, whatever days it likes; it has the national calendar on all others."""
    pauses = data.draw(pauses_after(started))
    told = events(started, days, days + more, "working_day", pauses, None)
    told[1]["application"]["region_code"] = REGION
    local = [{"workday": {"day_id": f"{REGION}/{day}", "calendar": REGION, "day": day, "working": works}} for day, works in own.items()]
    found = ladder(conn, [*local, *told]) or Ladder()
    slow = [naive(started, needed, pauses, every_day=False, working=WORKING | own) for needed in (days - 2, days + 1, days + more + 1)]
    assert found == Ladder(*(at.astimezone(UTC) if at else None for at in (started if days <= 2 else slow[0], *slow[1:])))


@given(moments, st.integers(1, 30), st.integers(0, 60 * 24 * 60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_step_is_late_exactly_from_the_rung_on(conn: psycopg.Connection, started: datetime, days: int, minutes: int) -> None:
    done = started + timedelta(minutes=minutes)
    found = ladder(conn, events(started, days, days + 5, "working_day", [], done))
    yellow, red = (naive(started, needed, [], every_day=False) for needed in (days + 1, days + 6))
    assert yellow is not None
    assert red is not None
    assert (found is not None) == (done >= yellow)
    assert found is None or (found.red_at is not None) == (done >= red)


@pytest.mark.parametrize("unit", ["working_day", "calendar_day", "hour"])
def test_a_limit_of_the_wildest_size_breaks_nothing(conn: psycopg.Connection, unit: str) -> None:
    for days in (-(2**31), -1, 0, 4999, 2**31 - 1):
        ladder(conn, events(datetime(2026, 11, 2, tzinfo=SHANGHAI), days, 2**31 - 1 if days < 0 else days, unit, [], None))
