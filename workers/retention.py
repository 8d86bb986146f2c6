"""Retention: what is over its time is removed each night, in bounded pieces; periods are rows of ``access.retention``.

``aidwatch retain`` shows them, ``--set KIND=DAYS`` changes one, ``--run`` removes now.
"""

from __future__ import annotations

import argparse
import getpass
import json
from datetime import UTC, datetime, timedelta

import psycopg

from monitors.errors import SupervisionError
from sql.connect import connect
from sql.erasing import erase, note
from sql.load import raw
from sql.settings import Settings
from sql.take import forget_ids
from workers import metrics

AT_ONCE, PIECES, PEOPLE = 5_000, 200, 500  #: rows of a piece, pieces of a kind in one run, people in one run


class RetentionError(SupervisionError):
    """A period that cannot be as it was asked for."""


def run(conn: psycopg.Connection) -> dict[str, int]:
    """Remove what is over its time; return how much of each kind. What happened stands in the trail. Autocommit connection."""
    periods: dict[str, int] = {kind: days for kind, days, *_ in conn.execute(raw("privacy.periods")).fetchall()}
    removed = {kind: _remove(conn, kind, days) for kind, days in periods.items()}
    for kind, n in removed.items():
        metrics.acts().forgotten.labels(kind).inc(n)
    if any(removed.values()):
        note(conn, "aidwatch", "retention", "", ", ".join(f"{kind} {n}" for kind, n in removed.items() if n))
    return removed


def _remove(conn: psycopg.Connection, kind: str, days: int) -> int:
    if kind == "event_id":
        return forget_ids(conn, datetime.now(UTC) - timedelta(days=days))
    if kind == "clear_value":
        return _remove_people(conn)
    total = 0
    for _ in range(PIECES):
        row = conn.execute(raw("privacy.forget"), {"kind": kind, "limit": AT_ONCE}).fetchone()
        n = int(row[0]) if row else 0
        total += n
        if n < AT_ONCE:
            break
    return total


def _remove_people(conn: psycopg.Connection) -> int:
    """Each person in a transaction of its own; what is left over goes the next night."""
    keys = [key for (key,) in conn.execute(raw("privacy.long_gone"), {"limit": PEOPLE}).fetchall()]
    total = 0
    for key in keys:
        with conn.transaction():
            total += erase(conn, key, for_good=False).values
    return total


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", metavar="KIND=DAYS", help="keep a kind of data so many days from now on")
    parser.add_argument("--run", action="store_true", help="remove what is over its time now")


def main(args: argparse.Namespace, settings: Settings) -> int:
    with connect(settings.database_url_for("worker"), name="retention") as conn:
        if args.set:
            _set(conn, args.set)
        removed = run(conn) if args.run else {}
        rows = conn.execute(raw("privacy.periods")).fetchall()
    if args.format == "json":
        print(json.dumps({"periods": {kind: days for kind, days, *_ in rows}, "removed": removed}))
    else:
        print("\n".join(f"{kind:14}{days:6} days (at least {least:5})  removed {removed.get(kind, 0):8}" for kind, days, least, _ in rows))
    return 0


def _set(conn: psycopg.Connection, told: str) -> None:
    kind, _, days = told.partition("=")
    least = {name: shortest for name, _days, shortest, _basis in conn.execute(raw("privacy.periods")).fetchall()}
    if kind not in least:
        raise RetentionError(f"--set {told!r}: {kind!r} is no kind of data we keep; there are {', '.join(least)}")
    if not days.isascii() or not days.isdigit() or not least[kind] <= int(days) <= 36_500:
        raise RetentionError(f"--set {told!r}: give {kind} from {least[kind]} to 36500 days")
    with conn.transaction():
        conn.execute(raw("privacy.set_period"), {"kind": kind, "days": int(days)})
        note(conn, f"cli:{getpass.getuser()}", "retention_set", kind, f"{days} days")
