"""Where a finding stands in the correction loop, what is due until when, and what the viewer may do about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dash import html

from console import format as shown
from console import words
from console.actions import steps
from console.actions.step_form import href
from console.answering import Asked
from console.auth.paths import LETTER
from console.gate import viewer
from console.i18n import t, tn
from console.parts import panel as parts
from console.parts import states
from console.queries import correction, regions
from console.queries.dossier import Finding
from console.url import SHANGHAI
from monitors.lifecycle import DONE_ALREADY, NOT_A_CITIZEN, ONLY_CONFIRMED, Step, steps_at


def panel(asked: Asked, finding: Finding) -> html.Section:
    """Return the panel of one finding."""
    unit = finding.assignee or finding.unit_code
    named = regions.units(asked.conn, [unit]).get(unit or "", unit or "")
    return parts.panel(t("Handling"), _say(finding, named, asked.now), _track(finding), *_offers(asked, finding),
                       _letters(asked, finding))  # fmt: skip


def _say(finding: Finding, unit: str, now: datetime) -> str:
    stage = words.word(words.STAGE, finding.stage)
    if finding.stage == "assigned":
        stage = t("{stage}: {unit} answers", stage=stage, unit=unit)
    if finding.stage == "verified":
        stage = t("{stage}: {outcome}", stage=stage, outcome=words.word(words.OUTCOME, finding.outcome))
    return t("; ").join(filter(None, (stage, due(finding.due_at, now) if _is_awaited(finding) else ""))) + t(".")


def _is_awaited(finding: Finding) -> bool:
    """Whether a unit is to act: a date set for a reply says nothing once the reply is there."""
    return finding.stage == "assigned" or (finding.stage == "verified" and finding.outcome == "true" and not finding.rectified_at)


def due(due_at: datetime | None, now: datetime) -> str:
    """Say until when something is due, and how far that is; empty where nothing is."""
    if due_at is None:
        return ""
    days = (due_at.astimezone(SHANGHAI).date() - now.astimezone(SHANGHAI).date()).days - 1  # due_at is the midnight after the last day
    day = shown.day(due_at - timedelta(seconds=1))
    if due_at <= now:
        return t("due {day}, {late} late", day=day, late=tn("{n} day", "{n} days", -days))
    return t("due {day}, today", day=day) if days == 0 else t("due {day}, {left} left", day=day, left=tn("{n} day", "{n} days", days))


def _track(finding: Finding) -> html.Ol:
    """The loop as a line: done, now, still to come; each with its instant, and by whom where that counts."""
    told = (
        (t("Raised"), finding.raised_at, None), (t("Hand over"), finding.assigned_at, finding.assigned_by),
        (t("Reply"), finding.replied_at, None), (t("Verify"), finding.verified_at, finding.verified_by),
        *(((t("Corrected"), finding.rectified_at, None),) if finding.outcome in (None, "true") else ()),
        (t("Dismiss"), finding.stage_at, finding.verified_by) if finding.stage == "dismissed" else (t("Close"), finding.closed_at, None),
    )  # fmt: skip
    last = max(n for n, (_, at, _) in enumerate(told) if at)  # what was raised is the first
    return html.Ol([_place(*one, ahead=n - last) for n, one in enumerate(told)], className="loop")


def _place(name: str, at: datetime | None, who: str | None, *, ahead: int) -> html.Li:
    """One place of the line; ``ahead`` of the last one reached: 1 is next, below 0 and without an instant it was left out."""
    when = shown.minute(at) if at else t("to come") if ahead > 0 else shown.NOTHING
    said = [html.B(name), html.Span(" · ".join(filter(None, (when, who))), className="at")]
    return html.Li(said, className="done" if at else "now" if ahead == 1 else "", **({"aria-current": "step"} if ahead == 1 else {}))


def _offers(asked: Asked, finding: Finding) -> list[Any]:
    """The steps the viewer may take, as links to their forms; those refused now say why."""
    possible = steps_at(finding.stage, viewer().rights)
    rows = correction.standing(asked.conn, [finding.finding_id]) if possible else []
    told = [(step, steps.why_not(step, row)) for row in rows for step in possible]
    links = [html.A(words.word(words.DO, step.name), href=href(step.name, [finding.finding_id]), className=_look(step))
             for step, no in told if no is None]  # fmt: skip
    refused = [html.Li([html.B(words.word(words.DO, step.name)), t(": "), t(no)]) for step, no in told if no is not None and _worth(no)]
    said = html.Summary(t("What cannot be done now, and why"))
    why = html.Details([said, html.Ul(refused)], className="blind screen-only") if refused else None
    if not told:
        return [html.P(t("Your role looks and does not act."), className="faint")]
    return [html.Div(links, className="offers"), why]


def _letters(asked: Asked, finding: Finding) -> html.Div | None:
    """The letters that speak of the finding, to be read in both languages; and the way to a new one."""
    found = correction.letters(asked.conn, finding.finding_id)
    address = f"{LETTER}?finding={finding.finding_id}"
    write = html.A([states.icon("envelope-paper"), " ", t("Write a letter")], href=address, className="chip")
    may_write = finding.outcome == "true" and finding.stage == "verified" and viewer().may("act")
    lines = [html.Li([
        html.B(one.number), " ", words.word(words.LETTER, one.kind), " · ", t("until {day}", day=shown.day(one.due_on)), html.Br(),
        html.Span([piece for kind in ("docx", "pdf") for lang, name in (("zh", "中文"), ("en", "English"))
          for piece in (html.A(f"{name} {kind.upper()}", href=f"{LETTER}/{one.letter_id}.{kind}?copy={lang}"), " ")],
                  className="screen-only"),
    ]) for one in found]  # fmt: skip
    return html.Div([html.Ul(lines, className="letters") if lines else None, write if may_write else None]) if lines or may_write else None


def _look(step: Step) -> str:
    return "chip" if step.to is None else "chip on"


def _worth(no: str) -> bool:
    """What was done already, or asks for something else first, needs no word."""
    return no not in (steps.MOVED_ON, DONE_ALREADY, NOT_A_CITIZEN, ONLY_CONFIRMED)

