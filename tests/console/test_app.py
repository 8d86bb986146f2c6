"""The application: headers, nothing that talks to strangers, an export no spreadsheet runs, errors with a number."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection

from console import app as console_app
from console.files.csv_file import safe
from console.i18n import speaking
from console.parts import chart, states
from console.parts.drawn import tree
from console.parts.grid import columns, grid
from console.queries import findings
from sql.people import Viewer
from tests.conftest import Database
from tests.console.guests import Guest, ask, guest
from tests.console.world import World


@contextmanager
def broken(_viewer: Viewer) -> Iterator[Connection]:
    raise RuntimeError("no database")
    yield None  # type: ignore[unreachable]


@pytest.fixture
def alone(database: Database) -> Guest:
    """The application over a database nothing can be read from."""
    return guest(database, broken)


@pytest.fixture
def client(world: World, database: Database) -> FlaskClient:
    return guest(database).client


def said(answer: Any) -> str:
    found: str = answer.get_data(as_text=True)
    return found


def test_the_policy_allows_no_inline_script_and_no_stranger(alone: Guest) -> None:
    headers = alone.client.get("/").headers
    rules = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert "unsafe" not in rules["script-src"]
    assert not re.search(r"https?:|\*", headers["Content-Security-Policy"])
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_every_inline_script_of_the_page_is_allowed_by_its_hash(alone: Guest) -> None:
    answer = alone.client.get("/")
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", said(answer))
    assert len(inline) == len(re.findall(r"'sha256-", answer.headers["Content-Security-Policy"]))


def test_no_developer_tools_no_foreign_files(alone: Guest) -> None:
    page = said(alone.client.get("/"))
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    assert (
        alone.client.get("/_mcp").headers["Content-Type"].startswith("text/html")
    )  # the page, no such thing
    assert not alone.app.server.debug
    assert "vendor/bootstrap/bootstrap.min.css?" not in page, "loaded twice, the second time after our own"


@pytest.mark.parametrize(("lang", "title"), [("zh", "社会救助电子监察"), ("en", "Social assistance watch")])
def test_the_page_speaks_the_language_asked_for(alone: Guest, lang: str, title: str) -> None:
    assert f"<title>{title}</title>" in said(alone.client.get(f"/?lang={lang}"))
    assert f"<title>{title}</title>" in said(alone.client.get("/findings")), "remembered by a cookie"


def test_graphs_upload_nothing_and_fetch_nothing() -> None:
    for lang in ("zh", "en"):
        with speaking(lang):
            told = chart.config()
        assert told["showSendToCloud"] is False
        assert told["plotlyServerURL"] == ""
        assert told["topojsonURL"].startswith("/assets/")


def test_the_grid_runs_no_code_and_needs_no_licence() -> None:
    with speaking("zh"):
        shown = grid("g")
        sortable = {column["colId"] for column in columns() if column.get("sortable") is not False}
    assert shown.dangerously_allow_code is False
    assert not getattr(shown, "enableEnterpriseModules", False)
    assert sortable <= set(findings.ORDERS)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "|cmd"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["a=b", "¥ 1.00", "", "A-1", 12])
def test_plain_cells_stay_as_they_are(cell: object) -> None:
    assert safe(cell) == str(cell)


def test_the_export_says_what_it_holds(client: FlaskClient, world: World) -> None:
    answer = client.get("/findings.csv?card=red&region=371402000000&present=true&lang=en", buffered=True)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=findings-")
    body = answer.get_data()
    assert body.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    top = dict(line for line in lines[: lines.index([])] if len(line) == 2)
    assert top["Place"] == "德城区"
    assert top["Card"] == "Red card"
    assert top["State"] == "Holds now"
    rows = lines[lines.index([]) + 2 :]
    wanted = [row for row in world.findings if row["ladder_card"] == "red" and row["region_code"].startswith("371402")]
    assert len(rows) == len(wanted) > 0
    assert top["Sum"].startswith(f"{len(wanted)} findings")


def test_a_part_that_cannot_be_read_says_so_with_a_number(alone: Guest, caplog: pytest.LogCaptureFixture) -> None:
    told = ask(alone, "findings-bar", search="", path="/findings")
    assert "state error" in told
    number = re.search("编号告知管理员：([0-9a-f]{8})", told)
    assert number
    assert number[1] in caplog.text
    assert "no database" not in told


def test_a_part_of_another_page_stays_silent(alone: Guest) -> None:
    assert "state error" not in ask(alone, "findings-bar", search="", path="/")


def test_every_state_has_its_own_look() -> None:
    with speaking("en"):
        shown = [
            states.empty("None.", "Look elsewhere."), states.loading(100, lines=3), states.stale("A source is silent.", None),
            states.cut(500, 12_480), states.error("1a2b3c4d"), states.missing("/x"), states.closed(),
        ]  # fmt: skip
    text = [str(tree(state)) for state in shown]
    assert len({one.split("className")[1][:20] for one in text}) == len(shown)
    assert "First 500 of 12,480" in text[3]
    assert "1a2b3c4d" in text[4]


def test_pages_are_listed_not_discovered() -> None:
    pages = ["/", "/timeliness", "/procedure", "/duplicates", "/eligibility", "/funds", "/projects", "/outreach", "/findings", "/inquiries", "/units", "/rules", "/data", "/notifications", "/accounts", "/trail"]
    assert [page.PATH for page in console_app.PAGES] == pages
