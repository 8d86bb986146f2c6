"""Page Data for the system administrator: a refused record is opened masked, sent again, or set aside with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from monitors.catalogue import load
from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import KEYS, ask, guest
from tests.engine.events import event
from workers.evaluator import Evaluator
from workers.intake import Intake

NUMBER, PHONE = "11010519491231002X", "13800000000"


@pytest.fixture
def intake(database: Database) -> Iterator[Intake]:
    with connect(database.url("worker"), name="intake") as own:
        yield Intake(own, KEYS, "test")


@pytest.fixture
def letter(intake: Intake, database: Database) -> int:
    intake.take([event("person", person_id="P1", id_number=NUMBER, name="张三丰", phone=PHONE, sex="X", event_id="one")])
    return int(told(database, "select id from ledger.dead_letter")[0][0])


def told(database: Database, query: str) -> list[tuple[Any, ...]]:
    with connect(database.url("owner"), name="test") as conn:
        return conn.execute(query).fetchall()


def admin(database: Database) -> FlaskClient:
    return guest(database, name="wang", roles=["system_admin"], regions=[]).client


def evaluate(database: Database, intake: Intake) -> None:
    with connect(database.url("worker"), name="test") as conn:
        evaluator = Evaluator(conn, intake, load(), lambda: 0)
        while evaluator.step():
            pass


def page(database: Database, role: str) -> str:
    return ask(guest(database, name=role.replace("_", "."), roles=[role], regions=["*"] if role == "leader" else []), "data-letters-table", search="", path="/data")


def test_a_refused_record_is_opened_masked_by_the_system_administrator_alone(database: Database, letter: int) -> None:
    assert f"/refused?letter={letter}" in page(database, "system_admin")
    assert "data.sex" in page(database, "leader")
    assert "/refused" not in page(database, "leader")
    answer = admin(database).get(f"/refused?letter={letter}")
    assert answer.status_code == 200
    assert all(said in answer.text for said in ("1101*************X", "138****0000", "张**", "data.sex: X", "退回原因"))
    assert not any(clear in answer.text for clear in (NUMBER, PHONE, "三丰"))
    for nowhere in ("99", "x", "", "9" * 40):
        assert admin(database).get(f"/refused?letter={nowhere}").status_code == 404


def test_sent_again_it_waits_for_intake_and_comes_back_with_its_reason(database: Database, intake: Intake, letter: int) -> None:
    client = admin(database)
    assert client.post("/refused", data={"letter": letter, "act": "again"}).status_code == 303
    assert "等待接收" in client.get(f"/refused?letter={letter}").text
    evaluate(database, intake)
    assert "此后重试 1 次" in client.get(f"/refused?letter={letter}").text
    ((who, what, about, detail),) = told(database, "select who, what, about, detail from access.trail where what like 'letter%'")
    assert (who, what, about) == ("wang", "letter_sent", str(letter))
    assert "as it is · refused · " in str(detail)


def test_what_is_taken_now_leaves_the_list_and_says_by_whom(database: Database, intake: Intake) -> None:
    intake.take([event("household", household_id="H1", at="2199-03-01T00:00:00+08:00")])
    ((letter,),) = told(database, "select id from ledger.dead_letter")
    client = admin(database)
    client.post("/refused", data={"letter": letter, "act": "again"})
    with connect(database.url("owner"), name="clock") as owner:
        owner.execute("insert into watch.clock values (true, '2199-03-01')")
    evaluate(database, intake)
    answer = client.get(f"/refused?letter={letter}")
    assert "已接收" in answer.text
    assert "wang" in answer.text
    assert "<form" not in answer.text
    assert "/refused" not in page(database, "system_admin")


def test_it_is_set_aside_with_a_reason_once(database: Database, letter: int) -> None:
    client = admin(database)
    for wrong in ({"act": "aside"}, {"act": "aside", "why": "no"}, {"act": "forget"}, {}):
        assert client.post("/refused", data={"letter": letter, **wrong}).status_code == 400, wrong
    assert client.post("/refused", data={"letter": letter, "act": "aside", "why": f"厂商测试数据 {PHONE}"}).status_code == 303
    for act in ({"act": "again"}, {"act": "aside", "why": "another reason"}):
        assert "已搁置" in client.post("/refused", data={"letter": letter, **act}).text
    assert told(database, "select outcome, repaired_by, note, asked_at from ledger.dead_letter") == [("set_aside", "wang", "厂商测试数据 138********", None)]
    assert told(database, "select who, what, detail from access.trail where what like 'letter%'") == [("wang", "letter_set_aside", "厂商测试数据 138********")]
    assert "/refused" not in page(database, "system_admin")


def test_one_sealed_with_another_key_is_listed_and_says_so(database: Database, letter: int) -> None:
    with connect(database.url("owner"), name="test") as owner:
        owner.execute("update ledger.dead_letter set original_encrypted = decode(repeat('00', 40), 'hex')")
    assert "无法打开" in admin(database).get(f"/refused?letter={letter}").text
