"""Eligibility: freshness of the 46 items, whom registers cover, what was verified; every number is its list; blind is not zero."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from console.pages.eligibility_rows import LISTS, title
from console.queries import eligibility
from console.url import SHANGHAI, Filters
from monitors.catalogue import load
from monitors.registers import items, sources
from monitors.rule import REGISTERS
from sql.access import see_as
from sql.connect import connect
from tests.conftest import Database
from tests.console.conftest import EVERYTHING
from tests.console.guests import ask, guest
from tests.console.records import numbers, put, remade_now, rows, told
from tests.console.test_inquiries import linked, listed
from tests.console.world import NOW, World
from workers import coverage

HOME, TOWN, ELSEWHERE = "371402000000", "371402002000", "371424000000"
PATH, ROWS = "/eligibility", "eligibility-rows"
PARTS = ("eligibility-items", "eligibility-coverage")
TODAY = NOW.astimezone(SHANGHAI).date()
LAST_MONTH = f"{TODAY.replace(day=1) - timedelta(days=1):%Y-%m}"


def register(world: World, kind: str, as_of: date | None, *, feed: bool = True, department: str = "数据局", n: int = 1) -> None:
    """A source of one kind of register, declared or not, with data as of a day."""
    source = f"/reg/{kind}/{n}"
    if feed:
        put(world, "feed", feed_id=f"F-{kind}-{n}", source=source, department=department, interval_s=86_400 * 1_000, expected_from=NOW - timedelta(days=400))
    world.conn.execute(text("insert into store.source_state(source, entity, kind, last_at, as_of, events) values (:s, 'register', :k, :at, :as_of, 1)"),
                       {"s": source, "k": kind, "at": NOW - timedelta(hours=1), "as_of": as_of})  # fmt: skip


def registers(world: World) -> None:
    with world.again() as now:
        register(now, "death", TODAY - timedelta(days=8))
        register(now, "vehicle", TODAY - timedelta(days=8))
        register(now, "pension", None)
        register(now, "tax", TODAY - timedelta(days=900), feed=False)


def person(world: World, key: str, region: str) -> None:
    put(world, "person", person_id=key, person_key=f"k-{key}", id_number_key=f"k-{key}", residence_region=region, from_at=NOW)
    world.conn.execute(text("insert into store.identity values (:id, :key) on conflict do nothing"), {"id": key, "key": f"k-{key}"})


def stopped(world: World, key: str, region: str = TOWN, reason: str = "death") -> None:
    person(world, key, region)
    put(world, "benefit", benefit_id=f"B-{key}", person_id=key, region_code=region, programme="tekun", end_period=LAST_MONTH, stop_reason=reason)


def stops(world: World) -> None:
    """Stopped for a death: one that a register knows, one it does not, one who was visited since; one for custody nobody reports."""
    registers(world)
    with world.again() as now:
        for key in ("dead", "unborne", "alive"):
            stopped(now, key)
        stopped(now, "jailed", ELSEWHERE, "custody")
        put(now, "register", record_id="R-dead", kind="death", id_number_key="k-dead", from_date=TODAY - timedelta(days=40))
        put(now, "register", record_id="R-alive", kind="death", id_number_key="k-alive", from_date=TODAY - timedelta(days=40))
        put(now, "visit", visit_id="V-alive", person_id="alive", kind="care", visited_at=NOW - timedelta(hours=2))
    remade_now(world)


def short(world: World, fen: int, region: str = HOME) -> None:
    world.finding("F01", "yellow", region, subject_kind="benefit", subject_key=f"B{fen}",
                  evidence={"difference_fen": fen, "amount_fen": 50_000 + fen, "expected_fen": 50_000, "programme": "dibao"})  # fmt: skip


def states(conn: Connection) -> dict[int, str]:
    return {one.item.number: one.state for one in eligibility.compared(conn, Filters(), NOW)}


def test_the_list_has_46_items_and_every_kind_of_register_is_on_it() -> None:
    assert [item.number for item in items()] == list(range(1, 47))

    assert {item.kind for item in items()} - {None} == REGISTERS
    assert all(item.title["zh"] and item.title["en"] and item.owner and item.department for item in items())


def test_an_item_of_a_register_is_needed_by_the_rules_that_name_its_kind() -> None:
    by = {item.number: item.rules for item in items()}
    assert "E01" in by[3]
    assert "E01" in by[10]
    assert "E02" in by[41]
    assert "E01" not in by[5]


def test_every_rule_that_reads_registers_says_which_kinds_must_be_fresh() -> None:
    reading = {rule.code: rule.needed(rule.code) for rule in load().rules if rule.family in ("eligibility", "outreach") and re.search(r"facts\.(register|means)\b", rule.sql)}
    assert {"E01", "E02", "O05"} <= reading.keys()
    assert [code for code, needs in reading.items() if not any(need.startswith("register.") for need in needs)] == []
    assert [code for code, needs in reading.items() if "register" in needs] == []


@pytest.mark.parametrize(("rule", "evidence", "agree"), [("E01", {"sources": 2}, 2), ("E01", {"sources": 1}, 1), ("E02", {}, 1), ("T04", {}, None), ("D01", {}, None)])
def test_a_comparison_says_how_many_sources_agree(rule: str, evidence: dict[str, Any], agree: int | None) -> None:
    assert sources(rule, evidence) == agree


def test_freshness_is_judged_by_item_and_what_nobody_sends_is_blind(conn: Connection, world: World) -> None:
    registers(world)
    found = states(conn)
    assert (found[3], found[5], found[19], found[30], found[7]) == ("stale", "fresh", "undated", "open", "blind"), "deaths a week, vehicles a month"
    assert {found[number] for number in (16, 17, 37, 46)} == {"blind"}, "no record of the contract carries them"


def test_a_fresh_department_does_not_hide_a_stale_one(conn: Connection, world: World) -> None:
    with world.again() as now:
        register(now, "property", TODAY - timedelta(days=2), department="市自然资源局")
        register(now, "property", TODAY - timedelta(days=300), department="住建局", n=2)
        register(now, "death", TODAY - timedelta(days=2), department="德州市公安局")
        register(now, "vehicle", TODAY - timedelta(days=2))
        register(now, "vehicle", TODAY - timedelta(days=300), n=2)
        register(now, "hukou", TODAY - timedelta(days=2), department="公安局")
        register(now, "hukou", TODAY - timedelta(days=300), department="公安局", n=2)
    found = states(conn)
    assert (found[32], found[33]) == ("fresh", "stale"), "each department's own"
    assert (found[3], found[26]) == ("fresh", "blind"), "that the police report deaths says nothing of death certificates"
    assert (found[5], found[36]) == ("stale", "stale"), "whose they are is not known: as old as the oldest"
    assert (found[1], found[2]) == ("stale", "stale"), "two sources of one department"


def test_the_numbers_of_a_register_stand_at_the_item_that_is_sent(conn: Connection, world: World) -> None:
    with world.again() as now:
        register(now, "death", TODAY - timedelta(days=2), department="卫健委")
        now.finding("E01", "red", HOME, subject_kind="person")
    found = {one.item.number: one for one in eligibility.compared(conn, Filters(), NOW)}
    assert found[26].hits
    assert found[3].hits is None
    assert (found[26].shared_with, found[3].shared_with) == (None, 26)


def test_people_found_are_counted_at_night_in_their_own_place(database: Database, conn: Connection, world: World) -> None:
    stops(world)
    with world.again() as now:
        put(now, "register", record_id="R-stranger", kind="death", id_number_key="k-nobody")
    with connect(database.url("worker"), name="coverage") as worker:
        coverage.recount(worker)

    def deaths(region: str | None = None) -> int | None:
        return next(one.persons for one in eligibility.compared(conn, Filters(region=region), NOW) if one.item.number == 3)

    assert (deaths(), deaths(HOME), deaths(ELSEWHERE)) == (2, 2, None), "a stranger is none of ours"


def test_a_stop_is_set_against_the_registers_and_signs_of_life(conn: Connection, world: World) -> None:
    stops(world)
    asks = eligibility.question(Filters(), NOW)
    assert eligibility.stops(conn, asks) == {"borne": 1, "unborne": 1, "contradicted": 1, "unknown": 1}
    assert [row.benefit_id for row in eligibility.stopped(conn, asks, "contradicted")[0]] == ["B-alive"]
    assert [row.benefit_id for row in eligibility.stopped(conn, asks, "unborne")[0]] == ["B-unborne"]
    assert [row.benefit_id for row in eligibility.stopped(conn, asks, "unknown")[0]] == ["B-jailed"], "nobody reports custody: not an error, unknown"


def test_stops_nobody_has_looked_into_yet_are_unknown_and_not_zero(database: Database, conn: Connection, world: World) -> None:
    stops(world)
    with world.again() as now:
        now.conn.execute(text("delete from watch.stopped"))
        now.conn.execute(text("delete from watch.counted where name = 'stopped'"))
    who = guest(database)
    assert ask(who, "eligibility-coverage", search="", path=PATH).count('"未知"') >= 3
    assert "尚未核对停发情况" in ask(who, ROWS, search="?rows=stopped-contradicted", path=PATH)


def test_underpaid_lines_are_told_from_overpaid_ones(conn: Connection, world: World) -> None:
    with world.again() as now:
        for fen in (-1_000, -20_000, 5_000):
            short(now, fen)
    found, n, total = eligibility.underpaid(conn, eligibility.question(Filters(), NOW))
    assert ([row.missing_fen for row in found], n, total) == ([20_000, 1_000], 2, 21_000)


def test_every_number_of_the_page_opens_as_many_rows(database: Database, world: World) -> None:
    stops(world)
    with world.again() as now:
        short(now, -2_000)
        short(now, -2_500, TOWN)
        now.finding("O05", "notice", TOWN)
        now.finding("E02", "yellow", HOME)
    who = guest(database)
    for search in ("", f"?region={HOME}", "?range=30d", "?programme=tekun"):
        seen = {(n, href) for part in PARTS for n, href in numbers(told(who, part, PATH, search), PATH)}
        assert len(seen) > 3, search
        for n, href in sorted(seen):
            assert rows(who, ROWS, href) == n, (search, href)
        for n, href in linked([told(who, part, PATH, search) for part in (*PARTS, ROWS)]):
            assert listed(who, href) == n, href


def test_blind_items_are_unknown_not_zero(database: Database, world: World) -> None:
    who = guest(database)
    said = ask(who, ROWS, search="?rows=items-blind", path=PATH)
    assert "盲区" in said
    assert '"tile unknown"' in ask(who, "eligibility-items", search="", path=PATH)
    assert "盲区" in ask(who, "eligibility-items", search="", path=PATH)


def test_a_late_register_is_said(database: Database, world: World) -> None:
    with world.again() as now:
        now.feed("deaths", "公安局", 3600, NOW - timedelta(hours=30), entity="register")
        now.conn.execute(text("update store.source_state set kind = 'death' where entity = 'register'"))
    assert "banner stale" in ask(guest(database), "eligibility-items", search="", path=PATH)


def test_a_county_sees_its_own_stops_only(database: Database, world: World) -> None:
    stops(world)
    home = guest(database, name="home", roles=["auditor"], regions=[HOME])
    far = guest(database, name="far", roles=["auditor"], regions=[ELSEWHERE])
    assert [rows(who, ROWS, f"{PATH}?rows=stopped-unborne") for who in (home, far)] == [1, 0]
    assert "B-unborne" not in ask(far, ROWS, search="?rows=stopped-unborne", path=PATH)


def test_without_a_viewer_the_database_shows_none_of_it(database: Database, world: World) -> None:
    stops(world)
    with connect(database.url("worker"), name="coverage") as worker:
        coverage.recount(worker)
    counts = text("select (select count(*) from seen.stopped), (select count(*) from seen.register_compared)")
    with database.engine("console").connect() as nobody:
        assert set(nobody.execute(counts).one()) == {0}
    with database.engine("console").connect() as somebody:
        see_as(somebody, EVERYTHING)
        assert 0 not in somebody.execute(counts).one()


def test_a_file_holds_the_list(database: Database, world: World) -> None:
    stops(world)
    lines = guest(database).client.get(f"{PATH}.csv?rows=stopped-contradicted", buffered=True).get_data(as_text=True)
    assert "B-alive" in lines
    assert "B-dead" not in lines


def test_only_lists_there_are_have_a_name() -> None:
    assert all(title(wanted) for wanted in LISTS)
    assert not title("items-everything")


def test_the_page_speaks_english_too(database: Database, world: World) -> None:
    registers(world)
    who = guest(database)
    who.client.get("/?lang=en")
    said = ask(who, ROWS, search="?rows=items-blind", path=PATH)
    assert "Utilities" in said
    assert "blind: nobody sends it" in said


@pytest.mark.parametrize(("agree", "said"), [(1, "单一来源，待核"), (2, "2 个来源一致")])
def test_a_list_a_card_and_a_finding_say_on_how_many_sources_they_stand(database: Database, world: World, agree: int, said: str) -> None:
    with world.again() as now:
        key = now.finding("E01", "red", HOME, subject_kind="person", evidence={"sources": agree, "programme": "dibao"})
    who = guest(database)
    assert said in ask(who, "finding-body", search="", path=f"/finding/{key}")
    assert said in ask(who, "overview-feed-rows", search="?rule=E01", path="/")
    assert said in who.client.get("/findings.csv?rule=E01", buffered=True).get_data(as_text=True)


def test_what_nobody_sends_has_no_count_of_findings(conn: Connection, world: World) -> None:
    registers(world)
    hits = {one.item.number: one.hits for one in eligibility.compared(conn, Filters(), NOW)}
    assert hits[5] == 0, "vehicles are reported, and nothing was found"
    assert hits[32] is None, "real estate is not reported: unknown"
