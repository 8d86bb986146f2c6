"""200 due dates with their working (tests/data/due_dates.csv): the rule, asked of the real database, has every one of them.

The file shows its working. ``counted``: the days that count, in runs ("2026-10-08/10-10=3"), which add up to ``days_counted``;
``days_off`` and ``days_worked``: what the State Council's notices of 2023 to 2026 (and ``local_days.csv``, days a region takes off
besides) put between start and due day; ``days_paused``: working days on which the clock stood. The dates are a naive count, day after day,
over arrangements written down one by one, neither this project's SQL nor the package its calendar comes from; some of them were
counted again on paper. Local limits are examples, and the days the region takes off are assumed.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import psycopg
import pytest

from monitors import explain
from monitors.catalogue import load
from monitors.reconcile import Answer
from sql.connect import connect
from sql.fold import Known, write_facts
from tests.conftest import Database
from workers import cases
from workers.asking import ask
from workers.intake import Intake
from workers.keys import Keys
from workers.tables import TABLES

DATA = Path(__file__).parent / "data"
SHANGHAI = timezone(timedelta(hours=8))
Row = dict[str, str]


def rows(file: str) -> list[Row]:
    with (DATA / file).open(encoding="utf-8", newline="") as text:
        return [*csv.DictReader(text)]


CASES = rows("due_dates.csv")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def events() -> Iterator[dict[str, Any]]:
    yield {"region": {"region_code": "450000000000", "level": "province"}}
    for row in rows("local_days.csv"):
        day = {"day_id": f"{row['calendar']}/{row['day']}", "calendar": row["calendar"], "day": row["day"], "working": False, "name": row["name"]}
        yield {"workday": day}
    for row in {row["region_code"]: row for row in CASES}.values():
        yield {"region": {"region_code": row["region_code"], "parent_code": "450000000000" if row["region_code"].startswith("45") else None}}
        if not row["basis"].startswith("民发"):
            yield {"deadline": limit(row)}
    for row in CASES:
        yield {"application": {"application_id": row["case"], **{name: row[name] for name in ("programme", "path", "region_code")}}}
        yield from steps(row)


def limit(row: Row) -> dict[str, Any]:
    """A local limit; the national ones are those every deployment starts with."""
    return {
        "deadline_id": f"local/{row['region_code']}", **{name: row[name] for name in ("rule", "programme", "path", "region_code", "from_stage", "to_stage", "basis")},
        "days": int(row["limit_days"]), "extended_days": int(row["extended_days"] or 0), "unit": "working_day",
        "pauses": row["pauses_allowed"].split("; ") if row["pauses_allowed"] else [],
    }  # fmt: skip


def steps(row: Row) -> Iterator[dict[str, Any]]:
    yield step(row, row["from_stage"], row["started_at"])
    for pause in filter(None, row["pauses"].split(" ; ")):
        span, reason = pause.split(" ")
        yield from (step(row, code, when, reason) for code, when in zip(("PAUSE", "RESUME"), span.split("/"), strict=True))
    if row["extended_at"]:
        yield step(row, "EXTEND", row["extended_at"], row["extend_reason"])


def step(row: Row, code: str, when: str, reason: str | None = None) -> dict[str, Any]:
    return {"stage": {"stage_id": f"{row['case']}/{code}/{when}", "application_id": row["case"], "stage_code": code, "at": at(when), "reason": reason}}


@pytest.fixture(scope="module")
def answers(pg_server: Any, _template: str) -> Iterator[dict[tuple[str, str], Answer]]:
    """What the rule says of all cases, by rule code and case."""
    made = Database(pg_server, "aidwatch_due_dates")
    with pg_server.connect() as admin:
        admin.execute(f"create database {made.name} template {_template} owner aidwatch_owner strategy file_copy")
    with connect(made.url("worker"), name="due") as conn:
        yield asked(conn)
    made.drop()


def asked(conn: psycopg.Connection) -> dict[tuple[str, str], Answer]:
    with conn.transaction():
        write_facts(conn, TABLES, cases._prepared(Intake(conn, Keys(bytes(32), bytes(32)), "due"), events()), Known())
        found = ask(conn, load().by_code("T04")[0], {}, {})
    return {(one.identity.rule, one.identity.subject_key): one for one in found}


def test_the_file_is_what_it_is_to_be() -> None:
    assert len(CASES) == 200
    assert len({row["region_code"] for row in CASES}) >= 6
    worked = {day for row in CASES for day in row["days_worked"].split("; ")}
    assert {"2026-02-14", "2026-10-10"} <= worked
    assert Counter(bool(row["pauses"]) for row in CASES)[True] >= 40
    assert sum(row["days_counted"] == row["extended_days"] for row in CASES) >= 6, "extensions that hold"
    assert sum(row["started_at"][:4] != row["due_on"][:4] for row in CASES) >= 20, "year ends"


def counted(row: Row) -> Iterator[date]:
    """The days of the runs, each as long as the file says."""
    for run in row["counted"].split(" + "):
        span, n = run.split("=")
        first, _, last = span.partition("/")
        begin, end = date.fromisoformat(first), date.fromisoformat(f"{first[:4]}-{last}" if last else first)
        assert (end - begin).days + 1 == int(n), (row["case"], run)
        yield from (begin + timedelta(k) for k in range(int(n)))


def test_the_working_adds_up() -> None:
    """Days one after the other, none before the start, as many as the limit has, the last of them the due day."""
    for row in CASES:
        days = [*counted(row)]
        assert days == sorted(set(days)), row["case"]
        assert days[0] > at(row["started_at"]).date(), row["case"]
        assert (len(days), days[-1].isoformat()) == (int(row["days_counted"]), row["due_on"]), row["case"]


def worked_out(row: Row) -> tuple[Any, ...]:
    names = ("due_on", "days_counted", "days_paused", "late_from", "days_off", "days_worked", "basis")
    return (row["case"], *(row[name] for name in names))


def said(row: Row, told: Answer) -> tuple[Any, ...]:
    """The same of the rule's answer, as the file writes it."""
    evidence = told.evidence
    assert told.ladder.yellow_at is not None
    late = told.ladder.yellow_at.astimezone(SHANGHAI)
    assert (late.hour, late.minute, late.second) == (0, 0, 0)
    off = Counter(day[11:] for day in evidence["days_off"] or ())
    return (row["case"], evidence["limit_on"], str(evidence["limit_days"]), str(evidence["days_paused"]), late.date().isoformat(),
            "; ".join(f"{name} {n}" for name, n in off.items()), "; ".join(day[:10] for day in evidence["days_worked"] or ()),
            evidence["deadline_basis"])  # fmt: skip


def test_the_rule_has_every_day_the_file_works_out(answers: dict[tuple[str, str], Answer]) -> None:
    wrong = [(worked_out(row), found) for row in CASES if (found := said(row, answers[row["rule"], row["case"]])) != worked_out(row)]
    assert wrong == []


def test_a_card_prints_what_was_worked_out(answers: dict[tuple[str, str], Answer]) -> None:
    told = {"rule": "T04", "evidence": answers["T04", "15"].evidence}
    rule = load().by_code("T04")[0]
    assert explain.sentence(rule, told, "zh") == (
        "应完成审核确认：受理 2026-09-28，加 30 个工作日（国庆放假 7 天，10-10 上班），中止计时 5 天，最迟 2026-11-20，民发〔2021〕57号 第22条。实际完成：—。"
    )
    assert explain.sentence(rule, told, "en") == (
        "The decision was due: acceptance 2026-09-28, +30 working days (National Day 7 days off, 10-10 worked), pause 5, due 2026-11-20, "
        "民发〔2021〕57号 第22条. Done: —."
    )
