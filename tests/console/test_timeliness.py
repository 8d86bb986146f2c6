"""Timeliness: what the cells say is what the cases are, each number opens as many rows, and regions see their own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console.queries import data, steps
from console.url import Filters
from sql.access import see_as
from tests.conftest import Database
from tests.console.conftest import EVERYTHING
from tests.console.guests import Guest, ask, guest
from tests.workers.office import CITY, COUNTY, OTHER, TOWN, WAY, Office, opened

SPAN = "from=2026-01-01&to=2026-12-31"
SLOW = WAY | {"SURVEY_START": "2026-10-09", "VISIT": "2026-10-10"}
OPEN = {code: day for code, day in WAY.items() if code != "DECIDE"}


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Iterator[Office]:
    with opened(shared_database) as found:
        for n in range(3):
            found.case(f"A{n}")
        found.case("A4", SLOW, region=OTHER, unit="U2")
        found.case("A5", OPEN, region=OTHER, unit="U2", programme="tekun")
        found.case("A6", {"APPLY": "2026-11-02", "ACCEPT": "2026-11-02"})
        yield found


def told(who: Guest, part: str, search: str = f"?{SPAN}") -> str:
    return ask(who, f"timeliness-{part}", search=search, path="/timeliness")


def links(node: Any) -> Iterator[tuple[str, str]]:
    """Every link of an answer: what it says and where it leads."""
    if isinstance(node, dict):
        if node.get("type") == "Link":
            yield str(node["props"]["children"]), node["props"]["href"]
        for value in node.values():
            yield from links(value)
    elif isinstance(node, list):
        for value in node:
            yield from links(value)


def listed(who: Guest, href: str) -> int:
    """How many rows the list at an address says it has, and that it has them."""
    said = told(who, "cases", href.removeprefix("/timeliness"))
    found = re.search(r"：(\d+) 件", said)
    assert found, said[:400]
    assert said.count("/dossier/application/") == int(found[1])
    return int(found[1])


def test_the_matrix_says_medians_by_place_and_the_list_behind_each_number_agrees(office: Office, shared_database: Database) -> None:
    who = guest(shared_database)
    said = told(who, "heat", f"?{SPAN}&region={COUNTY}")
    assert "受理至审核确认：中位 9 个工作日" in said
    opens = [href for text, href in links(json.loads(said)) if "step=" in href]
    assert len(opens) >= 10
    for href in opens:
        number = int(re.search(r"said=(\d+)", href)[1])  # type: ignore[index]
        assert listed(who, href) == number, href
        assert "✓" in told(who, "cases", href.removeprefix("/timeliness"))


def test_a_share_late_opens_the_late_cases(office: Office, shared_database: Database) -> None:
    who = guest(shared_database)
    said = told(who, "heat", f"?{SPAN}&region={COUNTY}&measure=late")
    (late,) = {href for text, href in links(json.loads(said)) if "step=SURVEY_START" in href and f"region={OTHER}" in href}
    assert "due=late" in late
    assert listed(who, late) == 1
    assert "A4" in told(who, "cases", late.removeprefix("/timeliness"))


def test_the_way_down_leads_from_the_county_to_the_unit_to_the_case(office: Office, shared_database: Database) -> None:
    who = guest(shared_database)
    places = {href for _, href in links(json.loads(told(who, "heat", f"?{SPAN}&region={COUNTY}"))) if "step=" not in href}
    assert f"/timeliness?region={OTHER}&from=2026-01-01&to=2026-12-31" in places
    units = [href for _, href in links(json.loads(told(who, "heat", f"?{SPAN}&region={OTHER}"))) if "unit=U2" in href and "step=VISIT" in href]
    assert listed(who, units[0]) == 2, "A4 and A5"


def test_the_queue_counts_by_days_left_and_each_class_opens_its_cases(office: Office, shared_database: Database) -> None:
    who = guest(shared_database)
    said = told(who, "queue", "")
    classes = [(text, href) for text, href in links(json.loads(said)) if "left=" in href]
    assert classes
    total = 0
    for _, href in classes:
        number = int(re.search(r"said=(\d+)", href)[1])  # type: ignore[index]
        rows = told(who, "queue", href.removeprefix("/timeliness"))
        assert rows.count("/dossier/application/") == number > 0
        assert "✓" in rows
        total += number
    assert total == said.count("/dossier/application/")
    assert "已超 " in said, "A6 should have been surveyed long ago"


def test_a_queue_cut_short_is_the_beginning_of_the_whole(office: Office, shared_database: Database) -> None:
    with shared_database.engine("console").connect() as conn:
        see_as(conn, EVERYTHING)
        now = data.now(conn).judged_at
        classes = steps.queue_classes(conn, Filters(), now)
        for filters in (Filters(), *(Filters(left=one) for one in classes)):
            whole = steps.queue(conn, filters, now, classes)
            assert len(whole.rows) == whole.n > 0
            for most in range(1, whole.n):
                assert steps.queue(conn, filters, now, classes, most).rows == whole.rows[:most]


def test_flow_and_trend_tell_the_same_steps(office: Office, shared_database: Database) -> None:
    who = guest(shared_database)
    flow = told(who, "flow", f"?{SPAN}")
    assert "调查" in flow
    assert "办理" in flow
    assert "2026-10-12" in told(who, "trend", f"?{SPAN}")
    assert "✓" in told(who, "cases", f"?{SPAN}&step=WHOLE&said=4")


def test_every_tile_opens_as_many_rows_as_it_says(office: Office, shared_database: Database) -> None:
    who = guest(shared_database)
    tiles = [href for _, href in links(json.loads(told(who, "switch", f"?{SPAN}"))) if "said=" in href]
    assert len(tiles) == 4
    for href in tiles:
        part = "cases" if "step=" in href else "queue"
        number = int(re.search(r"said=(\d+)", href)[1])  # type: ignore[index]
        rows = told(who, part, href.removeprefix("/timeliness"))
        assert rows.count("/dossier/application/") == number, href


def test_nobody_sees_steps_or_limits_of_another_region(office: Office, shared_database: Database) -> None:
    inside = guest(shared_database, name="near", roles=["supervisor"], regions=[OTHER])
    assert "A4" in told(inside, "cases", f"?{SPAN}&step=WHOLE")
    for search in (f"?{SPAN}&step=WHOLE", f"?{SPAN}&step=WHOLE&region={TOWN}", f"?{SPAN}&region={COUNTY}", f"?{SPAN}&unit=U1"):
        for part in ("heat", "cases", "queue", "flow", "trend", "switch"):
            said = told(inside, part, search)
            assert not re.search(r"A[0-36]\b|U1", said.replace("unit=U1", "")), (part, search)
    assert listed(inside, f"/timeliness?{SPAN}&step=WHOLE") == 1


def test_where_nothing_ended_it_says_so_and_what_to_change(office: Office, shared_database: Database) -> None:
    who = guest(shared_database)
    for part in ("heat", "flow", "trend"):
        assert "请扩大地域" in told(who, part, "?from=2020-01-01&to=2020-01-31"), part
    assert "请点选上方数字" in told(who, "cases")


def test_a_late_source_is_said_above_the_picture(office: Office, shared_database: Database) -> None:
    with shared_database.engine("owner").begin() as conn:
        long_ago = datetime.now(UTC) - timedelta(days=900)
        conn.exec_driver_sql("insert into store.feed(feed_id, source, department, interval_s, expected_from, event_source, event_at, arrival) "
                             "values ('cases', '/late', '民政局', 60, %s, '/t', now(), 1)", (long_ago,))  # fmt: skip
        conn.exec_driver_sql("insert into store.source_state(source, entity, last_at, events) values ('/late', 'stage', %s, 1)", (long_ago,))
    who = guest(shared_database)
    assert "办件数据源迟报" in told(who, "heat")
    assert "办件数据源迟报" in told(who, "queue", f"?region={CITY}")
