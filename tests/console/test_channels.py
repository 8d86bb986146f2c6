"""What each channel carries to whom, over the wire: mail through SMTP to a server here, the robots of three chats through HTTP.

The address of a robot's service is no part of its URL; Apprise keeps it in a class of its own, where the tests put one on loopback.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import apprise
import psycopg
import pytest

from tests.conftest import Database
from tests.console.test_notify import HOME, Receiver, conn, quiet_world, receiver, subscribe, told  # noqa: F401 – fixtures
from tests.console.world import World


class Mailbox(socketserver.ThreadingTCPServer):
    """As much of SMTP (RFC 5321) as takes one letter after the other; ``full`` refuses them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Postman)
        self.got: list[tuple[list[str], EmailMessage]] = []
        self.full = False


class Postman(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box, to = cast(Mailbox, self.server), list[str]()
        self.wfile.write(b"220 here\r\n")
        for line in iter(self.rfile.readline, b""):
            verb = line.split(b" ")[0].strip().upper()
            if verb == b"RCPT":
                to.append(line.decode().split("<")[1].split(">")[0])
            self.wfile.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n", b"RCPT": b"452 full\r\n" if box.full else b"250 ok\r\n"}.get(verb, b"250 ok\r\n"))
            if verb == b"DATA":
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                box.got.append((to, message_from_bytes(letter, policy=policy.default)))
                self.wfile.write(b"250 taken\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running(Mailbox()) as box:
        yield box


@contextmanager
def running(server: Mailbox) -> Iterator[Mailbox]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def red(database: Database, world: World, channel: str, **more: Any) -> str:
    """A subscription over a channel and a red card to tell; return the line that must arrive."""
    quiet_world(database, world)
    subscribe(database, channel, **more)
    with world.again() as now:
        finding = now.finding("T04", "red", HOME, ago=timedelta(hours=1))
    return f"■ 红牌 审核确认总时限超期 T04 · 德城区 · https://watch.example.cn/finding/{finding}"


def test_mail_reaches_the_mailbox_of_its_reader_in_chinese(database: Database, world: World, conn: psycopg.Connection, mailbox: Mailbox) -> None:  # noqa: F811
    line = red(database, world, f"mailto://127.0.0.1:{mailbox.server_address[1]}?from=watch@example.cn&to=chen@example.cn")
    assert told(conn) == 1
    ((to, letter),) = mailbox.got
    assert to == ["chen@example.cn"]
    assert letter["From"].addresses[0].addr_spec == "watch@example.cn"
    assert letter["Subject"] == "社会救助电子监察：1 条消息"
    body = letter.get_body(("plain", "html"))
    assert body is not None
    assert line in body.get_content()
    assert told(conn) == 0
    assert len(mailbox.got) == 1


def test_mail_a_server_refuses_is_kept_for_later(database: Database, world: World, conn: psycopg.Connection, mailbox: Mailbox) -> None:  # noqa: F811
    red(database, world, f"mailto://127.0.0.1:{mailbox.server_address[1]}?from=watch@example.cn&to=chen@example.cn")
    mailbox.full = True
    assert told(conn) == 0
    assert mailbox.got == []
    mailbox.full = False
    conn.execute("update access.subscription set next_try_at = now()")
    assert told(conn) == 1
    assert len(mailbox.got) == 1


@pytest.mark.parametrize(("channel", "token", "body"), [
    ("dingtalk://token12345", "token", lambda told: (told["msgtype"], told["text"]["content"])),
    ("wecombot://token12345", "key", lambda told: (told["msgtype"], told["text"]["content"])),
    ("feishu://token12345", "token", lambda told: (told["msg_type"], told["content"]["text"])),
])  # fmt: skip
def test_the_robot_of_a_chat_is_told_in_its_own_words(
    database: Database, world: World, conn: psycopg.Connection, receiver: Receiver, monkeypatch: pytest.MonkeyPatch,  # noqa: F811
    channel: str, token: str, body: Any,
) -> None:  # fmt: skip
    robot = type(apprise.Apprise.instantiate(channel))
    monkeypatch.setattr(robot, "notify_url", f"http://127.0.0.1:{receiver.server.server_address[1]}/robot/{{{token}}}")
    line = red(database, world, channel)
    assert told(conn) == 1
    assert receiver.paths == ["/robot/token12345"]
    kind, text = body(receiver.got[0])
    assert kind == "text"
    assert text.splitlines() == ["社会救助电子监察：1 条消息", line]
