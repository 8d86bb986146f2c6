"""Page Procedure: every number opens as many applications, nobody sees another region's, and the forecast is an order of work only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from console.parts import flow
from console.queries import forecast, procedure
from console.queries.procedure import Variant
from console.url import SHANGHAI, Filters, parse
from sql.access import see_as
from sql.connect import connect
from sql.people import Viewer
from tests.conftest import Database
from tests.console.guests import Guest, ask, guest
from tests.console.world import World
from workers import courses

HOME, ELSEWHERE = "371402000000", "371424000000"
TOWN, FAR = "371402001000", "371424100000"
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.astimezone(SHANGHAI).date()
WAYS = [
    (TOWN, "ACCEPT VISIT OPINION PUBLICITY_START PUBLICITY_END DECIDE", 6), (TOWN, "ACCEPT OPINION DECIDE", 3),
    (TOWN, "ACCEPT OPINION VISIT VISIT PUBLICITY_START DECIDE", 2), (TOWN, "", 1), (FAR, "ACCEPT DECIDE", 4),
]  # fmt: skip
ADDRESSES = ("", f"?region={HOME}&programme=dibao", "?range=30d&unit=U1")


@pytest.fixture
def cases(database: Database, world: World) -> World:
    """Cases of two counties on their ways, the forecast of three of them, and their courses as the clock makes them."""
    with world.again() as now:
        now.unit("U1", "黄河涯镇政府", HOME, "township_office")
        names = iter(range(1000))
        for place, way, times in WAYS:
            for _ in range(times):
                write(now, f"C{next(names)}", place, way.split())
        for n, (place, chance) in enumerate(((TOWN, 0.9), (TOWN, 0.2), (FAR, 0.5))):
            now.conn.execute(
                text("insert into watch.forecast values (:day, :id, 'T04', '', :place, 'U1', 'dibao', 'standard', 'ACCEPT', :at, :at, :at, :at, 5, "
                     ":chance, :chance / 2, 'VISIT', 0.8, 120)"),
                {"day": TODAY, "id": f"C{n}", "place": place, "chance": chance, "at": NOW + timedelta(days=9)})  # fmt: skip
        now.conn.execute(text("insert into watch.counted values ('forecast', :at, cast(:told as jsonb))"),
                         {"at": NOW, "told": json.dumps({"made_on": str(TODAY), "n": 3, "came_due": 0})})  # fmt: skip
    with connect(database.url("worker"), name="test") as conn:
        courses.refresh(conn)
    return world


def write(world: World, name: str, place: str, way: list[str]) -> None:
    begun = NOW - timedelta(days=10)
    world.conn.execute(
        text("insert into store.application(application_id, programme, path, region_code, unit_code, submitted_at, event_source, event_at, arrival) "
             "values (:a, 'dibao', 'standard', :r, 'U1', :at, '/t', :at, 1)"), {"a": name, "r": place, "at": begun})  # fmt: skip
    for n, code in enumerate(way):
        world.conn.execute(
            text("insert into store.stage(stage_id, application_id, stage_code, at, event_source, event_at, arrival) values (:s, :a, :c, :at, '/t', :at, 1)"),
            {"s": f"{name}-{n}", "a": name, "c": code, "at": begun + timedelta(hours=n)})  # fmt: skip


def linked(told: Any) -> Iterator[tuple[int, str]]:
    """The numbers of a drawing that lead to the list of the page."""
    if isinstance(told, list):
        for one in told:
            yield from linked(one)
    elif isinstance(told, dict):
        href, inside = told.get("href", ""), json.dumps(told.get("children"))
        number = re.fullmatch(r'"([\d,]+)"', inside)
        if isinstance(href, str) and href.startswith("/procedure?") and "course=" in href and number:
            yield int(number[1].replace(",", "")), href
        for one in told.values():
            yield from linked(one)


def listed(who: Guest, href: str) -> int:
    address = href.partition("#")[0].partition("?")[2]
    told = ask(who, "procedure-cases", search=f"?{address}", path="/procedure")
    said = re.search(r"([\d,]+) 件申请：", told)
    rows = told.count("/dossier/application/")
    assert said
    assert rows == int(said[1]), "few enough here to be listed whole"
    return rows


def test_every_number_opens_as_many_applications(database: Database, cases: World) -> None:
    who = guest(database)
    parts = ("procedure-flow", "procedure-variants", "procedure-places", "procedure-units", "procedure-programmes")
    for search in ADDRESSES:
        numbers = [one for part in parts for one in linked(json.loads(ask(who, part, search=search, path="/procedure")))]
        assert len(numbers) > 8, search
        for number, href in {href: (number, href) for number, href in numbers}.values():
            assert listed(who, href) == number, href


def test_the_tiles_count_what_they_open(database: Database, cases: World) -> None:
    who = guest(database)
    told = ask(who, "procedure-tiles", search="", path="/procedure")
    assert "37.5 %" in told, "6 of 16; one has no step on record, the story's own case skipped its opinion"
    for course, n in (("broken", 10), ("skipped", 8), ("reversed", 2), ("unknown", 1), ("all", 17)):
        assert listed(who, f"/procedure?course={course}") == n, course


def test_who_looks_sees_the_own_region_only(database: Database, cases: World) -> None:
    near, far = (guest(database, name=name, roles=["supervisor"], regions=[region]) for name, region in (("near", HOME), ("far", ELSEWHERE)))
    assert (listed(near, "/procedure?course=all"), listed(far, "/procedure?course=all")) == (13, 4)
    assert "state empty" in ask(far, "procedure-cases", search=f"?course=all&region={HOME}", path="/procedure")
    queue = ask(far, "procedure-queue", search="", path="/procedure")
    assert "/dossier/application/C2" in queue
    assert "/dossier/application/C0" not in queue


def test_the_likeliest_comes_first_and_the_tenth_says_what_it_would_save(database: Database, cases: World) -> None:
    with database.engine("console").connect() as conn:
        see_as(conn, Viewer("chen", "Chen", frozenset({"supervisor"}), ("*",)))
        question = forecast.asked(Filters(), NOW)
        assert [row.application_id for row in forecast.first(conn, question)] == ["C0", "C2", "C1"]
        assert forecast.totals(conn, question) == forecast.Totals(3, pytest.approx(1.6), 1, pytest.approx(0.9))  # type: ignore[arg-type]
        assert forecast.totals(conn, forecast.asked(Filters(region=HOME), NOW)).n == 2


def test_a_forecast_of_yesterday_says_so_and_none_is_unknown(database: Database, cases: World) -> None:
    who = guest(database)
    assert "banner stale" not in ask(who, "procedure-queue", search="", path="/procedure")
    with database.engine("owner").begin() as conn:
        conn.execute(text("update watch.counted set told = jsonb_set(told, '{made_on}', to_jsonb(cast(:day as text))) where name = 'forecast'"),
                     {"day": str(TODAY - timedelta(days=2))})  # fmt: skip
        conn.execute(text("update watch.forecast set made_on = made_on - 2"))
    assert "banner stale" in ask(guest(database, name="again"), "procedure-queue", search="", path="/procedure")
    with database.engine("owner").begin() as conn:
        conn.execute(text("delete from watch.counted"))
    told = ask(guest(database, name="later"), "procedure-queue", search="", path="/procedure")
    assert "未知" in told
    assert "state empty" in told


def test_before_courses_are_made_the_page_says_unknown_and_not_zero(database: Database, world: World) -> None:
    who = guest(database)
    assert "未知" in ask(who, "procedure-tiles", search="", path="/procedure")
    told = ask(who, "procedure-flow", search="", path="/procedure")
    assert "banner stale" in told
    assert "state empty" in told


def test_the_drawing_follows_the_order_most_cases_are_to_follow() -> None:
    order, other = ["ACCEPT", "VISIT", "DECIDE"], ["APPLY", "FIRST_PAYMENT"]
    ways = [Variant(1, order, ["VISIT"], ["ACCEPT", "VISIT", "DECIDE"], True, [], [], [], 7, 0, 0),
            Variant(2, order, ["VISIT"], ["ACCEPT", "DECIDE", "VISIT"], False, [], ["DECIDE"], [], 2, 1, 0),
            Variant(3, other, [], ["FIRST_PAYMENT"], True, [], [], [], 8, 0, 0)]  # fmt: skip
    told = flow.flow(ways)
    assert told is not None
    assert (told.order, told.n, told.required) == (order, 9, {"VISIT"})
    assert told.of_kind("along") == [(("ACCEPT", "VISIT"), 7), (("VISIT", "DECIDE"), 7)]
    assert told.of_kind("over") == [(("ACCEPT", "DECIDE"), 2)]
    assert told.of_kind("back") == [(("DECIDE", "VISIT"), 2)]
    assert flow.flow([]) is None


def test_an_unknown_list_is_dropped_and_never_guessed() -> None:
    assert parse("?course=skipped:VISIT").course == "skipped:VISIT"
    assert [parse(f"?course={one}").course for one in ("x", "skipped:'--", "variant:1;drop")] == [None] * 3
    assert procedure.asked(Filters(programme="dibao"), NOW)["programme"] == "dibao"
