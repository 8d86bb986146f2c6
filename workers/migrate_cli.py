"""``aidwatch migrate``: the schema of this version, and the keys of this deployment."""

import argparse
import json

import sqlalchemy

from sql.migrate import migrate
from sql.settings import Settings
from workers import keys


def prepare(settings: Settings) -> list[str]:
    """Make missing keys, apply missing migrations; return the names of those applied."""
    keys.ensure(settings)
    return migrate(sqlalchemy.create_engine(settings.database_url_for("owner"), poolclass=sqlalchemy.NullPool))


def main(args: argparse.Namespace, settings: Settings) -> int:
    applied = prepare(settings)
    if args.format == "json":
        print(json.dumps({"applied": applied}))
    else:
        print("\n".join(applied) or "nothing to do")
    return 0
