"""Questions about findings: every number equals the list it opens, lists are bounded, roles suffice."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from console.answering import Asked
from console.format import count, yuan_short
from console.i18n import speaking
from console.pages import overview_numbers
from console.queries import data, dossier, findings, regions
from console.url import ACTIVE, Filters, parse
from sql.access import see_as
from tests.console.conftest import EVERYTHING
from tests.console.world import BLIND, NOW, STORY, World

DEZHOU = "371400000000"
QUESTIONS = [
    Filters(), Filters(present=True, stage=ACTIVE), Filters(card=("red", "yellow"), present=True), Filters(family="timeliness"),
    Filters(region="371402000000"), Filters(region="371402000000", programme="dibao", card=("red",)), Filters(span="30d"),
    Filters(amount=True), Filters(rule=("F02", "T04")), Filters(subject_kind="benefit", subject_key=STORY), Filters(unit="U1"),
    Filters(present=False), Filters(since=NOW - timedelta(days=3)), Filters(family="no-such-family"), Filters(programme="tekun"),
]  # fmt: skip


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: "since" if asked.since else asked.search() or "everything")
def test_a_number_is_its_list(conn: Connection, world: World, asked: Filters) -> None:
    question = findings.asked(asked, NOW)
    rows = findings.page(conn, question, end=1000)
    total = findings.totals(conn, question)
    assert total.n == len(rows) == len({row.finding_id for row in rows})
    assert total.amount_fen == sum(row.amount_at_risk_fen or 0 for row in rows)
    assert total.n_no_amount == sum(row.amount_at_risk_fen is None for row in rows)
    assert findings.by_card(conn, question) == Counter(row.card or "cleared" for row in rows)
    by_rule = findings.by_rule(conn, question)
    assert {rule: one.n for rule, one in by_rule.items()} == Counter(row.rule for row in rows)
    assert findings.together(by_rule.values()) == total
    assert sum(day.n for day in findings.by_day(conn, question)) == len(rows)


def test_the_questions_above_are_not_all_alike(conn: Connection, world: World) -> None:
    sizes = {findings.totals(conn, findings.asked(asked, NOW)).n for asked in QUESTIONS}
    assert len(sizes) > 8
    assert findings.totals(conn, findings.asked(Filters(family="no-such-family"), NOW)).n == 0


@pytest.mark.parametrize("address", ["", "?region=371402000000", "?programme=tekun", "?range=7d", "?from=2026-01-01&to=2026-12-31"])
def test_tiles_say_what_their_own_questions_say(conn: Connection, world: World, address: str) -> None:
    asked = Asked(conn, "/", parse(address), data.now(conn))
    with speaking("en"):
        for place, tile in enumerate(overview_numbers.tiles_of(asked)):
            told = findings.totals(conn, findings.asked(tile.opens, asked.now))
            expected = yuan_short(told.amount_fen) if place == 2 else count(told.n)
            assert (tile.value, tile.n) == (expected, told.n), tile.label


def test_places_add_up_to_the_whole(conn: Connection, world: World) -> None:
    asked = Filters(present=True, card=("red", "yellow"))
    places = findings.by_child(conn, findings.asked(asked, NOW), DEZHOU)
    assert sum(place.n for place in places) == findings.totals(conn, findings.asked(asked, NOW)).n
    for place in places:
        assert place.n == findings.totals(conn, findings.asked(asked.but(region=place.region_code), NOW)).n
        assert place.n == place.red + place.yellow + place.notice


def test_what_lies_in_no_smaller_place_is_counted_beside_them(conn: Connection, world: World) -> None:
    county = "371402000000"
    with world.again() as later:
        later.finding("P02", "red", county)
    conn.rollback()
    see_as(conn, EVERYTHING)
    question = findings.asked(Filters(region=county), NOW)
    places = findings.by_child(conn, question, county)
    assert [(place.region_code, place.n) for place in places if place.own] == [(county, 1)]
    assert sum(place.n for place in places) == findings.totals(conn, question).n


def test_a_place_without_reports_is_unknown(conn: Connection, world: World) -> None:
    places = findings.by_child(conn, findings.asked(Filters(), NOW), DEZHOU)
    assert [place.region_code for place in places if place.unknown] == [BLIND]


def test_a_finding_of_two_places_counts_in_both_and_once_in_the_whole(conn: Connection, world: World) -> None:
    one, other = "371402000000", "371403000000"
    asked = Filters(rule=("F20",))
    with world.again() as later:
        both = later.finding("F20", "red", "371402001000")
        for region in ("371402001000", "371403101000"):
            later.lies_in(both, region)
    question = findings.asked(asked, NOW)
    conn.rollback()
    see_as(conn, EVERYTHING)
    places = {place.region_code: place.n for place in findings.by_child(conn, question, DEZHOU)}
    assert (places[one], places[other]) == (1, 1)
    assert findings.totals(conn, question).n == 1
    for region in (one, other):
        assert findings.totals(conn, findings.asked(asked.but(region=region), NOW)).n == 1


def test_rows_come_in_the_order_asked_for(conn: Connection, world: World) -> None:
    question = findings.asked(Filters(), NOW)
    dearest = findings.page(conn, question, order=[("amount", "desc")], end=40)
    amounts = [row.amount_at_risk_fen or 0 for row in dearest]
    assert amounts == sorted(amounts, reverse=True)
    ranks = [row.card_rank for row in findings.page(conn, question, order=[("card", "asc")], end=300)]
    assert ranks == sorted(ranks)
    newest = [row.opened_at for row in findings.page(conn, question, end=300)]
    assert newest == sorted(newest, reverse=True)


@pytest.mark.parametrize("column", ["opened_at; drop table watch.finding", "1", "", "evidence"])
def test_no_column_but_ours_reaches_the_statement(conn: Connection, world: World, column: str) -> None:
    question = findings.asked(Filters(), NOW)
    assert findings.page(conn, question, order=[(column, "asc")]) == findings.page(conn, question)


def test_blocks_of_a_list_neither_overlap_nor_leave_out(conn: Connection, world: World) -> None:
    question = findings.asked(Filters(), NOW)
    order = [("stage", "asc")]  # all equal: only the last key keeps the order whole
    blocks = [
        row.finding_id
        for start in range(0, 300, 50)
        for row in findings.page(conn, question, order=order, start=start, end=start + 50)
    ]
    assert len(blocks) == len(set(blocks)) == findings.totals(conn, question).n


def test_what_hangs_on_a_late_source_is_lowered_and_said(conn: Connection, world: World) -> None:
    before = findings.totals(conn, findings.asked(Filters(rule=("E01",)), NOW))
    assert before.n_stale == 0
    with world.again() as later:
        later.needs("eligibility.paid_after_death", "E01", "death_register", "register", NOW - timedelta(days=90))
        later.finding("E01", "red", "371402001000")
    conn.rollback()
    see_as(conn, EVERYTHING)
    after = findings.totals(conn, findings.asked(Filters(rule=("E01",), present=True), NOW))
    assert after.n_stale == after.n == before.n + 1
    assert after.stale_since is not None
    assert findings.totals(conn, findings.asked(Filters(rule=("E01",), card=("red",)), NOW)).n == 0


def test_what_was_noticed_last_comes_first_in_the_feed(conn: Connection, world: World) -> None:
    recent = findings.latest(conn, findings.asked(Filters(present=True), NOW), 10)
    known = sorted((row["noticed_at"] for row in world.findings if row["present"]), reverse=True)
    assert [one.noticed_at for one in recent] == known[:10]
    assert all(one.row.present for one in recent)


def test_a_dossier_knows_the_whole_story(conn: Connection, world: World) -> None:
    wanted = next(row["finding_id"] for row in world.findings if row["subject_key"] == STORY)
    finding = dossier.one(conn, wanted)
    assert finding
    homes = dossier.households(conn, finding)
    assert homes == ["H-story"]
    story = dossier.timeline(conn, finding, homes)
    assert Counter(event.entity for event in story.events) == {"application": 1, "stage": 5, "benefit": 2, "payment": 5}
    assert [event.occurred_at for event in story.events] == sorted(
        (event.occurred_at for event in story.events), reverse=True
    )
    assert not story.cut
    assert [row.subject_key for row in dossier.kin(conn, finding, homes)] == ["A-story"]
    assert [step.what for step in dossier.history(conn, wanted)] == ["opened"]
    assert dossier.one(conn, "f" * 24) is None


def test_records_that_evidence_names_are_part_of_the_story() -> None:
    evidence = {"payment_id": "P1", "benefit_ids": ["B1", "B2"], "programme": "dibao", "household_id": None}
    assert dossier.referred(evidence) == [("payment", "P1"), ("benefit", "B1"), ("benefit", "B2")]


def test_the_way_from_the_whole_to_a_village(conn: Connection, world: World) -> None:
    top = regions.root(conn)
    assert top
    assert top.region_code == DEZHOU
    way = regions.path(conn, "371402001000")
    assert [region.name for region in way][-2:] == ["德城区", "新湖街道"]
    assert regions.places(conn, ["371402001000", None])["371402001000"].full == "德城区 新湖街道"
    assert regions.within(conn, None) is None
    assert "371402001000" in (regions.within(conn, "371402000000") or [])


def test_the_state_of_sources(conn: Connection, world: World) -> None:
    feeds = data.feeds(conn)
    assert [feed.feed_id for feed in feeds if feed.stale_since] == ["pingyuan"]
    assert feeds[0].feed_id == "pingyuan"
    health = data.health(conn)
    assert (health.n_feeds, health.n_late, health.drift) == (4, 1, None)
    assert data.dead_letters(conn) == []
    assert data.now(conn).test_clock is False
