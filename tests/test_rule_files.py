"""Every rule file: its SQL stays in the plain subset, its plan is indexed, its touches are complete, its lock is right."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import psycopg
import pytest
import sqlglot

from monitors.catalogue import load
from monitors.rule import Rule, parse_rule
from sql.connect import connect
from workers.asking import select_of
from workers.ballast import fill
from workers.embedded.postgres import PostgresServer
from workers.rule_plan import database_faults
from workers.rule_text import text_faults
from workers.rules_cli import locked

_NAME = "aidwatch_rule_files"


@pytest.fixture(scope="module")
def conn(pg_server: PostgresServer, _template: str) -> Iterator[psycopg.Connection]:
    """A database with rows in every table, so that plans tell something."""
    with pg_server.connect() as admin:
        admin.execute(f"create database {_NAME} template {_template} owner aidwatch_owner strategy file_copy")
        with connect(pg_server.url(_NAME, "aidwatch_owner"), name="ballast") as owner:
            fill(owner)
        with connect(pg_server.url(_NAME, "aidwatch_worker"), name="rules") as connection:
            yield connection
        admin.execute(f"drop database {_NAME} with (force)")


@pytest.mark.parametrize("rule", load().rules, ids=lambda rule: rule.file)
def test_the_text_of_a_rule_can_be_trusted(rule: Rule) -> None:
    assert text_faults(rule) == []


@pytest.mark.parametrize("rule", load().rules, ids=lambda rule: rule.file)
def test_the_database_agrees(conn: psycopg.Connection, rule: Rule) -> None:
    assert database_faults(conn, rule) == []


@pytest.fixture(scope="module")
def duck(conn: psycopg.Connection) -> duckdb.DuckDBPyConnection:
    """The facts, empty, in DuckDB: where the same rules run over exported copies."""
    made = duckdb.connect()
    made.execute("create schema facts")
    query = """
        select table_name, string_agg(format('"%s" %s', column_name, case data_type
            when 'ARRAY' then 'varchar[]' when 'jsonb' then 'json' else data_type end), ', ' order by ordinal_position)
        from information_schema.columns where table_schema = 'facts' group by 1"""
    for name, columns in conn.execute(query):
        made.execute(f"create table facts.{name} ({columns})")
    return made


@pytest.mark.parametrize("rule", load().rules, ids=lambda rule: rule.file)
def test_duckdb_understands_a_rule(duck: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    assert duck.execute(sqlglot.transpile(select_of(rule, {}), read="postgres", write="duckdb")[0]).fetchall() == []


def test_the_lock_holds_every_rule_as_it_is() -> None:
    assert locked(load(), write=False) == []


def test_one_rule_carries_exactly_the_limits_it_has_titles_for() -> None:
    rule = load().by_code("T04")[0]
    assert all(f"'{code}'" in rule.sql for code in rule.codes)
    assert rule.sql.count("'T") == len(rule.codes) + 5  # T09 and T23 once more, T21 three times


# ── each check can fail ────────────────────────────────────────────────────────────────────────────────────────────
_HEADER = """/*---
code     = "P02"
version  = 1
title    = { zh = "某事", en = "Something" }
basis    = ["某办法 第1条"]
subject  = "application"
to       = "U"
params   = { limit = 3 }
why      = { zh = "因", en = "because" }
remedy   = { zh = "办", en = "do it" }
blind_to = { zh = "无", en = "nothing" }
says     = { zh = "{decided_at}", en = "{decided_at}" }
clears   = { zh = "办", en = "do it" }
[override_by]
region = "a.region_code"
[touches]
application = "application_id"
stage = "application_id"
---*/
"""
_SQL = """select a.application_id as subject_key, s.at as red_at, s.at as decided_at
from facts.application a join facts.stage s on s.application_id = a.application_id where s.lon > :limit"""


def made(change: tuple[str, str]) -> Rule:
    text = _HEADER + _SQL
    assert change[0] in text
    return parse_rule(text.replace(*change), "procedure/confirmed_without_publicity.sql")


def test_the_rule_that_is_spoilt_below_is_sound(conn: psycopg.Connection) -> None:
    assert text_faults(made(("", ""))) + database_faults(conn, made(("", ""))) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("s.lon > :limit", "s.lon > :limits"), ":limits has no default"),
        (("s.lon > :limit", "true"), "the parameter limit is not used"),
        (("[override_by]\nregion = \"a.region_code\"\n", ""), "override_by names no region"),
        (("params   =", "everywhere = \"so\"\nparams   ="), "that a place can set"),
        (("s.lon > :limit", "s.lon > :limit and s.reason is null"), "s.reason is null: empty or unknown"),
        (("s.lon > :limit", "s.lon > :limit limit 5"), "uses limit"),
        (("s.at as red_at", "now() as red_at"), "a clock"),
        (("facts.stage s", "store.stage s"), "only facts may be read"),
        (("where", "cross join lateral (select 1) l where"), "a lateral join"),
        (("select a.", "with w as (select 1 as x) select (select w.x from w) + (select w.x from w) as y, a."), "twice"),
        (("s.lon > :limit", "s.lon > :limit and ("), "other SQL dialects"),
        (('zh = "{decided_at}"', 'zh = "{paid_fen} 元"'), "gives a unit to an amount"),
    ],
)
def test_the_text_check_sees(change: tuple[str, str], fault: str) -> None:
    assert fault in "\n".join(text_faults(made(change)))


def test_a_partial_index_read_from_end_to_end_is_no_answer_about_one_subject(conn: psycopg.Connection) -> None:
    """What E2 of T25 once was: the subject is only known after all findings that hold were looked at."""
    header = _HEADER.replace('subject  = "application"', 'subject  = "finding"').replace("{decided_at}", "{n}").replace("params   = { limit = 3 }", "")
    header = header[: header.index("[override_by]")] + '[touches]\ncorrection = "finding_id"\n---*/\n'
    select = ("select first_id as subject_key, at as red_at, n from (select first_value(c.finding_id) over one as first_id, c.raised_at as at, "
              "count(*) over one as n from facts.correction c where c.present window one as (partition by c.subject_key)) f")  # fmt: skip
    rule = parse_rule(header + select, "procedure/confirmed_without_publicity.sql")
    assert "reads all of correction" in "\n".join(database_faults(conn, rule))


def test_empty_and_unknown_may_be_told_apart() -> None:
    change = ("s.lon > :limit", "s.lon > :limit and s.reason is null and s.reason_known and s.result is not null")
    assert text_faults(made(change)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('stage = "application_id"\n', ""), "touches says nothing of stage"),
        (('stage = "application_id"', 'stage = "person_id"'), "asks for person_id, which marks do not carry"),
        (('stage = "application_id"', 'step = "application_id"'), "there is no such entity"),
        (('stage = "application_id"', 'stage = "select s.application_id from facts.stage s where s.reason = any(:stage_id)"'),
         "touches.stage reads all of stage"),
        (("{decided_at}", "{decided}"), "speaks of {decided}"),
        (("s.at as red_at", "s.lon as red_at"), "red_at is not a timestamptz"),
        (("s.at as red_at,", ""), "returns none of notice_at"),
        (("a.application_id as subject_key", "a.application_id as subject"), "returns no column subject_key"),
        (("s.at as decided_at", "s.at as decided_at, '2026-10' as period"), "does not say by_month"),
        (("a.region_code", "b.region_code"), "with local parameters"),
        (("s.at as decided_at", "s.at as decided_at, s.nothing"), "the database refuses it"),
        (("s.application_id = a.application_id", "upper(s.application_id) = a.application_id"), "it reads all of stage"),
    ],
)  # fmt: skip
def test_the_database_check_sees(conn: psycopg.Connection, change: tuple[str, str], fault: str) -> None:
    assert fault in "\n".join(database_faults(conn, made(change)))
