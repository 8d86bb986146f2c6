"""Notifications reach a real receiver: once, only what somebody may see, gathered, held in quiet hours, tried again after a failure."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import text

from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import KEYS, ask, guest
from tests.console.world import World
from tests.signing import add_account
from workers import notify

HOME, ELSEWHERE = "371402000000", "371424000000"
NOW = datetime.now(UTC)


class Receiver:
    """A webhook on loopback that remembers what it was told; ``up`` False answers 503."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.up = True
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200 if receiver.up else 503)
                self.end_headers()
                self.wfile.write(b'{"code": 0, "errcode": 0}')  # what robots of chats say when they took it
                if receiver.up:
                    receiver.got.append(told)
                    receiver.paths.append(self.path)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_address[1]}/hook"

    def lines(self) -> list[str]:
        return [line for one in self.got for line in one["message"].splitlines()]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    thread = threading.Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join(5)


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("worker"), name="test") as one:
        yield one


def subscribe(database: Database, url: str, account: str = "chen", **more: Any) -> None:
    row = {"account": account, "sealed": KEYS.seal(url.encode()), "mask": "json://…", "lang": "zh", "topics": ["cards", "tasks", "answers", "escalations"],
           "cards": ["red", "yellow"], "digest_min": 0, "quiet_from": None, "quiet_to": None, **more}  # fmt: skip
    with database.engine("owner").begin() as conn:
        conn.execute(text("insert into access.subscription (account, channel_sealed, channel_mask, lang, topics, cards, digest_min, quiet_from, quiet_to, created_by, "
                          "created_at) values (:account, :sealed, :mask, :lang, :topics, :cards, :digest_min, :quiet_from, :quiet_to, 'admin', now() - interval '1 day')"), row)  # fmt: skip


def told(conn: psycopg.Connection) -> int:
    """One round of the job."""
    notify.fan_out(conn)
    return notify.send_due(conn, KEYS, "https://watch.example.cn/")


@contextmanager
def later(database: Database, change: str) -> Iterator[None]:
    with database.engine("owner").begin() as conn:
        conn.execute(text(change))
    yield


def test_a_new_red_card_is_told_once_with_place_and_link_and_nothing_about_anybody(
    database: Database, world: World, receiver: Receiver, conn: psycopg.Connection
) -> None:
    add_account(database.engine("owner"), "chen", ["supervisor"], [HOME])
    quiet_world(database, world)
    subscribe(database, receiver.url)
    with world.again() as now:
        red = now.finding("T04", "red", HOME, ago=timedelta(hours=1))
        now.finding("T04", "notice", HOME, ago=timedelta(hours=1))
        now.finding("T04", "red", ELSEWHERE, ago=timedelta(hours=1))
        old = now.finding("E01", "red", HOME, ago=timedelta(days=200), subject_key="p" * 32)  # history, taken in today
        now.conn.execute(text("update watch.finding_event set at = now() where finding_id = :id"), {"id": old})
    assert told(conn) == 1
    assert receiver.lines() == [f"■ 红牌 审核确认总时限超期 T04 · 德城区 · https://watch.example.cn/finding/{red}"]
    assert told(conn) == 0
    assert len(receiver.got) == 1


def quiet_world(database: Database, world: World) -> None:
    """What happened before is no news any more."""
    add_account(database.engine("owner"), "chen", ["supervisor"], ["*"])
    with world.again() as now:
        now.conn.execute(text("update watch.finding_event set known_at = now() - interval '3 days'"))


def test_what_a_channel_did_not_take_is_sent_later_and_given_up_after_a_day(
    database: Database, world: World, receiver: Receiver, conn: psycopg.Connection
) -> None:
    quiet_world(database, world)
    subscribe(database, receiver.url)
    with world.again() as now:
        now.finding("T04", "red", HOME, ago=timedelta(hours=1))
    receiver.up = False
    assert told(conn) == 0
    assert told(conn) == 0, "not at once again"
    with database.engine("owner").connect() as owner:
        row = owner.execute(text("select failing_since, last_error, tries from access.subscription")).one()
    assert row.failing_since is not None
    assert row.tries == 1
    assert "503" in row.last_error or "Service Unavailable" in row.last_error
    receiver.up = True
    with later(database, "update access.subscription set next_try_at = now()"):
        assert told(conn) == 1
    with world.again() as now:
        now.finding("T04", "red", HOME, ago=timedelta(hours=1))
    notify.fan_out(conn)
    with later(database, "update watch.delivery set at = now() - interval '25 hours' where sent_at is null"):
        assert told(conn) == 0
    assert len(receiver.got) == 1


