"""Findings over HTTP: what is listed, page by page, to whom, and how one finding tells its story."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI, routing
from sqlalchemy import text

from monitors.tokens import Tokeniser
from sql.access import SCOPES, create_token
from sql.connect import connect
from sql.settings import Settings
from tests.conftest import Database
from tests.engine.events import event as told_by
from tests.workers.sending import event
from tests.workers.serving import Client, serving
from workers import keys
from workers.api import create_api
from workers.api_services import Services
from workers.intake import Intake

FINDINGS = "/api/v1/findings"
T0 = datetime(2026, 5, 1, tzinfo=UTC)
CITY, COUNTY, TOWN, OTHER = "371400000000", "371402000000", "371402001000", "371403000000"
SHAPE = {
    "id", "rule", "rule_version", "subject_kind", "subject_key", "item", "card", "ladder_card", "stale_since", "stage",
    "present", "opened_at", "card_since", "cleared_at", "region_code", "unit_code", "amount_at_risk_fen", "evidence",
    "basis", "explanation",
}  # fmt: skip


@pytest.fixture
def client(environ: dict[str, str]) -> Iterator[Client]:
    with serving(environ) as found:
        yield found


@pytest.fixture
def tree(client: Client) -> None:
    regions = ((CITY, None, "city"), (COUNTY, CITY, "county"), (TOWN, COUNTY, "township"), (OTHER, CITY, "county"))
    told = [event(code, "region", region_code=code, name=code, parent_code=parent, level=level)
            for code, parent, level in regions]  # fmt: skip
    assert client.send(*told).json["accepted"] == 4


def put(database: Database, n: int, **more: Any) -> None:
    row = {
        "finding_id": f"{n:024x}", "rule": "F02", "subject_kind": "benefit", "subject_key": f"B{n}", "card": "red",
        "present": True, "region_code": TOWN, "evidence": {"benefit_id": f"B{n}"}, "opened_at": T0 + timedelta(hours=n),
        "seen_at": T0 + timedelta(days=30), "stage": "open",
    } | more  # fmt: skip
    query = """insert into watch.finding (finding_id, rule, rule_version, subject_kind, subject_key, ladder_card, present,
        region_code, evidence, opened_at, card_since, first_seen_at, last_seen_at, stage) values (:finding_id, :rule, 1,
        :subject_kind, :subject_key, :card, :present, :region_code, cast(:evidence as jsonb), :opened_at, :opened_at, :seen_at,
        :seen_at, :stage)"""
    with database.engine("owner").begin() as conn:
        conn.execute(text(query), row | {"evidence": json.dumps(row["evidence"])})


def ids(answer: Any) -> list[int]:
    return [int(one["id"], 16) for one in answer.json["items"]]


def test_a_finding_has_the_shape_of_the_contract(client: Client, database: Database) -> None:
    put(database, 1)
    answer = client.get(FINDINGS)
    assert answer.status == 200
    assert set(answer.json) == {"as_of", "items", "next"}
    (one,) = answer.json["items"]
    assert set(one) == SHAPE
    assert (one["card"], one["ladder_card"], one["stale_since"], one["present"]) == ("red", "red", None, True)
    assert datetime.fromisoformat(one["opened_at"]) == T0 + timedelta(hours=1)
    assert set(one["explanation"]) == {"zh", "en"}
    assert all(one["explanation"].values())
    assert one["basis"]


def test_filters_restrict(client: Client, database: Database) -> None:
    put(database, 1)
    put(database, 2, rule="E01", subject_kind="person", subject_key="p1", card="yellow")
    put(database, 3, present=False, card=None, seen_at=T0 + timedelta(days=60), stage="closed")
    for query, expected in {
        "": [3, 2, 1], "rule=F02": [3, 1], "rule=E01&rule=F02": [3, 2, 1], "card=yellow": [2], "card=yellow&card=red": [2, 1],
        "present=true": [2, 1], "present=false": [3], "stage=closed": [3], "subject_kind=person&subject_key=p1": [2],
        "subject_key=nobody": [], "since=2026-06-10T00:00:00%2B08:00": [3], "limit=1": [3],
    }.items():  # fmt: skip
        assert ids(client.get(f"{FINDINGS}?{query}")) == expected, query


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "card=blue", "stage=gone", "present=perhaps", "since=yesterday", "since=2026-06-10T00:00:00",
     "cursor=nonsense", "cursor=%00", "subject_key=a%00b", "rules=F02"],
)  # fmt: skip
def test_a_wrong_filter_is_400_and_named(client: Client, query: str) -> None:
    answer = client.get(f"{FINDINGS}?{query}")
    assert answer.status == 400
    assert query.partition("=")[0] in answer.json["error"]


def test_pages_hold_while_findings_are_added(client: Client, database: Database) -> None:
    for n in range(1, 21):
        put(database, n, opened_at=T0 + timedelta(hours=n // 3))  # several open at the same instant
    seen: list[int] = []
    cursor, added = "", 100
    while True:
        page = client.get(f"{FINDINGS}?limit=3{cursor}")
        seen += [n for n in ids(page) if n < 100]
        put(database, added, opened_at=T0 + timedelta(hours=added))
        put(database, added + 1, opened_at=T0 + timedelta(hours=2))
        added += 2
        if page.json["next"] is None:
            break
        cursor = f"&cursor={page.json['next']}"
    assert sorted(seen) == list(range(1, 21)), "each exactly once"


def test_a_region_holds_what_lies_below_it_in_the_tree(client: Client, database: Database, tree: None) -> None:
    put(database, 1, region_code=TOWN)
    put(database, 2, region_code=OTHER)
    put(database, 3, region_code=None)
    for region, expected in ((CITY, [2, 1]), (COUNTY, [1]), (TOWN, [1]), (OTHER, [2]), ("000000000000", [])):
        assert ids(client.get(f"{FINDINGS}?region={region}")) == expected


def test_a_token_sees_its_regions_only(client: Client, database: Database, tree: None) -> None:
    put(database, 1, region_code=TOWN)
    put(database, 2, region_code=OTHER)
    put(database, 3, region_code=None)
    put(database, 4, region_code=OTHER)
    with database.engine("worker").begin() as conn:
        conn.execute(
            text("insert into watch.finding_region values (:id, :region)"), {"id": f"{4:024x}", "region": COUNTY}
        )
        tokens = {region: create_token(conn, region, ["read"], [region]) for region in (CITY, COUNTY, OTHER)}
    seen = {region: ids(client.with_token(token).get(FINDINGS)) for region, token in tokens.items()}
    assert seen == {CITY: [4, 2, 1], COUNTY: [4, 1], OTHER: [4, 2]}, "one that lies nowhere is for those who see everything"
    assert ids(client.get(FINDINGS)) == [4, 3, 2, 1]
    county = client.with_token(tokens[COUNTY])
    assert county.get(f"{FINDINGS}/{1:024x}").status == 200
    assert county.get(f"{FINDINGS}/{2:024x}").status == 404
    assert sum(r["n"] for r in county.get("/api/v1/indicators/findings_opened").json["rows"]) == 2


def test_what_a_token_forges_is_refused(client: Client, database: Database, tree: None) -> None:
    put(database, 1, region_code=TOWN)
    put(database, 2, region_code=OTHER)
    with database.engine("worker").begin() as conn:
        token = create_token(conn, "county", ["read", "reveal"], [COUNTY])
        nowhere = create_token(conn, "nowhere", ["read"], ["' or true --"])
    far = client.get(f"{FINDINGS}?limit=1").json["next"]  # a cursor of somebody who sees everything
    county = client.with_token(token)
    assert ids(county.get(f"{FINDINGS}?cursor={far}")) == [1]
    assert ids(county.get(f"{FINDINGS}?region={TOWN}")) == [1]
    for region in (OTHER, CITY, "000000000000", "x' or true --"):
        asked = f"region={quote(region)}"
        for call in (f"{FINDINGS}?{asked}", f"/api/v1/indicators/findings_opened?{asked}"):
            assert county.get(call).status == 403, call
        assert county.post(f"{FINDINGS}/search", {"id_number": "11010519491231002X", "region": region}).status == 403
    assert county.get(f"{FINDINGS}/{2:024x}").status == county.get(f"{FINDINGS}/' or true --".replace(" ", "%20")).status == 404
    assert ids(client.with_token(nowhere).get(FINDINGS)) == []
    assert client.with_token(f"{token}x").get(FINDINGS).status == 401


def test_the_api_reads_findings_as_the_console_does_not_as_a_worker(client: Client, database: Database, tree: None) -> None:
    put(database, 1)
    with database.engine("owner").begin() as conn:
        conn.execute(text("drop policy people on watch.finding"))
    assert ids(client.get(FINDINGS)) == []


def test_one_finding_with_its_history(client: Client, database: Database) -> None:
    put(database, 1)
    with database.engine("owner").begin() as conn:
        for what, card in (("opened", "yellow"), ("card", "red")):
            conn.execute(text("insert into watch.finding_event(finding_id, at, what, to_card) values (:id, :at, :what, :card)"),
                         {"id": f"{1:024x}", "at": T0, "what": what, "card": card})  # fmt: skip
    one = client.get(f"{FINDINGS}/{1:024x}").json
    assert set(one) == SHAPE | {"history"}
    assert [(step["what"], step["to_card"]) for step in one["history"]] == [("opened", "yellow"), ("card", "red")]
    assert client.get(f"{FINDINGS}/unknown").status == 404


def test_a_person_is_found_by_number_and_the_search_is_kept(
    client: Client, database: Database, settings: Settings
) -> None:
    number = "11010519491231002X"
    pseudonym = Tokeniser(keys.ensure(settings).hmac, T0.date).pseudonym("id_number", number)
    put(database, 1, rule="E01", subject_kind="person", subject_key=pseudonym)
    put(database, 2, rule="E01", subject_kind="person", subject_key="somebody else")
    for written in (number, " 11010519491231002x ", "110105491231002"):
        answer = client.post(f"{FINDINGS}/search", {"id_number": written, "purpose": "复核"})
        assert ids(answer) == [1], written
        assert number not in answer.body.decode()
    with database.engine("owner").connect() as conn:
        kept = conn.execute(text("select name, pseudonym, purpose, found from access.lookup where taken_at is null")).all()
        told = conn.execute(text("select who, about, detail from access.trail where what = 'searched'")).all()
    assert [tuple(row) for row in kept] == [("bootstrap", pseudonym, "复核", 1)] * 3
    assert [tuple(row) for row in told] == [("token bootstrap", pseudonym, "id_number 复核: 1")] * 3


def test_a_search_keeps_the_records_of_the_person_it_found_and_no_number_in_its_purpose(client: Client, database: Database, settings: Settings) -> None:
    number = "11010519491231002X"
    with connect(database.url("worker"), name="test") as conn:
        Intake(conn, keys.ensure(settings), "test").take(
            [told_by("person", person_id=person, id_type="resident_id", id_number=number, name="张三丰") for person in ("P1", "P2")])  # fmt: skip
    assert ids(client.post(f"{FINDINGS}/search", {"id_number": number, "purpose": f"about {number}"})) == []
    assert ids(client.post(f"{FINDINGS}/search", {"id_number": "110105199003071234"})) == []
    with database.engine("owner").connect() as conn:
        kept = conn.execute(text("select person_id, person_ids, found, taken_at is null, purpose from access.lookup order by id")).all()
        assert [tuple(row) for row in kept] == [("P1", ["P1", "P2"], 1, True, "about 110***************"), (None, [], 0, False, None)]
        assert number not in str(conn.execute(text("select detail from access.trail")).scalars().all())


def test_a_wrong_search_does_not_give_the_number_back(client: Client) -> None:
    for told in (
        {"id_number": ["11010519491231002X"]},
        {"id_nummer": "11010519491231002X"},
        {"id_number": "11010519491231002X", "limit": "all"},
    ):
        answer = client.post(f"{FINDINGS}/search", told)
        assert answer.status == 400
        assert "11010519491231002X" not in answer.body.decode()


CALLS = {  # every call of the API, and the scope it needs; None: open. A route that is not here fails the test below
    "POST /api/v1/events": "ingest", "GET /api/v1/findings": "read", "GET /api/v1/findings/{finding_id}": "read",
    "POST /api/v1/findings/search": "reveal", "GET /api/v1/rules": "read", "GET /api/v1/status": "read",
    "GET /api/v1/indicators/{name}": "read", "POST /api/v1/admin/clock": "admin", "POST /api/v1/admin/settle": "admin",
    "GET /api/v1/contract": None, "GET /api/v1/openapi.json": None, "GET /healthz": None, "GET /readyz": None,
    "GET /metrics": None,  # on this machine; elsewhere scope metrics (test_metrics)
}  # fmt: skip


def test_every_call_needs_its_scope(client: Client, settings: Settings, database: Database) -> None:
    with Services(settings) as services:
        routes = {f"{method} {path}" for path, methods in _paths(create_api(services)) for method in methods - {"HEAD"}}
    assert routes == set(CALLS)
    with database.engine("worker").begin() as conn:
        lacking = {scope: create_token(conn, scope, [one for one in SCOPES if one != scope], ["*"]) for scope in SCOPES}
    for call, scope in CALLS.items():
        method, path = call.replace("{finding_id}", "x").replace("{name}", "findings_opened").split()
        told = client.with_token(None).call(method, path, b"{}", "application/json")
        if scope is None:
            assert told.status in (200, 503), call  # not ready: nobody evaluates here
            continue
        refused = client.with_token(lacking[scope]).call(method, path, b"{}", "application/json")
        assert (told.status, refused.status, scope in refused.json["error"]) == (401, 403, True), call


def _paths(api: FastAPI) -> Iterator[tuple[str, set[str]]]:
    """Every path that is served, also those the documents leave out."""
    for route in routing.iter_route_contexts(api.routes):
        yield route.path or "", set(route.methods or ())


def test_a_million_dollar_question_is_not_an_injection(client: Client, database: Database) -> None:
    put(database, 1)
    assert ids(client.get(f"{FINDINGS}?subject_key=%27%20or%201%3D1%20--")) == []
