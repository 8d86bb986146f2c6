"""How the text of a business column becomes a value of the contract: exact, and never silently wrong."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

Convert = Callable[[str], Any]
_YES, _NO = frozenset(("t", "true", "1", "y", "yes", "是", "有")), frozenset(("f", "false", "0", "n", "no", "否", "无"))
_MONTH = re.compile(r"([12]\d{3})-?(0[1-9]|1[0-2])(?:-?[0-3]\d)?", re.ASCII)
#: How many fen one unit of the business system's amounts is worth.
UNITS = {"yuan": Decimal(100), "jiao": Decimal(10), "fen": Decimal(1), "wan": Decimal(1_000_000)}


def converter(type_word: str, zone: ZoneInfo, unit: str) -> Convert:
    """Return the conversion to a type of the contract; it raises ValueError on a text that is not one."""
    simple: dict[str, Convert] = {
        "ts": lambda text: instant(text, zone),
        "date": day,
        "period": period,
        "code": region_code,
        "fen": lambda text: fen(text, unit),
        "bool": yes_or_no,
        "int": whole,
        "score": whole,
        "num": number,
        "object": json.loads,
        "scalar": json.loads,
        "str": str,
    }
    return simple.get(type_word, lambda text: text.rstrip(" "))  # char(n) comes padded


def instant(text: str, zone: ZoneInfo) -> str:
    """Return a wall-clock time of ``zone`` (or a time with its own offset) as RFC 3339."""
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()


def day(text: str) -> str:
    return datetime.fromisoformat(text).date().isoformat()


def period(text: str) -> str:
    """Return a month written YYYYMM, YYYY-MM or as any day of it."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a month")
    return f"{found[1]}-{found[2]}"


def region_code(text: str) -> str:
    """Return a region code of any length padded on the right to 12 digits."""
    text = text.strip()
    if not text.isdigit() or len(text) > 12:
        raise ValueError(f"{text!r} is not a region code")
    return text.ljust(12, "0")


def fen(text: str, unit: str) -> int:
    """Return an amount in fen; an amount with a part of a fen is refused rather than rounded."""
    try:
        amount = Decimal(text) * UNITS[unit]
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount") from None
    if not amount.is_finite() or amount != amount.to_integral_value():
        raise ValueError(f"{text!r} {unit} is not a whole number of fen")
    return int(amount)


def yes_or_no(text: str) -> bool:
    word = text.strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"{text!r} is neither yes nor no")


def whole(text: str) -> int:
    if not text.strip().removeprefix("-").isdecimal():
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def number(text: str) -> float:
    found = float(text)
    if not isfinite(found):
        raise ValueError(f"{text!r} is not a number")
    return found


def through(values: Mapping[str, Any], keep_others: bool) -> Convert:
    """Return the conversion by a value map; other values are kept or refused."""

    def convert(text: str) -> Any:
        found = values.get(text, values.get(text.strip()))
        if found is None and not keep_others:
            raise ValueError(f"{text!r} is not in its value map")
        return text if found is None else found

    return convert
