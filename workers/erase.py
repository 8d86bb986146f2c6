"""``aidwatch erase``: the clear values of one person leave the vault; docs/privacy.md says what that does and does not do."""

from __future__ import annotations

import argparse
import getpass
import json

from monitors.errors import SupervisionError
from monitors.identifiers import scrub
from sql.connect import connect
from sql.erasing import erase, note, person_of
from sql.settings import Settings

_SHORTEST, _LONGEST = 4, 200


class EraseError(SupervisionError):
    """An erasure that cannot be as it was asked for."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--person", required=True, metavar="KEY",
                        help='pseudonym (as --person=KEY if it begins with "-"), or the id of a finding about a person')  # fmt: skip
    parser.add_argument("--reason", required=True, help=f"why, {_SHORTEST} to {_LONGEST} characters; stands in the trail")
    parser.add_argument("--case", required=True, help="case or file number; stands in the trail")


def main(args: argparse.Namespace, settings: Settings) -> int:
    told = {name: scrub(getattr(args, name).strip()) for name in ("reason", "case")}
    for name, text in told.items():
        if not _SHORTEST <= len(text) <= _LONGEST:
            raise EraseError(f"--{name} has {len(text)} characters: give {_SHORTEST} to {_LONGEST}")
    with connect(settings.database_url_for("worker"), name="erase") as conn, conn.transaction():
        key = person_of(conn, args.person)
        if key is None:
            raise EraseError(f"--person {scrub(args.person)!r} is neither a pseudonym we know nor a finding about a person: "
                             "a finding's `subject_key` is one; never give an ID number")  # fmt: skip
        done = erase(conn, key)
        detail = f"{told['reason']} · {told['case']} · {done.values}/{done.shared}"
        note(conn, f"cli:{getpass.getuser()}", "erased", key, detail)
    print(json.dumps({"erased": done.values, "shared": done.shared}) if args.format == "json"
          else f"{done.values} values erased; {done.shared} kept, because other people's records use them too")  # fmt: skip
    return 0
