"""One subject's story: events above, money below, findings as marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import dcc, html

from console import format as shown
from console import words
from console.i18n import t
from console.parts.evidence import NO_NAMES, Names, label, value
from console.parts.panel import tag
from console.parts.states import icon
from console.queries.dossier import Event, Step

MONEY = ("payment", "project_payment", "recovery", "fund_transfer")
ICONS = {
    "stage": "signpost", "application": "file-earmark-text", "benefit": "house-heart", "register": "journal-check",
    "household": "people", "household_member": "person-plus", "person": "person-vcard", "account": "credit-card",
    "income_check": "calculator", "payment_batch": "collection", "service_order": "tools", "survey_response": "chat-square-text",
}  # fmt: skip
TOLD = {  # what one wants to know at a glance; the rest is behind the event
    "stage": ("result", "reason", "unit_code"), "application": ("programme", "path"),
    "benefit": ("programme", "monthly_amount_fen", "covered_persons", "start_period", "end_period", "stop_reason"),
    "register": ("from_date", "to_date", "department"), "household": ("region_code",),
    "household_member": ("relation_to_head", "counted", "from_date", "to_date"),
    "person": ("name_mask", "id_number_mask"), "account": ("account_mask", "holder_name_mask", "holder_role"),
    "income_check": ("verified_per_capita_fen", "authorised"), "payment_batch": ("programme", "period", "lines", "total_fen"),
    "service_order": ("started_at", "ended_at", "status"), "survey_response": ("phase", "score", "channel"),
}  # fmt: skip
HAPPENED = {  # records that tell of one moment; others tell of what holds from their change on
    "stage": "at", "application": "submitted_at", "income_check": "checked_at", "service_order": "started_at",
    "survey_response": "answered_at",
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A finding on the line of events, where it opened."""

    at: datetime
    card: str | None
    title: str
    href: str
    here: bool


def event_list(events: Iterable[Event], marks: Iterable[Mark] = (), names: Names = NO_NAMES) -> html.Ol:
    """Return events and findings, newest first, each with when it happened and, if late, when we learned of it."""
    lines = [(happened(event), _event(event, names)) for event in events] + [(mark.at, _mark(mark)) for mark in marks]
    return html.Ol([line for _, line in sorted(lines, key=lambda line: line[0], reverse=True)], className="timeline")


def happened(event: Event) -> datetime:
    """Return when what an event tells of happened: a step's own time, which may be long before it was recorded."""
    told_at = (event.body or {}).get(HAPPENED.get(event.entity, ""))
    return datetime.fromisoformat(told_at) if isinstance(told_at, str) else event.occurred_at


def _mark(mark: Mark) -> html.Li:
    said = html.B(mark.title) if mark.here else dcc.Link(mark.title, href=mark.href)
    return html.Li(
        [html.Span(shown.minute(mark.at), className="at"), html.Span(icon("flag-fill"), className="dot"),
         html.Div([tag(mark.card), " ", said], className="what")],
        className="found",
    )  # fmt: skip


def _event(event: Event, names: Names) -> html.Li:
    at = happened(event)
    late = (event.known_at - at).total_seconds() > 86_400
    known = t("known to us {at}", at=shown.day(event.known_at))
    return html.Li(
        [
            html.Span(shown.minute(at), className="at"),
            html.Span(icon(ICONS.get(event.entity, "dot")), className="dot"),
            html.Div(
                [html.B(event_title(event)), " ", html.Span(shown.short_key(event.key), className="code"),
                 html.Span(f" · {known}", className="known") if late else None,
                 html.Div(told(event.entity, event.body or {}, names), className="sub")],
                className="what",
            ),
        ]
    )  # fmt: skip


