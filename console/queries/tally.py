"""Findings counted from sums where the sums can answer, just as counting the findings themselves would (migration 0096).

What the sums do not hold is asked of the findings: a time, a unit, a subject, a village, those kept apart (silenced, of several
regions).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from sql.load import named, raw

WAITS = {"open": "assess", "assigned": "reply", "replied": "verify"}  #: what findings of these stages wait for
_STAGE = {waits: stage for stage, waits in WAITS.items()}
_HELD = {"present", "rules", "cards", "stages", "programme", "region", "amount", "apart", "ladder", "silenced"}


def whole(conn: Connection, question: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a tallied statement is asked with; None where the findings themselves must be counted."""
    return _from(conn, "whole", question, {"region": question["region"], "each": False})


def below(conn: Connection, question: dict[str, Any], parent: str) -> dict[str, Any] | None:
    """Return the same for the places directly below ``parent``."""
    if question["region"] not in (None, parent):
        return None
    return _from(conn, "below", question, {"parent": parent, "each": True})


def _from(conn: Connection, name: str, question: dict[str, Any], more: dict[str, Any]) -> dict[str, Any] | None:
    if question["waits"] in _STAGE and _STAGE[question["waits"]] in (question["stages"] or _STAGE.values()):
        question = question | {"stages": [_STAGE[question["waits"]]], "waits": None}
    other = any(value is not None for key, value in question.items() if key not in _HELD)
    if other or question["silenced"] or question["ladder"]:
        return None
    good, places = conn.execute(named(f"console_findings.{name}"), more).one()
    return question | more | {"apart": True, "places": places} if good else None


@cache
def statement(name: str) -> TextClause:
    """Return a statement over ``tallied``."""
    matching, tallied = raw("console_findings.matching"), raw("console_findings.tallied")
    return text(f"with matching as ({matching}), tallied as ({tallied}) {raw(name)}")
