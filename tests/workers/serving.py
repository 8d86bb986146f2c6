"""The web process in tests: a real server on a port of its own, and a small client."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sql.settings import Settings
from tests.workers.sending import wait_for
from workers import evaluator, web

SINGLE, BATCH, NDJSON = "application/cloudevents+json", "application/cloudevents-batch+json", "application/x-ndjson"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """Calls one server, as whoever ``token`` names."""

    port: int
    token: str | None
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, told: Any) -> Answer:
        return self.call("POST", path, json.dumps(told).encode(), "application/json")

    def send(self, *events: Any) -> Answer:
        """Send a batch; bytes are sent as they are, as NDJSON."""
        if events and isinstance(events[0], bytes):
            return self.call("POST", "/api/v1/events", b"\n".join(events), NDJSON)
        return self.call("POST", "/api/v1/events", json.dumps(events).encode(), BATCH)

    def call(self, method: str, path: str, body: Any = None, media_type: str | None = None) -> Answer:
        headers = dict(self.headers)
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if media_type is not None:
            headers["Content-Type"] = media_type
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()})
        finally:
            connection.close()

    def with_token(self, token: str | None) -> "Client":
        return Client(self.port, token, self.headers)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(environ: Mapping[str, str], *, console: bool = False, **more: str) -> Iterator[Client]:
    """The web process in a thread, without its console unless wanted; the client holds the bootstrap token."""
    with ExitStack() as stack:
        if not console:
            stack.enter_context(patch.object(web, "console_of", lambda *_: web.no_console))
        yield stack.enter_context(_serving(environ, **more))


@contextmanager
def _serving(environ: Mapping[str, str], **more: str) -> Iterator[Client]:
    port = free_port()
    told = {**environ, "AIDWATCH_PORT": str(port), "AIDWATCH_BOOTSTRAP_TOKEN": "all-of-it", **more}
    stop = threading.Event()
    thread = threading.Thread(target=web.main, args=(Settings.read(told), stop))
    thread.start()
    client = Client(port, "all-of-it")
    try:
        wait_for(lambda: not thread.is_alive() or _is_up(client))
        assert thread.is_alive()
        yield client
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive(), "the web process does not end"


def _is_up(client: Client) -> bool:
    try:
        return client.get("/healthz").status == 200
    except OSError:
        return False


@contextmanager
def evaluating(settings: Settings) -> Iterator[None]:
    """Run an evaluator beside the test."""
    stop = threading.Event()
    thread = threading.Thread(target=evaluator.main, args=(settings, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()
