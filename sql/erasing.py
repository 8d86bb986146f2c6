"""Erasing the clear values of one person. Pseudonyms and masks stay: facts, ledger and hashes are not touched (design §11.16)."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from sql.load import raw


@dataclass(frozen=True)
class Erased:
    """How many values went, and how many stayed because they are somebody else's too (a common name, a family's address)."""

    values: int
    shared: int


def erase(conn: psycopg.Connection, person_key: str, *, for_good: bool = True) -> Erased:
    """Take the clear values of a person out of the vault, in the caller's transaction.

    ``for_good`` leaves their pseudonyms as tombstones: a later event does not bring a value back. Otherwise it does.
    """
    rows = conn.execute(raw("privacy.values_of_person"), {"key": person_key}).fetchall()
    own = [pseudonym for pseudonym, is_shared in rows if not is_shared]
    conn.execute(raw("privacy.forget_keys"), {"key": person_key})
    done = conn.execute(raw("privacy.erase" if for_good else "privacy.remove"), {"pseudonyms": own})
    return Erased(done.rowcount, len(rows) - len(own))


def person_of(conn: psycopg.Connection, name: str) -> str | None:
    """Return the person's pseudonym ``name`` stands for: itself, or the subject of a finding about a person; None when there is none."""
    found = conn.execute(raw("privacy.person_of_finding"), {"finding_id": name}).fetchone()
    key = name if found is None else found[1] if found[0] == "person" else None
    row = conn.execute(raw("privacy.is_person"), {"key": key}).fetchone()
    return key if row and row[0] else None


def note(conn: psycopg.Connection, who: str, what: str, about: str, detail: str) -> None:
    """Write one line of the trail."""
    conn.execute(raw("privacy.note"), {"who": who[:64], "what": what, "about": about, "detail": detail})
