"""The outbox relay: announced once it is committed, kept while the bus is away."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from sql.connect import connect
from sql.settings import Settings
from workers import relay
from workers.relay import relay_once
from workers.stream import LIVE, Bus, connect_bus


@pytest.fixture
def conn(settings: Settings) -> Iterator["psycopg.Connection[Any]"]:
    with connect(settings.database_url_for("worker"), name="test") as made:
        yield made


@pytest.fixture
def bus(settings: Settings) -> Iterator[Bus]:
    with closing(connect_bus(settings)) as made:
        yield made


def announce(conn: "psycopg.Connection[Any]", *ids: str) -> None:
    rows = [(json.dumps({"finding_id": one, "rule": "F02", "title_zh": "终止后仍发放"}),) for one in ids]
    conn.cursor().executemany("insert into watch.outbox(payload) values (%s)", rows)


def said(bus: Bus) -> list[dict[str, Any]]:
    return [json.loads(fields[b"d"]) for _, fields in bus.xrange(LIVE)]


def test_announcements_go_out_in_order_and_leave_the_table(conn: "psycopg.Connection[Any]", bus: Bus) -> None:
    announce(conn, *(f"f{n}" for n in range(30)))
    assert [relay_once(conn, bus, 20), relay_once(conn, bus, 20), relay_once(conn, bus, 20)] == [20, 10, 0]
    assert [one["finding_id"] for one in said(bus)] == [f"f{n}" for n in range(30)]
    assert conn.execute("select count(*) from watch.outbox").fetchone() == (0,)


def test_an_announcement_says_when_it_was_committed(conn: "psycopg.Connection[Any]", bus: Bus) -> None:
    announce(conn, "f1")
    relay_once(conn, bus, 10)
    (one,) = said(bus)
    assert one["title_zh"] == "终止后仍发放"
    assert abs(datetime.now(UTC) - datetime.fromisoformat(one["committed_at"])) < timedelta(seconds=30)


def test_while_the_bus_is_away_announcements_wait(
    settings: Settings, conn: "psycopg.Connection[Any]", bus: Bus
) -> None:
    announce(conn, "f1", "f2")
    with closing(connect_bus(replace(settings, redis_url="unix:///nowhere/at/all.sock"))) as away:
        assert relay_once(conn, away, 10) == 0
    assert conn.execute("select count(*) from watch.outbox").fetchone() == (2,)
    assert relay_once(conn, bus, 10) == 2


def test_two_relays_share_the_work_without_waiting(
    settings: Settings, conn: "psycopg.Connection[Any]", bus: Bus
) -> None:
    announce(conn, "f1", "f2")
    with connect(settings.database_url_for("worker"), name="other") as other, other.transaction(force_rollback=True):
        other.execute("delete from watch.outbox where payload ->> 'finding_id' = 'f1'")
        assert relay_once(conn, bus, 10) == 1
    assert [one["finding_id"] for one in said(bus)] == ["f2"]
    assert relay_once(conn, bus, 10) == 1


def test_the_stream_does_not_grow_for_ever(
    conn: "psycopg.Connection[Any]", bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "KEPT", 100)
    announce(conn, *(f"f{n}" for n in range(1_000)))
    relay_once(conn, bus, 1_000)
    assert 100 <= bus.xlen(LIVE) <= 300
