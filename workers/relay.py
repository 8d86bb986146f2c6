"""The outbox relay: what findings said of themselves when they were written goes to the stream ``live``.

The rows leave the table in the transaction in which they were appended to the stream, and after that:
a crash in between sends a line twice, which browsers drop by its finding, and never loses one (design §11.22).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg
import redis

from sql.load import raw
from workers import metrics
from workers.stream import LIVE, Bus

KEPT = 10_000  #: entries of the stream; a browser that is further behind reads from SQL
log = logging.getLogger(__name__)


def relay_once(conn: psycopg.Connection[Any], bus: Bus, limit: int) -> int:
    """Send up to ``limit`` waiting announcements; return how many. While the bus is away they wait."""
    try:
        with conn.transaction():
            rows = sorted(conn.execute(raw("bus.take_outbox"), {"limit": limit}).fetchall())
            if rows:
                _append(bus, [payload for _, payload in rows])
    except redis.RedisError as fault:
        log.warning("the bus is away, announcements wait: %s", fault)
        return 0
    if rows:
        metrics.acts().announced.inc(len(rows))
    return len(rows)


def _append(bus: Bus, payloads: list[str]) -> None:
    at = datetime.now(UTC).isoformat()
    with bus.pipeline(transaction=False) as commands:
        for payload in payloads:
            said = msgspec.json.decode(payload, type=dict[str, Any]) | {"committed_at": at}
            commands.xadd(LIVE, {"d": msgspec.json.encode(said)}, maxlen=KEPT, approximate=True)
        commands.execute()
