"""The access matrix: every route, callback and file of the console, every role, inside and outside the region, from one table.

A new route without a line here fails; a callback is asked on every page, whatever the browser would ask it for.
"""

from __future__ import annotations

import os

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from console import app as console_app
from sql.rights import ROLES, Right
from tests.conftest import Database
from tests.console.guests import Guest, ask, ask_grid, guest, identity
from tests.console.test_page_files import LISTS
from tests.console.world import STORY, World

HOME, ELSEWHERE = "371402000000", "371424000000"  # the story lies in the first county
SIGNED_IN: frozenset[Right] = frozenset({"read", "answer", "system", "accounts", "trail", "rules", "act", "reveal", "export"})
#: Route → the rights one of which is needed; None: open to everybody, because it is the way in or tells nothing of anybody.
ROUTES: dict[str, frozenset[Right] | None] = {
    "/sign-in": None, "/evidence/public-key.pem": SIGNED_IN,
    "/sign-out": SIGNED_IN, "/sign-in/code": SIGNED_IN, "/account/here": SIGNED_IN, "/account/password": SIGNED_IN, "/account/second-factor": SIGNED_IN,
    "/accounts/edit": frozenset({"accounts"}), "/notifications/edit": frozenset({"system"}), "/reveal": frozenset({"reveal"}),
    "/step": frozenset({"act", "answer", "export"}), "/letter": frozenset({"act"}), "/letter/<letter_id>.<kind>": frozenset({"read", "answer"}),
    "/views": frozenset({"read"}), "/search": frozenset({"read"}), "/findings.<any(csv,xlsx,pdf):kind>": frozenset({"export"}),
    "/finding/<finding_id>/evidence.zip": frozenset({"export"}), "/findings/evidence.zip": frozenset({"export"}), "/trial": frozenset({"rules"}), "/limit": frozenset({"rules"}), "/pair": frozenset({"act"}),
    "/duplicates.<any(csv,xlsx,pdf):kind>": frozenset({"export"}),
    "/funds.<any(csv,xlsx,pdf):kind>": frozenset({"export"}),
    "/projects.<any(csv,xlsx,pdf):kind>": frozenset({"export"}), "/outreach.<any(csv,xlsx,pdf):kind>": frozenset({"export"}),
    "/eligibility.<any(csv,xlsx,pdf):kind>": frozenset({"export"}), "/refused": frozenset({"system"}), "/sample": frozenset({"read"}),
    **{f"/{page}.<any(csv,xlsx,pdf):kind>": frozenset({"export"}) for page in ("timeliness", "procedure", "inquiries", "units", "rules", "data")},
    "/dossier/<subject>/<path:key>.<any(csv,xlsx,pdf):kind>": frozenset({"export"}), "/trail.<any(csv,xlsx,pdf):kind>": frozenset({"trail"}),
}  # fmt: skip
#: Of Dash and Flask themselves; pages and their parts are held by the callbacks below.
FRAME = ("/_dash", "/assets", "/static", "/_reload-hash", "/_favicon.ico", "/_alive_", "/<path:path>")
#: Parts of the frame around every page: each fills itself with what its viewer may see.
AROUND = ("nav", "scope", "status", "page.children", "caption")


def routes(app: Flask) -> set[str]:
    return {str(rule) for rule in app.url_map.iter_rules() if str(rule) != "/" and not str(rule).startswith(FRAME)}


def forms(app: Flask) -> list[str]:
    """The routes something can be sent to; leaving comes last."""
    taken = [str(rule) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and not str(rule).startswith(FRAME)]
    return sorted(taken, key=lambda route: (route == "/sign-out", route))


def ours(who: Guest) -> list[str]:
    """The callbacks the server answers to an address (the browser's own are not asked)."""
    told = {"search", "data", "pathname"}
    return [key for key, spec in who.app.callback_map.items()
            if "callback" in spec and {one["property"] for one in (*spec["inputs"], *spec["state"])} <= told]  # fmt: skip


def asked_of(route: str, finding: str) -> str:
    """An address of a route that would do something, if it were allowed."""
    filled = route.replace("<subject>/<path:key>", f"benefit/{STORY}").replace("<letter_id>.<kind>", f"{'0' * 24}.pdf").replace("<any(csv,xlsx,pdf):kind>", "csv").replace("<finding_id>", finding)
    return f"{filled}?finding={finding}&step=annotate"


@pytest.fixture
def story(world: World) -> str:
    return str(next(row["finding_id"] for row in world.findings if row["subject_key"] == STORY))


def test_every_route_has_its_line_and_every_line_its_route(database: Database) -> None:
    assert routes(guest(database).app.server) == set(ROUTES)


def test_each_route_lets_in_who_has_the_right_and_nobody_else(database: Database, story: str) -> None:
    for role, rights in ROLES.items():
        client = guest(database, name=role, roles=[role], unit_code="U1", regions=[HOME]).client
        for route, needs in ROUTES.items():
            if needs is None or needs is SIGNED_IN:
                continue
            answer = client.get(asked_of(route, story), buffered=True)
            assert (answer.status_code == 403) == (not needs & rights), (role, route, answer.status_code)


