"""``aidwatch rules``: what it lists, what it refuses, and that a lock is never rewritten over a changed query."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from monitors.catalogue import Catalogue, load, lock_lines
from monitors.errors import SupervisionError
from sql.connect import connect
from sql.settings import Settings
from workers import cli, rules_cli, scratch
from workers.embedded.launch import LaunchError
from workers.embedded.postgres import PostgresServer


@pytest.fixture(autouse=True)
def _no_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDWATCH_HOME", str(tmp_path / "home"))


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = cli.main(["rules", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_list_needs_no_database_and_names_every_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, _ = call(capsys, "list")
    assert status == 0
    assert all(f"{code} " in out for rule in load().rules for code in rule.codes)
    assert not (tmp_path / "home").exists()


def test_list_as_json_tells_what_a_rule_stands_on(capsys: pytest.CaptureFixture[str]) -> None:
    told = {one["code"]: one for one in json.loads(call(capsys, "list", "--format", "json")[1])}
    assert told["T04"]["subject"] == "application"
    assert told["T04"]["basis"]
    assert told["P01"]["params"]["limit"] == 168


def test_the_cases_of_one_rule_can_be_run_alone(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "test", "p02", "--format", "json")
    told = json.loads(out)
    assert (status, list(told)) == (0, ["procedure.confirmed_without_publicity"])
    assert told["procedure.confirmed_without_publicity"]["faults"] == {}


def test_a_rule_is_explained_with_its_articles_and_its_plan(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "explain", "P16")
    assert status == 0
    assert "民发〔2021〕57号 第28条" in out
    assert "benefit_current" in out


def test_an_unknown_code_is_status_1_and_says_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = call(capsys, "explain", "Z99")
    assert (status, "rules list" in err) == (1, True)


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "rules.lock"
    monkeypatch.setattr(rules_cli, "LOCK", path)
    return path


def changed(file: str, version: int) -> Catalogue:
    rule = load().files[file]
    return Catalogue({**load().files, file: replace(rule, sha256="other", version=version)})


def test_the_lock_is_written_once_and_then_holds(lock: Path) -> None:
    assert rules_cli.locked(load(), write=False)
    assert rules_cli.locked(load(), write=True) == []
    assert lock.read_text(encoding="utf-8").splitlines() == lock_lines(load())
    assert rules_cli.locked(load(), write=False) == []


def test_a_changed_query_is_not_locked_without_a_new_version(lock: Path) -> None:
    file = "procedure.stages_out_of_order"
    rules_cli.locked(load(), write=True)
    before = lock.read_text(encoding="utf-8")
    assert "set version" in rules_cli.locked(changed(file, load().files[file].version), write=True)[0]
    assert lock.read_text(encoding="utf-8") == before
    assert rules_cli.locked(changed(file, load().files[file].version + 1), write=True) == []
    assert lock.read_text(encoding="utf-8") != before


def _cannot_start(server: PostgresServer, limit_s: float = 0) -> None:
    raise LaunchError("no program for this platform")


def test_without_a_server_of_its_own_it_asks_for_the_right_to_make_a_database(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PostgresServer, "start", _cannot_start)
    with pytest.raises(SupervisionError, match="grant CREATEDB to aidwatch_owner"), scratch.scratch_database(settings):
        pass


def test_a_database_on_the_given_server_is_used_and_dropped(
    settings: Settings, pg_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PostgresServer, "start", _cannot_start)
    with pg_server.connect() as admin:
        admin.execute("alter role aidwatch_owner createdb")
        try:
            with scratch.scratch_database(settings) as made, connect(made.worker_url, name="test") as conn:
                assert conn.execute("select count(*) > 0 from facts.deadline").fetchone() == (True,)
        finally:
            admin.execute("alter role aidwatch_owner nocreatedb")
        assert admin.execute("select count(*) from pg_database where datname like 'aidwatch_scratch%'").fetchone() == (0,)