def test_messages_are_gathered_and_wait_for_the_end_of_quiet_hours(
    database: Database, world: World, receiver: Receiver, conn: psycopg.Connection
) -> None:
    quiet_world(database, world)
    subscribe(database, receiver.url, digest_min=60)
    with world.again() as now:
        for card in ("yellow", "red", "yellow"):
            now.finding("T04", card, HOME, ago=timedelta(hours=1))
    assert told(conn) == 0
    hour = datetime.now(ZoneInfo("Asia/Shanghai"))
    quiet = f"'{hour - timedelta(hours=1):%H:%M}', quiet_to = '{hour + timedelta(hours=1):%H:%M}'"
    with later(database, f"update watch.delivery set at = now() - interval '2 hours'; update access.subscription set quiet_from = {quiet}"):
        assert told(conn) == 0
    with later(database, "update access.subscription set quiet_from = null, quiet_to = null"):
        assert told(conn) == 1
    assert receiver.got[0]["title"] == "社会救助电子监察：3 条消息"
    assert [line[:4] for line in receiver.lines()] == ["■ 红牌", "▲ 黄牌", "▲ 黄牌"], "the most pressing first"


def test_a_unit_is_told_what_it_is_asked_and_reminded_once_before_the_date(
    database: Database, world: World, receiver: Receiver, conn: psycopg.Connection
) -> None:
    quiet_world(database, world)
    add_account(database.engine("owner"), "handler", ["unit_handler"], [HOME], unit_code="U1")
    subscribe(database, receiver.url, "handler", topics=["tasks"], lang="en")
    with world.again() as now:
        now.calendar()
        now.unit("U1", "黄河涯镇政府", HOME, "township_office")
        mine = now.finding("T04", "yellow", HOME, stage="assigned", assignee="U1", due_at=NOW + timedelta(hours=12))
        now.finding("T04", "yellow", HOME, stage="assigned", assignee="U2", due_at=NOW + timedelta(hours=12))
        now.finding("T04", "yellow", HOME, stage="assigned", assignee="U1", due_at=NOW + timedelta(days=12))
    assert notify.remind(conn) == 2
    assert notify.remind(conn) == 0
    assert told(conn) == 1
    assert len(receiver.lines()) == 1
    assert receiver.lines()[0].startswith("Reminder Total decision limit exceeded T04 · 德城区 · 黄河涯镇政府 · due ")
    assert mine in receiver.lines()[0]


def test_the_administrator_sets_up_a_channel_tries_it_and_takes_it_away(
    database: Database, world: World, receiver: Receiver, conn: psycopg.Connection
) -> None:
    quiet_world(database, world)
    admin = guest(database, name="sys", roles=["system_admin"], regions=[])
    typed = {"account": "chen", "channel": receiver.url + "?password=geheim", "topic": ["cards"], "card": ["red"], "digest_min": "0", "lang": "zh"}
    faults: tuple[dict[str, Any], ...] = ({"channel": "file:///etc/passwd"}, {"channel": "syslog://"}, {"channel": "x"}, {"topic": []}, {"card": []}, {"account": "nobody"},
                  {"quiet_from": "22:00"})  # fmt: skip
    for wrong in faults:
        assert admin.client.post("/notifications/edit", data=typed | wrong).status_code == 400, wrong
    assert admin.client.post("/notifications/edit", data=typed).status_code == 303
    assert told(conn) == 1
    assert receiver.got[0]["message"] == "通知渠道测试：收到即为正常。"
    page = ask(admin, "notifications-list-table", search="", path="/notifications")
    assert "最近送达" in page
    assert "geheim" not in page
    with database.engine("owner").connect() as owner:
        sealed = owner.execute(text("select id, channel_sealed from access.subscription")).one()
    assert b"127.0.0.1" not in bytes(sealed.channel_sealed)
    assert admin.client.post("/notifications/edit", data={"id": sealed.id, "act": "try_out"}).status_code == 303
    assert told(conn) == 1
    assert admin.client.post("/notifications/edit", data={"id": sealed.id, "act": "remove"}).status_code == 303
    assert "尚未设置通知" in ask(admin, "notifications-list-note", search="?lang=zh", path="/notifications")
    assert guest(database, name="li", roles=["supervisor"]).client.get("/notifications/edit").status_code == 403
