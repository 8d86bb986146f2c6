"""Searching: a record by its number at once; a person by name or number with a purpose, noted, within one's regions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from tests.conftest import Database
from tests.console.guests import guest
from tests.console.test_reveal import ACCOUNT, NUMBER, finding

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
    assert [(row.kind, row.found) for row in noted] == [("id_number", 1), ("name", 1), ("phone", 1), ("account", 0)]
    assert not any(clear in row.whole for row in noted for clear in (NUMBER, "张三丰", "13800000000", ACCOUNT))


def test_outside_the_region_nobody_is_found_and_the_search_is_noted_all_the_same(database: Database, finding: str) -> None:
    answer = search(database, "far", kind="name", what="张三丰", **WHY)
    assert answer.status_code == 200
    assert "共 0 人" in answer.text
    with database.engine("owner").connect() as conn:
        assert conn.execute(text("select name, found from access.lookup")).one() == ("far", 0)


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
