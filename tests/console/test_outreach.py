"""Outreach: clocks of clues, visits and quarterly checks; every number is its list, and what nobody reports is unknown."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from console.pages.outreach_rows import title
from console.queries import outreach
from console.url import SHANGHAI, Filters
from sql.access import see_as
from sql.connect import connect
from tests.conftest import Database
from tests.console.conftest import EVERYTHING
from tests.console.guests import ask, guest
from tests.console.records import numbers, put, remade_now, reports, rows, told
from tests.console.test_inquiries import linked, listed
from tests.console.test_projects import city
from tests.console.world import NOW, World
from workers import remade

HOME, TOWN, ELSEWHERE = "371402000000", "371402002000", "371424000000"
PATH, ROWS = "/outreach", "outreach-rows"
PARTS = ("outreach-visits", "outreach-clues", "outreach-checks", "outreach-favour")
TODAY = NOW.astimezone(SHANGHAI).date()


def at(day: date) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI)


def ago(days: int) -> datetime:
    return at(TODAY - timedelta(days=days))


def working_days_ago(world: World, n: int) -> datetime:
    """The latest working day from which ``n`` working days have ended before today."""
    query = "select max(day) from facts.working_day where calendar = 'CN' and working and n = (select n - 1 - :n from facts.working_day where calendar = 'CN' and day = :today)"
    return at(world.conn.execute(text(query), {"n": n, "today": TODAY}).scalar_one())


def quarter(back: int) -> date:
    """The first day of the quarter so many quarters back."""
    first = TODAY.year * 4 + (TODAY.month - 1) // 3 - back
    return date(first // 4, first % 4 * 3 + 1, 1)


def visit(world: World, home: str, when: datetime, risk: str | None = "yellow", kind: str = "care") -> None:
    world.n += 1
    put(world, "visit", visit_id=f"V{world.n}", household_id=home, kind=kind, risk=risk, visited_at=when)


def clue(world: World, key: str, pushed: datetime, region: str = HOME, **more: object) -> None:
    put(world, "clue", clue_id=key, household_id=f"{key}-home", region_code=region, kind="grid", pushed_at=pushed, **more)


def clues(world: World) -> None:
    with world.again() as now:
        now.calendar()
        reports(now, "clue", "visit", "application")
        for key, n in (("waiting", 9), ("late", 10), ("later", 19), ("long", 20)):
            clue(now, key, working_days_ago(now, n))
        clue(now, "answered", working_days_ago(now, 30), responded_at=working_days_ago(now, 25))
        clue(now, "behind", working_days_ago(now, 30), responded_at=working_days_ago(now, 15))
        clue(now, "seen", working_days_ago(now, 30))
        visit(now, "seen-home", working_days_ago(now, 24))
        clue(now, "applied", working_days_ago(now, 30))
        put(now, "application", application_id="A-x", household_id="applied-home", region_code=HOME, programme="dibao", submitted_at=working_days_ago(now, 28))
        clue(now, "dark", working_days_ago(now, 30), absent=["responded_at"])
        clue(now, "far", working_days_ago(now, 2), ELSEWHERE)
    remade_now(world)


def visits(world: World) -> None:
    with world.again() as now:
        reports(now, "visit")
        for key, days, risk in (("r7", 7, "red"), ("r8", 8, "red"), ("r15", 15, "red"), ("o24", 24, "orange"), ("o25", 25, "orange"), ("o31", 31, "orange"),
                                ("y30", 30, "yellow"), ("y91", 91, "yellow"), ("none", 3, None)):  # fmt: skip
            now.household(key, TOWN)
            visit(now, key, ago(days), risk)
        visit(now, "y91", ago(400), "red")  # what counts is the last
        now.household("far-home", ELSEWHERE)
        visit(now, "far-home", ago(40), "red")
    remade_now(world)


def checks(world: World) -> None:
    with world.again() as now:
        reports(now, "visit", "application", "benefit", "stage")
        for key, back, checked in (("new", 0, None), ("due", 1, None), ("late", 2, None), ("long", 3, None), ("checked", 3, 0), ("again", 4, 2), ("old", 12, None)):
            now.household(key, TOWN)
            put(now, "application", application_id=f"A-{key}", household_id=key, region_code=TOWN, programme="dibao", submitted_at=at(quarter(back)))
            put(now, "stage", stage_id=f"S-{key}", application_id=f"A-{key}", stage_code="DECIDE", result="refuse", at=at(quarter(back)))
            if checked is not None:
                visit(now, key, at(quarter(checked)), kind="quarterly_check")
        for key, reason, again in (("left", "income", False), ("dead", "death", False), ("back", "income", True)):
            now.household(key, ELSEWHERE)
            put(now, "benefit", benefit_id=f"B-{key}", household_id=key, region_code=ELSEWHERE, programme="tekun", end_period=f"{quarter(1):%Y-%m}", stop_reason=reason)
            if again:
                put(now, "benefit", benefit_id=f"B-{key}-2", household_id=key, region_code=ELSEWHERE, programme="tekun", start_period=f"{quarter(0):%Y-%m}")
    remade_now(world)


def states(conn: Connection, subject: str) -> dict[str, str]:
    found, _ = outreach.listed(conn, outreach.question(Filters(), NOW), subject)
    return {row.key.removeprefix("A-").removeprefix("B-"): row.state for row in found}


def test_a_clue_has_ten_working_days_and_a_visit_or_an_application_is_an_answer(conn: Connection, world: World) -> None:
    clues(world)
    assert states(conn, "clues") == {
        "waiting": "waiting", "late": "late", "later": "late", "long": "long", "answered": "answered", "behind": "answered-late", "seen": "answered",
        "applied": "answered", "dark": "unknown", "far": "waiting",
    }  # fmt: skip


def test_a_household_is_visited_as_often_as_its_colour_asks(conn: Connection, world: World) -> None:
    visits(world)
    assert states(conn, "visits") == {
        "r7": "due", "r8": "late", "r15": "long", "o24": "kept", "o25": "due", "o31": "late", "y30": "kept", "y91": "late", "none": "unknown", "far-home": "long",
    }  # fmt: skip


def test_who_was_refused_or_left_is_checked_in_each_quarter_after(conn: Connection, world: World) -> None:
    checks(world)
    found = states(conn, "checks")
    assert {key: found[key] for key in ("new", "due", "late", "long", "checked", "again", "left")} == {
        "new": "ahead", "due": "due", "late": "late", "long": "long", "checked": "checked", "again": "late", "left": "due",
    }  # fmt: skip
    assert not {"old", "dead", "back"} & set(found), "too long ago, dead, or helped again"


def test_every_number_of_the_page_opens_as_many_rows(database: Database, world: World) -> None:
    for tell in (clues, visits, checks):
        tell(world)
    with world.again() as now:
        reports(now, "clue")
        now.finding("P26", "yellow", HOME)
        now.finding("T09", "red", TOWN)
    who = guest(database)
    for search in ("", f"?region={HOME}", "?range=30d"):
        seen = {(n, href) for part in PARTS for n, href in numbers(told(who, part, PATH, search), PATH)}
        assert len(seen) > 12, search
        for n, href in sorted(seen):
            assert rows(who, ROWS, href) == n, (search, href)
    links = list(linked([told(who, part, PATH) for part in PARTS]))
    assert len(links) >= 3
    for n, href in links:
        assert listed(who, href) == n, href


def test_what_no_source_reports_is_unknown_and_not_zero(database: Database, world: World) -> None:
    who = guest(database)
    said = {part: ask(who, part, search="", path=PATH) for part in ("outreach-visits", "outreach-clues", "outreach-checks")}
    assert [part for part, told in said.items() if '"tile unknown"' in told] == ["outreach-visits", "outreach-clues"], "the story has an exit"
    assert [part for part, told in said.items() if "没有数据来源报送" not in told] == []
    with database.engine("owner").begin() as owner:
        owner.exec_driver_sql("select set_config('aidwatch.ranges', '{(,)}', true)")
        assert set(states(owner, "checks").values()) == {"unknown"}, "nobody reports visits: nobody can be called unvisited"


def test_a_county_sees_its_own_households_only(database: Database, world: World) -> None:
    for tell in (clues, visits):
        tell(world)
    far = guest(database, name="far", roles=["auditor"], regions=[ELSEWHERE])
    assert [rows(far, ROWS, f"{PATH}?rows={name}") for name in ("clues", "visits", "visits-red-long")] == [1, 1, 1]
    assert rows(far, ROWS, f"{PATH}?rows=visits&region={HOME}") == 0
    home = guest(database, name="home", roles=["auditor"], regions=[HOME])
    assert [rows(home, ROWS, f"{PATH}?rows={name}") for name in ("clues", "visits")] == [9, 9]
    assert "far-home" not in "".join(ask(home, part, search="", path=PATH) for part in (*PARTS, ROWS))


def test_without_a_viewer_the_database_shows_none_of_it(database: Database, world: World) -> None:
    city(world)
    for tell in (clues, visits, checks):
        tell(world)
    views = ("project_tally", "project_payment", "delivery", "answer", "provider_bar", "visit", "visited", "clue", "without_aid")
    counts = "select " + ", ".join(f"(select count(*) from seen.{view}) as {view}" for view in views)
    with database.engine("console").connect() as nobody:
        assert set(nobody.execute(text(counts)).one()) == {0}
    with database.engine("console").connect() as somebody:
        see_as(somebody, EVERYTHING)
        assert 0 not in somebody.execute(text(counts)).one()


def test_a_late_source_is_said(database: Database, world: World) -> None:
    visits(world)
    with world.again() as now:
        now.feed("visits", "民政局", 3600, NOW - timedelta(hours=30), entity="visit")
    assert "报送迟延" in ask(guest(database), "outreach-visits", search="", path=PATH)


@pytest.mark.parametrize("wanted", ["visits", "visits-overdue", "visits-red", "clues", "clues-late", "checks"])
def test_a_list_cut_short_is_the_beginning_of_the_whole(database: Database, world: World, wanted: str) -> None:
    for tell in (visits, clues, checks):
        tell(world)
    with database.engine("console").connect() as conn:
        see_as(conn, EVERYTHING)
        asks = outreach.question(Filters(), NOW)
        whole, n = outreach.listed(conn, asks, wanted)
        assert len(whole) == n > 0
        assert [outreach.listed(conn, asks, wanted, most) for most in range(1, n)] == [(whole[:most], n) for most in range(1, n)]


def test_a_file_holds_the_list(database: Database, world: World) -> None:
    visits(world)
    who = guest(database)
    lines = who.client.get(f"{PATH}.csv?rows=visits-red-long", buffered=True).get_data(as_text=True)
    assert "r15" in lines
    assert "far-home" in lines
    assert "r8" not in lines


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", max_size=40))
def test_only_lists_there_are_have_a_name(wanted: str) -> None:
    assert not title(wanted) or wanted.partition("-")[0] in ("clues", "visits", "checks")


@pytest.mark.parametrize("wanted", ["clues-top5-index-answered-late", "visits-red-kept", "checks-exited", "clues-overdue", "visits-untold-unknown"])
def test_each_list_says_what_it_holds(wanted: str) -> None:
    assert title(wanted)


def test_only_what_differs_is_written_and_a_household_that_moves_or_goes_is_followed(database: Database, world: World) -> None:
    visits(world)
    with connect(database.url("worker"), name="visited") as worker:
        assert remade.refresh(worker, remade.VISITS) == 0
        assert remade.refresh(worker, remade.VISITS, again=True) == 0
        with world.again() as now:
            now.conn.execute(text("update store.household set region_code = :home where household_id = 'far-home'"), {"home": HOME})
            now.conn.execute(text("delete from store.household where household_id = 'r7'"))
            now.conn.execute(text("delete from store.visit where household_id = 'y91' and risk = 'yellow'"))
        assert remade.refresh(worker, remade.VISITS) == 0, "no event said so"
        assert remade.refresh(worker, remade.VISITS, again=True) == 3
        found = worker.execute("select region_code, risk from watch.visited where household_id in ('far-home', 'r7', 'y91') order by 1").fetchall()
    assert found == [(HOME, "red"), (TOWN, "red")]
