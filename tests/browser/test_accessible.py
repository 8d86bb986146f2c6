"""No page has a serious fault of accessibility (axe-core), in either language and colour mode; the plain forms too."""

from __future__ import annotations

import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sql.connect import connect
from sql.settings import Settings
from tests.browser.conftest import Enter, Site
from tests.console.test_duplicates import held_twice
from tests.console.test_eligibility import stops
from tests.console.test_funds import course, paid_out
from tests.console.test_outreach import clues, visits
from tests.console.test_projects import bought
from tests.console.test_trials import RESULT, kept
from tests.console.test_units import helped, judged
from tests.console.world import STORY
from tests.engine.events import event
from workers import overlaps, reconciliation
from workers.durations import recount
from workers.intake import Intake
from workers.keys import ensure

GRAVE = ("serious", "critical")
READING = ("/", "/timeliness", "/procedure", "/eligibility", "/funds", "/duplicates?rows=dibao-tekun", "/projects?rows=providers", "/outreach?rows=visits", "/findings?present=true", "/inquiries", "/units", "/rules", "/rule/T04", "/rule/P01",
           "/data", "/wall", "/search", "/views?at=/", "/trial?rule=P01", "/limit?rule=P01", "/duplicates/queue")
BOTH = (("en", "dark"), ("zh", "light"))
LOOKS = BOTH if os.environ.get("AIDWATCH_PROVE") == "1" else BOTH[:1]  # the other in the long form
lively: list[bool] = []  # whether the city of this file has projects, visits and clues already


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical, and where."""
    found: dict[str, Any] = Axe().run(page).response
    return [f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
            for one in found["violations"] if one["impact"] in GRAVE for node in one["nodes"][:3]]  # fmt: skip


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_no_page_of_those_who_read_has_a_serious_fault(enter: Enter, site: Site, lang: str, theme: str) -> None:
    if not lively:
        for tell in (bought, visits, clues, paid_out, held_twice, stops, judged, helped):
            tell(site.world)
        course(site.world, site.database)
        lively.append(True)
    visitor = enter("axe", roles=["supervisor", "auditor", "rule_owner"])
    visitor.choose(lang=lang, theme=theme)
    kept(site.database, "done", result=RESULT)
    story = next(row for row in site.world.findings if row["subject_key"] == STORY)["finding_id"]
    with connect(site.database.url("worker"), name="test") as conn:
        recount(conn)
        reconciliation.recount(conn)
        overlaps.refresh(conn, again=True)
        (case,) = conn.execute("select application_id from watch.passage limit 1").fetchone() or ("",)
    pages = (*READING, f"/finding/{story}", f"/dossier/benefit/{STORY}", f"/dossier/application/{case}", "/dossier/unit/U1", "/timeliness?range=365d&step=WHOLE", f"/step?step=verify&finding={story}")
    wrong = {}
    for path in pages:
        if path.startswith(("/search", "/views", "/step", "/trial", "/limit")):
            visitor.page.goto(site.url + path)
            expect(visitor.page.locator("main")).to_be_visible()
        else:
            visitor.open(path)
        if path.startswith("/findings"):  # the grid draws its header after its frame
            expect(visitor.page.locator(".ag-header-cell").first).to_be_visible()
        wrong[path] = faults(visitor.page)
    assert {path: said for path, said in wrong.items() if said} == {}


@pytest.mark.parametrize(("role", "paths"), [
    ("system_admin", ("/data", "/refused?letter=1", "/notifications", "/notifications/edit")), ("security_admin", ("/accounts", "/accounts/edit")), ("audit_admin", ("/trail",)),
])  # fmt: skip
def test_no_page_of_an_administrator_has_a_serious_fault(enter: Enter, site: Site, role: str, paths: tuple[str, ...]) -> None:
    visitor = enter(f"axe-{role}", roles=[role], regions=[])
    with connect(site.database.url("worker"), name="test") as conn:
        Intake(conn, ensure(Settings.read(site.environ)), "test").take([event("person", person_id="P1", sex="X", name="张三丰")])
    for theme in ("light", "dark"):
        visitor.choose(theme=theme)
        for path in paths:
            visitor.page.goto(site.url + path)
            expect(visitor.page.locator("main")).to_be_visible()
            visitor.settled()
            assert faults(visitor.page) == [], (theme, path)
