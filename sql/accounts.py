"""Administering accounts: made, changed, disabled, given a new password. Every change has its line in the trail."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy import Connection

from sql import people
from sql.load import named
from sql.rights import ADMINISTRATORS, EVERY_REGION, ROLES

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_hasher = PasswordHasher()


class AccountError(Exception):
    """What was asked for cannot be; the text says what to give instead. ``template`` and ``values`` are for translation."""

    def __init__(self, template: str, **values: str) -> None:
        super().__init__(template.format(**values))
        self.template, self.values = template, values


#: The faults an account can have, as templates.
TAKEN = "There is an account {name} already: change it, or choose another name."
UNKNOWN = "There is no account {name}."
NO_NAME = "{name} is no account name: use 2 to 32 small letters, digits, dots, underscores or hyphens, a letter first."
NO_ROLE = "Give at least one of these roles: {roles}."
APART = "An administrator has one role and no other: system, security and audit are kept apart from each other and from the work."
NO_UNIT = "A unit handler answers the cards of one unit: name it."
NO_REGION = "{code} is no region we know: give a 12-digit code of the region tree, or * for all."


@dataclass(frozen=True)
class Wanted:
    """An account as it is to be; ``regions`` are codes seen with all below them, or EVERY_REGION."""

    name: str
    roles: tuple[str, ...]
    regions: tuple[str, ...] = ()
    display_name: str | None = None
    unit_code: str | None = None
    single_sign_on: str | None = None  # "<issuer> <subject>" of the identity provider


def hashed(password: str) -> str:
    """Return the argon2id hash of a password (RFC 9106, the library's parameters)."""
    return _hasher.hash(password)


def add(conn: Connection, wanted: Wanted, by: str) -> str | None:
    """Make an account; return its first password, which must be changed at once, or None with single sign-on.

    Raises AccountError.
    """
    _check(conn, wanted)
    if people.account(conn, wanted.name) is not None:
        raise AccountError(TAKEN, name=wanted.name)
    password = None if wanted.single_sign_on else new_password()
    people.run(conn, "add_account", name=wanted.name, display_name=wanted.display_name, password_hash=password and hashed(password),
               roles=sorted(wanted.roles), regions=sorted(wanted.regions), unit_code=wanted.unit_code,
               single_sign_on=wanted.single_sign_on, must_change=password is not None)  # fmt: skip
    people.note(conn, by, "account_added", about=wanted.name, detail=_told(wanted))
    return password


def change(conn: Connection, wanted: Wanted, by: str) -> None:
    """Give an account other roles, regions, unit or display name; its sessions end. Raises AccountError."""
    _check(conn, wanted)
    _known(conn, wanted.name)
    people.run(conn, "change_account", name=wanted.name, display_name=wanted.display_name, roles=sorted(wanted.roles),
               regions=sorted(wanted.regions), unit_code=wanted.unit_code)  # fmt: skip
    people.run(conn, "end_sessions", name=wanted.name, but=None)
    people.note(conn, by, "account_changed", about=wanted.name, detail=_told(wanted))


def disable(conn: Connection, name: str, by: str, *, disabled: bool = True) -> None:
    """Disable an account, or let it in again. Its sessions end. Raises AccountError."""
    _known(conn, name)
    people.run(conn, "disable", name=name, disabled=disabled)
    people.run(conn, "end_sessions", name=name, but=None)
    people.note(conn, by, "account_disabled" if disabled else "account_enabled", about=name)


def reset(conn: Connection, name: str, by: str) -> str:
    """Give an account a new first password and take its second factor away; return the password. Raises AccountError."""
    _known(conn, name)
    password = new_password()
    people.run(conn, "set_password", name=name, password_hash=hashed(password), must_change=True)
    people.run(conn, "set_second_factor", name=name, sealed=None, step=0)
    people.run(conn, "end_sessions", name=name, but=None)
    people.note(conn, by, "account_reset", about=name)
    people.note(conn, name, "unlocked", detail=f"by {by}")
    return password


def new_password() -> str:
    """Return a first password; it has 96 random bits."""
    return secrets.token_urlsafe(12)


def _known(conn: Connection, name: str) -> None:
    if people.account(conn, name) is None:
        raise AccountError(UNKNOWN, name=name)


def _check(conn: Connection, wanted: Wanted) -> None:
    if not _NAME.fullmatch(wanted.name):
        raise AccountError(NO_NAME, name=wanted.name)
    if not wanted.roles or set(wanted.roles) - ROLES.keys():
        raise AccountError(NO_ROLE, roles=", ".join(ROLES))
    if ADMINISTRATORS & set(wanted.roles) and len(set(wanted.roles)) > 1:
        raise AccountError(APART)
    if "unit_handler" in wanted.roles and not wanted.unit_code:
        raise AccountError(NO_UNIT)
    codes = set(wanted.regions) - {EVERY_REGION}
    unknown = sorted(codes - set(conn.execute(named("people.regions"), {"codes": list(codes)}).scalars()))
    if unknown:
        raise AccountError(NO_REGION, code=unknown[0])


def _told(wanted: Wanted) -> str:
    where = wanted.unit_code if "unit_handler" in wanted.roles else ",".join(sorted(wanted.regions))
    return f"{','.join(sorted(wanted.roles))} {where or '-'}"
