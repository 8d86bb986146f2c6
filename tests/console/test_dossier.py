"""One file for a household, a person or a benefit: complete, masked, and closed to other regions."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import Database
from tests.console.guests import KEYS, ask, guest
from tests.console.test_reveal import ACCOUNT, NUMBER, finding
from tests.console.world import STORY, World
from workers.intake import Intake

HOME, ELSEWHERE = "371402000000", "371424000000"
__all__ = ["finding"]  # a fixture: people that came in through intake


def told(database: Database, path: str, **who: Any) -> str:
    return ask(guest(database, **({"regions": [HOME]} | who)), "dossier-body", search="", path=path)


def test_a_household_shows_its_people_benefits_findings_and_who_looked(database: Database, finding: str) -> None:
    li = guest(database, name="li", regions=[HOME]).client
    form = li.get(f"/reveal?finding={finding}").text
    value = form.partition('<option value="name:')[2].partition('"')[0]
    li.post("/reveal", data={"finding": finding, "value": f"name:{value}", "purpose": "inquiry", "case_no": "case 12"})
    page = told(database, "/dossier/household/H1", name="wang")
    for piece in ("张*", "1949", "低保", "600.00", f"/finding/{finding}", "case 12", "/dossier/person/", "/dossier/benefit/B1"):
        assert piece in page, piece
    assert not any(clear in page for clear in (NUMBER, ACCOUNT, "张三丰", "13800000000", "1949-12-31"))


def test_every_kind_of_subject_has_its_file(database: Database, finding: str) -> None:
    person = Intake(None, KEYS, "test").pseudonym("id_number", NUMBER)  # type: ignore[arg-type]
    account = Intake(None, KEYS, "test").pseudonym("account", ACCOUNT)  # type: ignore[arg-type]
    for path in (f"person/{person}", "benefit/B1", f"account/{account}"):
        page = told(database, f"/dossier/{path}")
        assert "state missing" not in page, path
        assert f"/finding/{finding}" in page or path.startswith("account"), path
    assert "F02" in told(database, f"/dossier/benefit/{STORY}")


@pytest.mark.parametrize("path", ["/dossier/household/H1", "/dossier/benefit/B1", "/dossier/household/none", "/dossier/feed/x", "/dossier/"])
def test_a_file_outside_the_region_or_of_nothing_is_not_there(database: Database, finding: str, path: str) -> None:
    page = told(database, path, name="far", regions=[ELSEWHERE])
    assert "state missing" in page or page == ""


def test_money_of_a_benefit_is_counted_once_for_each_payment(database: Database, world: World) -> None:
    with database.engine("owner").connect() as conn:
        fen = conn.execute(text("select sum(amount_fen) from store.payment where benefit_id = :b and status in ('submitted', 'paid')"), {"b": STORY}).scalar_one()
    assert f"{fen / 100:,.2f}" in told(database, f"/dossier/benefit/{STORY}")


def test_the_file_of_a_unit_is_open_where_it_lies_or_answers_and_closed_elsewhere(database: Database, world: World) -> None:
    with world.again() as now:
        now.unit("U1", "黄河涯镇政府", HOME, "township_office")
        now.unit("U2", "市局", "371400000000", "city_civil_affairs")
        now.finding("T04", "red", HOME, unit_code="U2")
    for path in ("/dossier/unit/U1", "/dossier/unit/U2"):
        assert "state missing" not in told(database, path)
        assert "state missing" in told(database, path, name="far", regions=[ELSEWHERE]), path
    handler = {"name": "handler", "roles": ["unit_handler"], "unit_code": "U1"}
    assert "state missing" not in told(database, "/dossier/unit/U1", **handler)
    assert "state missing" in told(database, "/dossier/unit/U2", **handler)
    assert "state missing" in told(database, "/dossier/unit/U9")
