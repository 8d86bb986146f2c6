"""Live changes for browsers: one reader of the stream ``live`` per process, any number of listeners.

Server-sent events; an event's id is its id in the stream, so a browser that lost the link says where it
was and gets what it missed, or is told to read its lists again (``resync``). Each line is encoded once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, MutableMapping
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs

import msgspec
import redis.asyncio
from redis.exceptions import RedisError

from sql.settings import Settings
from workers.stream import LIVE

RING = 2_000  #: changes held for those who come back; who missed more reads from SQL
HEARTBEAT_S = 15.0
_BLOCK_MS = 5_000
_RETRY = b"retry: 2000\n\n"
_ENDED = b"event: ended\ndata: {}\n\n"  # the session is over: to come back would lead nowhere
Place = tuple[int, int]
Message = MutableMapping[str, Any]
log = logging.getLogger(__name__)


class Where(msgspec.Struct, frozen=True):
    """What decides who may see a change; nothing else of it is held as objects."""

    region_code: str | None = None
    unit_code: str | None = None


Sees = Callable[[Where], bool]  #: whether a listener may see a change
Admit = Callable[[Message], Awaitable[Sees | None]]  #: what the sender of a request may see; None: nothing at all


class Change(NamedTuple):
    """One entry of the stream, ready to be sent."""

    place: Place
    line: bytes
    where: Where


class Hub:
    """Holds the newest changes and wakes who listens, inside one event loop: ``async with Hub(settings) as hub``."""

    def __init__(self, settings: Settings, *, ring: int = RING) -> None:
        self.viewers = 0
        self._bus: Any = redis.asyncio.Redis.from_url(
            settings.redis_url, protocol=2, socket_timeout=2 * _BLOCK_MS / 1000
        )
        self._ring: deque[Change] = deque(maxlen=ring)
        self._before: Place = (0, 0)  # everything after this place is in the ring
        self._bell = asyncio.Event()
        self._closing = self._is_loaded = False

    async def __aenter__(self) -> Self:
        self._reader = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        """End every stream, and let the bus go."""
        self.end_streams()
        while not self._reader.done():  # the client may swallow a cancellation that meets it between two waits
            self._reader.cancel()
            await asyncio.wait([self._reader], timeout=0.2)
        await self._bus.aclose()

    async def _run(self) -> None:
        """Read until the end; go on where it stopped after the bus was away."""
        while not self._closing:
            try:
                if not self._is_loaded:
                    await self._load()
                await self._read()
            except RedisError as fault:
                log.warning("the bus is away, live changes wait: %s", fault)
                await asyncio.sleep(0.5)

    def end_streams(self) -> None:
        self._closing = True
        self._ring_bell()

    async def listen(
        self, last: str, sees: Sees, admitted: Callable[[], Awaitable[bool]]
    ) -> AsyncGenerator[bytes, None]:
        """Yield what to send to one browser that has seen everything up to ``last`` (empty: from now on)."""
        yield _RETRY
        while not self._is_loaded and not self._is_over():
            if not await self._wait(_now() + HEARTBEAT_S):
                yield b": the bus is away\n\n"
        place = _place(last) if last else self._newest
        if place is None or not self._covers(place):
            place = self._newest
            yield _resync(place)
        else:
            yield _mark(place)
        async for part in self._follow(place, sees, admitted):
            yield part

    async def _follow(self, place: Place, sees: Sees, admitted: Callable[[], Awaitable[bool]]) -> AsyncGenerator[bytes, None]:
        due = _now() + HEARTBEAT_S
        while not self._closing:
            if _now() >= due:  # also while changes pour in: whose session is over hears of it
                if not await admitted():
                    yield _ENDED
                    return
                due = _now() + HEARTBEAT_S
                yield _beat(place)
            if self._newest <= place:
                await self._wait(due)
                continue
            if not self._covers(place):  # so slow that what it misses is no longer held
                place = self._newest
                yield _resync(place)
                continue
            lines = b"".join(change.line for change in self._after(place) if change.line and sees(change.where))
            place = self._newest
            if lines:
                yield lines

    def _is_over(self) -> bool:
        return self._closing

    @property
    def _newest(self) -> Place:
        return self._ring[-1].place if self._ring else self._before

    def _after(self, place: Place) -> Iterable[Change]:
        newer: list[Change] = []
        for change in reversed(self._ring):
            if change.place <= place:
                break
            newer.append(change)
        return newer[::-1]

    def _covers(self, place: Place) -> bool:
        return self._before <= place <= self._newest

    async def _wait(self, until: float) -> bool:
        """Wait for a change; False when a heartbeat is due."""
        bell = self._bell
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                return await bell.wait()
        return False

    async def _load(self) -> None:
        """Take the newest entries; whether there were older ones decides what a returning browser is told."""
        assert self._ring.maxlen is not None
        self._ring.clear()
        found = await self._bus.xrevrange(LIVE, count=self._ring.maxlen + 1)
        self._take(reversed(found[: self._ring.maxlen]))
        if len(found) > self._ring.maxlen:
            self._before = _place(found[-1][0].decode()) or (0, 0)
        elif found and (await self._bus.xinfo_stream(LIVE)).get("entries-added", 0) > len(found):
            self._before = self._ring[0].place  # the stream was cut: what was before the first is not known
        self._is_loaded = True
        self._ring_bell()

    async def _read(self) -> None:
        found = await self._bus.xread({LIVE: "{}-{}".format(*self._newest)}, count=500, block=_BLOCK_MS)
        for _, entries in found or ():
            self._take(entries)
            self._ring_bell()

    def _take(self, entries: Iterable[Any]) -> None:
        for entry_id, fields in entries:
            place = _place(entry_id.decode()) or (0, 0)
            where, line = _told(entry_id, fields.get(b"d", b""))
            if len(self._ring) == self._ring.maxlen:
                self._before = self._ring[0].place
            self._ring.append(Change(place, line, where))

    def _ring_bell(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()


def _told(entry_id: bytes, payload: bytes) -> tuple[Where, bytes]:
    """Return a change and its line; no line for an entry that is none of ours."""
    try:
        where = msgspec.json.decode(payload, type=Where)
    except msgspec.MsgspecError:
        log.error("entry %s of the live stream cannot be read", entry_id.decode())
        return Where(), b""
    return where, b"id: %s\nevent: finding\ndata: %s\n\n" % (entry_id, payload)


def _place(entry_id: str) -> Place | None:
    """Return an id as numbers; None for what no stream ever gave out."""
    time_ms, _, n = entry_id.partition("-")
    if time_ms.isdecimal() and n.isdecimal() and len(entry_id) < 42:
        return int(time_ms), int(n)
    return None


def _mark(place: Place) -> bytes:
    """An event without data: nothing happens in the browser, but it remembers the id."""
    return b"id: %d-%d\n\n" % place


def _beat(place: Place) -> bytes:
    """One the page hears: a link that died without a word is noticed by its silence."""
    return b"id: %d-%d\nevent: beat\ndata: {}\n\n" % place


def _now() -> float:
    return asyncio.get_running_loop().time()


def _resync(place: Place) -> bytes:
    return b"id: %d-%d\nevent: resync\ndata: {}\n\n" % place


async def serve(hub: Hub, admit: Admit, scope: Message, receive: Callable[[], Awaitable[Message]],
                send: Callable[[Message], Awaitable[None]]) -> None:  # fmt: skip
    """Answer ``GET /live/events`` until the browser leaves; its place is free at once then."""
    sees = await admit(scope)
    if scope["method"] != "GET" or sees is None:
        await _refuse(send, 401 if sees is None else 405)
        return

    async def is_admitted() -> bool:
        return await admit(scope) is not None

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    async def pump() -> None:
        async for part in hub.listen(_last(scope), sees, is_admitted):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    hub.viewers += 1
    tasks = [asyncio.ensure_future(gone()), asyncio.ensure_future(pump())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.viewers -= 1
        for task in tasks:
            task.cancel()
        for found in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(found, Exception):
                log.error("a live stream ended early", exc_info=found)


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]  # fmt: skip


async def _refuse(send: Callable[[Message], Awaitable[None]], status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"sign in first" if status == 401 else b"GET only"})


def _last(scope: Message) -> str:
    """Where the browser was: what it says itself on a reconnect, else what the page asked for."""
    said: str = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    return said or parse_qs(scope["query_string"].decode("latin-1")).get("last", [""])[0]
