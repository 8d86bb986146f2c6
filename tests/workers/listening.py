"""A browser's event stream, read by hand: what the tests of live changes listen with."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sql.people import COOKIE


class Listener:
    """A browser's event stream, read by hand."""

    cookie = ""

    def __init__(self, port: int, last: str = "", header: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        query = f"?last={last}" if last else ""
        said = f"Last-Event-ID: {header}\r\n" if header else ""
        self._socket.sendall(f"GET /live/events{query} HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}={self.cookie}\r\n{said}\r\n".encode())
        self._file = self._socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self.last = ""
        self._skip_headers()

    def _skip_headers(self) -> None:
        while self._file.readline().strip():
            pass

    def event(self) -> dict[str, Any]:
        """Return the next event as a browser sees it, but for heartbeats; comments and events without data are no events."""
        found: dict[str, Any] = {}
        while True:
            line = self._file.readline().decode().strip()
            name, _, value = line.partition(": ")
            if name == "id":
                self.last = value
            if name in ("event", "data"):
                found[name] = value
            if not line and found.get("event") == "beat":
                found = {}
            if not line and "data" in found:
                return {"event": found["event"], "id": self.last, **json.loads(found["data"])}

    def until(self, text: bytes) -> bool:
        return any(text in line for line in self._file)

    def lines(self) -> Iterator[bytes]:
        return iter(self._file)

    def ended(self) -> bool:
        """Wait for the last, empty chunk."""
        return any(line == b"0\r\n" for line in self._file)

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@contextmanager
def listening(port: int, **where: str) -> Iterator[Listener]:
    with closing(Listener(port, **where)) as found:
        yield found
