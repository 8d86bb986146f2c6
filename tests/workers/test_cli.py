"""The command line: help without effects, statuses, and the commands of the project itself."""

import json
from pathlib import Path

import pytest

from sql.settings import TABLE
from workers import cli, config_cli, supervisor
from workers.embedded.postgres import PostgresServer
from workers.run import PROCESSES


@pytest.fixture(autouse=True)
def _deployment(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in TABLE:
        monkeypatch.delenv(setting.name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        status = cli.main(words)
    except SystemExit as left:
        status = int(left.code or 0)
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize("command", ["up", "demo", "migrate", "token", "config", "run"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, command, "--help")
    assert status == 0
    assert "usage: aidwatch" in out


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "--help")
    assert status == 0
    assert all(f" {command} " in out for command in cli.COMMANDS)


@pytest.mark.parametrize("words", [(), ("nonsense",), ("run", "nonsense"), ("token", "create")])
def test_a_wrong_call_is_status_2(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, *words)[0] == 2


def test_a_bad_setting_is_status_2_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AIDWATCH_PORT", "none")
    status, _, err = call(capsys, "config")
    assert (status, "AIDWATCH_PORT" in err) == (2, True)


def test_an_unreachable_database_is_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AIDWATCH_WORKER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert call(capsys, "token", "list")[0] == 1


def test_a_database_without_our_tables_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], pg_server: PostgresServer
) -> None:
    monkeypatch.setenv("AIDWATCH_WORKER_DATABASE_URL", pg_server.url("postgres", "aidwatch_worker"))
    status, _, err = call(capsys, "token", "list")
    assert (status, "aidwatch migrate" in err) == (1, True)


def test_migrate_makes_the_keys_and_a_second_time_does_nothing(
    capsys: pytest.CaptureFixture[str], environ: dict[str, str]
) -> None:
    assert call(capsys, "migrate", "--format", "json")[:2] == (0, '{"applied": []}\n')
    key = Path(environ["AIDWATCH_HOME"]) / "keys" / "vault.key"
    before = key.read_bytes()
    assert call(capsys, "migrate")[0] == 0
    assert key.read_bytes() == before


def test_a_token_is_shown_once_and_can_be_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "token", "create", "--scope", "read", "--name", "vendor", "--format", "json")
    token = json.loads(out)["token"]
    _, listed, _ = call(capsys, "token", "list")
    assert "vendor" in listed
    assert token not in listed
    assert call(capsys, "token", "revoke", "vendor")[0] == 0
    assert call(capsys, "token", "revoke", "vendor")[0] == 1


def test_config_prints_no_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hunter2@h/d")
    status, out, _ = call(capsys, "config", "--format", "json")
    assert status == 0
    assert "hunter2" not in out
    assert json.loads(out)["AIDWATCH_PORT"] == "8050"


def test_the_page_about_settings_is_current() -> None:
    page = supervisor.PROCFILE.parent / "docs" / "settings.md"
    assert page.read_text(encoding="utf-8") == config_cli.markdown(), "aidwatch config --markdown > docs/settings.md"


def test_every_line_of_the_procfile_is_a_process_we_run() -> None:
    commands = supervisor.read_procfile(supervisor.PROCFILE)
    assert all(command == ["aidwatch", "run", name] and name in PROCESSES for name, command in commands.items())
