"""One file for a household, a person or a benefit: complete, masked, and closed to other regions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from console.queries import then as earlier
from console.queries.dossier import Event
from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import KEYS, ask, guest, taken
from tests.console.test_reveal import ACCOUNT, NUMBER, finding
from tests.console.world import NOW, STORY, World
from tests.engine.events import event
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


def at(database: Database, when: str, **keys: str) -> None:
    """Let what the ledger holds of these records so far have been known since ``when``."""
    with database.engine("owner").begin() as conn:
        for entity, key in keys.items():
            conn.execute(text("update ledger.event set known_at = :at where entity = :entity and key = :key and known_at > now() - interval '1 day'"),
                         {"at": when, "entity": entity, "key": key})  # fmt: skip


def history(database: Database, finding: str, *steps: tuple[str, str, str | None, str | None]) -> None:
    with database.engine("owner").begin() as conn:
        conn.execute(text("delete from watch.finding_event where finding_id = :id"), {"id": finding})
        for known_at, what, card, stage in steps:
            conn.execute(text("insert into watch.finding_event (finding_id, at, known_at, what, to_card, to_stage) values (:id, :at, :at, :what, :card, :stage)"),
                         {"id": finding, "at": known_at, "what": what, "card": card, "stage": stage})  # fmt: skip


def then(database: Database, path: str, day: str, **who: Any) -> str:
    return ask(guest(database, **({"regions": [HOME], "name": f"g{day}"} | who)), "dossier-body", search=f"?known={day}&lang=zh", path=path)


def test_a_file_is_shown_as_it_was_known_on_an_earlier_day(database: Database, finding: str) -> None:
    with database.engine("owner").begin() as conn:
        conn.execute(text("update ledger.event set known_at = '2026-03-10 08:00+08'"))
    told_anew: dict[str, Any] = {"benefit_id": "B1", "programme": "dibao", "household_id": "H1", "monthly_amount_fen": 77_700, "start_period": "2026-02", "region_code": "371402001000"}
    with connect(database.url("worker"), name="test") as conn:
        assert Intake(conn, KEYS, "test").take([event("benefit", at="2026-11-06T08:00:00+08:00", **told_anew)]).rejected == []
    at(database, "2026-05-02 08:00+08", benefit="B1")
    history(database, finding, ("2026-03-11 08:00+08", "opened", "yellow", None), ("2026-04-01 08:00+08", "hand_over", None, "assigned"),
            ("2026-05-01 08:00+08", "card", "red", None), ("2026-06-01 08:00+08", "cleared", None, None))  # fmt: skip
    path = "/dossier/household/H1"
    before, march, april, may, june = (then(database, path, day) for day in ("2026-03-09", "2026-03-31", "2026-04-15", "2026-05-15", "2026-06-15"))
    assert "截至 2026-03-09" in before
    assert f"/finding/{finding}" not in before
    assert "600.00" not in before
    assert "600.00" in march
    assert "777.00" not in april
    assert "777.00" in may
    assert [word in page for page, word in ((march, "黄牌"), (april, "黄牌"), (may, "红牌"), (may, "已交办"), (june, "红牌"))] == [True, True, True, True, False]
    assert "已交办" not in march
    assert "777.00" in told(database, path, name="now")
    assert "截至" not in told(database, path, name="now2")


def test_the_day_shown_is_in_the_file_taken_away_and_another_region_sees_nothing_of_any_day(database: Database, finding: str) -> None:
    with database.engine("owner").begin() as conn:
        conn.execute(text("update ledger.event set known_at = '2026-03-10 08:00+08'"))
    who = guest(database, name="wang", roles=["auditor"], regions=[HOME])
    head, early = taken(who, "/dossier/household/H1.csv?known=2026-03-09&lang=zh")
    assert head["当时所知（日期）"] == "2026-03-09"
    assert early == []
    assert len(taken(who, "/dossier/household/H1.csv?known=2026-03-10&lang=zh")[1]) > 3
    page = then(database, "/dossier/household/H1", "2026-03-31", name="far", regions=[ELSEWHERE])
    assert "state missing" in page


@given(st.lists(st.tuples(st.sampled_from(["B1", "B2", ""]), st.integers(0, 90_000), st.sampled_from(["submitted", "paid", "returned", "reversed"]),
                          st.sampled_from(["2026-01", "2026-02"])), max_size=20))  # fmt: skip
def test_money_known_then_is_that_of_its_own_benefit(lines: list[tuple[str, int, str, str]]) -> None:
    def record(entity: str, key: str, **body: Any) -> Event:
        return Event(entity, key, "upserted", NOW, NOW, "s", body)

    paid = [record("payment", str(n), benefit_id=of, amount_fen=fen, status=status, period=period) for n, (of, fen, status, period) in enumerate(lines)]
    found = {one.benefit_id: one for one in earlier.benefits([record("benefit", "B1", programme="dibao"), record("benefit", "B2"), *paid])}
    for key in ("B1", "B2"):
        own = [line for line in lines if line[0] == key]
        assert found[key].paid_fen == sum(fen for _, fen, status, _ in own if status in ("submitted", "paid"))
        assert found[key].returned == sum(status == "returned" for _, _, status, _ in own)
        assert found[key].last_period == max((period for *_, period in own), default=None)
