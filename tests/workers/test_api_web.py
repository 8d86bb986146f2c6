"""The web process as a whole: what goes where, what it refuses to start with, and how it ends."""

import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sql.people import Viewer
from sql.settings import Settings
from tests.conftest import Database
from tests.workers.sending import process, wait_for
from tests.workers.serving import Client, _is_up, free_port, serving
from workers import web
from workers.console_database import console_reading


def test_without_its_console_the_api_works_and_pages_say_so(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "console.app", None)
    with serving(environ, console=True) as client:
        page = client.get("/")
        assert (page.status, "控制台" in page.body.decode()) == (503, True)
        assert client.get("/api/v1/status").status == 200


def test_everything_that_is_not_the_api_is_the_consoles(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def console(told: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [
            f"{told['REQUEST_METHOD']} {told['PATH_INFO']} {told['QUERY_STRING']} ".encode() + told["wsgi.input"].read()
        ]

    monkeypatch.setattr(web, "console_of", lambda *_: console)
    with serving(environ, console=True) as client:
        assert client.get("/findings?card=red").body == b"GET /findings card=red "
        assert client.call("POST", "/_dash-update-component", b"{}", "application/json").body.endswith(b" {}")
        assert client.get("/apiary").body == b"GET /apiary  "
        assert client.get("/live/events/other").status == 200
        assert client.get("/api/v1/nothing").json["error"] == "Not Found"


def test_the_console_is_served_beside_the_api(environ: dict[str, str]) -> None:
    with serving(environ, console=True) as client:
        page = client.get("/sign-in")
        assert page.status == 200
        assert "content-security-policy" in page.headers
        assert client.get("/_dash-layout").status == 401
        assert client.get("/api/v1/status").status == 200


def test_the_console_reads_and_cannot_write(settings: Settings) -> None:
    import sqlalchemy

    who = Viewer("chen", "Chen", frozenset({"auditor"}), ("*",))
    with console_reading(settings) as reading_as, reading_as(who) as conn:
        assert conn.execute(sqlalchemy.text("select count(*) from watch.finding_shown")).scalar_one() == 0
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="read-only"):
            conn.execute(sqlalchemy.text("create temp table t (n int)"))


def test_a_role_that_goes_around_row_security_is_refused(environ: dict[str, str], database: Database) -> None:
    superuser = Settings.read({**environ, "AIDWATCH_CONSOLE_DATABASE_URL": database.server.url(database.name)})
    with pytest.raises(web.PowerfulRoleError, match=r"sql/roles\.sql"):
        web.main(superuser, threading.Event())


def test_it_waits_for_a_database_that_is_not_there_yet(environ: dict[str, str]) -> None:
    away = Settings.read({**environ, "AIDWATCH_CONSOLE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    stop = threading.Event()
    waiting = threading.Thread(target=web.main, args=(away, stop))
    waiting.start()
    assert waiting.is_alive()
    stop.set()
    waiting.join(10)
    assert not waiting.is_alive()


def test_the_process_ends_when_it_is_told_to(environ: dict[str, str]) -> None:
    port = free_port()
    told = {**environ, "AIDWATCH_PORT": str(port), "AIDWATCH_BOOTSTRAP_TOKEN": "all-of-it"}
    with process("web", told) as running:
        wait_for(lambda: _is_up(Client(port, None)))
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) in (0, -signal.SIGTERM)
