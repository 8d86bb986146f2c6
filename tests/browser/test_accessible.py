"""No page has a serious fault of accessibility (axe-core), in either language and colour mode; the plain forms too."""

from __future__ import annotations

import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from sql import people
from sql.connect import connect
from sql.settings import Settings
from tests.browser.conftest import Enter, Site
from tests.browser.everything import ADMINISTRATORS, READER, Addresses
from tests.engine.events import event
from tests.signing import add_account
from workers.intake import Intake
from workers.keys import ensure

GRAVE = ("serious", "critical")
BOTH = (("en", "dark"), ("zh", "light"))
LONG = os.environ.get("AIDWATCH_PROVE") == "1"
LOOKS = BOTH if LONG else BOTH[:1]  # the other in the long form, which looks at every page; the short one at every second


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical, and where."""
    found: dict[str, Any] = Axe().run(page).response
    return [f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
            for one in found["violations"] if one["impact"] in GRAVE for node in one["nodes"][:3]]  # fmt: skip


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_no_page_of_those_who_read_has_a_serious_fault(enter: Enter, everything: Addresses, lang: str, theme: str) -> None:
    visitor = enter("axe", roles=READER)
    visitor.choose(lang=lang, theme=theme)
    wrong = {path: faults(visitor.open(path)) for path in (*everything.pages, *everything.forms)[:: 1 if LONG else 2]}
    assert {path: said for path, said in wrong.items() if said} == {}


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_no_page_of_an_administrator_has_a_serious_fault(enter: Enter, site: Site, role: str) -> None:
    visitor = enter(f"axe-{role}", roles=[role], regions=[])
    with connect(site.database.url("worker"), name="test") as conn:
        Intake(conn, ensure(Settings.read(site.environ)), "test").take([event("person", person_id="P1", sex="X", name="张三丰")])
    for theme in ("light", "dark"):
        visitor.choose(theme=theme)
        for path in (*ADMINISTRATORS[role], *(["/refused?letter=1"] if role == "system_admin" else [])):
            assert faults(visitor.open(path)) == [], (theme, path)


def owing(site: Site, name: str, **more: Any) -> str:
    """The cookie of somebody with a password who has yet to do something before the console opens."""
    add_account(site.database.engine("console"), name, **more)
    with site.database.engine("console").begin() as conn:
        found = people.account(conn, name)
        assert found is not None
        return people.begin_session(conn, found, second_factor=False, address=None, agent=None)


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_no_page_of_the_way_in_has_a_serious_fault(enter: Enter, site: Site, lang: str, theme: str) -> None:
    way: dict[str, dict[str, Any]] = {
        "/sign-in": {}, "/sign-in/code": {"with_second_factor": True}, "/account/password": {"must_change": True}, "/account/second-factor": {"roles": ["audit_admin"]},
    }  # fmt: skip
    for path, who in way.items():
        name = f"axe-{path.rpartition('/')[2]}"
        visitor = enter(name, cookie="nobody" if path == "/sign-in" else owing(site, name, **who))
        visitor.choose(lang=lang, theme=theme)
        page = visitor.open("/")
        assert page.url.startswith(f"{site.url}{path}"), page.url
        assert faults(page) == [], path
