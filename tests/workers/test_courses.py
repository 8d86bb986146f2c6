"""Courses follow the records, whatever becomes of them, and cost intake nothing: they are made by the clock."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sql.connect import connect
from tests.conftest import Database
from tests.engine.events import event
from workers import courses
from workers.intake import Intake
from workers.keys import Keys

KEYS = Keys(b"h" * 32, b"v" * 32)
LAWFUL = ("APPLY", "ACCEPT", "VISIT", "OPINION", "PUBLICITY_START", "PUBLICITY_END", "DECIDE")


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with connect(database.url("worker"), name="test") as connection:
        yield connection


def take(conn: psycopg.Connection[Any], *told: bytes) -> None:
    assert not Intake(conn, KEYS, "test").take([*told]).rejected


def case(name: str, *codes: str, **more: Any) -> list[bytes]:
    """An application of 2026-06-01 with a step on each of the days after."""
    own = {"programme": "dibao", "path": "standard", "unit_code": "U1", "submitted_at": "2026-06-01T09:00:00+08:00", **more}
    return [event("application", application_id=name, **own),
            *(step(name, n, code, 2 + n) for n, code in enumerate(codes))]  # fmt: skip


def step(name: str, n: int, code: str, day: int, *, said_at: str = "2026-10-01T10:00:00+08:00", **more: Any) -> bytes:
    """Step ``n`` of a case, taken on a day of June and told at ``said_at``."""
    envelope = json.loads(event("stage", at=said_at, stage_id=f"{name}-{n}", application_id=name, stage_code=code, **more))
    envelope["data"]["at"] = f"2026-06-{day:02}T10:00:00+08:00"
    return json.dumps(envelope).encode()


def told(conn: psycopg.Connection[Any], name: str) -> tuple[Any, ...]:
    query = "select fits, skipped, reversed, repeated from watch.course join watch.variant using (variant_id) where application_id = %s"
    return conn.execute(query, [name]).fetchone() or ()


def test_each_case_is_judged_by_its_own_path(conn: psycopg.Connection[Any]) -> None:
    take(conn, *case("A", *LAWFUL), *case("B", "ACCEPT", "OPINION", "DECIDE"), *case("C", "ACCEPT", "DECIDE", path="commitment"),
         *case("D", "ACCEPT", "OPINION", "VISIT", "PUBLICITY_START", "DECIDE"), *case("E"), *case("F", "FIRST_PAYMENT", "ACCEPT", "DECIDE", path="emergency"))  # fmt: skip
    assert courses.refresh(conn) == 6
    assert told(conn, "A") == (True, [], [], [])
    assert told(conn, "B") == (False, ["VISIT", "PUBLICITY_START"], [], [])
    assert told(conn, "C") == (True, [], [], []), "a commitment needs no visit"
    assert told(conn, "D") == (False, [], ["OPINION"], [])
    assert told(conn, "E") == (None, [], [], []), "no step on record: unknown, not lawful"
    assert told(conn, "F") == (True, [], [], []), "aid first, papers later"


def test_a_refusal_needs_no_publicity(conn: psycopg.Connection[Any]) -> None:
    refused = step("A", 9, "DECIDE", 20, result="refuse")
    take(conn, *case("A", "ACCEPT", "VISIT", "OPINION"), refused, *case("B", "ACCEPT", "VISIT", "OPINION"), step("B", 9, "DECIDE", 20, result="agree"))
    courses.refresh(conn)
    assert told(conn, "A")[0] is True
    assert told(conn, "B")[1] == ["PUBLICITY_START"]


def test_late_moved_and_deleted_records_are_seen_and_nothing_else_is_made_again(conn: psycopg.Connection[Any]) -> None:
    take(conn, *case("A", "ACCEPT", "OPINION", "DECIDE"), *case("B", *LAWFUL))
    assert (courses.refresh(conn), courses.refresh(conn)) == (2, 0)
    take(conn, step("A", 8, "VISIT", 3))
    assert courses.refresh(conn) == 1
    assert told(conn, "A")[1] == ["PUBLICITY_START"]
    take(conn, step("A", 8, "WITHDRAW", 20, said_at="2026-09-30T10:00:00+08:00"))
    assert courses.refresh(conn) == 0, "an older version changes nothing"
    take(conn, step("B", 8, "VISIT", 3, said_at="2026-10-02T10:00:00+08:00").replace(b"B-8", b"A-8"))
    assert courses.refresh(conn) == 2, "a step that moves changes both cases"
    assert told(conn, "A")[1] == ["VISIT", "PUBLICITY_START"]
    take(conn, event("application", at="2026-11-07T10:00:00+08:00", deleted="B"))
    courses.refresh(conn)
    assert told(conn, "B") == ()


def test_a_new_path_is_measured_at_once_for_everybody_it_holds_for(conn: psycopg.Connection[Any]) -> None:
    take(conn, *case("A", "ACCEPT", "DECIDE"), *case("B", "ACCEPT", "DECIDE", programme="tekun"))
    courses.refresh(conn)
    take(conn, event("prescribed_path", at="2026-01-01T10:00:00+08:00", path_id="own", programme="dibao", path="standard", region_code=None,
                     stages=["ACCEPT", "DECIDE"], required=["ACCEPT"], basis="local", verified=True, valid_from="2026-01-01", valid_to=None))  # fmt: skip
    assert courses.refresh(conn) == 2
    assert (told(conn, "A")[0], told(conn, "B")[0]) == (True, False)


def test_lateness_and_back_dating_are_what_the_rules_found(conn: psycopg.Connection[Any], database: Database) -> None:
    take(conn, *case("A", *LAWFUL), *case("B", *LAWFUL), *case("C", *LAWFUL))
    with database.engine("owner").begin() as owner:
        for n, (subject, rule, what, present) in enumerate([("A", "T04", "", True), ("B", "P21", "LATE_ENTRY", True), ("C", "T04", "", False),
                                                            ("C", "P21", "EDIT_AFTER_DECISION", True)]):  # fmt: skip
            owner.exec_driver_sql(
                "insert into watch.finding(finding_id, rule, rule_version, subject_kind, subject_key, ladder_card, present, evidence, opened_at, first_seen_at, last_seen_at) "
                "values (%s, %s, 1, 'application', %s, 'yellow', %s, jsonb_build_object('what', %s::text), now(), now(), now())", (f"f{n}", rule, subject, present, what))  # fmt: skip
    courses.refresh(conn)
    flags = {name: (late, back) for name, late, back in conn.execute("select application_id, late, backdated from watch.course")}
    assert flags == {"A": (True, False), "B": (False, True), "C": (False, False)}
    conn.execute("update watch.finding set present = false")
    courses.refresh(conn)
    assert conn.execute("select count(*) from watch.course where late or backdated").fetchone() == (0,)


@settings(max_examples=200 if os.environ.get("AIDWATCH_PROVE") == "1" else 8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("XYZ"), st.integers(0, 5), st.sampled_from(LAWFUL), st.integers(1, 28), st.booleans()), max_size=12))
def test_step_by_step_is_the_same_as_all_at_once(conn: psycopg.Connection[Any], changes: list[tuple[str, int, str, int, bool]]) -> None:
    """Whatever comes in whatever order, courses kept up to date are those made from nothing."""
    query = "select application_id, trace, fits from watch.course join watch.variant using (variant_id) order by 1"
    with conn.transaction(force_rollback=True):
        take(conn, *case("X"), *case("Y"), *case("Z", path=None))
        courses.refresh(conn)
        for n, (name, which, code, day, deleted) in enumerate(changes):
            at = f"2026-10-01T10:{n:02}:00+08:00"
            take(conn, event("stage", at=at, deleted=f"{name}-{which}") if deleted else step(name, which, code, day, said_at=at))
            courses.refresh(conn)
        kept = conn.execute(query).fetchall()
        conn.execute("delete from watch.course; delete from watch.variant")
        courses.refresh(conn)
        assert kept == conn.execute(query).fetchall()
