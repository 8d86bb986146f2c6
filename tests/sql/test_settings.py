"""Settings: what the environment says, what follows from it, and what is refused."""

import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from sql.setting_kinds import SettingsError
from sql.settings import TABLE, Settings
from sql.sockets import make_socket_directory, socket_directory


def test_everything_is_embedded_when_nothing_is_said(tmp_path: Path) -> None:
    settings = Settings.read({"AIDWATCH_HOME": str(tmp_path)})
    assert settings.embeds_postgres
    assert settings.embeds_valkey
    assert settings.database_url_for("worker").startswith("postgresql+psycopg://aidwatch_worker@/aidwatch?host=")
    assert settings.redis_url == f"unix://{tmp_path}/run/valkey.sock"
    assert settings.hmac_key_file == tmp_path / "keys" / "hmac.key"


def test_an_empty_variable_is_an_unset_one() -> None:
    assert Settings.read({"DATABASE_URL": "", "AIDWATCH_PORT": ""}).port == 8050


def test_a_given_server_serves_every_role_unless_the_role_has_its_own() -> None:
    settings = Settings.read({"DATABASE_URL": "postgres://u:p@h/d", "AIDWATCH_OWNER_DATABASE_URL": "postgresql://o@h/d"})
    assert settings.database_url_for("console") == "postgresql+psycopg://u:p@h/d"
    assert settings.database_url_for("owner") == "postgresql+psycopg://o@h/d"
    assert not settings.embeds_postgres


def test_the_test_clock_needs_an_offset_and_makes_it_a_test() -> None:
    settings = Settings.read({"AIDWATCH_TEST_CLOCK": "2026-11-05T10:00:00+08:00"})
    assert settings.test_clock == datetime(2026, 11, 5, 10, tzinfo=timezone(timedelta(hours=8)))
    assert settings.is_test


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AIDWATCH_PORT", "0"),
        ("AIDWATCH_PORT", "http"),
        ("AIDWATCH_TEST", "perhaps"),
        ("AIDWATCH_TEST_CLOCK", "2026-11-05T10:00:00"),
        ("DATABASE_URL", "mysql://u@h/d"),
        ("REDIS_URL", "localhost:6379"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.read({name: value})


def test_a_refused_secret_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.read({"DATABASE_URL": "mysql://u:hunter2@h/d"})
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("environ", "accepted"),
    [
        ({"AIDWATCH_TEST": "1"}, "t"),
        ({"AIDWATCH_TEST": "1", "AIDWATCH_HOST": "::1"}, "t"),
        ({"AIDWATCH_TEST": "1", "AIDWATCH_HOST": "0.0.0.0"}, None),
        ({}, None),
    ],
)
def test_the_bootstrap_token_needs_a_test_on_loopback(environ: dict[str, str], accepted: str | None) -> None:
    settings = Settings.read({"AIDWATCH_BOOTSTRAP_TOKEN": "t", **environ})
    assert settings.accepted_bootstrap_token == accepted


def test_a_deep_home_gets_a_short_private_socket_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 100) / "run"
    made = make_socket_directory(deep)
    assert len(str(made)) < 90
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    monkeypatch.setattr("tempfile.tempdir", "/elsewhere")
    assert socket_directory(deep) == made, "another TMPDIR must find the same place"
    made.rmdir()


def test_a_squatted_socket_directory_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / "run"
    squatted = socket_directory(deep)
    squatted.mkdir(mode=0o777)
    squatted.chmod(0o777)
    with pytest.raises(PermissionError):
        make_socket_directory(deep)
    squatted.rmdir()


def test_every_setting_explains_itself() -> None:
    assert all(setting.help.endswith(".") for setting in TABLE)
