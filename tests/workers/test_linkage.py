"""Persons who are probably one human: found as they arrive, merged by people only, undone as easily, and nothing clear beside the vault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from monitors.catalogue import load
from monitors.linkage.scoring import Scorer
from sql.access import see_as
from sql.connect import connect
from sql.load import raw
from sql.people import Viewer
from sql.settings import Settings
from tests.conftest import Database
from tests.engine.events import event
from workers import linkage
from workers.evaluator import Evaluator
from workers.intake import Intake
from workers.keys import ensure
from workers.replay import replay

NUMBER, MISTYPED, OTHER = "371402195003071230", "371402195003071320", "371402196504050017"
EVERYWHERE = Viewer("li", "li", frozenset({"supervisor"}), ("*",))
HERE, THERE = "371402001000", "371424001000"


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("worker"), name="test") as made:
        yield made


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("owner"), name="test") as made:
        yield made


def person(key: str, number: str | None, name: str = "王建国", **more: Any) -> bytes:
    told = {"phone": "13800000000", "birth_date": "1950-03-07", "sex": "M", **more}
    return event("person", person_id=key, id_type="resident_id", id_number=number, name=name, **told)


def lives(n: int, key: str, region: str, counted: bool = True) -> list[bytes]:
    return [event("household", household_id=f"H{n}", region_code=region, address=f"{n}号"),
            event("household_member", member_id=f"M{n}", household_id=f"H{n}", person_id=key, counted=counted, from_date="2025-01-01", to_date=None),
            event("benefit", benefit_id=f"B{n}", programme="dibao", household_id=f"H{n}", region_code=region, monthly_amount_fen=60_000,
                  start_period="2025-02", end_period=None)]  # fmt: skip


@pytest.fixture
def intake(database: Database, settings: Settings) -> Iterator[Intake]:
    with connect(database.url("worker"), name="intake") as own:
        made = Intake(own, ensure(settings), "test")
        regions = [event("region", region_code=code, name=code, level="county", parent_code=None) for code in (HERE, THERE)]
        assert made.take([*regions, person("P1", NUMBER), person("P2", MISTYPED, "王健国"), person("P3", OTHER, "赵铁柱", phone="13900000000",
                          birth_date="1965-04-05"), *lives(1, "P1", HERE), *lives(2, "P2", THERE)]).rejected == []  # fmt: skip
        yield made


@pytest.fixture
def pair(conn: psycopg.Connection, intake: Intake, settings: Settings) -> tuple[str, str]:
    assert linkage.refresh(conn, ensure(settings)) == 3
    (row,) = conn.execute("select left_key, right_key from watch.person_pair").fetchall()
    return str(row[0]), str(row[1])


def decide(database: Database, pair: tuple[str, str], said: str, viewer: Viewer = EVERYWHERE) -> None:
    engine = database.engine("console")
    with engine.begin() as acting:
        see_as(acting, viewer)
        acting.execute(text("select access.decide_pair(:one, :other, :said, 'li', 'compared with the register')"),
                       {"one": pair[0], "other": pair[1], "said": said})  # fmt: skip
    engine.dispose()


def evaluate(conn: psycopg.Connection, intake: Intake) -> dict[str, int]:
    evaluator = Evaluator(conn, intake, load())
    while evaluator.step():
        pass
    return dict(conn.execute("select rule, count(*) from watch.finding where present and rule in ('D01', 'D08', 'E01') group by rule").fetchall())


def keys_of(conn: psycopg.Connection, *people: str) -> list[str]:
    query = "select i.person_key, p.person_key from store.identity i join store.person p using (person_id) where person_id = any(%s) and p.to_at is null"
    rows = conn.execute(query + " order by person_id", [list(people)]).fetchall()
    assert all(one == other for one, other in rows)  # records and identities say the same
    return [row[0] for row in rows]


def test_a_second_registration_is_a_notice_until_somebody_decides(
    conn: psycopg.Connection, pair: tuple[str, str], database: Database, intake: Intake
) -> None:
    assert evaluate(conn, intake) == {"D08": 1}
    decide(database, pair, "different")
    assert evaluate(conn, intake) == {}
    decide(database, pair, "undecided")
    assert evaluate(conn, intake) == {"D08": 1}


def test_a_merge_makes_rules_see_one_human_and_undoing_it_two_again(
    conn: psycopg.Connection, pair: tuple[str, str], database: Database, intake: Intake
) -> None:
    assert evaluate(conn, intake) == {"D08": 1}
    own = keys_of(conn, "P1", "P2")
    decide(database, pair, "same")
    assert keys_of(conn, "P1", "P2") == [min(own)] * 2
    assert evaluate(conn, intake) == {"D01": 1}  # in two dibao households
    assert intake.take([event("register", record_id="R1", kind="death", id_number=MISTYPED, from_date="2025-03-01", as_of="2026-11-01"),
                        event("payment", payment_id="Q1", benefit_id="B1", programme="dibao", household_id="H1", payee_person_id="P1", region_code=HERE,
                              period="2026-10", amount_fen=60_000, kind="regular", status="paid", paid_at="2026-10-10T09:00:00+08:00")]).rejected == []  # fmt: skip
    found = evaluate(conn, intake)
    assert found["D01"] == 1
    assert conn.execute("select count(*) from facts.register where person_key = %s", [min(own)]).fetchone() == (1,)
    decide(database, pair, "undecided")
    assert keys_of(conn, "P1", "P2") == own
    assert "D01" not in evaluate(conn, intake)
    assert conn.execute("select decision, by_whom from watch.pair_decision order by id").fetchall() == [("same", "li"), ("undecided", "li")]


def test_a_merged_number_stands_for_its_human_in_later_events_and_after_replay(
    conn: psycopg.Connection, pair: tuple[str, str], database: Database, intake: Intake
) -> None:
    decide(database, pair, "same")
    merged = keys_of(conn, "P1", "P2")
    assert intake.take([person("P2", MISTYPED, "王健国", phone="13700000000"), person("P4", NUMBER)]).rejected == []
    assert keys_of(conn, "P1", "P2", "P4") == [*merged, merged[0]]
    evaluate(conn, intake)
    told = replay(conn, load())
    assert (told["differing"], told["drift"]) == ({}, 0)


def test_of_three_who_were_one_two_stay_one_when_a_link_is_undone(
    conn: psycopg.Connection, pair: tuple[str, str], database: Database, intake: Intake, settings: Settings
) -> None:
    assert intake.take([person("P5", None)]).rejected == []
    linkage.refresh(conn, ensure(settings))
    pairs = [(str(left), str(right)) for left, right in conn.execute("select left_key, right_key from watch.person_pair order by 1, 2")]
    with_p5 = [one for one in pairs if "person:P5" in one]
    assert len(with_p5) == 2
    decide(database, pair, "same")
    decide(database, with_p5[0], "same")
    assert len(set(keys_of(conn, "P1", "P2", "P5"))) == 1
    decide(database, pair, "undecided")
    keys = keys_of(conn, "P1", "P2", "P5")
    assert (len(set(keys)), keys.count(keys[2])) == (2, 2)
    decide(database, with_p5[0], "different")
    assert len(set(keys_of(conn, "P1", "P2", "P5"))) == 3
    assert conn.execute("select count(*) from store.merged").fetchone() == (0,)


def test_who_sees_one_side_sees_the_pair_and_only_who_sees_both_decides(database: Database, pair: tuple[str, str]) -> None:
    for regions, seen in ((("371402000000",), 0), ((HERE,), 1), ((THERE,), 1), ((HERE, THERE), 1), ((), 0)):
        viewer = Viewer("wang", "wang", frozenset({"supervisor"}), regions)
        with database.engine("console").begin() as acting:
            see_as(acting, viewer)
            assert acting.execute(text("select count(*) from seen.person_pair")).scalar_one() == seen, regions
    with pytest.raises(Exception, match="pair outside the scope"):
        decide(database, pair, "same", Viewer("wang", "wang", frozenset({"supervisor"}), (HERE,)))
    with pytest.raises(Exception, match="pair outside the scope"):
        decide(database, pair, "same", Viewer("wu", "wu", frozenset({"unit_handler"}), ("*",), unit_code="U1"))
    decide(database, pair, "same", Viewer("wang", "wang", frozenset({"supervisor"}), (HERE, THERE)))


def test_records_that_are_corrected_are_no_longer_a_pair(
    conn: psycopg.Connection, pair: tuple[str, str], intake: Intake, settings: Settings
) -> None:
    evaluate(conn, intake)
    assert intake.take([person("P2", MISTYPED, "欧阳灵犀", phone="13911111111", birth_date="1999-01-01", sex="F")]).rejected == []
    assert linkage.refresh(conn, ensure(settings)) == 1
    assert conn.execute("select present from watch.person_pair").fetchall() == [(False,)]
    assert evaluate(conn, intake) == {}
    assert linkage.refresh(conn, ensure(settings)) == 0


def test_one_by_one_and_all_at_once_find_the_same_pairs(conn: psycopg.Connection, pair: tuple[str, str], settings: Settings) -> None:
    before = conn.execute("select left_key, right_key, probability, weight, reasons from watch.person_pair").fetchall()
    people = conn.execute("select person_id, digest from watch.linked order by person_id desc").fetchall()
    conn.execute("delete from watch.person_pair; delete from watch.link_key")
    with Scorer(linkage.persons_config()) as scorer:
        linking = linkage.Linking(conn, ensure(settings), scorer)
        assert sum(linking.take([one]) for one in people) == 1
    assert conn.execute("select left_key, right_key, probability, weight, reasons from watch.person_pair").fetchall() == before


def test_another_model_compares_everybody_anew_and_no_pair_goes_before_both_were_asked(
    conn: psycopg.Connection, pair: tuple[str, str], settings: Settings
) -> None:
    found = conn.execute("select * from watch.person_pair").fetchall()
    outdated = conn.execute(raw("linkage.outdated"), {"limit": 10, "model": "another"}).fetchall()
    assert [person for person, _ in outdated] == ["P1", "P2", "P3"]
    conn.execute("update watch.linked set model = 'of yesterday'; delete from watch.link_key")  # keys of another model are never shared
    with Scorer(linkage.persons_config()) as scorer:
        linking = linkage.Linking(conn, ensure(settings), scorer)
        stood = [(linking.take([one]), conn.execute("select * from watch.person_pair").fetchall()) for one in outdated]
    assert stood == [(0, found), (1, found), (0, found)]
    assert linkage.refresh(conn, ensure(settings)) == 0


def test_nothing_clear_is_kept_of_a_comparison(owner: psycopg.Connection, pair: tuple[str, str]) -> None:
    for table in ("watch.link_key", "watch.linked", "watch.person_pair", "watch.pair_decision", "store.merged", "ledger.mark"):
        kept = str(owner.execute(f"select t::text from {table} t").fetchall())
        assert not [one for one in (NUMBER, MISTYPED, "王建国", "王健国", "wang", "13800000000", "1950-03-07", "1号") if one in kept], table
