"""``aidwatch user``: accounts made, changed and ended from the command line, each with its line in the trail."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from console.auth import passwords
from sql import people
from sql.settings import TABLE
from tests.conftest import Database
from tests.console.world import fill
from workers import cli

COUNTY = "371402000000"


@pytest.fixture(autouse=True)
def _deployment(environ: dict[str, str], database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in TABLE:
        monkeypatch.delenv(setting.name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    fill(database.engine("owner"))


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = cli.main(["user", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_an_account_is_made_with_a_first_password_that_must_be_changed(capsys: pytest.CaptureFixture[str], database: Database) -> None:
    status, out, _ = call(capsys, "add", "chen", "--role", "auditor", "--region", COUNTY, "--format", "json")
    told = json.loads(out)
    with database.engine("console").connect() as conn:
        made = people.account(conn, "chen")
    assert status == 0
    assert made is not None
    assert (made.roles, made.regions, made.must_change) == (("auditor",), (COUNTY,), True)
    assert passwords.is_right(made.password_hash, told["password"])
    assert told["password"] not in str(made)


def test_a_reset_opens_a_locked_account_ends_its_sessions_and_takes_its_second_factor(capsys: pytest.CaptureFixture[str], database: Database) -> None:
    _, first, _ = call(capsys, "add", "li", "--role", "security_admin")
    with database.engine("console").begin() as conn:
        for _ in range(5):
            people.note(conn, "li", "refused")
        people.run(conn, "set_second_factor", name="li", sealed=b"x", step=1)
        cookie = people.begin_session(conn, people.account(conn, "li"), second_factor=True, address=None, agent=None)  # type: ignore[arg-type]
    status, again, _ = call(capsys, "reset", "li")
    with database.engine("console").connect() as conn:
        found = people.account(conn, "li")
        ((refused,),) = people.rows(conn, "refused_as", who="li", within_s=900.0)
        assert people.viewer(conn, cookie) is None
    assert (status, refused) == (0, 0)
    assert again != first
    assert found is not None
    assert found.totp_sealed is None
    assert found.must_change


def test_what_cannot_be_is_refused_with_what_to_write_instead(capsys: pytest.CaptureFixture[str]) -> None:
    faults = {
        ("add", "Chen!", "--role", "auditor"): "is no account name",
        ("add", "chen", "--role", "system_admin", "--role", "auditor"): "has one role and no other",
        ("add", "chen", "--role", "unit_handler"): "A unit handler answers the cards of one unit",
        ("add", "chen", "--role", "auditor", "--region", "999999999999"): "999999999999 is no region we know",
        ("disable", "nobody"): "There is no account nobody",
    }
    for words, said in faults.items():
        status, _, err = call(capsys, *words)
        assert (status, said in err) == (1, True), err
    call(capsys, "add", "chen", "--role", "auditor")
    assert "There is an account chen already" in call(capsys, "add", "chen", "--role", "auditor")[2]


def test_a_change_ends_sessions_and_every_act_is_in_the_trail(capsys: pytest.CaptureFixture[str], database: Database) -> None:
    call(capsys, "add", "wu", "--role", "auditor", "--region", "*")
    with database.engine("console").begin() as conn:
        people.run(conn, "set_password", name="wu", password_hash="-", must_change=False)
        cookie = people.begin_session(conn, people.account(conn, "wu"), second_factor=True, address=None, agent=None)  # type: ignore[arg-type]
    assert call(capsys, "change", "wu", "--role", "leader", "--region", COUNTY)[0] == 0
    with database.engine("console").connect() as conn:
        assert people.viewer(conn, cookie) is None
    assert call(capsys, "disable", "wu")[0] == call(capsys, "enable", "wu")[0] == 0
    assert "leader" in call(capsys, "list")[1]
    with database.engine("owner").connect() as conn:
        rows = conn.execute(text("select what, detail from access.trail where about = 'wu' order by id")).all()
    assert [what for what, _ in rows] == ["account_added", "account_changed", "account_disabled", "account_enabled"]
    assert rows[1].detail == f"leader {COUNTY}"


def test_single_sign_on_needs_no_password(capsys: pytest.CaptureFixture[str], database: Database) -> None:
    assert call(capsys, "add", "zhao", "--role", "leader", "--region", "*", "--single-sign-on", "https://idp.example 4711")[1] == "signs in elsewhere\n"
    with database.engine("console").connect() as conn:
        assert not passwords.is_right(people.account(conn, "zhao").password_hash, "")  # type: ignore[union-attr]
