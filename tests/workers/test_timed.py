"""Rules that compare many cases are asked by the clock: not for each event, and by nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from monitors.catalogue import load
from monitors.rule import Rule
from sql.connect import connect
from tests.conftest import Database
from tests.engine.events import event
from workers import rulebook, timed
from workers.evaluator import Evaluator, sweep_piece
from workers.intake import Intake
from workers.keys import Keys

KEYS = Keys(b"h" * 32, b"v" * 32)


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("worker"), name="test") as connection:
        yield connection


def _bursts(conn: psycopg.Connection) -> list[tuple[str, str]]:
    return conn.execute("select subject_kind, subject_key from watch.finding where rule = 'P11' and present and subject_kind = 'staff'").fetchall()


def _decision(minute: int) -> bytes:
    told = json.loads(event("stage", stage_id=f"S{minute}", application_id=f"A{minute}", stage_code="DECIDE", staff_ids=["F1"]))
    told["data"]["at"] = f"2026-11-02T10:{minute:02}:30+08:00"
    return json.dumps(told).encode()


def test_a_burst_of_decisions_is_found_by_the_clock_and_not_before(conn: psycopg.Connection, database: Database) -> None:
    told = [event("application", application_id=f"A{n}", programme="dibao", path="standard", unit_code="U1") for n in range(31)]
    told += [_decision(n) for n in range(31)]
    with connect(database.url("worker"), name="evaluator") as judge, connect(database.url("worker"), name="own") as own:
        evaluator = Evaluator(judge, Intake(own, KEYS, "own"), load())
        while evaluator.step():
            pass
        Intake(conn, KEYS, "test").take(told)
        while evaluator.step():
            pass
        assert _bursts(conn) == []
        assert timed.run_once(conn) == len([rule for rule in load().rules if rule.scope == "all"]) > 0
        while evaluator.step():
            pass
        assert _bursts(conn) == [("staff", "F1")]


@pytest.mark.parametrize(("failures", "is_unknown"), [(2, False), (3, True)])
def test_a_rule_is_unknown_only_when_it_failed_each_time(
    conn: psycopg.Connection, database: Database, monkeypatch: pytest.MonkeyPatch, failures: int, is_unknown: bool
) -> None:
    rulebook.sync(conn, load())
    left = [failures]

    def fails(conn: psycopg.Connection, rule: Rule, *rest: Any) -> Any:
        if rule.code == "P11" and left[0]:
            left[0] -= 1
            conn.execute("select 1 / 0")
        return sweep_piece(conn, rule, *rest)

    monkeypatch.setattr(timed, "sweep_piece", fails)
    timed.run_once(conn)
    unknown = {code for (code,) in conn.execute("select code from watch.rule_state where unknown_since is not null")}
    assert unknown == ({"P11"} if is_unknown else set())
