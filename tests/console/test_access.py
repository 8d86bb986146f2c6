"""Who sees what: every role and every region against every page, call and table, from one table of rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
import sqlalchemy
from sqlalchemy import Connection, text

from console import app as console_app
from console.files.serving import FORMATS
from sql.access import see_as
from sql.people import Viewer
from sql.rights import ADMINISTRATORS, ROLES
from tests.conftest import Database
from tests.console.guests import ask, guest
from tests.console.world import STORY, World

HOME, ELSEWHERE = "371402000000", "371424000000"  # the story lies in the first county
PAGES = {page.PATH: set(page.OPENS_WITH) for page in console_app.PAGES} | {"/finding/0123456789abcdef01234567": {"read"}}
PARTS = {"findings-bar": ("/findings", {"read"}), "overview-feed-rows": ("/", {"read"}), "data-feeds": ("/data", {"read", "system"})}
TABLES = ("household", "application", "benefit", "payment", "stage", "income_check", "event")

Seeing = Callable[[Viewer | None], AbstractContextManager[Connection]]


@pytest.fixture
def seeing(world: World, database: Database) -> Seeing:
    """What a connection of the console sees as somebody."""

    @contextmanager
    def as_viewer(viewer: Viewer | None) -> Iterator[Connection]:
        with database.engine("console").connect() as conn:
            if viewer is not None:
                see_as(conn, viewer)
            yield conn

    return as_viewer


def viewer(role: str = "auditor", *regions: str, unit: str | None = None) -> Viewer:
    return Viewer("x", "X", frozenset({role}), regions, unit)


def count(conn: Connection, table: str) -> int:
    return int(conn.execute(text(f"select count(*) from {table}")).scalar_one())


def test_every_page_part_and_file_is_for_those_who_have_the_right_whatever_the_browser_asks(database: Database, world: World) -> None:
    for role, rights in ROLES.items():
        who = guest(database, name=role, roles=[role], unit_code="U1")
        for path, needs in PAGES.items():
            told = ask(who, "page.children", search="", path=path)
            assert ("state closed" in told) == (not needs & rights), (role, path)
        for part, (path, needs) in PARTS.items():
            assert bool(ask(who, part, search="", path=path)) == bool(needs & rights), (role, part)
        for kind in FORMATS:
            assert who.client.get(f"/findings.{kind}", buffered=True).status_code == (200 if "export" in rights else 403)


def test_without_a_viewer_the_database_shows_no_finding_and_no_record(seeing: Seeing) -> None:
    with seeing(None) as conn:
        assert {table: count(conn, f"seen.{table}") for table in TABLES} == dict.fromkeys(TABLES, 0)
        for table in ("finding", "finding_event", "finding_region", "finding_shown"):
            assert count(conn, f"watch.{table}") == 0, table


def test_a_county_sees_its_own_findings_and_records_and_no_others(seeing: Seeing, world: World, database: Database) -> None:
    with seeing(viewer("auditor", HOME)) as conn:
        found = {row.finding_id for row in conn.execute(text("select finding_id from watch.finding_shown"))}
        assert {table for table in TABLES if count(conn, f"seen.{table}") == 0} == {"income_check"}, "the story has no income check"
        steps = {row.finding_id for row in conn.execute(text("select finding_id from watch.finding_event"))}
    own = {row["finding_id"] for row in world.findings if str(row["region_code"]).startswith(HOME[:6])}
    with database.engine("owner").connect() as conn:
        shared = text("select finding_id from watch.finding_region where left(region_code, 6) = :county")
        own |= set(conn.execute(shared, {"county": HOME[:6]}).scalars())
    assert found == own
    assert steps == own
    assert len(own) < len(world.findings)
    with seeing(viewer("auditor", ELSEWHERE)) as conn:
        assert {table: count(conn, f"seen.{table}") for table in ("benefit", "payment", "stage", "event")} == dict.fromkeys(
            ("benefit", "payment", "stage", "event"), 0)  # fmt: skip
        assert conn.execute(text("select count(*) from watch.finding where subject_key = :key"), {"key": STORY}).scalar_one() == 0


def test_a_finding_of_several_regions_is_seen_from_each_and_one_without_from_the_whole_city_only(seeing: Seeing, world: World) -> None:
    with world.again() as later:
        both = later.finding("F20", "red", "371402001000")
        later.lies_in(both, "371402001000")
        later.lies_in(both, "371424001000")
        nowhere = later.finding("Q05", "red", None)  # type: ignore[arg-type]
    expected = {HOME: (1, 0), ELSEWHERE: (1, 0), "371403000000": (0, 0), "*": (1, 1)}
    for region, (n_both, n_nowhere) in expected.items():
        with seeing(viewer("auditor", region)) as conn:
            asked = text("select count(*) from watch.finding where finding_id = :id")
            assert (conn.execute(asked, {"id": both}).scalar_one(), conn.execute(asked, {"id": nowhere}).scalar_one()) == (n_both, n_nowhere)


def test_a_handler_sees_the_cards_of_the_own_unit_only(seeing: Seeing, world: World) -> None:
    with world.again() as later:
        own, other = (later.finding("T04", "red", "371402001000", unit_code=unit) for unit in ("U-own", "U-other"))
    with seeing(viewer("unit_handler", HOME, unit="U-own")) as conn:
        assert [row.finding_id for row in conn.execute(text("select finding_id from watch.finding"))] == [own]
        assert count(conn, "watch.finding_event") == 1
    assert other != own


def test_an_administrator_sees_no_case_whatever_the_regions_say(seeing: Seeing) -> None:
    for role in ADMINISTRATORS:
        with seeing(viewer(role, "*")) as conn:
            assert count(conn, "watch.finding") == count(conn, "seen.benefit") == 0, role


def test_the_consoles_role_has_no_way_around(seeing: Seeing) -> None:
    for table in ("store.payment", "store.person", "facts.person", "facts.payment", "ledger.event", "ledger.seen", "vault.identity"):
        with seeing(viewer("auditor", "*")) as conn, pytest.raises(sqlalchemy.exc.ProgrammingError) as fault:
            count(conn, table)
        assert isinstance(fault.value.orig, psycopg.errors.InsufficientPrivilege), table


def test_a_forged_scope_of_an_unknown_region_shows_nothing(seeing: Seeing) -> None:
    for regions in (("999999000000",), ("' or true --",), ()):
        with seeing(viewer("supervisor", *regions)) as conn:
            assert count(conn, "watch.finding") == 0


def test_a_dossier_outside_the_region_is_not_there(database: Database, world: World) -> None:
    wanted = next(row["finding_id"] for row in world.findings if row["subject_key"] == STORY)
    for name, region, there in (("near", HOME, True), ("far", ELSEWHERE, False)):
        who = guest(database, name=name, roles=["auditor"], regions=[region])
        told = ask(who, "finding-body", search="", path=f"/finding/{wanted}")
        assert ("F02" in told or "终止" in told) == there, (name, told[:200])
