"""Every list of a page leaves as a file: the rows the page has, all of them, with what was asked above them, and nobody else's."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text

from console import words
from console.files.serving import FORMATS
from console.pages import data_files, inquiries_files, procedure_files, rules_files, timeliness_files, units_files
from tests.conftest import Database
from tests.console.guests import ask, guest, taken
from tests.console.test_inquiries import board
from tests.console.test_procedure import cases
from tests.console.world import NOW, STORY, World

HOME, ELSEWHERE = "371402000000", "371424000000"
__all__ = ["cases"]  # a fixture: applications on their ways
PAGES: tuple[ModuleType, ...] = (timeliness_files, procedure_files, inquiries_files, units_files, rules_files, data_files)
LISTS: dict[str, list[str]] = {page.PATH: list(page.LISTS) for page in PAGES}
NOWHERE = ("/rules", "/data")  #: rules and sources lie in no place


@pytest.fixture
def city(database: Database, cases: World) -> World:
    """A city with something on every page: cards that wait, scores, applications, a limit that runs, a step that took its time."""
    board(cases)
    with cases.again() as now:
        now.conn.execute(
            text("insert into watch.open_clock (file, rule, subject_key, item, region_code, unit_code, yellow_at, evidence) values "
                 "('f', 'T04', 'C1', '', :home, 'U1', :at, '{\"programme\": \"dibao\", \"to_stage\": \"DECIDE\"}')"),
            {"home": HOME, "at": NOW + timedelta(days=3)})  # fmt: skip
        week = (NOW - timedelta(days=NOW.weekday())).date()
        now.conn.execute(
            text("insert into watch.passage (application_id, nth, from_stage, to_stage, from_at, at, week, region_code, unit_code, programme, "
                 "working_days, calendar_days, late, again) values ('C1', 0, 'ACCEPT', 'WHOLE', :at, :at, :week, :home, 'U1', 'dibao', 7, 9, true, false)"),
            {"home": HOME, "at": NOW - timedelta(hours=1), "week": week})  # fmt: skip
        now.conn.execute(
            text("insert into watch.duration (region_code, unit_code, programme, week, from_stage, to_stage, n, limited, late, again, working, calendar) "
                 "values (:home, 'U1', 'dibao', :week, 'ACCEPT', 'WHOLE', 1, 1, 1, 0, watch.one_of(7), watch.one_of(9))"),
            {"home": HOME, "week": week})  # fmt: skip
        now.finding("E01", "notice", f"{HOME[:6]}002000", subject_kind="person", subject_key="p" * 32, stage="verified", outcome="not_true", decided_at=NOW, raised_at=NOW)
        now.conn.execute(text("insert into ledger.dead_letter (source, event_id, reason, original_encrypted) values ('/dezhou/minzheng', 'e-1', 'no such entity', '')"))
    return cases


@pytest.mark.parametrize("path", LISTS)
def test_each_list_has_rows_in_every_format_and_says_what_was_asked(database: Database, city: World, path: str) -> None:
    who = guest(database)
    for name in LISTS[path]:
        head, rows = taken(who, f"{path}.csv?rows={name}&region={HOME}&lang=en")
        assert head["Sum"].split()[0] == str(len(rows)) != "0" or (path, name) == ("/data", "rules"), (path, name)
        assert head["List"]
        assert head.get("Place") == (None if path == "/data" else "德城区"), (path, name)
        for kind in FORMATS:
            assert who.client.get(f"{path}.{kind}?rows={name}", buffered=True).status_code == 200, (path, name, kind)


@pytest.mark.parametrize("path", [path for path in LISTS if path not in NOWHERE])
def test_a_file_taken_outside_the_region_holds_no_row_of_it(database: Database, city: World, path: str) -> None:
    far = guest(database, name="far", roles=["auditor"], regions=[ELSEWHERE])
    for name in LISTS[path]:
        assert taken(far, f"{path}.csv?rows={name}&region={HOME}")[1] == [], (path, name)


def test_the_ledger_of_another_region_is_empty_for_who_does_not_see_it(database: Database, city: World) -> None:
    near, far = (guest(database, name=name, roles=["auditor"], regions=[home]) for name, home in (("near", HOME), ("far", ELSEWHERE)))
    flagged = [sum(int(row["Flagged"]) for row in taken(who, f"/rules.csv?region={HOME}&lang=en")[1]) for who in (near, far)]
    assert flagged[0] > 0 == flagged[1]


@pytest.mark.parametrize(("path", "panel", "name"), [
    ("/timeliness", "timeliness-queue", "queue"), ("/timeliness", "timeliness-heat", "places"), ("/procedure", "procedure-cases", "cases"),
    ("/procedure", "procedure-units", "units"), ("/inquiries", "inquiries-board", "board"), ("/inquiries", "inquiries-units", "units"),
    ("/units", "units-places", "places"), ("/units", "units-units", "units"), ("/units", "units-months", "months"),
    ("/units", "units-fairness", "fairness"), ("/rules", "rules-list", "ledger"), ("/data", "data-letters", "refused"),
])  # fmt: skip
def test_a_panel_leads_to_its_file_with_the_filters_of_the_page(database: Database, city: World, path: str, panel: str, name: str) -> None:
    for role, offered in (("auditor", True), ("leader", False)):
        told = ask(guest(database, name=role, roles=[role]), f"{panel}-files", search="?programme=dibao", path=path)
        assert (f"{path}.xlsx?programme=dibao&rows={name}" in told) == offered, role


def test_the_file_of_the_board_has_every_card_of_it(database: Database, city: World) -> None:
    who = guest(database)
    _, rows = taken(who, "/inquiries.csv?lang=en")
    with database.engine("owner").connect() as conn:
        waits = {row.waits: row.n for row in conn.execute(text("select waits, count(*) as n from watch.finding_shown where waits <> 'assess' group by 1"))}
    counted = Counter(row["Waits for"] for row in rows)
    assert {name: counted[words.WAITS[name]] for name in waits} == waits
    assert {row["Unit"] for row in rows if row["Late"]} == {"黄河涯镇政府"}, "what is late waits for the first unit"


def test_scores_and_steps_in_a_file_are_those_of_the_page(database: Database, city: World) -> None:
    who = guest(database)
    _, units = taken(who, "/units.csv?rows=units&lang=en")
    page = ask(who, "units-units-table", search="?lang=en", path="/units")
    assert units
    assert all(row["How it comes about"] in page for row in units)
    head, (step,) = taken(who, "/timeliness.csv?rows=places&lang=en&region=" + HOME)
    assert (step["Cases"], step["Median, working days"], step["Late"], step["Share late"]) == ("1", "7", "1", "1.0000")
    assert "–" in head["Whole weeks"]
    assert "Opened at" not in head, "a time nobody asked for is not printed"


def test_only_what_a_list_heeds_is_printed_above_it(database: Database, city: World) -> None:
    who = guest(database)
    head, _ = taken(who, "/timeliness.csv?rows=queue&left=soon&range=7d&card=red&lang=en")
    assert head["Time left"] == "1–3 working days left"
    assert not {"Opened at", "Card", "Whole weeks"} & head.keys()
    head, rows = taken(who, "/procedure.csv?rows=cases&course=skipped:VISIT&range=30d&lang=en")
    assert head["Begun"] == "Last 30 days"
    assert "Home visit" in head["Applications"]
    assert rows
    assert all("Home visit" in row["Beside the path"] for row in rows)


def test_a_dossier_leaves_as_its_timeline(database: Database, world: World) -> None:
    who = guest(database)
    head, rows = taken(who, f"/dossier/benefit/{STORY}.csv?lang=en")
    assert head["About"].endswith(STORY)
    kinds = [row["Kind"] for row in rows]
    assert kinds.count("Money") == 5
    assert kinds.count("Finding") == 2
    assert {row["Amount"] for row in rows if row["Kind"] == "Money"} == {"920.00"}
    assert [row["When"] for row in rows] == sorted((row["When"] for row in rows), reverse=True)
    assert who.client.get("/dossier/benefit/nothing.csv", buffered=True).status_code == 404
    assert who.client.get("/dossier/cat/x.pdf", buffered=True).status_code == 404
    assert f"/dossier/benefit/{STORY}.pdf" in ask(who, "dossier-body", search="", path=f"/dossier/benefit/{STORY}")


def test_who_took_a_list_is_a_line_of_the_trail(database: Database, city: World) -> None:
    who: Any = guest(database)
    who.client.get("/units.csv?rows=units&programme=dibao", buffered=True)
    who.client.get(f"/dossier/benefit/{STORY}.pdf", buffered=True)
    with database.engine("owner").connect() as conn:
        kept = conn.execute(text("select about from access.trail where what = 'exported' order by id")).scalars().all()
    assert kept == ["/units?programme=dibao&rows=units", f"/dossier/benefit/{STORY}"]
