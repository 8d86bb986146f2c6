"""Sums of findings answer as the findings themselves do: after every kind of change, for every viewer, and without any drift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from console.queries import findings, rules, tally
from console.url import ACTIVE, Filters
from sql.access import see_as
from sql.connect import connect
from sql.people import Viewer
from tests.conftest import Database
from tests.console.test_inquiries import board
from tests.console.test_questions import DEZHOU, QUESTIONS
from tests.console.world import NOW, World
from workers.tally import recount, refresh

COUNTY, OTHER, TOWN, VILLAGE = "371402000000", "371403000000", "371402001000", "371402001001"
LEADER = frozenset({"supervisor"})
VIEWERS = [
    Viewer("all", "", LEADER, ("*",)), Viewer("county", "", LEADER, (COUNTY,)), Viewer("town", "", LEADER, (TOWN,)),
    Viewer("two", "", LEADER, (COUNTY, "371403101000")), Viewer("none", "", LEADER, ()),
    Viewer("unit", "", frozenset({"unit_handler"}), (COUNTY,), "U1"),
]  # fmt: skip
PLACES = (DEZHOU, COUNTY, OTHER, TOWN, "370000000000", "")
Reader = Callable[[Viewer], Connection]


@pytest.fixture
def changed(world: World) -> World:
    """Findings opened, changed by rules and by people, gone, silenced and of two places; some lie in no township, some nowhere."""
    with world.again() as later:
        county, nowhere = later.finding("P02", "red", COUNTY, unit_code="U1"), later.finding("P02", "yellow", "")
        village = later.finding("P02", "yellow", VILLAGE, amount_at_risk_fen=500, evidence={"programme": "tekun"})
        silent, over = (later.finding("F02", "yellow", TOWN, **silence(n), amount_at_risk_fen=70) for n in (3, -3))
        both = later.finding("F20", "red", TOWN)
        for region in (TOWN, "371403101000"):
            later.lies_in(both, region)
        run(later.conn, "update watch.finding set silenced_until = null, silenced_by = null, silence_reason = null where finding_id = :id", over)
        run(later.conn, "update watch.finding set region_code = null where finding_id = :id", nowhere)
        run(later.conn, "update watch.finding set outcome = 'true', rectified_at = now(), assigned_at = now(), stage = 'verified' where finding_id = :id", village)
        run(later.conn, "update watch.finding set present = false, ladder_card = null, rule_version = 2 where finding_id = :id", county)
        run(later.conn, "update watch.finding set amount_at_risk_fen = 0 where finding_id = :id", nowhere)
        run(later.conn, "delete from watch.finding where finding_id in (select finding_id from watch.finding where rule = 'E01' limit 2)")
        run(later.conn, "update watch.finding set silenced_until = now() + interval '1 day', silenced_by = 'li', silence_reason = 'known' where rule = 'D02'")
        run(later.conn, "update watch.finding set present = present where finding_id = :id", silent)
    return world


def silence(days: int) -> dict[str, Any]:
    return {"silenced_until": NOW + timedelta(days=days), "silenced_by": "li", "silence_reason": "known"}


def run(conn: Connection, statement: str, key: str | None = None) -> None:
    conn.execute(text(statement), {"id": key} if key else {})


@contextmanager
def reading(database: Database, viewer: Viewer) -> Iterator[Connection]:
    with database.engine("console").connect() as conn:
        see_as(conn, viewer)
        yield conn


def summed(database: Database) -> None:
    with connect(database.url("worker"), name="tally") as worker:
        refresh(worker)


@pytest.mark.parametrize("late", [False, True], ids=["added up", "still in lines"])
def test_sums_answer_as_the_findings_do(database: Database, world: World, late: bool, request: pytest.FixtureRequest) -> None:
    if late:  # counted first, then changed: everything stands in lines
        summed(database)
    request.getfixturevalue("changed")
    if not late:
        summed(database)
    answered = 0
    for viewer in VIEWERS:
        with reading(database, viewer) as conn:
            answered += sum(agrees(conn, findings.asked(asked, NOW)) for asked in [*QUESTIONS, Filters(silenced=False), Filters(region=TOWN)])
    assert answered > 60, "most questions of most viewers are answered by sums"


def agrees(conn: Connection, question: dict[str, object]) -> int:
    """Whether sums and findings say the same; how many questions the sums answered."""
    n = 0
    if tally.whole(conn, question) is not None:
        live = conn.execute(findings.statement("by_rule"), question).mappings()
        told = findings.by_rule(conn, question)
        assert {row["rule"]: row["n"] for row in live} == {rule: one.n for rule, one in told.items()}
        assert findings.totals(conn, question) == findings.Totals(**conn.execute(findings.statement("totals"), question).mappings().one())
        n += 1
    for parent in PLACES:
        if tally.below(conn, question, parent) is not None:
            live = conn.execute(findings.statement("by_child"), question | {"parent": parent}).mappings()
            assert [findings.Place(**row) for row in live] == findings.by_child(conn, question, parent), parent
            n += 1
    return n


def test_the_ledger_of_yield_is_the_same_from_sums(database: Database, changed: World) -> None:
    def told() -> list[object]:
        with reading(database, VIEWERS[0]) as conn:
            return [rules.yields(conn, Filters(region=region, rule=(code,) if code else ()), NOW) for region in (None, COUNTY) for code in (None, "P02")]

    counted = told()
    summed(database)
    assert told() == counted
    assert counted[0]["P02"][1].confirmed_fen == 500  # type: ignore[index]


def test_nothing_drifts_and_what_puts_sums_in_doubt_is_counted_anew(database: Database, world: World, request: pytest.FixtureRequest) -> None:
    summed(database)
    request.getfixturevalue("changed")
    with connect(database.url("worker"), name="tally") as worker:
        assert recount(worker)["drift"] == 0
        assert refresh(worker) == 0
        assert worker.execute("select count(*) from watch.finding_delta").fetchone() == (0,)
    with world.again() as later:
        run(later.conn, "update store.region set parent_code = :id where region_code = '371402001000'", OTHER)
        run(later.conn, "select store.flatten_regions()")
    with reading(database, VIEWERS[0]) as conn:
        assert tally.whole(conn, findings.asked(Filters(), NOW)) is None, "places have moved: nobody trusts the sums"
    summed(database)
    with reading(database, VIEWERS[0]) as conn:
        assert agrees(conn, findings.asked(Filters(), NOW)) > 3


def test_a_wrong_sum_is_told_and_mended(database: Database, changed: World) -> None:
    summed(database)
    with changed.again() as later:
        run(later.conn, "update watch.finding_tally set n = n + 1 where place = '*' and rule = 'T04'")
    with connect(database.url("worker"), name="tally") as worker:
        assert recount(worker)["drift"] > 0
        assert recount(worker)["drift"] == 0


def test_nobody_reads_sums_of_what_is_not_theirs(database: Database, changed: World) -> None:
    summed(database)
    places = text("select distinct place from seen.finding_tally")
    with reading(database, VIEWERS[1]) as conn:
        found = set(conn.execute(places).scalars())
    assert found
    assert all(place[:6] == COUNTY[:6] for place in found)
    for viewer in VIEWERS[4:]:
        with reading(database, viewer) as conn:
            assert not conn.execute(places).all()
            assert not conn.execute(text("select from seen.finding_delta")).all()


def test_what_waits_is_the_same_from_sums(database: Database, changed: World) -> None:
    board(changed)
    with database.engine("owner").begin() as owner:
        run(owner, "update watch.finding set stage = 'assigned', due_at = now() - interval '1 day' where rule = 'T04' and stage = 'open' and amount_at_risk_fen is null")
    scopes = [Filters(silenced=False, **more) for more in ({}, {"region": COUNTY}, {"programme": "dibao"})]  # type: ignore[arg-type]
    asked = [scope.but(**more) for scope in scopes for more in ({"stage": ACTIVE[1:]}, {"waits": "assess", "card": ("red", "yellow"), "present": True}, {"waits": "verify"}, {"waits": "close"})]

    def told() -> list[object]:
        with reading(database, VIEWERS[0]) as conn:
            return [findings.waiting(conn, findings.asked(one, NOW), NOW) for one in asked]

    counted = told()
    assert len({str(one) for one in counted}) > 4
    summed(database)
    assert told() == counted


@pytest.mark.parametrize("most", [1, 3, 500])
def test_red_cards_are_the_first_to_assess(database: Database, world: World, most: int) -> None:
    with reading(database, VIEWERS[0]) as conn:
        question = findings.asked(Filters(waits="assess", card=("red", "yellow"), present=True, silenced=False), NOW)
        plain = conn.execute(findings.statement("board"), question | {"most": most}).mappings()
        assert [row["finding_id"] for row in plain] == [one.row.finding_id for one in findings.board(conn, question, most)]
