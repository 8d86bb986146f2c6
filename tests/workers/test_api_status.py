"""What the deployment says of itself: status, rules, indicators, contract, probes, clock, settle."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy import text

from monitors import catalogue
from monitors.entities import ENTITIES, LOCAL_ONLY
from sql.access import create_token
from sql.connect import connect
from sql.settings import Settings
from tests.conftest import Database
from tests.engine.events import event as event_of
from tests.workers.office import OTHER, TOWN, WAY, opened
from tests.workers.sending import event, wait_for
from tests.workers.serving import Client, evaluating, serving
from workers import api_admin, overlaps, reconciliation, settle
from workers.intake import Intake
from workers.keys import Keys

CLOCK, LATER = "2026-05-05T08:00:00+08:00", "2026-05-04T12:00:00+08:00"


@pytest.fixture
def client(environ: dict[str, str]) -> Iterator[Client]:
    with serving(environ, AIDWATCH_TEST_CLOCK=CLOCK) as found:
        yield found


def instant(told: str) -> datetime:
    return datetime.fromisoformat(told)


def test_events_become_findings_and_settle_waits_for_them(client: Client, settings: Settings) -> None:
    with evaluating(settings):
        paid = {"period": "2026-03", "kind": "regular", "status": "paid", "amount_fen": 60000, "programme": "dibao"}
        client.send(
            event(1, "benefit", benefit_id="B1", programme="dibao", start_period="2025-01", end_period="2026-01"),
            {**event(2, "payment", benefit_id="B1", paid_at=LATER, submitted_at=LATER, **paid), "time": LATER},
        )
        assert client.post("/api/v1/admin/settle", {}).json == {"settled": True, "as_of": "2026-05-05T00:00:00Z"}
        (found,) = client.get("/api/v1/findings?rule=F02&present=true").json["items"]
        assert (found["subject_key"], found["card"], found["amount_at_risk_fen"]) == ("B1", "yellow", 60000)
        status = client.get("/api/v1/status").json
    assert status["as_of"] == "2026-05-05T00:00:00Z"
    assert status["test_clock"]
    assert {name: n for name, n in status["backlog"].items() if n} == {}
    assert status["rules_unknown"] == []


def test_settle_says_what_it_waits_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_admin, "LIMIT_S", 0.3)
    client.send(event(1))
    answer = client.post("/api/v1/admin/settle?capture=true", {})
    assert (answer.status, answer.json["waiting"]) == (504, ["marks"])


def test_settle_waits_for_each_kind_of_work(settings: Settings, database: Database) -> None:
    kinds = {
        "claims": "insert into watch.claim(files, keys) values ('{a}', '{b}')",
        "resweeps": "insert into watch.resweep(file, reason) values ('a', 'test')",
        "rechecks": "insert into watch.recheck(file, subject_kind, subject_key, at) values ('a', 'b', 'c', now())",
        "outbox": "insert into watch.outbox(payload) values ('{}')",
    }
    with evaluating(settings):  # rules that compare many cases are asked once
        assert settle.settle(settings).tzinfo is not None
    for kind, made in kinds.items():
        with database.engine("owner").begin() as conn:
            conn.execute(text(made.replace(":", "\\:")))
        with pytest.raises(settle.NotSettledError) as told:
            settle.settle(settings, limit_s=0.2)
        assert told.value.waiting == [kind]
        with database.engine("owner").begin() as conn:
            conn.execute(text(f"delete from watch.{kind.removesuffix('s')}"))


def test_what_was_parked_does_not_keep_it_waiting(settings: Settings, database: Database) -> None:
    with database.engine("owner").begin() as conn:
        conn.execute(text("insert into watch.claim(files, keys, parked_at) values ('{a}', '{b}', now())"))
        conn.execute(text("insert into watch.resweep(file, reason, parked_at) values ('a', 'test', now())"))
    with evaluating(settings):
        assert settle.settle(settings).tzinfo is not None


def test_the_clock_is_set_at_start_and_moved_by_call(client: Client) -> None:
    assert client.get("/api/v1/status").json["as_of"] == "2026-05-05T00:00:00Z"
    assert client.post("/api/v1/admin/clock", {"now": "2027-01-01T00:00:00+08:00"}).json == {
        "now": "2026-12-31T16:00:00Z"
    }
    assert client.get("/api/v1/findings").json["as_of"] == "2026-12-31T16:00:00Z"
    for wrong in ({}, {"now": "tomorrow"}, {"now": "2027-01-01T00:00:00"}):
        assert client.post("/api/v1/admin/clock", wrong).status == 400


def test_a_moved_clock_survives_a_restart(environ: dict[str, str]) -> None:
    with serving(environ, AIDWATCH_TEST_CLOCK=CLOCK) as client:
        client.post("/api/v1/admin/clock", {"now": "2027-01-01T00:00:00+08:00"})
    with serving(environ, AIDWATCH_TEST_CLOCK=CLOCK) as client:
        assert client.get("/api/v1/status").json["as_of"] == "2026-12-31T16:00:00Z"


def test_a_deployment_that_is_no_test_follows_real_time_again(environ: dict[str, str], database: Database) -> None:
    with serving(environ, AIDWATCH_TEST_CLOCK=CLOCK) as client:
        assert client.get("/api/v1/status").json["test_clock"]
    with serving(environ, AIDWATCH_TEST="0"), database.engine("owner").connect() as conn:
        assert conn.execute(text("select count(*) from watch.clock")).scalar_one() == 0


def test_the_clock_cannot_be_moved_where_time_is_real(environ: dict[str, str]) -> None:
    with serving(environ) as client:
        assert client.post("/api/v1/admin/clock", {"now": CLOCK}).status == 404


def test_the_bootstrap_token_is_honoured_in_tests_only(environ: dict[str, str]) -> None:
    with serving(environ, AIDWATCH_TEST="0") as client:
        assert client.get("/api/v1/status").status == 401


def test_the_catalogue_is_listed_with_parameters_in_force(client: Client) -> None:
    client.send(event(1, "parameter", rule="F02", name="gradual_exit_months", value=3, region_code="371402000000"))
    items = client.get("/api/v1/rules").json["items"]
    assert {one["rule"] for one in items} == {code for rule in catalogue.load().rules for code in rule.codes}
    (rule,) = (one for one in items if one["rule"] == "F02")
    assert rule["parameters"]["default"] == {"gradual_exit_months": 6}
    assert [(one["value"], one["region_code"]) for one in rule["parameters"]["local"]] == [(3, "371402000000")]
    assert rule["basis"]
    assert set(rule["title"]) == {"zh", "en"}


def test_status_names_feeds_and_what_was_refused(client: Client, database: Database) -> None:
    client.send(event(1, "feed", source="/test", department="民政", interval_s=60), {**event(2), "subject": "other"})
    status = client.get("/api/v1/status").json
    (feed,) = status["feeds"]
    assert (feed["feed_id"], feed["source"]) == ("K1", "/test")
    assert feed["stale_since"] is not None
    assert status["dead_letters"] == 1
    assert (status["backlog"]["marks"], status["backlog"]["marked_keys"]) == (1, 1)
    assert status["drift"]["findings"] is None, "nothing was audited yet: unknown is not 0"


def test_indicators_are_counted_and_unknown_ones_named(client: Client, database: Database) -> None:
    query = """insert into watch.finding (finding_id, rule, rule_version, subject_kind, subject_key, ladder_card, present,
        region_code, evidence, opened_at, first_seen_at, last_seen_at) values (:id, 'F02', 1, 'benefit', :id, 'red', true,
        '371402000000', '{"programme"\\: "dibao"}', :at, :at, :at)"""
    with database.engine("owner").begin() as conn:
        for n, at in enumerate(("2026-05-01T23:00:00+08:00", "2026-05-02T01:00:00+08:00", "2026-05-02T02:00:00+08:00")):
            conn.execute(text(query), {"id": str(n), "at": at})
    path = "/api/v1/indicators/findings_opened"
    told = client.get(path).json
    assert [(row["day"], row["n"]) for row in told["rows"]] == [("2026-05-01", 1), ("2026-05-02", 2)]
    assert [row["n"] for row in client.get(f"{path}?from=2026-05-02&to=2026-05-02&group_by=rule").json["rows"]] == [2]
    assert client.get(f"{path}?programme=tekun").json["rows"] == []
    unknown = client.get("/api/v1/indicators/happiness")
    assert (unknown.status, unknown.json["indicators"]) == (404, ["findings_opened", "step_durations", "reconciliation", "amounts", "overlaps"])
    wrong = client.get(f"{path}?group_by=step")
    assert (wrong.status, wrong.json["group_by"]) == (400, ["day", "region", "rule", "card"])


def test_steps_are_told_with_their_medians_by_place_unit_and_week_inside_the_region_of_the_token(client: Client, database: Database) -> None:
    with opened(database) as office:
        office.case("A1")
        office.case("A2", WAY | {"VISIT": "2026-10-09"}, region=OTHER, unit="U2", programme="tekun")
    path = "/api/v1/indicators/step_durations"
    told = {row["step"]: row for row in client.get(path).json["rows"]}
    assert told["VISIT"] | {"step": "VISIT"} == {
        "step": "VISIT", "n": 2, "limited": 0, "late": 0, "again": 0, "median_working_days": 1, "p90_working_days": 5,
        "median_calendar_days": 4, "p90_calendar_days": 15}, told["VISIT"]  # fmt: skip
    assert told["WHOLE"]["n"] == 2
    for by, keys in (("region", {TOWN, OTHER}), ("unit", {"U1", "U2"}), ("programme", {"dibao", "tekun"}), ("week", {"2026-09-28", "2026-10-05"})):
        rows = [row for row in client.get(f"{path}?group_by={by}").json["rows"] if row["step"] == "VISIT"]
        assert {row[by] for row in rows} == keys
        assert sum(row["n"] for row in rows) == 2, by
    assert {row["n"] for row in client.get(f"{path}?region={OTHER}&programme=tekun&from=2026-10-12&to=2026-10-12").json["rows"]} == {1}
    with database.engine("owner").begin() as conn:
        near = client.with_token(create_token(conn, "near", ["read"], [OTHER]))
    assert {row["n"] for row in near.get(path).json["rows"]} == {1}


def test_money_is_told_by_class_month_place_and_programme_and_amounts_are_kept_apart(client: Client, database: Database) -> None:
    with connect(database.url("worker"), name="test") as conn:
        told = Intake(conn, Keys(b"h" * 32, b"v" * 32), "money").take([
            *(event_of("region", region_code=place, level="county", parent_code=None) for place in (TOWN, OTHER)),
            *(event_of("benefit", at="2026-01-01T09:00:00+08:00", benefit_id=key, programme="dibao", region_code=place, monthly_amount_fen=500,
                       start_period="2026-01") for key, place in (("A", TOWN), ("B", OTHER))),
            *(event_of("payment", at="2026-03-10T09:00:00+08:00", payment_id=f"{key}{period}", benefit_id=key, programme="dibao", period=period,
                       amount_fen=fen, kind="regular", status="paid", region_code=place, submitted_at="2026-03-09T09:00:00+08:00")
              for key, place, period, fen in (("A", TOWN, "2026-02", 500), ("A", TOWN, "2026-03", 400), ("B", OTHER, "2026-03", 700)))])
        assert not told.rejected
        reconciliation.refresh(conn)
    path = "/api/v1/indicators/reconciliation"
    assert {row["kind"]: row["amount_fen"] for row in client.get(path).json["rows"] if row["amount_fen"]} == {
        "decided": 1500, "listed": 1600, "paid": 1600, "owed": 100, "listed_less": 100, "listed_more": -200}
    for by in ("month", "region", "programme"):
        rows = client.get(f"{path}?group_by={by}").json["rows"]
        assert sum(row["amount_fen"] for row in rows if row["kind"] == "paid") == 1600, by
    assert {row["month"] for row in client.get(f"{path}?group_by=month&from=2026-03-01").json["rows"]} == {"2026-03"}
    amounts = {row["kind"]: row["amount_fen"] for row in client.get(f"/api/v1/indicators/amounts?region={TOWN}").json["rows"]}
    assert amounts == {"at_risk": 0, "owed": 100, "recovered": 0, "prevented": 0}
    with database.engine("owner").begin() as own:
        near = client.with_token(create_token(own, "near", ["read"], [OTHER]))
    assert {row["kind"] for row in near.get(path).json["rows"]} == {"decided", "listed", "paid", "listed_more"}


def test_people_with_two_benefits_are_told_by_pair_and_effect_inside_the_regions_of_the_token(client: Client, database: Database) -> None:
    with connect(database.url("worker"), name="test") as conn:
        told = Intake(conn, Keys(b"h" * 32, b"v" * 32), "overlaps").take([
            *(event_of("region", region_code=place, level="county", parent_code=None) for place in (TOWN, OTHER)),
            *(event_of("person", at="2026-01-01T09:00:00+08:00", person_id=f"P{n}") for n in range(2)),
            *(event_of("benefit", at="2026-01-01T09:00:00+08:00", benefit_id=f"{programme}{n}", programme=programme, person_id=f"P{n}", household_id=f"H{n}",
                       region_code=place, start_period="2026-01", end_period="2026-03" if n else None)
              for n, place in enumerate((TOWN, OTHER)) for programme in ("dibao", "tekun", "old_age"))])
        assert not told.rejected
        overlaps.refresh(conn)
    path = "/api/v1/indicators/overlaps"
    now, then = client.get(path).json["rows"], client.get(f"{path}?from=2026-03-01&to=2026-03-31&programme=dibao").json["rows"]
    assert {(row["pair"], row["effect"]): row["people"] for row in now} == {
        ("dibao/tekun", "exclusive"): 1, ("dibao/old_age", "coexist"): 1, ("old_age/tekun", "coexist"): 1}
    assert {(row["pair"], row["effect"]): row["people"] for row in then} == {("dibao/tekun", "exclusive"): 2, ("dibao/old_age", "coexist"): 2}
    assert {row["effect"]: row["people"] for row in client.get(f"{path}?group_by=effect").json["rows"]} == {"exclusive": 1, "coexist": 1}
    with database.engine("owner").begin() as own:
        near = client.with_token(create_token(own, "near", ["read"], [OTHER]))
    assert near.get(path).json["rows"] == []
    assert {row["people"] for row in near.get(f"{path}?from=2026-02-01").json["rows"]} == {1}


def test_the_contract_describes_what_intake_takes(client: Client) -> None:
    told = client.with_token(None).get("/api/v1/contract").json
    assert set(told["json_schema"]["records"]) == set(ENTITIES) - LOCAL_ONLY
    schema = {"json_schema": told["json_schema"], "$ref": "#/json_schema/event"}
    checker: Any = jsonschema.Draft202012Validator(schema)
    good = event(1, "payment", amount_fen=100, period="2026-05", kind="regular", account_number="6222020111122220000")
    assert not list(checker.iter_errors(good))
    for wrong in (
        {**good, "data": {"payment_id": "K1", "amount_fen": "100"}},
        {**good, "type": "aidwatch.dog.upserted"},
    ):
        assert list(checker.iter_errors(wrong))
    assert set(told["asyncapi"]["channels"]) == {"events", "live"}


def test_openapi_is_served_without_pages_that_need_the_internet(client: Client) -> None:
    told = client.with_token(None).get("/api/v1/openapi.json").json
    assert "post" in told["paths"]["/api/v1/events"]
    for page in ("/docs", "/redoc"):
        assert b"cdn" not in client.get(page).body


def test_every_call_is_documented(client: Client) -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    told = client.get("/api/v1/openapi.json").json["paths"]
    for path in told.keys() - {"/api/v1/openapi.json", "/api/v1/contract"}:
        assert path.replace("{finding_id}", "{id}").replace("{name}", "findings_opened") in page


def test_liveness_and_readiness(client: Client, database: Database) -> None:
    anybody = client.with_token(None)
    assert anybody.get("/healthz").json == {"status": "ok"}
    assert anybody.get("/readyz").json["ready"]
    client.send(event(1))
    with database.engine("owner").begin() as conn:
        conn.execute(text("update ledger.mark set at = at - interval '1 hour'"))
    late = anybody.get("/readyz")
    assert (late.status, late.json["evaluator"]) == (503, "late")
    assert late.json["evaluator_lag_s"] > 3000


def test_readiness_names_what_is_away(environ: dict[str, str], database: Database) -> None:
    with serving(environ, REDIS_URL="unix:///nowhere/at/all.sock") as client:
        told = client.get("/readyz")
        assert (told.status, told.json["bus"], told.json["database"]) == (503, "away", "ok")
        assert client.send(event(1)).status == 202, "events by HTTP do not need the bus"
        with database.server.connect() as conn:
            conn.execute(f"alter database {database.name} with allow_connections false")
            conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [database.name])
        assert wait_for(lambda: client.get("/readyz")).json["database"] == "away"
        assert client.get("/healthz").status == 200
        assert client.get("/api/v1/findings").status == 503
        with database.server.connect() as conn:
            conn.execute(f"alter database {database.name} with allow_connections true")
    database.engine("owner").dispose()


def test_an_unknown_path_of_the_api_is_json(client: Client) -> None:
    told = client.get("/api/v1/nothing")
    assert told.status == 404
    assert json.loads(told.body)["id"]