def test_each_form_takes_what_it_is_sent_from_who_has_the_right_and_nobody_else(database: Database, story: str) -> None:
    for role, rights in ROLES.items():
        who = guest(database, name=role, roles=[role], unit_code="U1", regions=[HOME])
        for route in forms(who.app.server):
            needs = ROUTES[route] or SIGNED_IN
            answer = who.client.post(asked_of(route, story), data={"finding": story, "step": "annotate", "note": ""})
            assert (answer.status_code == 403) == (not needs & rights), (role, route, answer.status_code)
            assert answer.status_code < 500, (role, route)


def test_without_a_session_nothing_but_the_way_in_is_open(database: Database, story: str) -> None:
    app = guest(database).app
    nobody: FlaskClient = app.server.test_client()
    for route in (route for route, needs in ROUTES.items() if needs is not None):
        address = asked_of(route, story)
        assert nobody.get(address).status_code in (303, 404, 405), route  # led to the sign-in
        assert nobody.post(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code in (303, 401, 405), route
        assert nobody.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code in (403, 405), route


def test_a_callback_tells_nothing_of_a_page_that_is_not_for_the_role(database: Database, world: World) -> None:
    for role, rights in ROLES.items():
        who = guest(database, name=role, roles=[role], unit_code="U1")
        closed = [page.PATH for page in console_app.PAGES if not set(page.OPENS_WITH) & rights]
        for path in closed:
            told = {part: ask(who, part, search="", path=path) for part in ours(who) if not any(frame in part for frame in AROUND)}
            assert {part: said for part, said in told.items() if said} == {}, (role, path)
        assert ("finding_id" in ask_grid(who, "")) == ("read" in rights), role


MOST = ("supervisor", "auditor")  # together they may do what each of them may; each alone in the long form
READERS = [role for role, rights in ROLES.items() if "read" in rights and (role not in MOST or os.environ.get("AIDWATCH_PROVE") == "1")]


@pytest.mark.parametrize("roles", [[*MOST], *([role] for role in READERS)], ids="-".join)
def test_outside_the_region_no_callback_tells_of_a_finding_whatever_address_is_forged(database: Database, world: World, story: str, roles: list[str]) -> None:
    with database.engine("owner").connect() as conn:
        inside = set(conn.execute(text("select finding_id from watch.finding where left(region_code, 6) = :c"), {"c": HOME[:6]}).scalars())
    far = guest(database, name="far", roles=roles, regions=[ELSEWHERE], unit_code="U1" if "unit_handler" in roles else None)
    pages = ["/findings", f"/finding/{story}", f"/dossier/benefit/{STORY}", "/rule/F02", "/wall"]
    paths = pages if len(roles) == 1 else sorted({*pages, *(page.PATH for page in console_app.PAGES)})  # all of them for who may most
    for path in paths:
        for search in ("", f"?region={HOME}", f"?subject_key={STORY}"):
            for part in ours(far):
                told = ask(far, part, search=search, path=path)
                assert not [one for one in inside if one in told and one not in path], (path, search, part)
            assert not [one for one in inside if one in ask_grid(far, search)], (path, search)
    closed = (404,) if roles == [*MOST] else (403, 404)
    for address in (f"/finding/{story}/evidence.zip", f"/reveal?finding={story}", f"/step?step=annotate&finding={story}", f"/letter?finding={story}",
                    f"/dossier/benefit/{STORY}.csv"):
        assert far.client.get(address).status_code in closed, address
        assert far.client.post(address, data={"note": "x"}).status_code in (*closed, 405), address
    files = [f"{path}.csv?{search}" for path, lists in LISTS.items() for name in lists for search in (f"rows={name}", f"rows={name}&region={HOME}")]
    for address in ("/findings.csv", f"/findings.csv?region={HOME}", *files):
        told = far.client.get(address, buffered=True).get_data(as_text=True)
        assert not [one for one in inside if one in told], address


def test_a_forged_callback_is_refused_or_answers_nothing(database: Database, world: World) -> None:
    who = guest(database, name="lead", roles=["leader"], regions=[HOME])
    output = next(key for key in ours(who) if "findings-bar" in key)
    outputs = [identity(one) for one in output.strip(".").split("...")]
    good = {"output": output, "outputs": outputs, "inputs": [], "state": [], "changedPropIds": ["url.search"]}
    grid = next(key for key in who.app.callback_map if "getRowsResponse" in key)
    forged = [
        good, good | {"output": "vault.identity.children"}, {}, [], good | {"inputs": "x"},
        {"output": grid, "outputs": [identity(one) for one in grid.strip(".").split("...")], "changedPropIds": [],
         "inputs": [{"id": "findings-grid", "property": "getRowsRequest", "value": {"startRow": "0; drop table", "sortModel": [{"colId": "x'--"}]}}],
         "state": [{"id": "url", "property": "search", "value": "?region=' or 1=1"}]},
    ]  # fmt: skip
    for body in forged:
        answer = who.client.post("/_dash-update-component", json=body)
        assert "finding_id" not in answer.get_data(as_text=True), body
    assert who.client.post("/_dash-update-component", json=good, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
