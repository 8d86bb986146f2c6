"""``aidwatch migrate``: the schema of this version, and the keys of this deployment."""

import argparse
import json

import sqlalchemy

from sql.connect import connect
from sql.migrate import migrate
from sql.settings import Settings
from workers import keys
from workers.intake import Intake
from workers.seeds import seed


def prepare(settings: Settings) -> list[str]:
    """Make missing keys, apply missing migrations, send the national defaults; return the migrations applied."""
    secrets = keys.ensure(settings)
    applied = migrate(sqlalchemy.create_engine(settings.database_url_for("owner"), poolclass=sqlalchemy.NullPool))
    with connect(settings.database_url_for("worker"), name="migrate") as conn:
        seed(Intake(conn, secrets, "migrate"))
    return applied


def main(args: argparse.Namespace, settings: Settings) -> int:
    applied = prepare(settings)
    if args.format == "json":
        print(json.dumps({"applied": applied}))
    else:
        print("\n".join(applied) or "nothing to do")
    return 0
