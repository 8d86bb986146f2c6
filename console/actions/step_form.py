"""The form of a step: what it asks for, what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from markupsafe import Markup
from sqlalchemy import Connection

from console import format as shown
from console import rulebook, words
from console.auth import forms
from console.auth.paths import STEP
from console.i18n import t, tn
from console.url import end_of
from monitors.identifiers import scrub
from monitors.lifecycle import (
    DISMISS_REASONS,
    EXEMPT_REASONS,
    OUTCOMES,
    PAST_FACT,
    RECTIFY_DAYS,
    REPLY_DAYS,
    SILENCE_DAYS,
    SILENCE_REASONS,
    Step,
)
from sql.load import named

LONGEST = 2_000  #: letters of a note
MAY_BE_SILENT = ("hand_over", "tell", "remind", "close")  #: steps that need no words
REASONS = {"dismiss": DISMISS_REASONS, "silence": SILENCE_REASONS}
YES, OWN = "yes", "own"  #: ticked; each finding's own unit


@dataclass(frozen=True)
class Asked:
    """A step somebody wants to take, with what was typed: ``values`` as they are written, ``fault`` what is wrong."""

    step: Step
    units: Sequence[Any]
    today: date
    due_on: date | None
    values: Mapping[str, Any] = field(default_factory=dict)
    fault: str | None = None


def asked(conn: Connection, step: Step, rows: Sequence[Any]) -> Asked:
    """Return what is asked for, read from the request."""
    units = conn.execute(named("correction.units"), {"regions": [row.region_code for row in rows]}).all() if "unit" in step.asks else []
    days = REPLY_DAYS if step.name in ("hand_over", "send_back") else RECTIFY_DAYS
    today, due_on = conn.execute(named("correction.days"), {"days": days, "region_code": rows[0].region_code}).one()
    if request.method == "GET":
        return Asked(step, units, today, due_on)
    values = _values(step)
    return Asked(step, units, today, due_on, values, _fault(step, values, _may_answer(units, rows), today))


def _may_answer(units: Sequence[Any], rows: Sequence[Any]) -> set[str]:
    """The units that may be chosen; each finding's own, where all have one."""
    return {one.unit_code for one in units} | ({OWN} if all(row.unit_code for row in rows) else set())


def _values(step: Step) -> dict[str, Any]:
    typed = request.form
    outcome = typed.get("outcome") if "outcome" in step.asks else None
    due_on = _day(typed.get("due")) if "due" in step.asks and outcome in (None, "true") else None
    past_fact = typed.get("past_fact") == YES
    reason = {"verify": typed.get("reason") if outcome == "exempt" else None, "dismiss": typed.get("dismiss_reason"),
              "silence": typed.get("silence_reason"),
              "close": PAST_FACT if past_fact else None}.get(step.name)  # fmt: skip
    unit = typed.get("unit")
    return {
        "note": scrub(typed.get("note", "").strip()[:LONGEST]) or None, "unit": None if unit == OWN else unit, "due_on": due_on,
        "due_at": due_on and end_of(due_on),
        "against": (scrub(typed.get("against", "").strip()[:LONGEST]) or None) if outcome == "true" else None,
        "outcome": outcome, "reason": reason, "declared": typed.get("declared") == YES, "past_fact": past_fact,
    }  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _fault(step: Step, values: Mapping[str, Any], units: set[str], today: date) -> str | None:
    """What is missing or not to be had, in words; None when the step can be written as it is."""
    if not values["note"] and step.name not in ("acknowledge", *MAY_BE_SILENT):
        return t("Say in a sentence what was found or done.")
    if "unit" in step.asks and (values["unit"] or OWN) not in units:
        return t("Choose the unit that is to answer.")
    if "outcome" in step.asks and values["outcome"] not in OUTCOMES:
        return t("Choose what the verification found.")
    if values["outcome"] == "exempt" and (values["reason"] not in EXEMPT_REASONS or not values["declared"]):
        return t("An exemption needs a reason, and the declaration that none of the excluded cases applies.")
    if step.name in REASONS and values["reason"] not in REASONS[step.name]:
        return t("Choose the reason.")
    is_due = "due" in step.asks and values["outcome"] in (None, "true")
    return _due_fault(step, values["due_on"], today) if is_due else None


def _due_fault(step: Step, due_on: date | None, today: date) -> str | None:
    last = today + timedelta(days=SILENCE_DAYS) if step.name == "silence" else date.max
    if due_on and today <= due_on <= last:
        return None
    if last == date.max:
        return t("Choose a date, today or later.")
    return t("A silence ends: choose a date up to {last}.", last=last.isoformat())


