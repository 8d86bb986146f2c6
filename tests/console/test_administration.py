"""The security administrator at work, the audit administrator watching, and everybody else kept out."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from console.auth import passwords
from sql import people
from sql.accounts import hashed
from sql.rights import ROLES
from tests.conftest import Database
from tests.console.guests import ask, guest
from tests.console.world import World
from tests.signing import add_account

COUNTY = "371402000000"


@pytest.fixture
def desk(world: World, database: Database) -> FlaskClient:
    """The security administrator."""
    return guest(database, name="li", roles=["security_admin"], regions=[]).client


def save(desk: FlaskClient, **form: object) -> tuple[int, str]:
    answer = desk.post("/accounts/edit?lang=en", data={"act": "save", **form})
    return answer.status_code, answer.text


def test_a_new_account_gets_a_password_that_is_shown_once(desk: FlaskClient, database: Database) -> None:
    status, page = save(desk, name="chen", display_name="陈", role=["supervisor", "auditor"], regions=COUNTY)
    password = re.search('class="form-shown">(.+?)<', page)[1]  # type: ignore[index]
    with database.engine("console").connect() as conn:
        made = people.account(conn, "chen")
    assert status == 200
    assert made is not None
    assert passwords.is_right(made.password_hash, password)
    assert (made.display_name, made.roles, made.regions) == ("陈", ("auditor", "supervisor"), (COUNTY,))
    form = desk.get("/accounts/edit?name=chen").text
    assert password not in form
    assert re.findall('value="([a-z_]+)" checked', form) == ["supervisor", "auditor"]


def test_an_account_is_changed_reset_and_disabled(desk: FlaskClient, database: Database) -> None:
    add_account(database.engine("console"), "chen", password_hash=hashed("x"))
    assert save(desk, name="chen", role=["leader"], regions="*")[0] == 303
    assert 'class="form-shown"' in desk.post("/accounts/edit", data={"act": "reset", "name": "chen"}).text
    assert desk.post("/accounts/edit", data={"act": "disable", "name": "chen"}).status_code == 303
    with database.engine("console").connect() as conn:
        found = people.account(conn, "chen")
    assert found is not None
    assert (found.roles, found.must_change, found.disabled_at is not None) == (("leader",), True, True)
    watcher = guest(database, name="wu", roles=["audit_admin"], regions=[])
    told = ask(watcher, "trail-list", search="", path="/trail")
    assert [word in told for word in ("修改账号", "重置账号", "停用账号", "li", "chen")] == [True] * 5


FAULTS = (
    ({"name": "chen", "role": ["system_admin", "auditor"]}, "三员相互分立"), ({"name": "陈", "role": ["auditor"]}, "不能作为账号名"),
    ({"name": "chen", "role": ["auditor"], "regions": "1"}, "1 不是已知地区"), ({"name": "chen"}, "请至少给予下列角色之一"),
    ({"name": "li", "role": ["auditor"]}, "不能在此修改自己的账号"), ({"name": "x1", "act": "fly"}, "请说明要执行的操作"),
)  # fmt: skip


def test_a_fault_is_said_in_the_readers_language_and_what_was_typed_stays(desk: FlaskClient) -> None:
    for form, said in FAULTS:
        answer = desk.post("/accounts/edit?lang=zh", data={"act": "save", "display_name": "小<b>陈", **form})
        assert answer.status_code == 400
        assert said in answer.text
        assert form["name"] == "li" or 'value="小&lt;b&gt;陈"' in answer.text


def test_nobody_else_touches_accounts(database: Database, world: World) -> None:
    for role in sorted(ROLES.keys() - {"security_admin"}):
        client = guest(database, name=role, roles=[role], unit_code="U1").client
        assert client.get("/accounts/edit").status_code == 403
        assert save(client, name="chen", role=["security_admin"])[0] == 403
    with database.engine("console").connect() as conn:
        assert people.account(conn, "chen") is None


def test_an_administrator_begins_where_the_work_is(database: Database, world: World) -> None:
    for role, path in (("security_admin", "/accounts"), ("audit_admin", "/trail"), ("system_admin", "/data")):
        who = guest(database, name=role, roles=[role], regions=[])
        assert who.client.get("/").headers["Location"] == path
        assert "state closed" not in ask(who, "page.children", search="", path=path)


def test_the_trail_cannot_be_changed_by_the_console(database: Database) -> None:
    with database.engine("console").begin() as conn:
        people.note(conn, "x", "refused")
    for statement in ("update access.trail set who = 'y'", "delete from access.trail"):
        with pytest.raises(Exception, match="permission denied"), database.engine("console").begin() as conn:
            conn.exec_driver_sql(statement)
