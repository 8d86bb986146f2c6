"""The arithmetic of a limit in one line, from the evidence of a card: where it began, what was added, when it was due.

Evidence is read by its names, so a rule that returns them has its line: an instant or day it began (``_BEGINNINGS``),
``limit_days`` with ``unit``, or ``limit_months`` (``cycle_months``); ``days_off`` and ``days_worked`` ("2026-10-01 国庆节"),
``days_paused``, ``extended_at``; ``limit_on`` (``due_on``, ``limit_at``) or, where the calendar of that year is not
published, ``limit_earliest_on`` and ``limit_latest_on``; ``deadline_basis``, else the articles of the rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from monitors.words import SHANGHAI, word

NOTHING = "—"
#: What a limit is counted from, the first that is there; ``started_at`` is named by its step.
_BEGINNINGS = {
    "started_at": ("开始", "start"), "started_on": ("开始", "start"), "last_on": ("最近核查或起始", "last check or start"),
    "died_on": ("登记死亡", "death registered"), "received_at": ("收到投诉", "complaint received"), "alert_at": ("告警", "card"),
    "replied_at": ("回复", "answer"), "known_on": ("得知原因", "cause known"), "paid_at": ("先行救助", "aid given"),
}  # fmt: skip
_UNITS = {
    "working_day": ("个工作日", "working day"), "calendar_day": ("个自然日", "calendar day"), "hour": ("小时", "hour"),
    "month": ("个月", "month"),
}  # fmt: skip
_MINUTE = 16  #: characters of an instant down to the minute


def said(told: Mapping[str, Any], basis: Sequence[str], lang: str) -> str:
    """Return the line in a language (zh, en); a dash where the card has no day it was due."""
    due = _due(told, lang)
    if due is None:
        return NOTHING
    zh = lang == "zh"
    stands_on = told.get("deadline_basis") or ("；" if zh else "; ").join(basis)
    parts = (_began(told, lang), _added(told, lang), _paused(told, lang), due, stands_on)
    return ("，" if zh else ", ").join(part for part in parts if part)


def _began(told: Mapping[str, Any], lang: str) -> str:
    name = next((name for name in _BEGINNINGS if told.get(name)), None)
    if name is None:
        return ""
    step = word(told["from_stage"], lang) if name == "started_at" and told.get("from_stage") else None
    day = _day(told[name]) if told.get("unit") != "hour" else _at(told[name])
    return f"{step or _BEGINNINGS[name][lang != 'zh']} {day}"


def _added(told: Mapping[str, Any], lang: str) -> str:
    months = told.get("limit_months") or told.get("cycle_months")
    n, unit = (months, "month") if months else (told.get("limit_days"), told.get("unit") or "calendar_day")
    if n is None:
        return ""
    special = _special(told, lang)
    if lang == "zh":
        extended = f"（{_day(told['extended_at'])} 延期）" if told.get("extended_at") else ""
        return f"加 {n} {_UNITS[unit][0]}{extended}" + (f"（{'，'.join(special)}）" if special else "")
    extended = f" as extended on {_day(told['extended_at'])}" if told.get("extended_at") else ""
    return f"+{_counted(n, _UNITS[unit][1])}{extended}" + (f" ({', '.join(special)})" if special else "")


def _special(told: Mapping[str, Any], lang: str) -> list[str]:
    """The holidays that lie in it, each with its days, and the weekend days worked."""
    zh = lang == "zh"
    named = Counter(one[11:] for one in told.get("days_off") or ())
    found = []
    for name, n in named.items():
        known = (word(name, lang) or name) if name else ""
        found.append(f"{known}放假 {n} 天" if zh else f"{known} {_counted(n, 'day')} off".lstrip())
    worked = [one[5:10] for one in told.get("days_worked") or ()]
    if worked:
        found.append(f"{'、'.join(worked)} 上班" if zh else f"{', '.join(worked)} worked")
    return found


def _paused(told: Mapping[str, Any], lang: str) -> str:
    n = told.get("days_paused")
    if not n:
        return ""
    return f"中止计时 {n} 天" if lang == "zh" else f"pause {n}"


def _due(told: Mapping[str, Any], lang: str) -> str | None:
    zh = lang == "zh"
    if told.get("limit_at"):
        return f"最迟 {_at(told['limit_at'])}" if zh else f"due {_at(told['limit_at'])}"
    day = told.get("limit_on") or told.get("due_on")
    if not day:
        return None
    earliest = told.get("limit_earliest_on")
    if earliest is None:
        return f"最迟 {_day(day)}" if zh else f"due {_day(day)}"
    latest = told.get("limit_latest_on") or ("未定" if zh else "unknown")
    told_as = f"{_day(earliest)} – {latest}"
    return f"最迟在 {told_as} 之间（该年放假安排尚未公布）" if zh else f"due {told_as} (the calendar of that year is not published yet)"


def _counted(n: int, unit: str) -> str:
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"


def _day(given: Any) -> str:
    """The day in Shanghai of an instant; a day as it is."""
    text = str(given)
    return _local(given).date().isoformat() if isinstance(given, datetime) or len(text) > 10 else text


def _at(given: Any) -> str:
    return _local(given).isoformat(" ")[:_MINUTE]


def _local(given: Any) -> datetime:
    at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    return at.astimezone(SHANGHAI)
