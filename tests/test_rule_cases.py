"""The cases beside the rules: every rung, every exemption, each told as events and asked of a real database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from monitors.catalogue import load
from monitors.rule import Rule
from sql.connect import connect
from workers.cases import cases_of, run_case
from workers.embedded.postgres import PostgresServer

_NAME = "aidwatch_cases"


def _told() -> Iterator[tuple[Rule, list[dict[str, Any]], dict[str, Any]]]:
    for rule in load().rules:
        with suppress(FileNotFoundError):  # test_rule_files names a rule without cases
            given, cases = cases_of(rule)
            yield from ((rule, given, case) for case in cases)


_TOLD = list(_told())


@pytest.fixture(scope="module")
def conn(pg_server: PostgresServer, _template: str) -> Iterator[psycopg.Connection]:
    """One database for all cases: each is rolled back."""
    with pg_server.connect() as admin:
        admin.execute(f"create database {_NAME} template {_template} owner aidwatch_owner strategy file_copy")
        with connect(pg_server.url(_NAME, "aidwatch_worker"), name="cases") as connection:
            yield connection
        admin.execute(f"drop database {_NAME} with (force)")


@pytest.mark.parametrize(("rule", "given", "case"), _TOLD, ids=[f"{rule.file}: {case['name']}" for rule, _, case in _TOLD])
def test_case(conn: psycopg.Connection, rule: Rule, given: list[dict[str, Any]], case: dict[str, Any]) -> None:
    assert run_case(conn, rule, given, case) == []


def test_a_case_that_expects_the_wrong_thing_fails(conn: psycopg.Connection) -> None:
    rule = load().by_code("P02")[0]
    given, cases = cases_of(rule)
    fires = next(case for case in cases if case["expect"])
    assert "card of" in run_case(conn, rule, given, {**fires, "expect": [{**fires["expect"][0], "card": "notice"}]})[0]
    assert "fires unexpectedly" in run_case(conn, rule, given, {**fires, "expect": []})[0]
    assert "silent about" in run_case(conn, rule, given, {**fires, "events": []})[0]
