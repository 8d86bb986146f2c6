"""Time-based one-time codes (RFC 6238) as the second factor of administrators, and of whoever wants one."""

from __future__ import annotations

import time

import pyotp
import segno

ISSUER = "aidwatch"
_STEP_S = 30


def new_secret() -> str:
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Return whether a text is a secret as ``new_secret`` makes them."""
    return len(text) == 32 and set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def step_of(secret: str, code: str, at_s: float | None = None) -> int | None:
    """Return the time step a code belongs to: the one of now, or the one before or after it. None for a wrong code."""
    now = int((time.time() if at_s is None else at_s) // _STEP_S)
    totp = pyotp.TOTP(secret)
    given = "".join(code.split())
    return next((step for step in (now, now - 1, now + 1) if pyotp.utils.strings_equal(totp.generate_otp(step), given)), None)


def picture(secret: str, name: str) -> str:
    """Return the code to scan, as inline SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    return str(segno.make(address, micro=False).svg_inline(scale=4, border=2))
