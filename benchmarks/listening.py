"""Event-stream clients, in a process of their own: ``python -m benchmarks.listening URL COOKIE CLIENTS SECONDS``.

Prints, for each finding, the epoch seconds at which each client first heard of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections import defaultdict
from urllib.parse import urlsplit

from sql.people import COOKIE

CONNECT_S = 30


async def listen(url: str, cookie: str, received: dict[str, list[float]], until: float) -> None:
    """One browser's stream, read to the end of the time."""
    parts, known = urlsplit(url), set[str]()
    async with asyncio.timeout(CONNECT_S):
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 20)
    writer.write(f"GET /live/events HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {COOKIE}={cookie}\r\n\r\n".encode())
    await writer.drain()
    status = await reader.readline()
    if b" 200 " not in status:
        raise ConnectionError(status.decode())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, until - time.time())):
            while said := await reader.readline():
                one = json.loads(said[6:]).get("finding_id") if said.startswith(b"data: {") else None  # a beat says nothing
                if one and one not in known:
                    known.add(one)
                    received[one].append(time.time())
    writer.close()


async def clients(url: str, cookie: str, n: int, seconds: float) -> dict[str, list[float]]:
    """Listen with ``n`` clients for ``seconds``; return when each finding came in, once for each client."""
    received: dict[str, list[float]] = defaultdict(list)
    until = time.time() + seconds
    await asyncio.gather(*(listen(url, cookie, received, until) for _ in range(n)))
    return received


if __name__ == "__main__":
    print(json.dumps(asyncio.run(clients(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))))
