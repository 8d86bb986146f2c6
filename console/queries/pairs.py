"""Questions about pairs of persons who are probably one human, and what people decided (page Duplicates, queue)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from sql.load import named

MOST = 200
DECISIONS = ("same", "different", "undecided")


def waiting(conn: Connection, *, decided: bool) -> Sequence[Any]:
    """Return pairs to decide, the most probable first, or decided ones, newest first; one more than are shown if there are more."""
    return conn.execute(named("console_pairs.waiting"), {"decided": decided, "limit": MOST + 1}).all()


def counts(conn: Connection) -> Any:
    return conn.execute(named("console_pairs.counts")).one()


def pair(conn: Connection, left_key: str, right_key: str) -> Any | None:
    """Return one pair; None when there is none that may be seen."""
    return conn.execute(named("console_pairs.pair"), {"left_key": left_key, "right_key": right_key}).one_or_none()


def sides(conn: Connection, found: Any) -> dict[str, Any]:
    """Return the records of a pair by person_id, masked; a side outside one's regions is missing."""
    people = [found.left_person_id, found.right_person_id]
    return {row.person_id: row for row in conn.execute(named("console_pairs.sides"), {"people": people})}


def story(conn: Connection, found: Any) -> Sequence[Any]:
    return conn.execute(named("console_pairs.story"), {"left_key": found.left_key, "right_key": found.right_key}).all()


def decide(conn: Connection, found: Any, said: str, who: str, why: str) -> None:
    """Write a decision; identities, records and marks follow in the same transaction."""
    bound = {"left_key": found.left_key, "right_key": found.right_key, "said": said, "who": who, "why": why}
    conn.execute(named("console_pairs.decide"), bound)


def known_as(conn: Connection, key: str) -> str:
    """Return the pseudonym a human is known by."""
    return str(conn.execute(named("console_pairs.known_as"), {"key": key}).scalar_one())
