"""The forecast on the product's own records: limits by the rule, chances by history, and never a finding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from sql import clock
from sql.connect import connect
from tests.conftest import Database
from tests.engine.events import event
from workers import forecasts
from workers.intake import Intake
from workers.keys import Keys

KEYS = Keys(b"h" * 32, b"v" * 32)
NOW = datetime(2026, 9, 9, 1, 0, tzinfo=UTC)  # a Wednesday, 9:00 in Shanghai


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with connect(database.url("worker"), name="test") as connection:
        clock.move(connection, NOW)
        yield connection


def case(name: str, begun: date, *steps: tuple[str, int], **more: Any) -> list[bytes]:
    """An application with steps so many days after its beginning."""
    told = [event("application", application_id=name, at=f"{begun}T09:00:00+08:00", submitted_at=f"{begun}T09:00:00+08:00",
                  **{"programme": "tekun", "path": "standard", "unit_code": "U1", "region_code": "371402001000"} | more)]  # fmt: skip
    for code, days in steps:
        envelope = json.loads(event("stage", stage_id=f"{name}-{code}", application_id=name, stage_code=code, at="2026-09-09T08:00:00+08:00"))
        envelope["data"]["at"] = f"{begun + timedelta(days=days)}T10:00:00+08:00"
        told.append(json.dumps(envelope).encode())
    return told


def history(slow: int, quick: int) -> list[bytes]:
    """Cases of spring: the quick give their opinion on the 5th day, the slow visit then and give it on the 40th (limit: 15 working days)."""
    told = []
    for n in range(slow + quick):
        late = n < slow
        told += case(f"H{n}", date(2026, 3, 2) + timedelta(days=7 * (n % 9)), ("ACCEPT", 0), *([("VISIT", 2)] if late else []), ("OPINION", 40 if late else 5))
    return told


def made(conn: psycopg.Connection[Any], *told: bytes) -> dict[str, dict[str, Any]]:
    Intake(conn, KEYS, "test").take([*told])
    forecasts.make(conn)
    rows = conn.cursor(row_factory=dict_row).execute("select * from watch.forecast order by application_id").fetchall()
    return {row["application_id"]: row for row in rows if row["rule"] == "T07"}


def test_a_running_clock_is_told_what_became_of_those_like_it(conn: psycopg.Connection[Any]) -> None:
    told = made(conn, *history(30, 60), *case("A", date(2026, 9, 8), ("ACCEPT", 0)), *case("B", date(2026, 9, 1), ("ACCEPT", 0), ("VISIT", 3)),
                *case("C", date(2026, 9, 1), ("ACCEPT", 0), ("OPINION", 3)))  # fmt: skip
    assert set(told) == {"A", "B"}, "the clock of C has ended"
    assert told["A"]["yellow_share"] == pytest.approx(31 / 92), "30 of 90, B that waits after its visit, C that is done"
    assert (told["A"]["cause"], told["A"]["cause_share"], told["A"]["cases"]) == ("VISIT", 1.0, 92)
    assert told["B"]["yellow_share"] == 1.0, "everybody who waited after the visit was late"
    assert (told["B"]["state"], told["B"]["cause"]) == ("VISIT", "VISIT")
    assert told["A"]["days_left"] == 15


def test_it_raises_no_finding_and_marks_nobody(conn: psycopg.Connection[Any]) -> None:
    Intake(conn, KEYS, "test").take([*history(30, 60), *case("A", date(2026, 9, 8), ("ACCEPT", 0))])
    before = conn.execute("select count(*) from ledger.mark").fetchone()
    assert forecasts.make(conn) == 1
    assert conn.execute("select count(*) from watch.finding").fetchone() == (0,)
    assert conn.execute("select count(*) from ledger.mark").fetchone() == before


def test_where_there_is_no_history_nothing_is_told(conn: psycopg.Connection[Any]) -> None:
    assert made(conn, *history(5, 5), *case("A", date(2026, 9, 8), ("ACCEPT", 0))) == {}


def test_what_comes_after_now_is_not_known(conn: psycopg.Connection[Any]) -> None:
    """The same question asked earlier gets the answer of then, although later records are there."""
    told = [*history(30, 60), *case("A", date(2026, 5, 11), ("ACCEPT", 0))]
    clock.move(conn, datetime(2026, 5, 12, 1, tzinfo=UTC))
    then = made(conn, *told)["A"]
    assert conn.execute("delete from store.stage where at > '2026-05-12 01:00+00'").rowcount > 10
    assert made(conn)["A"] == then


def test_once_a_day_is_enough_and_mondays_are_kept_to_be_compared(conn: psycopg.Connection[Any]) -> None:
    told = [*history(30, 60), *case("A", date(2026, 9, 4), ("ACCEPT", 0))]
    for day in (7, 8, 9):
        clock.move(conn, datetime(2026, 9, day, 1, tzinfo=UTC))
        made(conn, *told)
        assert forecasts.make(conn, again=False) == 0
    assert [str(row[0]) for row in conn.execute("select made_on from watch.forecast where rule = 'T07' order by 1")] == ["2026-09-07", "2026-09-09"]


def test_forecasts_whose_limit_has_passed_are_compared_with_what_came(conn: psycopg.Connection[Any], database: Database) -> None:
    clock.move(conn, datetime(2026, 9, 7, 1, tzinfo=UTC))
    made(conn, *history(30, 60), *(one for n in range(20) for one in case(f"A{n}", date(2026, 9, 4), ("ACCEPT", 0))))
    with database.engine("owner").begin() as owner:
        owner.exec_driver_sql(
            "insert into watch.finding(finding_id, rule, rule_version, subject_kind, subject_key, ladder_card, yellow_at, present, evidence, opened_at, first_seen_at, last_seen_at) "
            "select application_id, rule, 1, 'application', application_id, 'yellow', yellow_at, true, '{}', now(), now(), now() from watch.forecast where application_id < 'A14'")  # fmt: skip
        (late,) = owner.exec_driver_sql("select count(*) from watch.finding").one()
    clock.move(conn, datetime(2026, 10, 30, 1, tzinfo=UTC))
    forecasts.make(conn)
    checked: dict[str, Any] = (conn.execute("select told from watch.counted where name = 'forecast'").fetchone() or ({},))[0]
    (told,) = conn.execute("select distinct yellow_share from watch.forecast where made_on = '2026-09-07'").fetchone() or (0,)
    assert checked["came_due"] == 20
    assert checked["calibration_error"] == pytest.approx(abs(late / 20 - told), abs=1e-9)
    assert sum(n * came for n, _, came in checked["groups"]) == pytest.approx(late)
