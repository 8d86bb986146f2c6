"""Accounts of people and their sessions. A session is known by the hash of its cookie only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection

from sql.load import named
from sql.rights import ADMINISTRATORS, EVERY_REGION, Right, rights_of

COOKIE = "aidwatch_session"  #: of the browser
TRIES, LOCK_S = 5, 900.0  #: refusals of one name in a row, and for how long it is locked then
ADDRESS_TRIES, ADDRESS_S = 30, 600.0  #: refusals from one address within so many seconds
LASTS_S, IDLE_S = 12 * 3600.0, 1800.0  #: a session ends after a working day, or half an hour in which nobody touched a page
_SEEN_EVERY = timedelta(minutes=1)


class Owed(Enum):
    """What stands between a session and the console."""

    CODE = "code"  # the second factor has not been shown yet
    PASSWORD = "password"  # it was set by somebody else
    SECOND_FACTOR = "second_factor"  # an administrator without one


@dataclass(frozen=True)
class Viewer:
    """Who is looking, as the gate admitted them; hashable, because answers are shared among those who see the same."""

    name: str
    display_name: str
    roles: frozenset[str]
    regions: tuple[str, ...]
    unit_code: str | None = None
    owes: Owed | None = None  # what must be done before anything else

    @property
    def sees_every_region(self) -> bool:
        return EVERY_REGION in self.regions

    @property
    def rights(self) -> frozenset[Right]:
        return rights_of(self.roles) if self.owes is None else frozenset()

    def may(self, right: Right) -> bool:
        return right in self.rights


@dataclass(frozen=True)
class Account:
    """One row of access.account."""

    name: str
    display_name: str | None
    password_hash: str | None
    roles: tuple[str, ...]
    regions: tuple[str, ...]
    unit_code: str | None
    must_change: bool
    totp_sealed: bytes | None
    totp_step: int
    disabled_at: datetime | None


def account(conn: Connection, name: str) -> Account | None:
    """Return an account, disabled ones too."""
    row = conn.execute(named("people.account"), {"name": name}).mappings().one_or_none()
    return None if row is None else Account(**{**row, "roles": tuple(row["roles"]), "regions": tuple(row["regions"])})


def begin_session(conn: Connection, who: Account, *, second_factor: bool, address: str | None, agent: str | None) -> str:
    """Begin a session and return its cookie, which cannot be shown again."""
    cookie = secrets.token_urlsafe(32)
    row = {"sha256": digest(cookie), "account": who.name, "second_factor": second_factor, "lasts_s": LASTS_S,
           "address": address, "agent": (agent or "")[:200]}  # fmt: skip
    conn.execute(named("people.begin_session"), row)
    return cookie


def viewer(conn: Connection, cookie: str, *, renew: bool = True) -> Viewer | None:
    """Return who a cookie stands for now; None when it is unknown, over, idle too long, or the account disabled.

    ``renew``: whether a person did something; what a page asks by itself keeps no unattended desk open.
    """
    row = conn.execute(named("people.session"), {"sha256": digest(cookie), "idle_s": IDLE_S}).one_or_none()
    if row is None:
        return None
    if renew and datetime.now(UTC) - row.seen_at > _SEEN_EVERY:
        conn.execute(named("people.seen"), {"sha256": digest(cookie)})
    return Viewer(row.name, row.display_name or row.name, frozenset(row.roles), tuple(row.regions), row.unit_code, _owed(row))


def _owed(row: Any) -> Owed | None:
    if row.has_second_factor and not row.second_factor:
        return Owed.CODE
    if row.must_change:
        return Owed.PASSWORD
    if ADMINISTRATORS & set(row.roles) and not row.has_second_factor:
        return Owed.SECOND_FACTOR
    return None


def note(conn: Connection, who: str, what: str, *, about: str | None = None, detail: str | None = None,
         address: str | None = None) -> None:  # fmt: skip
    """Write one line of the trail."""
    conn.execute(named("people.note"), {"who": who[:64], "what": what, "about": about, "detail": detail, "address": address})


def run(conn: Connection, statement: str, **bound: Any) -> int:
    """Run one statement of people.sql; return how many rows it touched."""
    return conn.execute(named(f"people.{statement}"), bound).rowcount


def rows(conn: Connection, statement: str, **bound: Any) -> Sequence[Any]:
    """Return the rows of one statement of people.sql."""
    return conn.execute(named(f"people.{statement}"), bound).all()


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
