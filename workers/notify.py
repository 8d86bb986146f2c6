"""Notifications: what happened goes to those who want to know and may, over the channels of Apprise.

The database is the memory: a delivery is a row before it is sent, so nothing is lost when a channel is down or a
process dies; a crash between sending and writing sends a message twice. Messages name rule, card, place and unit, no
citizen and no key: what they are about is read in the console.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import apprise
import psycopg
from psycopg.rows import namedtuple_row

from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers import notice
from workers.keys import Keys, ensure

OVERLAP = timedelta(hours=1)  #: looked back over again: no transaction of ours lasts longer
log = logging.getLogger(__name__)


def run(settings: Settings) -> int:
    """Fan out what happened and send what is due; return how many messages went out."""
    with connect(settings.database_url_for("worker"), name="notify") as conn:
        fan_out(conn)
        return send_due(conn, ensure(settings), settings.public_url)


def remind(conn: psycopg.Connection[Any]) -> int:
    """Write the reminders of the day into the stories of the findings; return how many."""
    return conn.execute(raw("notify.remind")).rowcount


def fan_out(conn: psycopg.Connection[Any]) -> int:
    """Make a delivery of each event for each subscription that wants it; return how many."""
    with conn.transaction():
        row = conn.execute(raw("notify.looked")).fetchone()
        since = (row[0] if row else datetime.now(UTC)) - OVERLAP
        made = conn.execute(raw("notify.fan_out"), {"since": since}).rowcount
        conn.execute(raw("notify.look"))
        conn.execute(raw("notify.give_up"))
    return made


def send_due(conn: psycopg.Connection[Any], keys: Keys, public_url: str | None) -> int:
    """Send to each subscription that has something to be told; return to how many it went."""
    sent, tried = 0, set[int]()
    while subscription := _next(conn, keys, public_url, tried):
        tried.add(subscription[0])
        sent += subscription[1]
    return sent


def _next(conn: psycopg.Connection[Any], keys: Keys, public_url: str | None, tried: set[int]) -> tuple[int, bool] | None:
    """Send to one subscription, its row held meanwhile, so that nobody else sends the same."""
    with conn.transaction():
        cursor: psycopg.Cursor[Any] = conn.cursor(row_factory=namedtuple_row)
        due = [one for one in cursor.execute(raw("notify.due")).fetchall() if one.id not in tried]
        if not due:
            return None
        one = due[0]
        news = cursor.execute(raw("notify.news"), {"id": one.id}).fetchall()
        error = _send(keys.unseal(bytes(one.channel_sealed)).decode(), notice.message(news, one.lang, public_url))
        if error is None:
            conn.execute(raw("notify.sent"), {"id": one.id, "events": [row.id for row in news]})
            conn.execute(raw("notify.went_well"), {"id": one.id})
        else:
            conn.execute(raw("notify.failed"), {"id": one.id, "error": error})
        return one.id, error is None


def _send(channel: str, message: notice.Message) -> str | None:
    """Return None when the channel took it, else what was said. Apprise has time limits of its own (4 s each)."""
    with apprise.LogCapture(level=logging.WARNING) as said:
        sender = apprise.Apprise()
        taken = sender.add(channel) and sender.notify(body=message.body, title=message.title)
        words = said.getvalue().strip().splitlines()
    return None if taken else (words or ["the channel did not take it"])[-1].rpartition(" - ")[2][:300]


