"""What is made anew beside intake takes a small part of the time, however long it takes."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from sql.connect import connect
from tests.conftest import Database
from workers.pace import paced


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("worker"), name="test") as connection:
        yield connection


def ago(conn: psycopg.Connection, seconds: float, took_s: float) -> None:
    """The last time ended so long ago and took so long."""
    conn.execute("update watch.counted set at = now() - %s * interval '1 second', told = jsonb_build_object('seconds', %s::double precision)",
                 [seconds, took_s])  # fmt: skip


def test_the_first_time_is_always_due(conn: psycopg.Connection) -> None:
    assert paced(conn, "count", lambda _: 7) == 7


@pytest.mark.parametrize(("since_s", "took_s", "done"), [(60, 2, 7), (60, 4, 0), (1000, 49, 7), (1000, 51, 0)])
def test_it_is_done_again_when_its_last_time_is_a_small_part_of_the_time_since(conn: psycopg.Connection, since_s: float, took_s: float, done: int) -> None:
    paced(conn, "count", lambda _: 7)
    ago(conn, since_s, took_s)
    assert paced(conn, "count", lambda _: 7) == done


def test_what_fails_is_due_again(conn: psycopg.Connection) -> None:
    def fails(_: psycopg.Connection) -> int:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        paced(conn, "count", fails)
    assert paced(conn, "count", lambda _: 7) == 7
    assert paced(conn, "another", lambda _: 8) == 8
