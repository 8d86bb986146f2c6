"""Revealing a clear value: for a purpose, of one's own region, within a limit, and never unseen."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import KEYS, ask, guest
from tests.console.world import World
from tests.engine.events import event
from workers.intake import Intake

NUMBER, ACCOUNT = "11010519491231002X", "6217000000000000001"
HOME, ELSEWHERE = "371402000000", "371424000000"


@pytest.fixture
def finding(world: World, database: Database) -> str:
    """A finding about a benefit whose people came in through intake, so that the vault holds what they are called."""
    with connect(database.url("worker"), name="test") as conn:
        Intake(conn, KEYS, "test").take([
            event("person", person_id="P1", id_type="resident_id", id_number=NUMBER, name="张三丰", phone="13800000000"),
            event("household", household_id="H1", region_code="371402001000", head_person_id="P1"),
            event("household_member", member_id="M1", household_id="H1", person_id="P1", counted=True, from_date="2025-01-01", to_date=None),
            event("benefit", benefit_id="B1", programme="dibao", household_id="H1", person_id=None, region_code="371402001000",
                  monthly_amount_fen=60_000, start_period="2025-02", end_period=None),
            event("payment", payment_id="Q1", benefit_id="B1", programme="dibao", region_code="371402001000", household_id="H1", payee_person_id="P1",
                  account_number=ACCOUNT, account_name="张三丰", period="2025-03", amount_fen=60_000, kind="regular", status="paid"),
        ])  # fmt: skip
    with world.again() as later:
        return later.finding("F01", "red", "371402001000", subject_kind="benefit", subject_key="B1")


def options(client: FlaskClient, finding: str) -> dict[str, str]:
    """What the form offers: kind → the choice's value."""
    return {found.split(":")[0]: found for found in re.findall(r'<option value="(\w+:[^"]+)"', client.get(f"/reveal?finding={finding}").text)}


def test_a_value_is_shown_once_for_a_purpose_and_the_dossier_says_who_looked(database: Database, finding: str) -> None:
    who = guest(database, regions=[HOME])
    offered = options(who.client, finding)
    assert set(offered) == {"id_number", "name", "phone", "account"}
    form = who.client.get(f"/reveal?finding={finding}")
    assert not any(clear in form.text for clear in (NUMBER, "张三丰", "13800000000", ACCOUNT))
    for kind, clear in (("id_number", NUMBER), ("account", ACCOUNT), ("name", "张三丰")):
        told = {"finding": finding, "value": offered[kind], "purpose": "inquiry", "case_no": "德监〔2026〕7号"}
        answer = who.client.post("/reveal", data=told)
        assert clear in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    dossier = ask(who, "finding-body", search="", path=f"/finding/{finding}")
    assert dossier.count("德监〔2026〕7号") == 3
    assert "chen" in dossier
    with database.engine("owner").connect() as conn:
        seen = conn.execute(text("select who, about, detail from access.trail where what = 'revealed' order by id")).all()
        assert [tuple(one) for one in seen] == [("chen", finding, f"{kind} inquiry 德监〔2026〕7号") for kind in ("id_number", "account", "name")]
        assert conn.execute(text("select array_agg(distinct person_id) from access.reveal where taken_at is null")).scalar_one() == ["P1"]
    assert NUMBER not in dossier


def test_without_purpose_case_or_a_value_of_this_finding_nothing_is_shown_and_nothing_noted(database: Database, finding: str) -> None:
    client = guest(database, regions=[HOME]).client
    good = {"finding": finding, "value": options(client, finding)["id_number"], "purpose": "verify", "case_no": "case 12"}
    for wrong in ({"purpose": "curiosity"}, {"case_no": " "}, {"case_no": "abc"}, {"value": "id_number:forged"}, {"value": ""}):
        answer = client.post("/reveal", data=good | wrong)
        assert (answer.status_code, NUMBER in answer.text) == (400, False), wrong
    with database.engine("owner").connect() as conn:
        assert conn.execute(text("select count(*) from access.reveal")).scalar_one() == 0


def test_it_takes_the_right_the_region_and_moderation(database: Database, finding: str) -> None:
    near = guest(database, name="near", regions=[HOME]).client
    told = {"finding": finding, "value": options(near, finding)["id_number"], "purpose": "verify", "case_no": "case 12"}
    assert guest(database, name="lead", roles=["leader"], regions=[HOME]).client.post("/reveal", data=told).status_code == 403
    far = guest(database, name="far", regions=[ELSEWHERE]).client
    assert far.get(f"/reveal?finding={finding}").status_code == 404
    assert far.post("/reveal", data=told).status_code == 404
    assert [near.post("/reveal", data=told).status_code for _ in range(31)] == [200] * 30 + [429]


def test_what_was_erased_from_the_vault_is_said(database: Database, finding: str) -> None:
    client = guest(database, regions=[HOME]).client
    told = {"finding": finding, "value": options(client, finding)["name"], "purpose": "audit", "case_no": "case 12"}
    with database.engine("owner").begin() as conn:
        conn.execute(text("update vault.identity set ciphertext = null, erased_at = now() where kind = 'name'"))
    assert "已被清除" in client.post("/reveal", data=told).text
