"""A finding in one sentence: the words of its rule's header with the values it used, dated as people in China date them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from monitors import arithmetic
from monitors.arithmetic import NOTHING  # a value that is not known, or not there in this version of the rule
from monitors.rule import Rule
from monitors.words import SHANGHAI, word

#: What a sentence may speak of though no SELECT returns it.
COMPUTED = frozenset({"arithmetic"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_YES = {True: ("是", "yes"), False: ("否", "no")}


def sentence(rule: Rule, finding: Mapping[str, Any], lang: str) -> str:
    """Say what was found. ``finding`` is a row with ``evidence``, or the evidence itself; ``lang`` is zh or en."""
    return rule.says[lang].format_map(_values(rule, finding, lang))


def clears(rule: Rule, finding: Mapping[str, Any], lang: str) -> str:
    """Say what would clear it."""
    return rule.clears[lang].format_map(_values(rule, finding, lang))


class _Shown(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return NOTHING


def _values(rule: Rule, finding: Mapping[str, Any], lang: str) -> _Shown:
    told = {**finding, **finding.get("evidence", {})}
    code = rule.codes.get(told.get("rule", ""), rule.codes[rule.code])
    values = {name: shown(name, value, lang) for name, value in told.items() if name != "evidence"}
    return _Shown(values | {"arithmetic": arithmetic.said(told, code.basis, lang)})


def shown(name: str, value: Any, lang: str) -> str:  # noqa: PLR0911 - one line per kind of value
    """Return a value as text; its name tells the unit (``…_fen``, ``…_share``)."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _YES[value][lang != "zh"]
    if isinstance(value, list | tuple):
        return ("、" if lang == "zh" else ", ").join(shown(name, one, lang) for one in value) or NOTHING
    if isinstance(value, datetime) or (isinstance(value, str) and _INSTANT.match(value)):
        return _minute(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _text(value, lang)
    return _number(name, value, lang)


def _minute(value: datetime | str) -> str:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _text(value: str, lang: str) -> str:
    """Codes, alone or in a row, become words; every other text stays as it is."""
    words = [word(code, lang) for code in value.split()]
    return ("、" if lang == "zh" else ", ").join(one for one in words if one) if all(words) else value


def _number(name: str, value: Any, lang: str) -> str:
    if name.endswith("_fen"):
        yuan = f"{value / 100:,.2f}"
        return f"{yuan} 元" if lang == "zh" else f"CNY {yuan}"
    if name.endswith("_share"):
        return f"{value * 100:.1f} %"
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
