"""The calendar: published years, a new year loaded from its notice, local days; due dates and findings move with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from monitors.catalogue import load
from sql import clock
from sql.connect import connect
from tests.conftest import Database
from tests.workers.sending import raw
from workers import cli
from workers.calendar_cli import CalendarFileError, read
from workers.embedded.postgres import PostgresServer
from workers.evaluator import Evaluator
from workers.intake import Intake
from workers.keys import ensure
from workers.seeds import seed


@pytest.fixture
def conn(database: Database, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with connect(database.url("worker"), name="test") as one:
        yield one


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert cli.main(["calendar", *words, "--format", "json"]) in (0, 1)
    return json.loads(capsys.readouterr().out)


def test_a_published_year_has_its_worked_weekends_and_days_off(conn: psycopg.Connection, capsys: pytest.CaptureFixture[str]) -> None:
    year = told(capsys, "show", "2026")
    assert set(year) == {"year", "working_days", "off", "worked", "provisional"}
    assert {"2026-02-14", "2026-10-10"} <= set(year["worked"])
    assert {"2026-10-01", "2026-10-07"} <= set(year["off"])
    assert not year["provisional"]
    assert year["working_days"] == 261 - len(year["off"]) + len(year["worked"]), "261 days of plain weeks in 2026"
    assert told(capsys, "show", "2027")["provisional"]
    assert told(capsys, "show", "2090")["working_days"] is None


def test_a_year_can_be_shown_before_there_is_a_deployment(
    pg_server: PostgresServer, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (environ | {"AIDWATCH_WORKER_DATABASE_URL": pg_server.url("postgres", "aidwatch_worker")}).items():
        monkeypatch.setenv(name, value)
    year = told(capsys, "show", "2026")
    assert (year["working_days"], year["provisional"]) == (248, False)
    assert "2026-02-14" in year["worked"]


def test_a_new_year_is_loaded_once_published_and_due_dates_move(
    conn: psycopg.Connection, capsys: pytest.CaptureFixture[str], tmp_path: Path, database: Database, settings: Any
) -> None:
    file = tmp_path / "2027.toml"
    file.write_text('year = 2027\noff = ["2027-01-01/2027-01-05"]\nworked = ["2027-01-09"]\n')
    with connect(database.url("worker"), name="own") as own:
        evaluator = Evaluator(conn, Intake(own, ensure(settings), "own"), load())
        application: dict[str, Any] = {"application_id": "A1", "programme": "dibao", "path": "standard", "region_code": "371402000000"}
        Intake(own, ensure(settings), "test").take([
            raw(1, "application", **application),
            raw(2, "stage", stage_id="S1", application_id="A1", stage_code="ACCEPT", at="2026-11-24T09:00:00+08:00"),
        ])  # fmt: skip
        clock.move(conn, datetime.fromisoformat("2027-01-20T09:00:00+08:00"))
        while evaluator.step():
            pass
        before = due(conn)
        ((earliest, latest),) = ranges(conn)
        assert str(earliest) < before[:10] < str(latest)
        assert told(capsys, "load", str(file)) == {"days": 365}
        while evaluator.step():
            pass
        assert due(conn) > before, "three more days off, one worked Saturday"
        assert ranges(conn) == [(None, None)], "known now, to the end of the year before"
    assert not told(capsys, "show", "2027")["provisional"]


def ranges(conn: psycopg.Connection) -> list[tuple[str | None, str | None]]:
    query = "select evidence->>'limit_earliest_on', evidence->>'limit_latest_on' from watch.finding where rule = 'T04' and present"
    return conn.execute(query).fetchall()


def due(conn: psycopg.Connection) -> str:
    row = conn.execute("select yellow_at::text from watch.finding where rule = 'T04' and present").fetchone()
    assert row is not None
    return str(row[0])


def test_names_of_holidays_are_shown_and_loaded(conn: psycopg.Connection, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cli.main(["calendar", "show", "2026"])
    shown = capsys.readouterr().out
    assert "2026-10-01 国庆节" in shown
    assert "2026-10-10 国庆节" in shown, "worked for it"
    file = tmp_path / "2027.toml"
    file.write_text('year = 2027\noff = [{ days = "2027-02-05/2027-02-11", name = "春节" }, "2026-12-31"]\n')
    told(capsys, "load", str(file))
    rows = conn.execute("select day::text, name from facts.working_day where calendar = 'CN' and name is not null and day between '2026-12-01' and '2027-12-31'")
    assert [*rows] == [("2026-12-31", ""), *((f"2027-02-{n:02}", "春节") for n in range(5, 12))]


def test_a_region_has_the_calendar_of_what_lies_above_it_and_its_own_over_that(
    conn: psycopg.Connection, capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Any
) -> None:
    Intake(conn, ensure(settings), "test").take([
        raw(1, "region", region_code="371400000000", level="city"), raw(2, "region", region_code="371402000000", parent_code="371400000000"),
        raw(3, "region", region_code="371402001000", parent_code="371402000000"), raw(4, "region", region_code="371403000000", parent_code="371400000000"),
    ])  # fmt: skip
    file = tmp_path / "local.toml"
    file.write_text('off = [{ days = "2026-04-20", name = "市庆" }]\n')
    assert told(capsys, "load", str(file), "--calendar", "3714") == {"days": 1}
    file.write_text('off = ["2026-04-21"]\nworked = ["2026-10-01"]\n')
    assert told(capsys, "load", str(file), "--calendar", "371402") == {"days": 2}
    nation = told(capsys, "show", "2026")
    for region, off, worked in (("371403", {"2026-04-20"}, set()), ("371402001", {"2026-04-20", "2026-04-21"}, {"2026-10-01"}), ("11", set(), set())):
        year = told(capsys, "show", "2026", "--calendar", region)
        assert set(year["off"]) == {*nation["off"], *off} - worked, region
        assert year["working_days"] == nation["working_days"] - len(off) + len(worked)


def test_a_region_that_moves_under_another_takes_its_calendar(conn: psycopg.Connection, settings: Any) -> None:
    intake = Intake(conn, ensure(settings), "test")
    intake.take([raw(1, "region", region_code="371400000000"), raw(2, "region", region_code="371402000000"),
                 raw(3, "workday", day_id="371400000000/2026-04-20", calendar="371400000000", day="2026-04-20", working=False)])  # fmt: skip
    assert conn.execute("select region_code from facts.region_calendar").fetchall() == [("371400000000",)]
    intake.take([raw(4, "region", region_code="371402000000", parent_code="371400000000")])
    assert conn.execute("select calendar from facts.region_calendar where region_code = '371402000000'").fetchone() == ("371400000000",)


def test_local_days_change_nothing_else(conn: psycopg.Connection, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = told(capsys, "show", "2026")
    file = tmp_path / "local.toml"
    file.write_text('off = ["2026-04-20"]\n')
    assert told(capsys, "load", str(file)) == {"days": 1}
    after = told(capsys, "show", "2026")
    assert set(after["off"]) - set(before["off"]) == {"2026-04-20"}
    assert after["working_days"] == before["working_days"] - 1


@pytest.mark.parametrize(("text", "fault"), [
    ("off = 3", "is no day"), ('off = ["2027-13-01"]', "is no day"), ('off = ["2027-01-05/2027-01-01"]', "ends before"), ("year = 2027\nholidays = []", "unknown"),
    ('off = [{ day = "2027-01-01" }]', "write { days"), ('year = 2027\noff = ["2026-11-30"]', "or in the December before"),
    ('off = ["2027-01-01"]\nworked = ["2027-01-01"]', "both"), ('year = 2027\noff = ["2028-01-01"]', "does not lie"), ("year = 27", "give a year"), ("x", "TOML"),
])  # fmt: skip
def test_a_wrong_file_says_what_to_write_instead(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    with pytest.raises(CalendarFileError, match=fault):
        list(read(file))


def test_the_seeds_are_the_calendar_of_a_new_deployment(conn: psycopg.Connection, settings: Any) -> None:
    seed(Intake(conn, ensure(settings), "test"))
    row = conn.execute("select count(*) from facts.working_day where calendar = 'CN' and day = '2026-02-14' and working").fetchone()
    assert row == (1,)
