"""One attempt to sign in: who may try, whether it was right, and a line in the trail either way.

Names that do not exist are counted, locked and answered like those that do: nobody learns which there are.
"""

from __future__ import annotations

from enum import Enum

from sqlalchemy import Connection

from console.auth import passwords, second_factor
from console.auth.sessions import Sealing
from monitors.identifiers import scrub
from sql import people
from sql.people import Account


class Refused(Enum):
    """Why somebody did not get in. WRONG says nothing about what was wrong."""

    WRONG = "refused"
    LOCKED = "locked"


def by_password(conn: Connection, name: str, password: str, address: str | None) -> Account | Refused:
    """Return the account a name and a password open."""
    name = scrub(name)  # who types an ID number here does not find it in the trail
    if _is_locked(conn, name, address):
        people.note(conn, name, Refused.LOCKED.value, address=address)
        return Refused.LOCKED
    found = people.account(conn, name)
    right = passwords.is_right(found.password_hash if found else None, password)
    if not right or found is None or found.disabled_at is not None:
        people.note(conn, name, Refused.WRONG.value, detail="password", address=address)
        return Refused.WRONG
    return found


def by_code(conn: Connection, who: Account, code: str, keys: Sealing, address: str | None) -> Refused | None:
    """Check a code of the second factor; a code is good once. None when it is right."""
    if _is_locked(conn, who.name, address):
        people.note(conn, who.name, Refused.LOCKED.value, address=address)
        return Refused.LOCKED
    assert who.totp_sealed is not None
    step = second_factor.step_of(keys.unseal(who.totp_sealed).decode(), code)
    if step is None or not people.run(conn, "use_code", name=who.name, step=step):
        people.note(conn, who.name, Refused.WRONG.value, detail="code", address=address)
        return Refused.WRONG
    return None


def _is_locked(conn: Connection, name: str, address: str | None) -> bool:
    ((as_name,),) = people.rows(conn, "refused_as", who=name[:64], within_s=people.LOCK_S)
    ((from_address,),) = people.rows(conn, "refused_from", address=address, within_s=people.ADDRESS_S)
    return bool(as_name >= people.TRIES or from_address >= people.ADDRESS_TRIES)
