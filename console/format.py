"""How values look: ISO dates on Shanghai time, money with its unit, keys short enough to read."""

from datetime import date, datetime
from typing import Any

from console.i18n import language, t, tn
from console.url import SHANGHAI
from monitors.indicators.histogram import range_of

NOTHING = "–"


def count(n: int | None) -> str:
    """Return a whole number with thousands separated."""
    return NOTHING if n is None else f"{n:,}"


def points(n: float | None) -> str:
    """Return a score: whole, or to one place."""
    return NOTHING if n is None else f"{n:.1f}".removesuffix(".0")


def yuan(fen: int | None) -> str:
    """Return an amount to the cent, for details: ¥ 1,480.00."""
    return NOTHING if fen is None else f"¥ {fen / 100:,.2f}"


def yuan_short(fen: int | None) -> str:
    """Return an amount for overviews: 18.6 万元, in English ¥ 186 k."""
    if fen is None:
        return NOTHING
    if abs(fen) < 1_000_000:
        return f"¥ {fen / 100:,.0f}"
    if language() == "zh":
        return f"{fen / 1_000_000:,.1f} 万元"
    return f"¥ {fen / 100_000:,.0f} k" if abs(fen) < 100_000_000 else f"¥ {fen / 100_000_000:,.2f} m"


def share(part: float | None) -> str:
    """Return a share of one as a percentage with one decimal: 6.2 %. What is not quite all or nothing is not told as all or nothing."""
    if part is None:
        return NOTHING
    if 0.9995 <= part < 1:
        return "> 99.9 %"
    return "< 0.1 %" if 0 < part < 0.0005 else f"{part * 100:.1f} %"


def day(value: date | datetime | None) -> str:
    """Return an ISO date as people in Dezhou would date it."""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return NOTHING if value is None else value.isoformat()


def minute(value: datetime | None) -> str:
    """Return an instant to the minute: 2026-11-22 10:06."""
    return NOTHING if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def second(value: datetime | None) -> str:
    """Return an instant to the second."""
    return NOTHING if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def span(seconds: float) -> str:
    """Return a length of time in its largest sensible unit: 26 minutes, 41 days."""
    whole = max(int(seconds), 0)
    if whole < 120:
        return tn("{n} second", "{n} seconds", whole)
    if whole < 7200:
        return tn("{n} minute", "{n} minutes", whole // 60)
    if whole < 172_800:
        return tn("{n} hour", "{n} hours", whole // 3600)
    return tn("{n} day", "{n} days", whole // 86_400)


def days(n: int | None) -> str:
    """Return a length in days as histograms know it: whole days to 60, then the range of the bin that ends with ``n``."""
    if n is None:
        return NOTHING
    first, last = range_of(n)
    return f"> {first - 1}" if last is None else f"{n}" if first == last else f"{first}–{last}"


def working_days(n: int) -> str:
    """Return a count of working days in words."""
    return tn("{n} working day", "{n} working days", n)


def short_key(key: str) -> str:
    """Return a key as one can read it aloud: long pseudonyms are cut in the middle."""
    return key if len(key) <= 18 else f"{key[:8]}…{key[-4:]}"


def yes_no(value: bool) -> str:
    """Return a truth value as a word."""
    return t("yes") if value else t("no")


def plain(value: Any) -> str:
    """Return any value as text, for a column nobody described."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, (list, tuple)):
        return "、".join(plain(item) for item in value) if language() == "zh" else ", ".join(map(plain, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
