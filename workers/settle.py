"""``aidwatch settle``: wait until everything accepted so far has been evaluated."""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from monitors.errors import SupervisionError
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers import courses, coverage, forecasts, money_statistics, overlaps, reconciliation, remade, tally, timed
from workers.mapping_file import load_mapping
from workers.stream import Bus, bus_of, events_backlog

LIMIT_S = 60.0
_LOOK_S = 0.05
_AGREE = 2  #: looks in a row that must find nothing to do


class NotSettledError(SupervisionError):
    """Something was still to be done when time was up; ``waiting`` says what."""

    def __init__(self, waiting: list[str]) -> None:
        super().__init__(f"not settled in time, still waiting: {', '.join(waiting)} (does the evaluator run?)")
        self.waiting = waiting


def settle(settings: Settings, *, limit_s: float = LIMIT_S, capture: bool = False) -> datetime:
    """Return the instant everything is judged at, once everything is. Raises NotSettledError.

    With ``capture``, what the business database had committed when this was called counts as accepted.
    Rules that are asked by the clock are asked once; what they change is waited for too, and indicators are computed from it.
    """
    until = time.monotonic() + limit_s
    with connect(settings.database_url_for("worker"), name="settle") as conn, bus_of(settings) as bus:
        if capture:
            _wait_for_capture(settings, until)
        as_of = _wait(conn, bus, until)
        if timed.run_once(conn):
            as_of = _wait(conn, bus, until)
        courses.refresh(conn)
        forecasts.make(conn)
        reconciliation.refresh(conn)
        money_statistics.refresh(conn)
        overlaps.refresh(conn)
        coverage.recount(conn)
        tally.refresh(conn)
        for what in remade.ALL:
            remade.refresh(conn, what)
        return as_of


def _wait(conn: psycopg.Connection[Any], bus: Bus, until: float) -> datetime:
    quiet = 0
    while True:
        waiting, as_of = _look(conn, bus)
        quiet = 0 if waiting else quiet + 1
        if quiet >= _AGREE:
            return as_of
        if waiting and time.monotonic() > until:
            raise NotSettledError(waiting)
        time.sleep(_LOOK_S)


def _look(conn: psycopg.Connection[Any], bus: Bus) -> tuple[list[str], datetime]:
    """What is still to be done. The stream first: what leaves it stands in the database by then."""
    waiting = ["stream"] if any(events_backlog(bus)) else []
    row = conn.cursor(row_factory=dict_row).execute(raw("status.unsettled")).fetchone()
    assert row is not None
    as_of: datetime = row.pop("as_of")
    return waiting + [name for name, is_waiting in row.items() if is_waiting], as_of


def _wait_for_capture(settings: Settings, until: float) -> None:
    """Wait until our place in the business database's log is behind everything that was committed there."""
    if settings.capture_url is None:
        return
    slot = load_mapping(settings.capture_mapping or "minzheng").slot
    with connect(settings.capture_url, name="settle") as business:
        row = business.execute("select pg_current_wal_lsn()::text").fetchone()
        assert row is not None
        query = "select exists (select from pg_replication_slots where slot_name = %s and confirmed_flush_lsn >= %s::pg_lsn)"
        while business.execute(query, [slot, row[0]]).fetchone() != (True,):
            if time.monotonic() > until:
                raise NotSettledError(["capture"])
            time.sleep(_LOOK_S)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout", type=float, default=LIMIT_S, metavar="S", help="give up after S seconds (default: %(default)s)"
    )
    parser.add_argument("--capture", action="store_true", help="wait for change capture too (AIDWATCH_CAPTURE_URL)")


def main(args: argparse.Namespace, settings: Settings) -> int:
    as_of = settle(settings, limit_s=args.timeout, capture=args.capture)
    print(
        json.dumps({"settled": True, "as_of": as_of.isoformat()})
        if args.format == "json"
        else f"settled as of {as_of.isoformat()}"
    )
    return 0
