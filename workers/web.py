"""The web process: API, probes and live stream beside the console, on one port.

The API and the stream are asynchronous; the console is a WSGI application and gets threads. This is the one
module that may import the console.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from http import HTTPStatus
from types import FrameType
from typing import Any

import psycopg
import uvicorn
from a2wsgi import WSGIMiddleware

from monitors.errors import SupervisionError
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers import fixed_clock, live, metrics, trials
from workers.admission import admitting
from workers.api import create_api, is_ours
from workers.api_services import Services
from workers.console_database import THREADS, Acting, ReadingAs, console_acting

GRACE_S = 3  #: open answers get so long at the end; without a limit an open stream would keep the process for ever
Message = live.Message
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
log = logging.getLogger(__name__)


class PowerfulRoleError(SupervisionError):
    """A role the console must not log in as."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"the console's database role {role} is a superuser or bypasses row-level security: every region would be "
            "open to everybody. Set AIDWATCH_CONSOLE_DATABASE_URL to a role like aidwatch_console (sql/roles.sql)"
        )


class Web:
    """The whole site as one ASGI application."""

    def __init__(self, services: Services, console: Wsgi, admit: live.Admit) -> None:
        self.hub: live.Hub | None = None
        self._services, self._admit = services, admit
        self._api = create_api(services)
        self._console = WSGIMiddleware(console, workers=THREADS)  # type: ignore[arg-type]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            return  # a WebSocket: nothing here speaks it
        elif scope["path"] == "/live/events" and self.hub is not None:
            await live.serve(self.hub, self._admit, scope, receive, send)
        elif is_ours(scope["path"]):
            await self._call_api(scope, receive, send)
        else:
            await self._console(scope, receive, send)  # type: ignore[arg-type]

    async def _live(self, receive: Receive, send: Send) -> None:
        """From start to end of the server: the reader of the live stream belongs to its event loop."""
        await receive()
        async with live.Hub(self._services.settings) as hub:
            self.hub = hub
            self._services.viewers = lambda: hub.viewers
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _call_api(self, scope: Message, receive: Receive, send: Send) -> None:
        status = HTTPStatus.INTERNAL_SERVER_ERROR.value

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._api(scope, receive, counted)
        finally:
            call = getattr(scope.get("endpoint"), "__name__", "unknown")
            self._services.acts.requests.labels(call, str(status)).inc()


class _Server(uvicorn.Server):
    """uvicorn, whose live streams end when it is told to, so that it need not wait for them."""

    def __init__(self, config: uvicorn.Config, web: Web, stop: threading.Event) -> None:
        super().__init__(config)
        self._web, self._told = web, stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._told.set()
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        self.should_exit = self.should_exit or self._told.is_set()
        if self.should_exit and self._web.hub is not None:
            self._web.hub.end_streams()
        return await super().on_tick(counter)


def main(settings: Settings, stop: threading.Event) -> None:
    """Serve until told to stop. Raises PowerfulRoleError before the first request."""
    _await_database(settings, stop)
    if stop.is_set():
        return
    refuse_powerful_role(settings)
    fixed_clock.begin(settings)
    with Services(settings) as services, console_acting(settings) as acting:
        web = Web(services, console_of(services.reading_as, acting, services), admitting(acting, services.reading_as))
        config = uvicorn.Config(
            web, host=settings.host, port=settings.port, log_level="warning", access_log=False, server_header=False,
            timeout_graceful_shutdown=GRACE_S, timeout_keep_alive=30, lifespan="on",
        )  # fmt: skip
        _Server(config, web, stop).run()


def _await_database(settings: Settings, stop: threading.Event) -> None:
    """Wait for the database instead of dying over and over while it starts."""
    while not stop.is_set():
        try:
            connect(settings.database_url_for("console"), name="web").close()
            return
        except psycopg.OperationalError as fault:
            log.warning("the database cannot be reached yet: %s", str(fault).strip())
            stop.wait(1)


def refuse_powerful_role(settings: Settings) -> None:
    """Raise PowerfulRoleError when row-level security would not bind the console (design §11.24)."""
    with connect(settings.database_url_for("console"), name="web") as conn:
        row = conn.execute(raw("api.role_rights")).fetchone()
    if row is None or row[1] or row[2]:
        raise PowerfulRoleError(row[0] if row else "?")


def console_of(reading_as: ReadingAs, acting: Acting, services: Services) -> Wsgi:
    """Return the console; where it cannot be loaded, a page that says so: events are taken all the same."""
    try:
        from console.app import create_app
    except ImportError:
        log.exception("the console cannot be loaded; the API works without it")
        return no_console
    app = create_app(reading_as, acting, services.keys, services.settings, partial(trials.ring, services.settings),
                     metrics.acts().finding_to_eye_seconds.observe)  # fmt: skip
    server: Wsgi = app.server
    return server


def no_console(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Say in both languages that there is no console."""
    start_response("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")])
    return ["控制台未能启动，接口仍可用；原因见 web 进程的日志。\n"
            "The console could not be loaded; the API works. The log of the web process says why.\n".encode()]  # fmt: skip
