"""Passwords: whether one is right, and what a new one must look like."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from console.i18n import t
from sql.accounts import hashed

SHORTEST, LONGEST = 10, 200
CLASSES = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
_hasher = PasswordHasher()
_NOBODY = hashed("nobody has this password")  # compared with when there is no account, so that both take as long


def is_right(password_hash: str | None, password: str) -> bool:
    """Return whether the password is the one; takes as long for an account that does not exist."""
    try:
        _hasher.verify(password_hash or _NOBODY, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def fault(name: str, password: str, again: str) -> str | None:
    """Return what is wrong with a new password, in the reader's language; None when it will do (GB/T 22239 8.1.4.1)."""
    if password != again:
        return t("The two passwords differ.")
    if not SHORTEST <= len(password) <= LONGEST:
        return t("Use between {least} and {most} characters.", least=SHORTEST, most=LONGEST)
    if sum(any(is_in(c) for c in password) for is_in in CLASSES) < 3:
        return t("Use at least three of: small letters, capitals, digits, other signs.")
    if name.lower() in password.lower():
        return t("The password must not contain the account's name.")
    return None
