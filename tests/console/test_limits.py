"""A limit of a rule is set by two people: one proposes, another accepts; then it is an event like any other, and the rule asks again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.conftest import Database
from tests.console.guests import Guest, ask, guest
from tests.workers.town import COUNTY, OTHER, Town
from workers.cli import main as aidwatch

OWNER: dict[str, Any] = {"name": "owner", "roles": ["rule_owner"]}
SECOND: dict[str, Any] = {"name": "second", "roles": ["rule_owner"]}


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    made = Town(database.url("worker"))
    yield made
    made.close()


def proposal(**more: str) -> dict[str, str]:
    return {"rule": "P01", "name": "limit", "value": "240", "region": "*", "programme": "", "since": "2020-01-01", "why": "local notice"} | more


def page(who: Guest) -> str:
    return ask(who, "rule-body", search="", path="/rule/P01")


def rows(database: Database, query: str) -> list[Any]:
    with database.engine("owner").connect() as conn:
        return list(conn.execute(text(query)).all())


def decide(who: Guest, said: str, number: str = "1") -> int:
    return who.client.post("/limit", data={"rule": "P01", "id": number, "said": said}).status_code


def test_two_people_set_a_limit_and_the_rule_is_asked_again(database: Database, town: Town) -> None:
    standing = "select subject_key from watch.finding where rule = 'P01' and present order by 1"
    before = rows(database, standing)
    owner, second = guest(database, **OWNER), guest(database, **SECOND)
    assert "limit（现行：168）" in owner.client.get("/limit?rule=P01").text
    answer = owner.client.post("/limit", data=proposal())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rule/P01")
    town.evaluate()
    assert rows(database, standing) == before, "a proposal is not in force"
    assert "等待第二人" in page(second)
    assert decide(owner, "accept") == 409, "nobody accepts the own proposal"
    assert decide(second, "accept") == 303
    assert decide(second, "refuse") == 409, "it is decided once"
    town.evaluate()
    assert rows(database, "select value, valid_from::text from store.parameter where rule = 'P01'") == [(240, "2020-01-01")]
    assert len(rows(database, standing)) > len(before), "publicity shorter than the new limit"
    assert rows(database, "select who, what, about from access.trail where what like 'limit%' order by id") == [
        ("owner", "limit_proposed", "P01"), ("second", "limit_accepted", "P01")]  # fmt: skip


def test_who_proposed_may_withdraw(database: Database) -> None:
    owner = guest(database, **OWNER)
    owner.client.post("/limit", data=proposal())
    assert decide(owner, "refuse") == 303
    assert rows(database, "select accepted, taken_at from access.limit_change") == [(False, None)]


def test_somebody_of_a_county_sets_limits_there_only(database: Database, town: Town) -> None:
    town.evaluate()
    near = guest(database, **OWNER, regions=[COUNTY])
    for region in ("*", OTHER, "", "x"):
        assert near.client.post("/limit", data=proposal(region=region)).status_code == 400, region
    assert near.client.post("/limit", data=proposal(region=COUNTY)).status_code == 303
    far = guest(database, **SECOND, regions=[OTHER])
    assert decide(far, "accept") == 404


@pytest.mark.parametrize("wrong", [{"value": "many"}, {"name": "nothing"}, {"since": "soon"}, {"why": ""}, {"programme": "all"}])
def test_a_wrong_form_is_said_and_nothing_is_kept(database: Database, wrong: dict[str, str]) -> None:
    owner = guest(database, **OWNER)
    assert owner.client.post("/limit", data=proposal(**wrong)).status_code == 400
    assert rows(database, "select count(*) from access.limit_change") == [(0,)]


def test_a_value_the_rule_would_not_look_up_is_refused(database: Database) -> None:
    owner = guest(database, **OWNER)
    about = proposal(rule="Q06", name="death_days", value="9", region=COUNTY)
    assert owner.client.post("/limit", data=about).status_code == 400, "a source delivers for all places at once"
    assert owner.client.post("/limit", data=about | {"region": "*", "programme": "dibao"}).status_code == 400
    assert owner.client.post("/limit", data=about | {"region": "*"}).status_code == 303


def test_the_database_itself_wants_two_people(database: Database) -> None:
    insert = ("insert into access.limit_change (rule, name, value, valid_from, who, why, accepted, decided_by, decided_at) "
              "values ('P01', 'limit', '1', '2020-01-01', 'a', 'x', true, 'a', now())")  # fmt: skip
    with database.engine("owner").begin() as conn, pytest.raises(IntegrityError):
        conn.execute(text(insert))


def test_a_limit_is_set_on_the_server_too(
    database: Database, town: Town, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert aidwatch(["rules", "set", "P01", "limit=240", "--region", COUNTY, "--from", "2020-01-01"]) == 0
    assert f"P01 limit = 240 ({COUNTY}" in capsys.readouterr().out
    town.evaluate()
    assert rows(database, "select value, region_code from store.parameter where rule = 'P01'") == [(240, COUNTY)]
    assert aidwatch(["rules", "set", "P01", "limit=much"]) == 1
    assert aidwatch(["rules", "set", "P01", "limit=1", "--region", "999999999999"]) == 1
    assert aidwatch(["rules", "set", "Q06", "death_days=9", "--region", COUNTY]) == 1
