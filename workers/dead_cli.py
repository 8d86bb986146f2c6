"""``aidwatch dead``: list, show, send again or set aside what was refused. Nothing is printed in clear."""

from __future__ import annotations

import argparse
import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from monitors.identifiers import scrub
from monitors.refused import masked
from sql.connect import connect
from sql.settings import Settings
from workers import dead
from workers.dead import DeadLetterError
from workers.intake import Intake
from workers.keys import ensure
from workers.lane import Lane

SHORTEST, LONGEST = 4, 500  #: letters of a reason


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="open letters, newest first")
    listed.add_argument("--all", action="store_true", help="closed ones too")
    shown = actions.add_parser("show", help="one letter and its original, masked")
    shown.add_argument("id", type=int)
    replay = actions.add_parser("replay", help="send letters through intake again, as they are or corrected")
    replay.add_argument("id", type=int, nargs="*")
    replay.add_argument("--open", action="store_true", help=f"every open one, at most {dead.MOST:,}")
    replay.add_argument("--file", type=Path, help="one corrected CloudEvent, in the place of one letter")
    aside = actions.add_parser("set-aside", help="close a letter that will not be sent again")
    aside.add_argument("id", type=int)
    aside.add_argument("--reason", required=True, help=f"why, {SHORTEST} to {LONGEST} characters; stands in the trail")


def main(args: argparse.Namespace, settings: Settings) -> int:
    """Return 0 when all is done, 1 when something is still refused."""
    with (Lane(settings.home, "dead") as lane, connect(settings.database_url_for("worker"), name="dead") as conn,
          connect(settings.database_url_for("worker"), name="dead intake") as own):  # fmt: skip
        return ACTIONS[args.action](args, conn, Intake(own, ensure(settings), lane.name))


def _list(args: argparse.Namespace, conn: psycopg.Connection, _intake: Intake) -> int:
    found = dead.letters(conn, every=args.all)
    lines = (f"{one.id}  {one.at:%Y-%m-%d %H:%M}  {one.outcome or 'open'}  {one.source or '-'}  {one.event_id or '-'}  {one.reason}"
             for one in found)  # fmt: skip
    _print(args, [_fields(one) for one in found], lines)
    return 0


def _show(args: argparse.Namespace, conn: psycopg.Connection, intake: Intake) -> int:
    found = dead.letter(conn, args.id)
    said = masked(dead.original(intake, found))
    told = _fields(found)
    _print(args, {**told, "original": dict(said)}, (f"{name}: {value}" for name, value in (*told.items(), *said) if value is not None))
    return 0


def _replay(args: argparse.Namespace, conn: psycopg.Connection, intake: Intake) -> int:
    numbers = [one.id for one in reversed(dead.letters(conn))] if args.open else args.id
    if not numbers and not args.open:
        raise DeadLetterError("say which: `aidwatch dead replay 12 13`, or --open for every open one")
    if args.file and (args.open or len(numbers) != 1):
        raise DeadLetterError("--file corrects one letter: say which")
    corrected = args.file.read_bytes() if args.file else None
    told = [dead.again(conn, intake, number, _who(), corrected) for number in numbers]
    _print(args, msgspec.to_builtins(told), (f"{one.id}  {one.became}{': ' + one.reason if one.reason else ''}" for one in told))
    return 1 if any(one.became == "refused" for one in told) else 0


def _set_aside(args: argparse.Namespace, conn: psycopg.Connection, _intake: Intake) -> int:
    why = scrub(args.reason.strip())
    if not SHORTEST <= len(why) <= LONGEST:
        raise DeadLetterError(f"--reason has {len(why)} characters: give {SHORTEST} to {LONGEST}")
    dead.set_aside(conn, args.id, _who(), why)
    _print(args, {"id": args.id, "became": "set_aside"}, [f"{args.id}  set aside"])
    return 0


ACTIONS: dict[str, Callable[[argparse.Namespace, psycopg.Connection, Intake], int]] = {
    "list": _list, "show": _show, "replay": _replay, "set-aside": _set_aside,
}  # fmt: skip


def _who() -> str:
    return f"cli:{getpass.getuser()}"


def _fields(one: dead.Letter) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(one)
    del told["original_encrypted"]
    return told


def _print(args: argparse.Namespace, told: Any, lines: Any) -> None:
    print(json.dumps(told, ensure_ascii=False) if args.format == "json" else "\n".join(lines))
