"""The console on a port of its own: the application behind an ASGI server, with the event stream beside it."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import redis
import uvicorn
from a2wsgi import WSGIMiddleware
from sqlalchemy import Connection, Engine, create_engine

from console.app import create_app
from sql.settings import Settings

OPTIONS = "-c statement_timeout=10000 -c default_transaction_read_only=on -c plan_cache_mode=force_custom_plan -c jit=off"


def console_engine(url: str) -> Engine:
    return create_engine(url, connect_args={"options": OPTIONS}, pool_size=8)


def announce(client: "redis.Redis[str]", **said: Any) -> None:
    """Put a change on the live stream as the outbox relay does."""
    client.xadd("live", {"d": json.dumps(said, ensure_ascii=False)})


class Stream:
    """The event stream, smallest form: one reader per browser."""

    def __init__(self, url: str) -> None:
        self.client = redis.Redis.from_url(url, decode_responses=True, protocol=2)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        given = {name.decode(): value.decode() for name, value in scope["headers"]}
        asked = parse_qs(scope["query_string"].decode()).get("last", [""])[0]
        gone = asyncio.create_task(self._gone(receive))
        async for chunk in self._lines(given.get("last-event-id") or asked or "$", gone):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

    @staticmethod
    async def _gone(receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _lines(self, last: str, gone: "asyncio.Task[None]") -> AsyncIterator[bytes]:
        newest = self.client.xrevrange("live", count=1)
        last = (newest[0][0] if newest else "0-0") if last == "$" else last
        yield b"retry: 300\n\n"
        while not gone.done():
            for entry, fields in self.client.xrange("live", min=f"({last}", count=200):
                last = entry
                yield f"id: {entry}\nevent: finding\ndata: {fields['d']}\n\n".encode()
            await asyncio.sleep(0.02)


class Server:
    """A console that can be stopped and started again on the same port."""

    def __init__(self, database_url: str, settings: Settings, port: int = 0) -> None:
        self.engine = console_engine(database_url)
        self.dash = create_app(self.reading, settings)
        self.stream = Stream(settings.redis_url)
        self.wsgi: Any = WSGIMiddleware(self.dash.server, workers=8)  # type: ignore[arg-type]
        self.port = port

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as conn:
            yield conn

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/live/events":
            await self.stream(scope, receive, send)
        elif scope["type"] == "http":
            await self.wsgi(scope, receive, send)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        config = uvicorn.Config(self, port=self.port, lifespan="off", log_level="warning", timeout_graceful_shutdown=1, http="h11")
        self.uvicorn = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.uvicorn.run, daemon=True)
        self.thread.start()
        while not self.uvicorn.started:
            time.sleep(0.01)
        self.port = self.uvicorn.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self.uvicorn.should_exit = True
        self.thread.join(10)
