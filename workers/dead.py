"""Dead letters: refused events are taken again, as they are or corrected, or set aside; the trail says who did what."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Literal

import psycopg
from cryptography.exceptions import InvalidTag
from msgspec import Struct
from psycopg.rows import class_row

from monitors.errors import RejectedError, SupervisionError
from monitors.identifiers import without_citizen_numbers
from sql.erasing import note
from sql.load import raw
from workers.intake import Intake

MOST = 1_000  #: letters of one list
AT_ONCE = 100  #: of one step of the evaluator
Became = Literal["accepted", "repeated", "refused"]
log = logging.getLogger(__name__)


class DeadLetterError(SupervisionError):
    """A letter that is not there, is closed already, or cannot be opened; or an event that is not the letter's."""


class Letter(Struct):
    """A refused event as it is kept; ``outcome`` once it is closed."""

    id: int
    at: Any
    source: str | None
    event_id: str | None
    index_in_batch: int | None
    reason: str
    tries: int
    asked_at: Any
    repaired_at: Any
    repaired_by: str | None
    outcome: str | None
    note: str | None
    original_encrypted: bytes = b""


class Told(Struct):
    """What became of a letter that was sent again, and why where it is still refused."""

    id: int
    became: Became
    reason: str | None = None


def letters(conn: psycopg.Connection, *, every: bool = False, limit: int = MOST) -> Sequence[Letter]:
    """Return open letters, newest first, or every one."""
    return conn.cursor(row_factory=class_row(Letter)).execute(raw("dead.open"), {"every": every, "limit": limit}).fetchall()


def letter(conn: psycopg.Connection, number: int) -> Letter:
    """Return one letter, nobody else's to change until the transaction ends. Raises DeadLetterError."""
    found = conn.cursor(row_factory=class_row(Letter)).execute(raw("dead.one"), {"id": number}).fetchone()
    if found is None:
        raise DeadLetterError(f"there is no dead letter {number}")
    return found


def _open(conn: psycopg.Connection, number: int) -> Letter:
    found = letter(conn, number)
    if found.outcome is not None:
        raise DeadLetterError(f"letter {number} is closed: {found.outcome} by {found.repaired_by}")
    return found


def original(intake: Intake, found: Letter) -> bytes:
    """Return what was refused. Raises DeadLetterError where the key of the vault does not open it."""
    try:
        return intake.unsealed(found.original_encrypted)
    except InvalidTag:
        raise DeadLetterError(f"letter {found.id} cannot be opened with the key of the vault: it came sealed with another one") from None


def again(conn: psycopg.Connection, intake: Intake, number: int, who: str, corrected: bytes | None = None) -> Told:
    """Send a letter through intake once more, ``corrected`` in its place if given. ``intake`` has a connection of its own.

    What is refused again stays the same letter. A crash after the event was taken leaves it open; taken again it is a duplicate.
    Raises DeadLetterError for a letter that is not there or closed.
    """
    how = "corrected" if corrected is not None else "as it is"
    with conn.transaction():
        told = _tried(intake, _open(conn, number), corrected)
        if told.became == "refused":
            conn.execute(raw("dead.still_refused"), {"id": number, "reason": None if corrected is not None else told.reason})
        else:
            conn.execute(raw("dead.mended"), {"id": number, "who": who, "outcome": told.became, "note": how})
        note(conn, who, "letter_sent", str(number), " · ".join(filter(None, (how, told.became, told.reason))))
    return told


def _tried(intake: Intake, found: Letter, corrected: bytes | None) -> Told:
    try:
        event = original(intake, found) if corrected is None else _same_source(intake, found, corrected)
        receipt = intake.take([event], bury=False)
    except (RejectedError, DeadLetterError) as fault:
        return Told(found.id, "refused", getattr(fault, "reason", str(fault)))
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise  # the database is away: nothing was tried
    except Exception as fault:  # whatever it is, it must not stop the evaluator (as workers.taking)
        log.error("dead letter %d could not be stored: %s", found.id, type(fault).__name__)
        return Told(found.id, "refused", f"the event could not be stored ({type(fault).__name__})")
    if receipt.rejected:
        return Told(found.id, "refused", receipt.rejected[0]["reason"])
    return Told(found.id, "accepted" if receipt.accepted else "repeated")


def _same_source(intake: Intake, found: Letter, corrected: bytes) -> bytes:
    """A corrected event must come from where the letter came from: else it is some other event. Raises RejectedError, DeadLetterError."""
    source = without_citizen_numbers(intake.decoded(corrected).source)
    if found.source is not None and source != found.source:
        raise DeadLetterError(f"source is {source!r}, the letter came from {found.source!r}: this corrects some other event")
    return corrected


def set_aside(conn: psycopg.Connection, number: int, who: str, why: str) -> None:
    """Close a letter that will not be sent again. Raises DeadLetterError."""
    with conn.transaction():
        _open(conn, number)
        conn.execute(raw("dead.set_aside"), {"id": number, "who": who, "note": why})
        note(conn, who, "letter_set_aside", str(number), why)


def take_asked(conn: psycopg.Connection, intake: Intake) -> int:
    """Send what people asked for on page Data; return how many. ``conn`` must be idle, in autocommit mode."""
    rows = conn.execute(raw("dead.asked"), {"limit": AT_ONCE}).fetchall()
    for number, who in rows:
        try:
            again(conn, intake, number, who)
        except DeadLetterError as fault:  # somebody was quicker
            log.info("%s", fault)
    return len(rows)
