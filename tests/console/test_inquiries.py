"""The board of inquiries: every number is the list it opens, and nobody sees another's work."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from console.url import WAITS, parse
from tests.conftest import Database
from tests.console.guests import Guest, ask, guest
from tests.console.world import World

HOME, ELSEWHERE = "371402000000", "371424000000"
NOW = datetime.now(UTC)


def board(world: World) -> None:
    """One finding, or a few, of every kind of waiting; two of them late."""
    with world.again() as now:
        now.unit("U1", "黄河涯镇政府", HOME, "township_office")
        now.unit("U2", "天衢街道", HOME, "township_office")
        for stage, unit, due, more in (
            ("open", None, None, {}), ("assigned", "U1", -1, {}), ("assigned", "U1", 3, {}), ("assigned", "U2", 30, {}), ("replied", "U2", -5, {}),
            ("verified", "U1", -2, {"outcome": "true"}), ("verified", "U1", 2, {"outcome": "true", "rectified_at": NOW}), ("verified", "U2", None, {"outcome": "exempt"}),
            ("closed", "U1", None, {"outcome": "true"}),
        ):  # fmt: skip
            now.finding("T04", "yellow", HOME, stage=stage, assignee=unit, due_at=due and NOW + timedelta(days=due), **more)


def listed(who: Guest, href: str) -> int:
    """How many rows the list at an address says it has."""
    path, _, search = href.partition("?")
    told = ask(who, "findings-bar", search=f"?{search}", path=path)
    found = re.search(r"([\d,]+) 条疑点", told)
    return int(found[1].replace(",", "")) if found else 0


def linked(told: Any) -> Iterator[tuple[int, str]]:
    """The numbers of a drawing that are links to a list, or stand in one, and where they lead."""
    if isinstance(told, list):
        for one in told:
            yield from linked(one)
    elif isinstance(told, dict):
        href = told.get("href", "")
        number = re.search(r'"([\d,]+)", "className": "v"', json.dumps(told)) or re.fullmatch(r"([\d,]+)", str(told.get("children")))
        if isinstance(href, str) and href.startswith("/findings?") and number:
            yield int(number[1].replace(",", "")), href
        for one in told.values():
            yield from linked(one)


def test_every_number_of_the_board_opens_as_many_rows(database: Database, world: World) -> None:
    board(world)
    who = guest(database)
    parts = ("inquiries-tiles", "inquiries-board", "inquiries-units")
    numbers = [found for part in parts for found in linked(json.loads(ask(who, part, search="", path="/inquiries")))]
    assert len(numbers) > 12
    for number, href in numbers:
        assert listed(who, href) == number, href


def test_late_is_what_a_unit_still_owes(database: Database, world: World) -> None:
    board(world)
    who = guest(database)
    assert listed(who, "/findings?due=late") == 2, "a reply that came is not late any more"
    assert listed(who, "/findings?due=week") == 3
    assert [listed(who, f"/findings?waits={waits}&region={HOME}") for waits in WAITS[1:]] == [3, 1, 1, 2]
    assert listed(who, "/findings?unit=U1&waits=reply") == 2


def test_a_unit_sees_its_own_column_only(database: Database, world: World) -> None:
    board(world)
    who = guest(database, name="handler", roles=["unit_handler"], regions=[HOME], unit_code="U2")
    assert [listed(who, f"/findings?waits={waits}") for waits in WAITS] == [0, 1, 1, 0, 1]
    assert ask(guest(database, name="far", regions=[ELSEWHERE]), "inquiries-board", search="", path="/inquiries").count("board-card") == _cards_of(world, ELSEWHERE)


def _cards_of(world: World, county: str) -> int:
    with world.engine.connect() as conn:
        query = "select least(count(*), 8) from watch.finding where region_code like :county and present and ladder_card in ('red', 'yellow') and stage = 'open'"
        return int(conn.execute(text(query), {"county": county[:6] + "%"}).scalar_one())


def test_an_unknown_waiting_is_no_filter() -> None:
    assert parse("?waits=gold&due=soon") == parse("")
