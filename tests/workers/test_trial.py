"""What a changed rule would do, before it is live: exactly these findings are lost and gained, and nothing is written."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from monitors.catalogue import FOLDER, load
from monitors.errors import RuleFileError, SupervisionError
from sql.settings import Settings
from tests.conftest import Database
from tests.engine.events import event
from tests.workers.town import COUNTY, OTHER, Town, publicised
from workers import cli, evaluator, trial
from workers.embedded.postgres import PostgresServer
from workers.trial import Candidate, TooSlowError, of_code, of_file, try_out

FILE = FOLDER / "procedure" / "publicity_too_short.sql"


@pytest.fixture(scope="module")
def town(pg_server: PostgresServer, _template: str) -> Iterator[Town]:
    """One town for all who only ask."""
    name = f"trial_{os.getpid()}"
    with pg_server.connect() as conn:
        conn.execute(f"create database {name} template {_template} owner aidwatch_owner strategy file_copy")
    database = Database(pg_server, name)
    made = Town(database.url("worker"))
    yield made
    made.close()
    database.drop()


@pytest.fixture
def own(database: Database) -> Iterator[Town]:
    """A town of its own, for who changes it."""
    made = Town(database.url("worker"))
    yield made
    made.close()


def tried(town: Town, region: str | None = None, **values: str) -> dict[str, Any]:
    return try_out(town.conn, of_code("P01", values)[0], region).told()


def keys(told: dict[str, Any], kind: str) -> list[tuple[str, str | None, str | None]]:
    return sorted((one["subject_key"], one["was"], one["card"]) for one in told["examples"][kind])


def test_the_rule_as_it_is_changes_nothing(town: Town) -> None:
    told = tried(town)
    assert told["total"] == {"gained": 0, "lost": 0, "changed": 0, "same": 5, "gained_fen": 0, "lost_fen": 0}
    assert (told["waiting"], told["months"]) == (0, [["2026-03", 5, 5]])


def test_a_looser_limit_loses_exactly_what_lies_between(town: Town) -> None:
    told = tried(town, limit="120")
    assert keys(told, "lost") == [("A150", "yellow", None)]
    assert (told["total"]["lost"], told["total"]["gained"], told["total"]["changed"], told["total"]["same"]) == (1, 0, 0, 4)


def test_a_tighter_limit_gains_exactly_what_lies_between(town: Town) -> None:
    told = tried(town, limit="240")
    assert keys(told, "gained") == [("A200", None, "yellow")]
    assert (told["total"]["lost"], told["total"]["gained"], told["total"]["changed"], told["total"]["same"]) == (0, 1, 0, 5)


def test_another_rung_changes_exactly_the_cards_between(town: Town) -> None:
    told = tried(town, red_hours="48")
    assert keys(told, "changed") == [("A60", "red", "yellow"), ("B60", "red", "yellow")]
    assert [(place["county"], place["changed"], place["same"]) for place in told["places"]] == [(COUNTY, 1, 3), (OTHER, 1, 0)]
    assert [place["changed"] for place in tried(town, region=OTHER, red_hours="48")["places"]] == [1]
    with pytest.raises(SupervisionError, match="no such region"):
        tried(town, region="990000000000")


def test_in_pieces_it_comes_to_the_same(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tried(town, limit="240", red_hours="48")
    monkeypatch.setattr(evaluator, "PIECE", 2)
    parts = tried(town, limit="240", red_hours="48")
    assert [parts[part] for part in ("total", "places", "months")] == [whole[part] for part in ("total", "places", "months")]


def test_a_tried_value_holds_everywhere_also_where_a_place_has_set_its_own(own: Town) -> None:
    own.take([event("parameter", parameter_id="p", rule="P01", name="limit", region_code=COUNTY, value=120, valid_from="2020-01-01")])
    own.evaluate()
    assert keys(tried(own), "lost") == [], "the county's own value stands"
    assert keys(tried(own, limit="168"), "gained") == [("A150", None, "yellow")]


def test_money_at_risk_is_counted_with_what_is_gained(own: Town) -> None:
    paid: dict[str, Any] = {"benefit_id": "B1", "programme": "dibao", "region_code": COUNTY, "period": "2026-08", "amount_fen": 60_000, "kind": "regular"}
    own.take([event("benefit", benefit_id="B1", programme="dibao", region_code=COUNTY, start_period="2026-01", end_period="2026-05",
                     gradual_exit_from="2026-06", at="2026-06-01T09:00:00+08:00"),
               event("payment", payment_id="Q1", status="paid", submitted_at="2026-08-05T09:00:00+08:00", paid_at="2026-08-06T09:00:00+08:00", **paid)])  # fmt: skip
    own.evaluate()
    shorter = try_out(own.conn, of_code("F02", {"gradual_exit_months": "0"})[0]).told()["total"]
    assert (shorter["gained"], shorter["gained_fen"]) == (1, 60_000)


def test_what_is_still_to_be_evaluated_is_left_out_and_counted(own: Town) -> None:
    own.take(publicised(90, key="A100"))
    told = tried(own, limit="72")
    assert (told["waiting"], told["total"]["lost"]) == (1, 1), "A100 is left out, A150 is lost"
    own.evaluate()
    assert (tried(own, limit="72")["waiting"], tried(own, limit="72")["total"]["lost"]) == (0, 2)
    own.conn.execute("insert into watch.resweep(file, reason) values ('procedure.publicity_too_short', 'test')")
    assert (tried(own)["waiting"], tried(own)["total"]["same"]) == (5, 0)


def test_verdicts_are_counted_before_and_after_with_an_interval(own: Town) -> None:
    for subject, outcome in (("A24", "true"), ("A60", "true"), ("A100", "exempt"), ("A150", "not_true")):
        own.judge_as(subject, outcome)
    own.judge_as("B60", "not_true", reopened=True)
    own.take(publicised(300, key="A24"))  # put right meanwhile: no longer to be tested
    own.evaluate()
    told = tried(own, limit="120")["verdicts"]
    assert told["all"] == {"true": 2, "exempt": 1, "not_true": 1}
    assert {side: {outcome: n for outcome, n in told[side].items() if n} for side in ("before", "after")} == {
        "before": {"true": 1, "exempt": 1, "not_true": 1}, "after": {"true": 1, "exempt": 1}}  # fmt: skip


def edited(folder: Path, old: str, new: str) -> Path:
    path = folder / "procedure" / "edited.sql"
    path.parent.mkdir(exist_ok=True)
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_an_edited_file_is_compared_with_the_rule_it_would_replace(town: Town, tmp_path: Path) -> None:
    told = try_out(town.conn, of_file(edited(tmp_path, "'emergency'", "'standard'"), {})).told()
    assert (told["total"]["lost"], told["total"]["same"]) == (5, 0)
    renamed = try_out(town.conn, of_file(edited(tmp_path, '"P01"', '"P77"'), {})).told()
    assert (renamed["total"]["gained"], renamed["total"]["lost"], renamed["waiting"]) == (5, 0, 0), "a new code stands beside the old one"


@pytest.mark.parametrize(("old", "new", "said"), [
    ("from facts.stage stage", "from store.stage stage", "only facts may be read"),
    ("publicity.ended_at as yellow_at", "now() as yellow_at", "clock"),
    ("publicity.application_id as subject_key, ", "", "subject_key"),
    ("stage.at end) as started_at", "stage.never end) as started_at", "the database refuses it"),
])  # fmt: skip
def test_a_file_that_cannot_be_trusted_is_refused_in_words(town: Town, tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(SupervisionError, match=said):
        try_out(town.conn, of_file(edited(tmp_path, old, new), {}))


def test_a_candidate_that_is_too_slow_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(*_: object) -> None:
        raise psycopg.errors.QueryCanceled("canceling statement due to statement timeout")

    monkeypatch.setattr(trial, "ask", at_once)
    with pytest.raises(TooSlowError, match="longer than 30 s"):
        tried(town)


def test_nothing_can_be_written_by_what_is_tried(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def writes(conn: psycopg.Connection, *_: object) -> None:
        conn.execute("delete from watch.finding")

    monkeypatch.setattr(trial, "ask", writes)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        tried(town)


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = cli.main(["rules", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def deployment(settings: Settings, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("deployment")
def test_the_commands_tell_it_and_write_nothing(own: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    own.judge_as("A150", "not_true")
    own.judge_as("A60", "true")
    before = own.everything()
    status, out, _ = call(capsys, "diff", "p01", "--set", "limit=120")
    assert status == 0
    assert all(piece in out for piece in ("limit = 120, in force: 168", "德城区", "against version 1", "A150"))
    status, out, _ = call(capsys, "backtest", "P01", "--set", "limit=120", "--format", "json")
    told = json.loads(out)[0]
    assert (told["precision"]["before"]["share"], told["precision"]["after"]["share"]) == (0.5, 1.0)
    assert told["months"] == [["2026-03", 5, 4]]
    status, out, _ = call(capsys, "backtest", str(edited(tmp_path, "limit = 168", "limit = 120")))
    assert (status, "limit = 120, in force: 168" in out, "100.0%" in out) == (0, True, True)
    assert own.everything() == before


@pytest.mark.parametrize(("words", "said"), [
    (("diff", "Z99"), "rules list"), (("diff", "P01", "--set", "limit"), "name=value"), (("diff", "P01", "--set", "lmit=3"), "it has limit"),
    (("diff", "P01", "--set", "limit=soon"), "write something like 168"), (("backtest", "nowhere.sql"), "nowhere.sql"),
])  # fmt: skip
def test_what_cannot_be_tried_is_status_1_and_says_what_to_write(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("AIDWATCH_HOME", str(tmp_path / "home"))
    status, _, err = call(capsys, *words)
    assert (status, said in err) == (1, True), err


def test_a_lost_code_of_a_file_counts_as_lost() -> None:
    rule = load().by_code("P11")[0]
    fewer = Candidate(rule, {}, load().by_code("P12")[0])
    assert set(fewer.codes) == {*rule.codes, *load().by_code("P12")[0].codes}


def test_a_fault_in_a_file_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=r"edited\.sql"):
        of_file(edited(tmp_path, "from facts.stage stage", "from store.stage stage"), {})
