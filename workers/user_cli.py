"""``aidwatch user``: who may sign in to the console, and as what."""

import argparse
import getpass
import json
from collections.abc import Callable

import sqlalchemy

from monitors.errors import SupervisionError
from sql import accounts, people
from sql.accounts import AccountError, Wanted
from sql.rights import ROLES
from sql.settings import Settings


class UserError(SupervisionError):
    """An account that cannot be as it was asked for."""


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    for action, purpose in (("add", "make an account and print its first password, once"), ("change", "give it other roles and regions")):
        one = actions.add_parser(action, help=purpose)
        one.add_argument("name")
        one.add_argument("--role", action="append", choices=sorted(ROLES), required=True, help="may be given several times")
        one.add_argument("--region", action="append", default=[], help="region code, seen with all below it, or * ; several times")
        one.add_argument("--unit", help="of a unit handler: the unit whose cards it answers")
        one.add_argument("--display-name", help="as the console shows it")
        if action == "add":
            one.add_argument("--single-sign-on", metavar="'ISSUER SUBJECT'", help="instead of a password of ours")
    for action, purpose in (
        ("disable", "let it in no more; its sessions end"), ("enable", "let it in again"),
        ("reset", "a new first password, no second factor, unlocked"),
    ):  # fmt: skip
        actions.add_parser(action, help=purpose).add_argument("name")
    actions.add_parser("list", help="list accounts")


def main(args: argparse.Namespace, settings: Settings) -> int:
    engine = sqlalchemy.create_engine(settings.database_url_for("worker"), poolclass=sqlalchemy.NullPool)
    try:
        with engine.begin() as conn:
            return _ACTIONS[args.action](conn, args, f"cli:{getpass.getuser()}")
    except AccountError as fault:
        raise UserError(str(fault)) from None


def _wanted(args: argparse.Namespace) -> Wanted:
    return Wanted(args.name, tuple(args.role), tuple(args.region), args.display_name, args.unit, getattr(args, "single_sign_on", None))


def _add(conn: sqlalchemy.Connection, args: argparse.Namespace, by: str) -> int:
    password = accounts.add(conn, _wanted(args), by)
    print(json.dumps({"name": args.name, "password": password}) if args.format == "json" else password or "signs in elsewhere")
    return 0


def _change(conn: sqlalchemy.Connection, args: argparse.Namespace, by: str) -> int:
    accounts.change(conn, _wanted(args), by)
    return 0


def _disable(conn: sqlalchemy.Connection, args: argparse.Namespace, by: str) -> int:
    accounts.disable(conn, args.name, by, disabled=args.action == "disable")
    return 0


def _reset(conn: sqlalchemy.Connection, args: argparse.Namespace, by: str) -> int:
    password = accounts.reset(conn, args.name, by)
    print(json.dumps({"name": args.name, "password": password}) if args.format == "json" else password)
    return 0


def _list(conn: sqlalchemy.Connection, args: argparse.Namespace, _by: str) -> int:
    rows = [dict(row._mapping) for row in people.rows(conn, "accounts")]
    if args.format == "json":
        print(json.dumps(rows, default=str, ensure_ascii=False))
        return 0
    for row in rows:
        state = "disabled" if row["disabled_at"] else "new" if row["must_change"] else "valid"
        where = row["unit_code"] or ",".join(row["regions"]) or "-"
        print(f"{row['name']:20}{state:10}{','.join(row['roles']):34}{where:20}{row['display_name'] or ''}")
    return 0


_ACTIONS: dict[str, Callable[[sqlalchemy.Connection, argparse.Namespace, str], int]] = {
    "add": _add, "change": _change, "disable": _disable, "enable": _disable, "reset": _reset, "list": _list,
}  # fmt: skip
