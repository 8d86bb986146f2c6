"""/metrics: what stands in the database, what the processes counted, and nothing about anybody."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from sql.access import create_token
from sql.people import COOKIE
from sql.settings import Settings
from tests.conftest import Database
from tests.signing import signed_in
from tests.workers.office import WAY, opened
from tests.workers.sending import event, process, raw, wait_for
from tests.workers.serving import Client, serving
from workers import keys, metrics, metrics_state, stream
from workers.durations import recount
from workers.intake import Receipt
from workers.metrics_doc import markdown

DOC = Path(__file__).parents[2] / "docs" / "metrics.md"


@pytest.fixture
def client(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(metrics_state, "KEPT_S", 0)
    monkeypatch.setattr(metrics_state, "SHARE", 0)
    with serving(environ) as found:
        yield found


def samples(client: Client) -> dict[str, float]:
    """Every sample as ``name{label=value,…}`` without the buckets."""
    found = {}
    for family in text_string_to_metric_families(client.get("/metrics").body.decode()):
        for one in family.samples:
            if not one.name.endswith("_bucket"):
                labels = ",".join(f"{name}={value}" for name, value in sorted(one.labels.items()))
                found[f"{one.name}{{{labels}}}"] = one.value
    return found


def test_the_page_of_metrics_is_as_written_by_the_code() -> None:
    assert DOC.read_text(encoding="utf-8") == markdown()


@pytest.mark.parametrize("name", ["alerts.yml", "grafana.json"])
def test_alerts_and_dashboard_name_only_metrics_there_are(name: str) -> None:
    named = set(re.findall(r"\baidwatch_[a-z_]+", (DOC.parents[1] / "deploy" / name).read_text(encoding="utf-8")))
    there = set(re.findall(r"^\| `(aidwatch_\w+)`", DOC.read_text(encoding="utf-8"), re.MULTILINE))
    assert len(named) > 10
    assert {one.removesuffix("_bucket") for one in named} <= there


def test_every_metric_is_documented_and_every_documented_one_is_there(client: Client, database: Database) -> None:
    client.send(event(1))
    metrics.acts().event_to_finding_seconds.observe(0.1)
    metrics.acts().finding_to_eye_seconds.observe(0.1)
    metrics.acts().announced.inc()
    metrics.acts().forgotten.labels("trail").inc()
    with opened(database) as office:
        office.case("A1")
        recount(office.conn)
    client.get("/metrics")
    told = re.findall(r"^# TYPE (\S+)", client.get("/metrics").body.decode(), re.MULTILINE)
    assert set(told) == {one.name for one in (*metrics_state.STATE, *metrics.ACTS)}


def test_how_long_cards_took_to_be_seen_is_told_by_browsers(environ: dict[str, str], database: Database) -> None:
    with serving(environ, console=True) as client:
        asking = replace(client, headers={"Cookie": f"{COOKIE}={signed_in(database.engine('console'))}"})
        assert asking.get("/account/here?eye=120,nonsense,80,99999999").status == 204
        assert replace(client, headers={}).get("/account/here?eye=7").status == 303, "only who is let in"
        found = samples(client)
    assert found["aidwatch_finding_to_eye_seconds_count{}"] == 2
    assert found["aidwatch_finding_to_eye_seconds_sum{}"] == pytest.approx(0.2)


def test_names_say_what_they_are_and_end_in_their_unit() -> None:
    for one in (*metrics_state.STATE, *metrics.ACTS):
        assert re.fullmatch(r"aidwatch_[a-z]+(_[a-z]+)*", one.name)
        assert (one.kind == "counter") == one.name.endswith("_total")
        assert one.kind != "histogram" or one.name.endswith("_seconds")
        assert not {"subject_key", "finding_id", "person", "item"} & set(one.labels)


def test_findings_backlog_and_sources_are_asked_from_the_database(client: Client, database: Database) -> None:
    client.send(event(1), event(2), {**event(3), "subject": "other"})
    with database.engine("owner").begin() as conn:
        conn.execute(text("""insert into watch.finding (finding_id, rule, rule_version, subject_kind, subject_key, ladder_card,
            present, evidence, opened_at, first_seen_at, last_seen_at) select i, 'F02', 1, 'benefit', i, 'red', i > '1', '{}', now(),
            now(), now() from unnest(array['1', '2', '3']) i"""))  # fmt: skip
        conn.execute(
            text("insert into watch.audit_run(file, compared, drift, pending) values ('f', 9, 2, 0), ('f', 9, 1, 0)")
        )
    found = samples(client)
    assert found["aidwatch_findings{card=red,present=true,rule=F02,stage=open}"] == 2
    assert found["aidwatch_findings{card=red,present=false,rule=F02,stage=open}"] == 1
    assert found["aidwatch_marked_keys{}"] == 2
    assert found["aidwatch_dead_letters{}"] == 1
    assert found["aidwatch_source_events{source=/test}"] == 2
    assert found["aidwatch_drift_findings{file=f}"] == 1, "the newest audit counts"
    assert found["aidwatch_reachable{part=database}"] == found["aidwatch_reachable{part=bus}"] == 1
    assert found["aidwatch_partitions{relation=ledger.event}"] >= 2


def test_steps_are_told_with_how_many_were_late_and_how_long_they_took(client: Client, database: Database) -> None:
    with opened(database) as office:
        office.case("A1")
        office.case("A2", WAY | {"SURVEY_START": "2026-10-09", "VISIT": "2026-10-10"})
        office.case("A3", {code: day.replace("2026", "2025") for code, day in WAY.items()})
        recount(office.conn)
    found = samples(client)
    told = {judged: found[f"aidwatch_steps{{judged={judged},step=SURVEY_START}}"] for judged in ("in_time", "late", "no_limit")}
    assert told == {"in_time": 1, "late": 1, "no_limit": 0}, "the case of last year is older than 13 weeks"
    assert found["aidwatch_step_working_days{quantile=0.9,step=WHOLE}"] == 9
    assert found["aidwatch_duration_drift{}"] == found["aidwatch_duration_due_cases{}"] == 0


def test_events_are_counted_by_door_and_outcome(client: Client) -> None:
    client.send(event(1), event(1), {**event(2), "subject": "other"})
    found = samples(client)
    for outcome in ("accepted", "duplicate", "rejected"):
        assert found[f"aidwatch_events_total{{door=http,outcome={outcome}}}"] == 1
    assert found["aidwatch_take_seconds_count{door=http}"] == 1
    assert samples(client)["aidwatch_requests_total{call=take_events,status=202}"] == 1


def test_other_processes_of_the_host_are_counted_too_and_go_on_after_a_kill(
    client: Client, settings: Settings, environ: dict[str, str]
) -> None:
    bus = stream.connect_bus(settings)
    for n in (1, 2):
        stream.push(bus, keys.ensure(settings), [raw(n)])
        with process("ingest", environ):
            wait_for(lambda: sum(stream.events_backlog(bus)) == 0)
            wait_for(partial(has_counted, client, n))
    bus.close()


def has_counted(client: Client, wanted: int) -> bool:
    return samples(client).get("aidwatch_events_total{door=stream,outcome=accepted}") == wanted


def test_what_is_away_is_said(client: Client, database: Database) -> None:
    with database.server.connect() as conn:
        conn.execute(f"alter database {database.name} with allow_connections false")
        conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [database.name])
        found = samples(client)
        conn.execute(f"alter database {database.name} with allow_connections true")
    database.engine("owner").dispose()
    assert (found["aidwatch_reachable{part=database}"], found["aidwatch_reachable{part=bus}"]) == (0, 1)
    assert not any(name.startswith("aidwatch_findings{") for name in found), "unknown is not 0"


def test_an_answer_serves_for_a_while(
    environ: dict[str, str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(environ) as client:
        before = samples(client)["aidwatch_dead_letters{}"]
        client.send({**event(2), "subject": "other"})
        assert samples(client)["aidwatch_dead_letters{}"] == before


def test_from_elsewhere_a_token_with_the_scope_is_needed(
    client: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.engine("worker").begin() as conn:
        prometheus = create_token(conn, "prometheus", ["metrics"], ["*"])
        other = create_token(conn, "other", ["read"], ["*"])
    forwarded = {"X-Forwarded-For": "192.0.2.7"}
    asked = {who: Client(client.port, token, forwarded).get("/metrics").status for who, token in
             {"nobody": None, "other": other, "prometheus": prometheus}.items()}  # fmt: skip
    assert asked == {"nobody": 401, "other": 403, "prometheus": 200}
    assert client.with_token(None).get("/metrics").status == 200


def test_a_process_counts_under_its_name(settings: Settings) -> None:
    for _ in range(2):
        metrics.begin(settings, "ingest-7").took("stream", Receipt(accepted=3), 0.1)
    files = sorted(path.name for path in metrics.directory_of(settings).iterdir())
    assert files == ["counter_ingest-7.db", "histogram_ingest-7.db"]
    assert metrics.acts().events.labels("stream", "accepted")._value.get() == 6
