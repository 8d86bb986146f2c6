"""The form of a letter: kind, number, office, date, and what is asked for; the facts come from the findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, request
from markupsafe import Markup
from sqlalchemy import Connection

from console import words
from console.auth import forms
from console.auth.paths import LETTER
from console.i18n import t, tn
from console.letters import content
from console.letters.content import KINDS, Draft
from console.queries import regions
from monitors.identifiers import scrub
from sql.load import named

DAYS = 15  #: working days proposed for a correction
LONGEST = 4_000


def page(conn: Connection, found: Sequence[Any], unit: str, today: Any, fault: str | None = None) -> Response:
    """Return the form, filled with what the findings and the calendar propose."""
    typed = {name: scrub(value) for name, value in request.form.items()}
    fields: list[Markup] = [
        forms.select("kind", t("Kind of letter"), [(kind, words.word(words.LETTER, kind)) for kind in reversed(KINDS)], typed.get("kind")),
        forms.field("number", t("Number"), "text", "off", value=typed.get("number") or _number(conn, today.today)),
        forms.field("office", t("Issued by"), "text", "off", value=typed.get("office") or _office(conn)),
        forms.field("due", t("Until"), "date", "off", value=typed.get("due") or (today.due_on.isoformat() if today.due_on else "")),
        forms.area("demands", t("What is asked, one thing a line"), typed.get("demands") or content.proposed_demands(found)),
        *(forms.hidden("finding", one.finding_id) for one in found),
    ]
    said = tn("To {unit}, about {n} confirmed finding.", "To {unit}, about {n} confirmed findings.", len(found), unit=unit)
    back = forms.link(t("Back to the finding"), f"/finding/{found[0].finding_id}")
    return forms.page(t("Letter"), LETTER, fields, t("Issue"), advice=said, fault=fault, below=back, status=400 if fault else 200,
                      also=[("preview", t("Look at the draft (PDF)"))])  # fmt: skip


def typed(unit: str, today: date, proposed: str) -> tuple[Draft | None, str | None]:
    """Return the letter as it was typed, or what is missing. What was ``proposed`` and left alone goes into each copy in its language."""
    told = {name: scrub(request.form.get(name, "").strip()[:LONGEST]) for name in ("kind", "number", "office", "demands")}
    try:
        due_on = date.fromisoformat(request.form.get("due", ""))
    except ValueError:
        return None, t("Choose a date, today or later.")
    if due_on < today:
        return None, t("Choose a date, today or later.")
    if told["kind"] not in KINDS or not all(told.values()) or len(told["number"]) > 60:
        return None, t("A letter needs its kind, a number of at most 60 signs, who issues it and what is asked.")
    demands = None if told["demands"].split() == proposed.split() else told["demands"]
    return Draft(told["kind"], told["number"], told["office"], unit, today, due_on, demands), None


def _number(conn: Connection, today: date) -> str:
    return f"社救监〔{today.year}〕{conn.execute(named('letter.next_number'), {'year': today.year}).scalar_one()}号"


def _office(conn: Connection) -> str:
    top = regions.root(conn)
    return t("Civil Affairs Bureau of {place}", place=top.name) if top else ""


def nothing() -> Response:
    """Say that there is nothing to write about, or nothing that may be seen."""
    said = t("Only confirmed findings that a unit answers for go into a letter, and only those of your regions.")
    return forms.notice(t("Letter"), "", said, forms.link(t("Findings"), "/findings"), 404)
