"""Tokens: what they grant, when they stop, and that only their hash is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from sql.access import SCOPES, Grant, create_token, revoke_token, token_scopes
from sql.rights import EVERY_REGION
from sql.settings import Settings
from tests.conftest import Database
from workers import bootstrap


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.engine("worker").begin() as connection:
        yield connection


def test_a_token_grants_its_scopes_and_regions(conn: Connection) -> None:
    token = create_token(conn, "vendor", ["ingest"], ["371400000000"])
    grant = token_scopes(conn, token)
    assert grant is not None
    assert (grant.scopes, grant.regions) == (frozenset({"ingest"}), ("371400000000",))


def test_a_token_reads_as_somebody_with_its_regions_and_only_where_its_scope_says_so(conn: Connection) -> None:
    may = {scope: Grant("id", "vendor", frozenset({scope}), ("371400000000",)).viewer for scope in SCOPES}
    assert {scope for scope, viewer in may.items() if viewer.may("read")} == {"read", "reveal"}
    assert {scope for scope, viewer in may.items() if viewer.may("reveal")} == {"reveal"}
    assert {viewer.regions for viewer in may.values()} == {("371400000000",)}


def test_an_unknown_an_expired_and_a_revoked_token_grant_nothing(conn: Connection) -> None:
    expired = create_token(conn, "old", ["read"], [EVERY_REGION], datetime.now(UTC) - timedelta(seconds=1))
    revoked = create_token(conn, "gone", ["read"], [EVERY_REGION])
    assert revoke_token(conn, "gone") == 1
    assert [token_scopes(conn, token) for token in ("unknown", expired, revoked)] == [None, None, None]


def test_the_database_does_not_hold_the_token(conn: Connection) -> None:
    token = create_token(conn, "vendor", ["read"], [EVERY_REGION])
    assert token not in str(conn.execute(text("select * from access.token")).all())


def test_the_bootstrap_token_grants_everything_only_where_it_is_accepted(conn: Connection) -> None:
    grant = token_scopes(conn, "t0", bootstrap="t0")
    assert grant is not None
    assert grant.scopes == frozenset(SCOPES)
    assert token_scopes(conn, "t0", bootstrap=None) is None
    assert token_scopes(conn, "", bootstrap="") is None


def test_the_console_reads_tokens_but_makes_none(database: Database, conn: Connection) -> None:
    token = create_token(conn, "vendor", ["read"], [EVERY_REGION])
    conn.commit()
    with database.engine("console").begin() as console:
        assert token_scopes(console, token) is not None
        with pytest.raises(Exception, match="permission denied"):
            create_token(console, "own", ["admin"], [EVERY_REGION])


def test_administrator_and_token_are_made_once(settings: Settings, conn: Connection) -> None:
    first, second = bootstrap.ensure(settings), bootstrap.ensure(settings)
    assert first.password
    assert first.token
    assert (second.password, second.token) == (None, None)
    assert token_scopes(conn, first.token) is not None