def event_title(event: Event) -> str:
    """Return what an event is called: the step for steps, the kind for registers, else the record."""
    body = event.body or {}
    name = words.word(words.ENTITY, event.entity)
    if event.op == "deleted":
        return t("{record} deleted", record=name)
    if event.entity == "stage" and body.get("stage_code"):
        return words.word(words.STAGE_CODE, body["stage_code"])
    if event.entity == "register" and body.get("kind"):
        return t("Register: {kind}", kind=words.value(body["kind"]))
    return name


def told(entity: str, body: dict[str, Any], names: Names = NO_NAMES) -> list[Any]:
    """Return the few fields of a record that say most, each with its name."""
    parts: list[Any] = []
    for column in TOLD.get(entity, ()):
        if body.get(column) is not None and not _tells_a_birth_date(column, body):
            parts += [" · " if parts else "", label(column), t(": "), value(column, body[column], names)]
    return parts


def _tells_a_birth_date(column: str, body: dict[str, Any]) -> bool:
    """Most people are registered on the day they were born; the full date is shown nowhere outside a reveal."""
    return column == "from_date" and body.get("kind") == "hukou"


def money_table(events: Iterable[Event]) -> html.Table:
    """Return what was paid: month, amount, state, when."""
    head = html.Tr(
        [
            html.Th(t("Month")),
            html.Th(t("Programme")),
            html.Th(t("Amount"), className="n"),
            html.Th(t("State")),
            html.Th(t("Paid at")),
        ]
    )
    return html.Table([html.Thead(head), html.Tbody([_paid(event) for event in events])], className="rows money")


def _paid(event: Event) -> html.Tr:
    body = event.body or {}
    at = body.get("paid_at") or body.get("received_at")
    state = t("deleted") if event.op == "deleted" else words.value(body.get("status") or "")
    return html.Tr(
        [
            html.Td(body.get("period") or shown.day(event.occurred_at)),
            html.Td(words.word(words.PROGRAMME, body.get("programme")) or words.word(words.ENTITY, event.entity)),
            html.Td(shown.yuan(body.get("amount_fen")), className="n"), html.Td(state),
            html.Td(value("paid_at", at) if at else shown.NOTHING),
        ]
    )  # fmt: skip


def latest_versions(events: Sequence[Event]) -> list[Event]:
    """Return the newest event of each record (they come newest first): money is counted once, not per version."""
    seen: dict[tuple[str, str], Event] = {}
    for event in events:
        seen.setdefault((event.entity, event.key), event)
    return list(seen.values())


def history(steps: Iterable[Step]) -> html.Ol:
    """Return what happened to a finding, newest first."""
    return html.Ol([_step(step) for step in reversed(list(steps))], className="timeline")


def _step(step: Step) -> html.Li:
    change = [
        words.word(table, code)
        for table, code in (
            (words.CARD, step.from_card),
            (words.CARD, step.to_card),
            (words.STAGE, step.from_stage),
            (words.STAGE, step.to_stage),
        )
        if code
    ]
    who = t("by aidwatch") if step.by_whom == "aidwatch" else t("by {who}", who=step.by_whom)
    return html.Li(
        [
            html.Span(shown.minute(step.at), className="at"),
            html.Span(icon("circle-fill" if step.to_card else "circle"), className="dot"),
            html.Div(
                [html.B(words.word(words.STEP, step.what)), " ", " → ".join(change),
                 html.Div(" · ".join(filter(None, (who, *_said(step.said or {})))), className="sub"),
                 html.P(step.note, className="said") if step.note else None],
                className="what",
            ),
        ],
        className="found" if step.to_card == "red" else "",
    )  # fmt: skip


def _said(said: dict[str, str]) -> list[str]:
    """What was decided with a step: who answers, until when, what was found and why."""
    return [
        said.get("unit", ""), t("until {day}", day=said["due_on"]) if "due_on" in said else "",
        words.word(words.OUTCOME, said.get("outcome")), t("verified against: {what}", what=said["against"]) if "against" in said else "",
        words.word(words.REASON, said.get("reason")),
    ]  # fmt: skip
