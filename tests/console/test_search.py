"""Searching: a record by its number at once; a person by name or number with a purpose, noted, within one's regions."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import text

from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import KEYS, ask, guest
from tests.console.test_reveal import ACCOUNT, NUMBER, finding
from tests.engine.events import event
from workers.intake import Intake

HOME, ELSEWHERE = "371402000000", "371424000000"
WHY = {"purpose": "inquiry", "case_no": "case 12"}
__all__ = ["finding"]


def search(database: Database, name: str = "li", **typed: Any) -> Any:
    who: dict[str, Any] = {"far": {"regions": [ELSEWHERE]}, "lead": {"roles": ["leader"]}}.get(name, {})
    return guest(database, name=name, **({"regions": [HOME]} | who)).client.post("/search", data=typed)


def test_a_person_is_found_by_number_name_and_phone_and_the_address_holds_a_pseudonym_only(database: Database, finding: str) -> None:
    went = {kind: search(database, kind=kind, what=what, **WHY).headers["Location"]
            for kind, what in (("id_number", NUMBER.lower()), ("name", " 张三丰"), ("phone", "13800000000"))}  # fmt: skip
    assert len(set(went.values())) == 1
    assert went["name"].startswith("/dossier/person/")
    assert search(database, kind="account", what=ACCOUNT, **WHY).headers["Location"].startswith("/dossier/account/")
    assert not any(clear in address for address in went.values() for clear in (NUMBER, "张三丰", "13800000000"))
    with database.engine("owner").connect() as conn:
        noted = conn.execute(text("select name, kind, purpose, case_no, found, lookup::text as whole from access.lookup order by id")).all()
    assert [(row.kind, row.found) for row in noted] == [("id_number", 1), ("name", 1), ("phone", 1), ("account", 1)]
    assert not any(clear in row.whole for row in noted for clear in (NUMBER, "张三丰", "13800000000", ACCOUNT))


def test_outside_the_region_nobody_is_found_and_the_search_is_noted_all_the_same(database: Database, finding: str) -> None:
    answer = search(database, "far", kind="name", what="张三丰", **WHY)
    assert answer.status_code == 200
    assert "共 0 人" in answer.text
    with database.engine("owner").connect() as conn:
        assert conn.execute(text("select name, found from access.lookup")).one() == ("far", 0)


def test_who_searched_stands_in_the_dossier_of_whom_they_found_and_in_the_trail(database: Database, finding: str) -> None:
    for kind, what in (("name", "张三丰"), ("account", ACCOUNT)):
        search(database, kind=kind, what=what, **WHY)
    person = search(database, kind="id_number", what=NUMBER, **WHY).headers["Location"]
    account = search(database, "wu", kind="account", what=ACCOUNT, **WHY).headers["Location"]
    search(database, "far", kind="name", what="张三丰", **WHY)
    told = {path: ask(guest(database, name="chen", regions=[HOME]), "dossier-body", search="", path=path)
            for path in (person, account, "/dossier/household/H1")}  # fmt: skip
    said = ("按姓名查询", "按身份证号查询", "按银行账户查询")
    counted = {path: [one.count(words) for words in said] for path, one in told.items()}
    assert counted == {person: [1, 1, 2], account: [0, 0, 2], "/dossier/household/H1": [1, 1, 2]}
    assert all("答复询问: case 12" in one and '"wu"' in one and '"far"' not in one for one in told.values())
    trail = ask(guest(database, name="audit", roles=["audit_admin"], regions=[]), "trail-list-table", search="", path="/trail")
    assert trail.count("<td>按明文信息查询") + trail.count('"按明文信息查询"') == 6, "five searches, and the choice of the filter"
    assert "account inquiry case 12: 1" in trail
    assert "name inquiry case 12: 0" in trail
    with database.engine("owner").connect() as conn:
        waiting = conn.execute(text("select name, person_id, person_ids from access.lookup where taken_at is null order by id")).all()
    assert [tuple(one) for one in waiting] == [(name, "P1", ["P1"]) for name in ("li", "li", "li", "wu")]


def test_a_search_that_found_several_is_one_look_up_in_the_dossiers_of_all(database: Database, finding: str) -> None:
    with connect(database.url("worker"), name="test") as conn:
        Intake(conn, KEYS, "test").take([
            event("person", person_id="P2", id_type="resident_id", id_number="371402199003071234", name="张三丰"),
            event("household_member", member_id="M2", household_id="H1", person_id="P2", counted=True, from_date="2025-01-01", to_date=None),
        ])  # fmt: skip
    answer = search(database, kind="name", what="张三丰", **WHY)
    assert "共 2 人" in answer.text
    with database.engine("owner").connect() as conn:
        noted = conn.execute(text("select found, person_id, person_ids, taken_at from access.lookup")).one()
    assert tuple(noted) == (2, None, ["P1", "P2"], None)
    for path in re.findall(r"/dossier/person/[\w-]+", answer.text):
        assert "按姓名查询" in ask(guest(database, name="chen", regions=[HOME]), "dossier-body", search="", path=path)


def test_a_clear_value_needs_the_right_a_purpose_and_moderation(database: Database, finding: str) -> None:
    assert search(database, "lead", kind="name", what="张三丰", **WHY).status_code == 403
    for wrong in ({"purpose": ""}, {"case_no": "x"}, {"what": " "}):
        assert search(database, **({"kind": "name", "what": "张三丰"} | WHY | wrong)).status_code == 400
    assert search(database, kind="shoe_size", what="42", **WHY).status_code == 403
    client = guest(database, name="li", regions=[HOME]).client
    assert [client.post("/search", data={"kind": "name", "what": "李", **WHY}).status_code for _ in range(61)] == [200] * 60 + [429]


def test_a_record_is_found_by_its_own_number(database: Database, finding: str) -> None:
    for key, place in (("B1", "/dossier/benefit/B1"), ("H1", "/dossier/household/H1"), ("Q1", "/dossier/benefit/B1"), (finding, f"/finding/{finding}")):
        assert search(database, kind="record", what=key).headers["Location"] == place
    assert search(database, "lead", kind="record", what="B1").status_code == 303
    assert search(database, "far", kind="record", what="B1").status_code == 404
    assert search(database, kind="record", what=NUMBER).status_code == 404
    assert NUMBER not in search(database, kind="record", what=NUMBER).text
