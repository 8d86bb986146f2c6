"""``aidwatch token``: tokens for programs that send events or read findings."""

import argparse
import json
from datetime import UTC, datetime, timedelta

import sqlalchemy

from sql.access import SCOPES, create_token, list_tokens, revoke_token
from sql.rights import EVERY_REGION
from sql.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help="make a token and print it, once")
    create.add_argument("--name", default="token", help="what it is for (default: %(default)s)")
    create.add_argument("--scope", action="append", choices=SCOPES, required=True, help="may be given several times")
    create.add_argument("--region", action="append", help="region code; several times; default: every region")
    create.add_argument("--days", type=int, help="ends after so many days (default: never)")
    revoke = actions.add_parser("revoke", help="end a token at once")
    revoke.add_argument("which", help="its id, or its name")
    actions.add_parser("list", help="list tokens, without their secrets")


def main(args: argparse.Namespace, settings: Settings) -> int:
    engine = sqlalchemy.create_engine(settings.database_url_for("worker"), poolclass=sqlalchemy.NullPool)
    with engine.begin() as conn:
        if args.action == "create":
            return _create(conn, args)
        if args.action == "revoke":
            return _revoke(conn, args.which)
        return _list(conn, args.format)


def _create(conn: sqlalchemy.Connection, args: argparse.Namespace) -> int:
    expires_at = None if args.days is None else datetime.now(UTC) + timedelta(days=args.days)
    token = create_token(conn, args.name, set(args.scope), set(args.region or [EVERY_REGION]), expires_at)
    print(json.dumps({"name": args.name, "token": token}) if args.format == "json" else token)
    return 0


def _revoke(conn: sqlalchemy.Connection, which: str) -> int:
    revoked = revoke_token(conn, which)
    print(f"{revoked} revoked")
    return 0 if revoked else 1


def _list(conn: sqlalchemy.Connection, form: str) -> int:
    rows = [dict(row._mapping) for row in list_tokens(conn)]
    if form == "json":
        print(json.dumps(rows, default=str, ensure_ascii=False))
        return 0
    for row in rows:
        state = "revoked" if row["revoked_at"] else "valid"
        print(f"{row['token_id']}  {state:8}{','.join(row['scopes']):30}{','.join(row['regions']):16}{row['name']}")
    return 0
