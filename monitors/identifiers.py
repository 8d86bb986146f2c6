"""Chinese identifiers: how they are normalised before hashing, masked for display, and what they show.

Sources: GB 11643 (citizen number), GB 32100 (credit code), GB/T 15694 (Luhn check of bank cards).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

_DOUBLED = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}
_BRACKETED = re.compile(r"[(\[【].*?[)\]】]\s*$")
_EIGHTEEN = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_NUMBERISH = re.compile(r"(?<![0-9A-Za-z])(\d{17}[\dXx]|\d{15,19}|1[3-9]\d{9})(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Citizen:
    """What a citizen number itself shows. ``fault`` names what is wrong with it; None when nothing is."""

    fault: str | None
    birth_date: date | None = None
    sex: str | None = None
    area: str | None = None


def normal_id_number(raw: str) -> str:
    """Return the number as it is hashed: half width, upper case, no blanks, 15 digits made 18 (GB 11643)."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", raw)).upper()
    if len(text) == 15 and text.isascii() and text.isdigit():
        body = text[:6] + "19" + text[6:]
        return body + mod_11_2.calc_check_digit(body)
    return text


def citizen(number: str, today: date) -> Citizen:
    """Return what an 18-character resident number (already normalised) shows.

    An unknown area code is not an error (contract §6); a birth date after ``today`` is.
    """
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return Citizen("format")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Citizen("birth_date", area=number[:6])
    sex = "M" if int(number[16]) % 2 else "F"
    if born > today:
        return Citizen("future_birth", born, sex, number[:6])
    return Citizen(None if mod_11_2.is_valid(number) else "checksum", born, sex, number[:6])


def is_citizen_number(text: str) -> bool:
    """Tell whether a text would pass for somebody's ID number: used to keep such numbers out of keys."""
    if len(text) != 18 or not text[:17].isdigit():
        return False
    return citizen(text.upper(), date.max).fault is None


def without_citizen_numbers(text: str, instead: Callable[[str], str] = lambda number: "*" * len(number)) -> str:
    """Return a text with every ID number in it replaced; other long numbers (record numbers of vendors) stay."""
    if len(text) < 18 or _EIGHTEEN.search(text) is None:
        return text
    return _EIGHTEEN.sub(lambda found: instead(found[0]) if is_citizen_number(found[0]) else found[0], text)


def normal_name(raw: str) -> str:
    """Return a name as it is hashed: half width, no blanks, bracketed suffix dropped."""
    text = unicodedata.normalize("NFKC", raw)
    return re.sub(r"[\s·•.]", "", _BRACKETED.sub("", text)).upper()


def normal_digits(raw: str) -> str:
    """Return an account or phone number as it is hashed: half width, without blanks and hyphens."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", raw)).upper()


def luhn_ok(number: str) -> bool | None:
    """Tell whether a 16–19 digit card number passes Luhn; None when it is not a card (a passbook)."""
    if not (16 <= len(number) <= 19 and number.isascii() and number.isdigit()):
        return None
    odd, even = number[-1::-2], number[-2::-2]
    return (sum(map(int, odd)) + sum(map(_DOUBLED.__getitem__, even))) % 10 == 0


def uscc_ok(code: str) -> bool:
    """Tell whether a unified social credit code passes its check character (GB 32100)."""
    try:
        uscc.validate(code)
    except ValidationError:
        return False
    return True


def mask_id_number(number: str) -> str:
    """First 4 and last 1 character (more would let the number be rebuilt from a birth date)."""
    return number[:4] + "*" * max(len(number) - 5, 3) + number[-1:] if len(number) > 5 else "*" * len(number)


def mask_name(name: str) -> str:
    return name[:1] + "*" * max(len(name) - 1, 1)


def mask_account(number: str) -> str:
    return "*" + number[-4:] if len(number) > 4 else "*"


def mask_phone(number: str) -> str:
    return number[:3] + "****" + number[-4:] if len(number) == 11 else "*" * len(number)


def mask_address(address: str) -> str:
    """Keep the address down to the village; house, building and door are hidden."""
    cut = max((address.rfind(word) for word in ("村", "社区", "街道", "镇", "乡")), default=-1)
    return address[: cut + 1] + "***" if cut >= 0 else "***"


def scrub(text: str) -> str:
    """Return free text with everything that looks like an ID, card or phone number blanked out."""
    return _NUMBERISH.sub(lambda found: found[0][:3] + "*" * (len(found[0]) - 3), unicodedata.normalize("NFC", text))
