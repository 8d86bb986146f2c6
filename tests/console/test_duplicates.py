"""Who holds two benefits at once: every number is the list it opens, the matrix of the place marks it, and what is not counted is unknown."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from console.pages import duplicates
from console.pages.duplicates import QUEUE
from console.queries import overlaps
from console.queries.overlaps import Mark
from console.url import SHANGHAI, Filters
from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import Guest, guest
from tests.console.records import numbers, put, reports, rows, told
from tests.console.world import NOW, World
from workers import overlaps as counting

HOME, TOWN, ELSEWHERE = "371402000000", "371402002000", "371424000000"
PATH, ROWS, MATRIX = "/duplicates", "duplicates-rows", "duplicates-matrix"
THIS = f"{NOW.astimezone(SHANGHAI):%Y-%m}"
AGO = f"{(NOW - timedelta(days=100)).astimezone(SHANGHAI):%Y-%m}"


def held_twice(world: World) -> None:
    """Three people with dibao and tekun (one of them across counties, one no longer), one whose county allows it, and lawful ones."""
    with world.again() as now:
        reports(now, "benefit", "household_member", "person")
        put(now, "exclusion", exclusion_id="local", programme_a="tekun", programme_b="dibao", effect="coexist", region_code=ELSEWHERE, basis="local ground")
        people: dict[str, list[tuple[str, str, str | None]]] = {
            "both": [("dibao", TOWN, None), ("tekun", TOWN, None)], "across": [("dibao", TOWN, None), ("tekun", ELSEWHERE, None)],
            "once": [("dibao", TOWN, AGO), ("tekun", TOWN, None)], "allowed": [("dibao", ELSEWHERE, None), ("tekun", ELSEWHERE, None)],
            "old": [("dibao", TOWN, None), ("old_age", TOWN, None)], "child": [("orphan", HOME, None), ("dibao", HOME, None)],
            "open": [("old_age", HOME, None), ("dibao_margin", HOME, None)],
        }  # fmt: skip
        for person, held in people.items():
            put(now, "person", person_id=person, from_at=NOW)
            now.conn.exec_driver_sql(f"insert into store.identity values ('{person}', 'key-{person}')")
            for programme, region, end in held:
                put(now, "benefit", benefit_id=f"{person}/{programme}", programme=programme, person_id=person, region_code=region, household_id=f"H{person}",
                    monthly_amount_fen=50_000 if programme == "dibao" else 80_000, start_period=AGO, end_period=end)  # fmt: skip
        now.finding("D02", "yellow", TOWN, subject_kind="person", subject_key="key-both", amount_at_risk_fen=50_000)


def city(world: World, database: Database) -> Guest:
    held_twice(world)
    with connect(database.url("worker"), name="test") as conn:
        counting.refresh(conn)
    return guest(database)


def opening(who: Guest, part: str, search: str) -> set[tuple[str, int]]:
    """The lists a part of the page leads to, and how many rows it says they have."""
    return {(href, int(n)) for href, n in re.findall(rf"'href': '({PATH}\?[^']*said=(\d+)[^']*)'", str(told(who, part, PATH, search)))}


def test_every_number_of_the_page_opens_as_many_rows(database: Database, world: World) -> None:
    who = city(world, database)
    for search in ("", "?range=365d", f"?region={HOME}", f"?region={ELSEWHERE}", "?programme=tekun", f"?to={AGO}-28"):
        assert opening(who, MATRIX, search), search
        for href, n in opening(who, MATRIX, search) | {(href, n) for n, href in numbers(told(who, "duplicates-tiles", PATH, search), PATH)}:
            assert rows(who, ROWS, href) == n, (search, href)


def test_people_are_counted_in_the_months_chosen_and_marked_by_the_matrix_of_the_place(conn: Connection, database: Database, world: World) -> None:
    city(world, database)

    def pair(region: str | None, effect: str = "", **more: Any) -> int:
        return overlaps.people(conn, overlaps.question(conn, Filters(region=region, **more), NOW)).get(("dibao", "tekun", effect), 0)

    assert (pair(None), pair(None, span="365d"), pair(TOWN, "exclusive"), pair(ELSEWHERE, "coexist"), pair(ELSEWHERE, "exclusive")) == (3, 4, 2, 1, 1)
    marks = {region: overlaps.marks(conn, overlaps.question(conn, Filters(region=region), NOW)) for region in (None, ELSEWHERE)}
    assert marks[None]["dibao", "tekun"] == Mark("exclusive", "民发〔2021〕57号；民发〔2021〕43号", differs=True)
    assert marks[ELSEWHERE]["dibao", "tekun"] == Mark("coexist", "local ground", differs=False)
    assert ("dibao_margin", "old_age") not in marks[None]


def test_a_row_shows_both_benefits_the_months_the_money_and_its_finding(conn: Connection, database: Database, world: World) -> None:
    who = city(world, database)
    said = str(told(who, ROWS, PATH, "?rows=dibao-tekun&range=365d"))
    for one in ("/finding/", "/dossier/benefit/both/dibao", "/dossier/benefit/both/tekun", "/dossier/person/key-both", "民发〔2021〕43号", "互斥", AGO, THIS):
        assert one in said, one
    assert said.count("/finding/") == 1, "what nobody doubts has no finding"
    asks = overlaps.question(conn, Filters(span="365d"), NOW)
    months = asks["last"] - asks["first"] + 1
    held = {row.person_key: (row.all_fen, row.months) for row in overlaps.listed(conn, asks, "dibao-tekun")[0]}
    assert held["key-once"] == (50_000, 1)
    assert held["key-allowed"][0] is None, "money is at risk only where the two exclude each other"
    assert held["key-both"][0] == 50_000 * held["key-both"][1] < 50_000 * months


def test_a_list_cut_short_is_the_beginning_of_the_whole(conn: Connection, database: Database, world: World) -> None:
    city(world, database)
    asks = overlaps.question(conn, Filters(span="365d"), NOW)
    whole, n = overlaps.listed(conn, asks, "dibao-tekun")
    assert len(whole) == n > 2
    assert [overlaps.listed(conn, asks, "dibao-tekun", most) for most in range(1, n)] == [(whole[:most], n) for most in range(1, n)]


def test_a_county_sees_its_own_and_who_sees_two_counts_nobody_twice(database: Database, world: World) -> None:
    city(world, database)
    far = guest(database, name="far", roles=["supervisor"], regions=[ELSEWHERE])
    both = guest(database, name="two", roles=["supervisor"], regions=[HOME, ELSEWHERE])
    said = str(told(far, ROWS, PATH, "?rows=dibao-tekun"))
    assert "key-across" in said
    assert "key-both" not in said
    for who in (far, both):
        for href, n in opening(who, MATRIX, ""):
            assert rows(who, ROWS, href) == n, href
    assert rows(both, ROWS, f"{PATH}?rows=dibao-tekun") == 3


def test_what_is_not_counted_yet_is_unknown_and_not_zero(database: Database, world: World) -> None:
    held_twice(world)
    who = guest(database)
    assert "未知" in str(told(who, "duplicates-tiles", PATH))
    assert "尚未统计" in str(told(who, MATRIX, PATH))
    assert "尚未统计" in str(told(who, ROWS, PATH))
    assert not opening(who, MATRIX, "")


def test_the_queue_is_offered_where_there_is_one(database: Database, world: World) -> None:
    who = guest(database)

    def offered() -> bool:
        with who.app.server.test_request_context("/duplicates"):
            return QUEUE in str(duplicates.layout(PATH))

    assert offered() == (QUEUE in who.app.server.config["PAGE_PATHS"])
    who.app.server.config["PAGE_PATHS"] |= {QUEUE}
    assert offered()

