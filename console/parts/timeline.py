"""One subject's story: events above, money below, findings as marks."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from console import format as shown
from console import words
from console.i18n import t
from console.parts.evidence import label, value
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


def event_list(events: Iterable[Event]) -> html.Ol:
    """Return events, newest first, each with when it happened and when we learned of it."""
    return html.Ol([_event(event) for event in events], className="timeline")


def _event(event: Event) -> html.Li:
    body = event.body or {}
    late = (event.known_at - event.occurred_at).total_seconds() > 86_400
    return html.Li(
        [
            html.Span(shown.minute(event.occurred_at), className="at"),
            html.Span(icon(ICONS.get(event.entity, "dot")), className="dot"),
            html.Div(
                [
                    html.B(event_title(event)), " ", html.Span(shown.short_key(event.key), className="code"),
                    html.Div(told(event.entity, body), className="sub"),
                    html.Div(t("known to us {at}", at=shown.minute(event.known_at)), className="known") if late else None,
                ],
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


def told(entity: str, body: dict[str, Any]) -> list[Any]:
    """Return the few fields of a record that say most, each with its name."""
    parts: list[Any] = []
    for column in TOLD.get(entity, ()):
        if body.get(column) is not None:
            parts += [" · " if parts else "", f"{label(column)} ", value(column, body[column])]
    return parts


def money_table(events: Iterable[Event]) -> html.Table:
    """Return what was paid: month, amount, state, when."""
    head = html.Tr([html.Th(t("Month")), html.Th(t("Programme")), html.Th(t("Amount"), className="n"), html.Th(t("State")), html.Th(t("Paid at"))])
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
    change = [words.word(table, code) for table, code in (
        (words.CARD, step.from_card), (words.CARD, step.to_card), (words.STAGE, step.from_stage), (words.STAGE, step.to_stage)) if code]
    who = t("by aidwatch") if step.by_whom == "aidwatch" else t("by {who}", who=step.by_whom)
    return html.Li(
        [
            html.Span(shown.minute(step.at), className="at"),
            html.Span(icon("circle-fill" if step.to_card else "circle"), className="dot"),
            html.Div(
                [html.B(words.word(words.STEP, step.what)), " ", " → ".join(change),
                 html.Div([who, f" · {step.note}" if step.note else ""], className="sub")],
                className="what",
            ),
        ],
        className="mark" if step.to_card == "red" else "",
    )  # fmt: skip
