"""What an empty cluster needs before the first migration: our roles and our database."""

from importlib.resources import files

from psycopg import sql

from workers.embedded.postgres import PostgresServer

_LOGINS = ("aidwatch_owner", "aidwatch_worker", "aidwatch_console")


def prepare_database(server: PostgresServer, database: str = "aidwatch") -> None:
    """Make the roles and the database where they are missing; only our logins may connect to it."""
    with server.connect() as conn:
        conn.execute(files("sql").joinpath("roles.sql").read_bytes())
    ensure_database(server, database, owner="aidwatch_owner")
    name = sql.Identifier(database)
    logins = sql.SQL(", ").join(map(sql.Identifier, _LOGINS))
    with server.connect() as conn:
        conn.execute(sql.SQL("revoke all on database {} from public").format(name))
        conn.execute(sql.SQL("grant connect, temporary on database {} to {}").format(name, logins))


def ensure_database(server: PostgresServer, database: str, owner: str = "postgres") -> None:
    """Make the database unless it is there."""
    with server.connect() as conn:
        if conn.execute("select from pg_database where datname = %s", [database]).fetchone() is None:
            make = sql.SQL("create database {} owner {}")
            conn.execute(make.format(sql.Identifier(database), sql.Identifier(owner)))
