"""Steps of the correction loop: the form of one step on one finding or many, and what it writes (monitors.lifecycle).

A step is written for each finding with its story, in one transaction with the mark that asks the rules about findings again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, make_response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console import rulebook
from console.actions import step_form
from console.actions.step_form import Asked
from console.auth import going
from console.auth.paths import STEP
from console.auth.sessions import Acting
from console.i18n import marked, t
from monitors.lifecycle import STEPS, Standing, Step, refusal
from sql.access import see_as
from sql.load import named

MOST = 200  #: findings of one step
OTHER_UNIT = marked("This card was handed over to another unit.")
MOVED_ON = marked("Somebody else has taken a step meanwhile.")
CITIZENS = frozenset({"person", "household", "account", "benefit"})


@dataclass(frozen=True)
class Found:
    """One finding as the form sees it: its row, and why the step is refused, if it is."""

    row: Any
    refused: str | None


def serve(server: Flask, acting: Acting) -> None:
    """Put the form of a step on ``server``."""

    @server.route(STEP, methods=["GET", "POST"])
    def step() -> AnyResponse:
        wanted = STEPS.get(request.values.get("step", ""))
        if wanted is None or not any(g.viewer.may(right) for right in wanted.rights):
            return make_response(t("This page is not for your role."), 403)
        ids = list(dict.fromkeys(request.values.getlist("finding")))[:MOST]
        with acting() as conn:
            see_as(conn, g.viewer)
            rows = conn.execute(named("correction.standing"), {"finding_ids": ids}).all()
            if not rows:
                return step_form.nothing()
            asked = step_form.asked(conn, wanted, rows)
            if request.method == "GET" or asked.fault:
                return step_form.page(asked, [Found(row, _refused(row, asked)) for row in rows])
            return _take(conn, asked, rows)


def _take(conn: Connection, asked: Asked, rows: Sequence[Any]) -> AnyResponse:
    """Take the step on what it may be taken on; with none left, say why."""
    found = [Found(row, _refused(row, asked)) for row in rows]
    found = [Found(one.row, one.refused or _written(conn, asked, one.row)) for one in found]
    if all(one.refused for one in found):
        return step_form.page(asked, found, 409)
    if any(one.refused for one in found):
        return step_form.told(asked, found)
    return going.go(request.form.get("back") or f"/finding/{rows[0].finding_id}")


def _written(conn: Connection, asked: Asked, row: Any) -> str | None:
    """Write one step; return why it could not be, where somebody was faster."""
    unit = asked.values["unit"] or row.unit_code
    bound = {"finding_id": row.finding_id, "stages": list(asked.step.stages), "who": g.viewer.name, **asked.values, "unit": unit,
             "version": row.rule_version}  # fmt: skip
    conn.execute(named("correction.mark"), {"finding_ids": [row.finding_id], "units": [unit]})
    if not conn.execute(named(f"correction.{asked.step.name}"), bound).rowcount:
        return MOVED_ON
    said = {name: str(bound[name]) for name in asked.step.said if bound.get(name)}
    told = {"finding_id": row.finding_id, "what": asked.step.name, "from_stage": row.stage, "to_stage": asked.step.to or row.stage,
            "who": g.viewer.name, "note": asked.values["note"], "said": json.dumps(said) if said else None}  # fmt: skip
    conn.execute(named("correction.log"), told)
    conn.execute(named("correction.announce"), told)
    return None


def standing(row: Any) -> Standing:
    """Return a row of correction.standing as the life cycle knows it."""
    return Standing(
        stage=row.stage, card=row.card, present=row.present, is_stale=row.is_stale, about_citizen=is_about_citizen(row),
        acknowledged=row.acknowledged, told=row.told, explained=row.explained, heard_days=row.heard_days,
        assigned_by=row.assigned_by, verified_by=row.verified_by, outcome=row.outcome, rectified=row.rectified,
        silenced=row.silenced, one_source=rulebook.rests_on_one(row),
    )  # fmt: skip


def is_about_citizen(row: Any) -> bool:
    """Whether a finding is a doubt about a person: they are to be heard before anything adverse is recorded."""
    rule = rulebook.rule(row.rule, row.subject_kind)
    return rule.to == "S" if rule else row.subject_kind in CITIZENS


def why_not(step: Step, row: Any, *, outcome: str | None = None, past_fact: bool = False, seconded: bool = False) -> str | None:
    """Return why the viewer may not take a step on a row of correction.standing; None when nothing stands against it."""
    if row.stage not in step.stages:
        return MOVED_ON
    if not g.viewer.may("act") and step.name in ("reply", "rectify", "acknowledge") and row.unit_code != g.viewer.unit_code:
        return OTHER_UNIT
    return refusal(step, standing(row), g.viewer.name, outcome=outcome, past_fact=past_fact, seconded=seconded)


def _refused(row: Any, asked: Asked) -> str | None:
    given = asked.values
    told = {"past_fact": bool(given.get("past_fact")), "seconded": bool(given.get("against"))}
    return why_not(asked.step, row, outcome=given.get("outcome"), **told)

