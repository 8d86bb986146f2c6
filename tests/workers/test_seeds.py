"""What every deployment starts with: sent once or ten times, it is there once; what a region sets goes before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest

from monitors.entities import PROGRAMMES
from sql.connect import connect
from tests.conftest import Database
from workers import holidays, seeds
from workers.intake import Intake
from workers.keys import Keys


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("worker"), name="test") as connection:
        yield connection


@pytest.fixture
def intake(conn: psycopg.Connection) -> Intake:
    return Intake(conn, Keys(b"h" * 32, b"v" * 32), "test")


def counts(conn: psycopg.Connection) -> list[tuple[object, ...]]:
    return conn.execute(
        "select (select count(*) from facts.deadline), (select count(*) from facts.exclusion), "
        "(select count(*) from facts.working_day), (select count(*) from ledger.event)"
    ).fetchall()


def test_sending_them_again_changes_nothing(conn: psycopg.Connection, intake: Intake) -> None:
    seeds.seed(intake)
    once = counts(conn)
    conn.execute("delete from ledger.mark")
    seeds.seed(intake)
    assert counts(conn) == once
    assert conn.execute("select count(*) from ledger.mark").fetchone() == (0,)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 2, 14), True),  # a worked Saturday before Spring Festival
        (date(2026, 2, 17), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # a worked Saturday after National Day
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
    ],
)
def test_the_calendar_knows_holidays_and_worked_saturdays(day: date, working: bool) -> None:
    row = next(row for _, row in seeds.workdays() if row["day"] == day)
    assert (row["working"], row["provisional"]) == (working, False)


def test_years_without_a_published_calendar_are_plain_weeks_with_the_days_of_the_law_off_and_say_so() -> None:
    rows = [row for _, row in seeds.workdays() if row["provisional"]]
    assert [rows[0]["day"].month, rows[0]["day"].day] == [1, 1]
    assert len(rows) >= 365 * seeds.PROVISIONAL_YEARS
    assert all(row["working"] == (row["day"].weekday() < 5 and holidays.by_law(row["day"]) is None) for row in rows)
    assert {row["name"] for row in rows if not row["working"]} == {None, *(one.name for one in holidays.holidays())}
    assert rows[-1]["day"].year <= holidays.dated_until(), "date the holidays of the lunar calendar further ahead in holidays.toml"


@pytest.mark.parametrize("year", range(2016, 2027))
def test_what_the_notice_of_a_year_changed_was_a_day_that_could_still_change(year: int) -> None:
    """Each published year, taken as if its notice were still to come: what it did beyond the law lay within the reaches."""
    told = {row["day"]: row["working"] for _, row in seeds.workdays()}
    extraordinary = {date(2020, 1, 31)}  # the holiday was prolonged because of an epidemic, after its notice
    moved = {day for day, working in told.items() if day.year == year and working != (day.weekday() < 5 and holidays.by_law(day) is None)}
    # four days of 2016 to 2024 are of the law since 2025 only: the eve and the second day of May
    assert {day for day in moved if not holidays.may_change(day)} <= extraordinary | {day for day in moved if year < 2025 and holidays.by_law(day)}


def test_the_end_of_the_last_published_year_waits_for_the_next_notice() -> None:
    last = [row for _, row in seeds.workdays() if not row["provisional"] and not row["settled"]]
    assert [(row["day"].month, row["day"].day) for row in last] == [(12, 30), (12, 31)]


def test_no_day_is_missing_or_told_twice() -> None:
    days = [row["day"] for _, row in seeds.workdays()]
    assert [day.toordinal() for day in days] == [*range(days[0].toordinal(), days[-1].toordinal() + 1)]


def test_a_limit_left_out_is_known_to_be_empty() -> None:
    row = next(row for _, row in seeds.deadlines() if row["deadline_id"] == "CN/T03")
    assert (row["programme"], row["path"], row["notice_days"], row["verified"]) == (None, None, None, False)


def test_every_limit_gets_harder_with_time() -> None:
    for _, row in seeds.deadlines():
        assert 0 < row["days"] < row["red_days"], row["deadline_id"]
        assert row["extended_days"] is None or row["extended_days"] > row["days"], row["deadline_id"]
        assert row["basis"], row["deadline_id"]


def test_a_variant_of_a_place_names_its_place_and_its_source_and_is_not_taken_for_checked() -> None:
    rows = [row for _, row in seeds.deadlines()]
    assert len({row["deadline_id"] for row in rows}) == len(rows)
    variants = [row for row in rows if row["region_code"]]
    assert {row["region_code"][:2] for row in variants} >= {"23", "35", "37", "41", "44", "53"}, "places in at least six provinces"
    for row in variants:
        assert (len(row["region_code"]), row["verified"]) == (12, False), row["deadline_id"]
        assert row["deadline_id"].startswith(row["region_code"]), row["deadline_id"]


def test_who_sets_a_limit_of_temporary_aid_sets_both_of_its_codes() -> None:
    """T04 and T12 watch the same wait: one of them left behind would accuse where the other allows."""
    told = {(row["region_code"], row["path"], row["rule"]): row["days"] for _, row in seeds.deadlines() if row["programme"] == "temporary_aid"}
    for (region, path, rule), days in told.items():
        if rule in ("T04", "T12"):
            assert told[region, path, "T12" if rule == "T04" else "T04"] == days, (region, path)


def test_each_pair_of_programmes_is_told_once_and_in_order() -> None:
    pairs = [(row["programme_a"], row["programme_b"]) for _, row in seeds.exclusions()]
    assert len(set(pairs)) == len(pairs)
    assert all(PROGRAMMES.index(one) <= PROGRAMMES.index(other) for one, other in pairs)


def test_what_a_region_says_of_a_seeded_row_stays(conn: psycopg.Connection, intake: Intake) -> None:
    own = {"deadline_id": "CN/T03", "rule": "T03", "days": 2}
    event = {"specversion": "1.0", "id": "x", "source": "/city", "subject": "CN/T03", "data": own,
             "type": "aidwatch.deadline.upserted", "time": datetime(2020, 1, 1, tzinfo=UTC).isoformat()}  # fmt: skip
    intake.take([json.dumps(event).encode()])
    seeds.seed(intake)
    assert conn.execute("select days from facts.deadline where deadline_id = 'CN/T03'").fetchone() == (2,)


def test_a_refused_row_is_an_error_of_this_release(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds, "exclusions", lambda: [("exclusion", {"exclusion_id": "x", "effect": "perhaps"})])
    with pytest.raises(RuntimeError, match="effect"):
        seeds.seed(intake)


def test_every_programme_and_path_has_its_steps_and_requires_none_it_does_not_place() -> None:
    rows = [row for _, row in seeds.paths()]
    assert len({row["path_id"] for row in rows}) == len(rows)
    assert all(set(row["required"]) <= set(row["stages"]) and row["basis"] for row in rows)
    ordinary = {(row["programme"], row["path"]) for row in rows if row["programme"]}
    assert ordinary == {(programme, path) for programme in PROGRAMMES for path in ("standard", "delegated")}
    assert {row["path"] for row in rows if row["programme"] is None} == {"commitment", "emergency", None}
    assert next(row for row in rows if row["path"] == "emergency")["required"] == []
