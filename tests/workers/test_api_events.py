"""POST /api/v1/events: three content types, partial acceptance, and who may send how much."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from sql.access import create_token, revoke_token
from tests.conftest import Database
from tests.workers.sending import AT, event, raw
from tests.workers.serving import BATCH, NDJSON, SINGLE, Client, serving
from workers import api_services

EVENTS = "/api/v1/events"


@pytest.fixture
def client(environ: dict[str, str]) -> Iterator[Client]:
    with serving(environ) as found:
        yield found


def stored(database: Database) -> int:
    with database.engine("owner").connect() as conn:
        return int(conn.execute(text("select count(*) from ledger.event where source = '/test'")).scalar_one())


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (SINGLE, raw(1)),
        (f"{SINGLE}; charset=utf-8", raw(1)),
        (BATCH, b"[" + raw(1) + b"]"),
        (NDJSON, raw(1) + b"\n"),
    ],
)
def test_each_content_type_is_taken(client: Client, database: Database, media_type: str, body: bytes) -> None:
    answer = client.call("POST", EVENTS, body, media_type)
    assert (answer.status, answer.json) == (202, {"accepted": 1, "duplicates": 0, "rejected": []})
    assert stored(database) == 1


def test_an_empty_batch_is_accepted(client: Client) -> None:
    for media_type, body in ((BATCH, b"[]"), (NDJSON, b""), (NDJSON, b"\n\n")):
        assert client.call("POST", EVENTS, body, media_type).json == {"accepted": 0, "duplicates": 0, "rejected": []}


def test_the_same_event_again_changes_nothing(client: Client, database: Database) -> None:
    assert client.send(event(1), event(2)).json["accepted"] == 2
    assert client.send(event(2), event(1), event(1)).json == {"accepted": 0, "duplicates": 3, "rejected": []}
    assert stored(database) == 2


def test_an_id_that_stood_for_something_else_is_refused(client: Client) -> None:
    client.send(event(1))
    told = {**event(1), "time": "2026-05-04T11:00:00+08:00"}
    other = event(1, region_code="371402000000")
    for changed in (told, other):
        (refused,) = client.send(event(2), changed).json["rejected"]
        assert (refused["index"], refused["id"]) == (1, "e-1")
        assert "id reused" in refused["reason"]


def test_an_older_version_after_a_newer_one_changes_nothing(client: Client, database: Database) -> None:
    newer = event("new", household_id="H", region_code="371402000000")
    older = {**event("old", household_id="H", region_code="371403000000"), "time": "2026-01-01T00:00:00+08:00"}
    client.send(newer)
    assert client.send(older).json["accepted"] == 1
    with database.engine("owner").connect() as conn:
        held = conn.execute(text("select region_code from facts.household")).scalars().all()
    assert held == ["371402000000"]


def test_what_is_wrong_is_named_and_the_rest_is_taken(client: Client, database: Database) -> None:
    lines = [raw(1), b"{broken", raw(2, lon="far"), json.dumps({**event(3), "subject": "other"}).encode(), raw(4)]
    answer = client.call("POST", EVENTS, b"\n".join(lines), NDJSON)
    assert answer.status == 202
    assert answer.json["accepted"] == 2
    assert [r["index"] for r in answer.json["rejected"]] == [1, 2, 3]
    reasons = [r["reason"] for r in answer.json["rejected"]]
    assert "data.lon" in reasons[1]
    assert "subject" in reasons[2]
    assert [r["id"] for r in answer.json["rejected"]] == [None, "e-2", "e-3"]


def test_a_single_bad_event_is_answered_202_with_its_reason(client: Client) -> None:
    answer = client.call("POST", EVENTS, json.dumps({**event(1), "type": "aidwatch.dog.upserted"}).encode(), SINGLE)
    assert (answer.status, answer.json["rejected"][0]["index"]) == (202, 0)
    assert "aidwatch.<entity>.upserted" in answer.json["rejected"][0]["reason"]


@pytest.mark.parametrize(
    ("media_type", "body"),
    [(SINGLE, b"hello"), (SINGLE, b""), (BATCH, b"{}"), (BATCH, b'[{"a":1},'), ("application/json", b"{}"), ("text/plain", raw(1)), (BATCH, b"\xff\xfe")],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_400(client: Client, media_type: str, body: bytes) -> None:
    answer = client.call("POST", EVENTS, body, media_type)
    assert answer.status == 400
    assert answer.json["error"]
    assert len(answer.json["id"]) == 12


def test_16_mib_are_taken_and_more_are_413(client: Client, database: Database) -> None:
    lines = [raw(n, address="某" * 300) for n in range(12_000)]
    body = b"\n".join(lines)
    assert 12 * 2**20 < len(body) <= 16 * 2**20
    assert client.call("POST", EVENTS, body, NDJSON).json["accepted"] == len(lines)
    for size in (16 * 2**20 + 1, 20 * 2**20):
        answer = client.call("POST", EVENTS, b" " * size, NDJSON)
        assert (answer.status, "16 MiB" in answer.json["error"]) == (413, True)
    assert stored(database) == len(lines)


def test_a_body_without_length_is_cut_off_too(client: Client) -> None:
    chunks = (b" " * 2**20 for _ in range(18))
    assert client.call("POST", EVENTS, chunks, NDJSON).status == 413


def test_too_long_a_backlog_is_429(
    environ: dict[str, str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_services, "BACKLOG_KEYS", 5)
    monkeypatch.setattr(api_services, "_BACKLOG_KEPT_S", 0)
    with serving(environ) as client:
        assert client.send(*(event(n) for n in range(6))).status == 202
        answer = client.send(event(7))
        assert answer.status == 429
        assert int(answer.headers["retry-after"]) > 0
        with database.engine("owner").begin() as conn:
            conn.execute(text("delete from ledger.mark"))
        assert client.send(event(7)).status == 202


def test_who_may_send(client: Client, database: Database) -> None:
    with database.engine("worker").begin() as conn:
        sender = create_token(conn, "vendor", ["ingest"], ["*"])
        reader = create_token(conn, "reader", ["read", "metrics"], ["*"])
        ended = create_token(conn, "old", ["ingest"], ["*"], AT.replace(year=2020))
        gone = create_token(conn, "gone", ["ingest"], ["*"])
        revoke_token(conn, "gone")
    statuses = {who: client.with_token(token).send(event(1)).status for who, token in
                {"nobody": None, "stranger": "aidwatch_x", "sender": sender, "reader": reader, "ended": ended, "gone": gone}.items()}  # fmt: skip
    assert statuses == {"nobody": 401, "stranger": 401, "sender": 202, "reader": 403, "ended": 401, "gone": 401}
    assert client.with_token(None).send(event(1)).headers["www-authenticate"] == "Bearer"


def test_an_event_is_taken_after_the_database_came_back(client: Client, database: Database) -> None:
    client.send(event(1))
    with database.server.connect() as conn:
        conn.execute(f"alter database {database.name} with allow_connections false")
        conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [database.name])
        away = client.send(event(2))
        assert (away.status, "retry-after" in away.headers) == (503, True)
        conn.execute(f"alter database {database.name} with allow_connections true")
    database.engine("owner").dispose()
    assert client.send(event(2)).json["accepted"] == 1