def page(wanted: Asked, found: Sequence[Any], status: int = 200) -> Response:
    """Return the form. Findings the step cannot be taken on are named with the reason."""
    step, typed = wanted.step, request.form
    able = [one for one in found if not one.refused] if status == 200 else list(found)
    title = words.word(words.DO, step.name)
    if not able:
        return forms.notice(title, "", " ".join({t(one.refused) for one in found}), _back(found), 409)
    fields = [*_fields(wanted, able, typed), forms.hidden("step", step.name), forms.hidden("back", request.values.get("back", "")),
              *(forms.hidden("finding", one.row.finding_id) for one in able)]  # fmt: skip
    fault = wanted.fault or (" ".join({t(one.refused) for one in found if one.refused}) if status != 200 else None)
    left_out = [one for one in found if one.refused] if status == 200 else []
    return forms.page(title, STEP, fields, title, advice=_advice(wanted, able, left_out), fault=fault, below=_back(found),
                      status=400 if wanted.fault else status)  # fmt: skip


def _advice(wanted: Asked, able: Sequence[Any], left_out: Sequence[Any]) -> str:
    first = able[0].row
    said = (f"{rulebook.title(first.rule, first.subject_kind)} {first.rule} · {shown.short_key(first.subject_key)}" if len(able) == 1
            else tn("{n} finding.", "{n} findings.", len(able)))  # fmt: skip
    parts = [said, words.word(words.DO_ADVICE, wanted.step.name) if wanted.step.name in words.DO_ADVICE else ""]
    if left_out:
        why = " ".join({t(one.refused) for one in left_out})
        parts.append(tn("{n} more is left out: {why}", "{n} more are left out: {why}", len(left_out), why=why))
    return " ".join(filter(None, parts))


def _fields(wanted: Asked, able: Sequence[Any], typed: Mapping[str, str]) -> list[Markup]:
    """One field, or a few, for each thing the step asks for."""
    row, ticked = able[0].row, {name for name in ("declared", "past_fact") if typed.get(name) == YES}
    units = [(one.unit_code, one.name or one.unit_code) for one in wanted.units]
    if several := len({one.row.unit_code for one in able}) > 1:  # many findings are not all sent to the unit of the first
        units.insert(0, (OWN, t("each to the unit of the card")))
    unit = typed.get("unit") or (OWN if several else row.unit_code)
    due = typed.get("due") or (wanted.due_on.isoformat() if wanted.due_on else "")
    none = ("", t("no exemption"))
    clean = t("No benefit was taken, nothing was known and kept quiet, no visit was invented, nothing was altered.")
    makes: dict[str, Callable[[], Markup]] = {
        "unit": lambda: forms.select("unit", t("Who answers"), units, unit),
        "outcome": lambda: forms.select("outcome", t("What the verification found"), _worded(words.OUTCOME, OUTCOMES),
                                        typed.get("outcome")),
        "against": lambda: forms.area("against", t("Verified against: a second source, a visit, a paper"),
                                      scrub(typed.get("against", "")), required=False),
        "reason": lambda: forms.select("reason", t("Reason of an exemption"), [none, *_worded(words.EXEMPT, EXEMPT_REASONS)],
                                       typed.get("reason"), required=False) + forms.tick("declared", clean, "declared" in ticked),
        "dismiss_reason": lambda: forms.select("dismiss_reason", t("Why this is no finding"), _worded(words.DISMISS, DISMISS_REASONS),
                                               typed.get("dismiss_reason")),
        "silence_reason": lambda: forms.select("silence_reason", t("Why it is silenced"), _worded(words.SILENCE, SILENCE_REASONS),
                                               typed.get("silence_reason")),
        "due": lambda: forms.field("due", t("Until"), "date", "off", value=due),
        "past_fact": lambda: forms.tick("past_fact", t("What happened cannot be undone; measures were taken."), "past_fact" in ticked),
        "note": lambda: forms.area("note", t("In words"), scrub(typed.get("note", "")), required=wanted.step.name not in MAY_BE_SILENT),
    }  # fmt: skip
    shown_if = {"past_fact": row.present, "against": any(rulebook.rests_on_one(one.row) for one in able)}
    return [makes[name]() for name in wanted.step.asks if shown_if.get(name, True)]


def _worded(table: dict[str, str], codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(code, words.word(table, code)) for code in codes]


def _back(found: Sequence[Any]) -> Markup:
    wanted = request.values.get("back")
    if wanted:
        return forms.link(t("Back to the list"), wanted if wanted.startswith("/") and not wanted.startswith("//") else "/")
    return forms.link(t("Back to the finding"), f"/finding/{found[0].row.finding_id}")


def told(wanted: Asked, found: Sequence[Any]) -> Response:
    """Say on how many findings the step was taken, and why not on the others."""
    done = sum(not one.refused for one in found)
    why = " ".join({t(one.refused) for one in found if one.refused})
    said = t("Done for {n}, not for {m}: {why}", n=done, m=len(found) - done, why=why)
    return forms.notice(words.word(words.DO, wanted.step.name), "", said, _back(found))


def nothing() -> Response:
    """Say that there is no such finding, or none that may be seen."""
    said = t("There is no such finding, or it is outside your regions.")
    return forms.notice(t("Findings"), "", said, forms.link(t("Findings"), "/findings"), 404)


def href(step: str, findings: Sequence[str], back: str = "") -> str:
    """Return the address of the form of a step."""
    return f"{STEP}?{urlencode([('step', step), *(('finding', one) for one in findings), *([('back', back)] if back else [])])}"
