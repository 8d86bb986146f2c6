"""``aidwatch status``: feeds, backlog, last evaluation and drift."""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from sql.settings import Settings
from workers.api_services import reading_engine
from workers.status import read_status
from workers.stream import connect_bus

_BEIJING = ZoneInfo("Asia/Shanghai")


def main(args: argparse.Namespace, settings: Settings) -> int:
    """Return 1 when something needs a person: drift, or a rule whose answers are unknown."""
    engine = reading_engine(settings)
    try:
        with engine.connect() as conn, closing(connect_bus(settings)) as bus:
            found = read_status(conn, bus)
    finally:
        engine.dispose()
    print(msgspec.json.encode(found).decode() if args.format == "json" else "\n".join(_lines(found)))
    return 1 if found["drift"]["findings"] or found["rules_unknown"] else 0


def _lines(found: dict[str, Any]) -> list[str]:
    backlog, drift = found["backlog"], found["drift"]
    return [
        f"as of           {_at(found['as_of'])}{'  (test clock)' if found['test_clock'] else ''}",
        f"last evaluated  {_at(found['last_evaluated'])}",
        f"stream          {_n(backlog['stream_entries'])} entries, {_n(backlog['stream_pending'])} being taken",
        f"marks           {backlog['marked_keys']} changed records, the oldest for {backlog['oldest_mark_s']:.1f} s",
        f"claims          {backlog['claims']} waiting, {backlog['parked_claims']} parked",
        f"resweeps        {backlog['resweeps']} waiting, {backlog['parked_resweeps']} parked",
        f"due rechecks    {backlog['due_rechecks']}",
        f"outbox          {backlog['outbox']}",
        f"dead letters    {found['dead_letters']}",
        f"drift           {_drift(drift)}",
        f"rules           {len({r['rule'] for r in found['rules']})}, unknown: {', '.join(found['rules_unknown']) or 'none'}",
        *[f"feed            {_feed(feed)}" for feed in found["feeds"]],
    ]


def _drift(drift: dict[str, Any]) -> str:
    return f"{drift['findings']} of {drift['compared']} findings, audited {_at(drift['at'])}" if drift["at"] else "not audited yet"


def _feed(feed: dict[str, Any]) -> str:
    state = "on time"
    if feed["stale_since"]:
        state = f"{'silent' if feed['silent_since'] else 'out of date'} since {_at(feed['stale_since'])}"
    return f"{feed['feed_id']} ({feed['source']}): {state}, last event {_at(feed['last_at'])}"


def _at(instant: datetime | None) -> str:
    return "never" if instant is None else f"{instant.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}"


def _n(number: int | None) -> str:
    return "?" if number is None else str(number)
