"""The timeline of a dossier as a file: its events, its money and what was found, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from dash.development.base_component import Component

from console import format as shown
from console import rulebook, words
from console.answering import Asked
from console.files.lists import Listed, sheet_of
from console.files.sheet import Sheet
from console.i18n import marked, t
from console.pages.dossier import subject_of, told_of
from console.parts import timeline
from console.parts.evidence import Names
from console.parts.listing import Field
from console.queries import dossier, findings
from console.queries.dossier import Event
from console.url import Filters

PATH = "/dossier/<subject>/<path:key>"


class Line(NamedTuple):
    """One thing that happened to a subject."""

    at: datetime
    known_at: datetime | None
    kind: str
    what: str
    key: str
    details: str
    amount_fen: int | None = None
    source: str = ""


def story(asked: Asked, most: int) -> Listed:
    """Return everything that happened, newest first."""
    subject = subject_of(asked)
    assert subject is not None  # looked for in ``sheet``
    told, found, names = told_of(asked, subject, dossier.households(asked.conn, subject), most)
    money = timeline.latest_versions([event for event in told.events if event.entity in timeline.MONEY])  # counted once, not per version
    events = [event for event in told.events if event.entity not in timeline.MONEY] + money
    lines = [*(_event(event, names) for event in events), *map(_finding, found)]
    about = f"{words.word(words.SUBJECT, subject.subject_kind)} {subject.subject_key}"
    rows = sorted(lines, key=lambda line: line.at, reverse=True)
    known = [(t("As known on"), shown.day(asked.filters.known))] if asked.filters.known else []
    return Listed(Filters(), _fields(), rows, len(rows) + told.cut, more=[(t("About"), about), *known])


def _fields() -> list[Field]:
    return [
        Field(t("When"), lambda line: line.at, "instant", 18), Field(t("Known to us at"), lambda line: line.known_at, "instant", 18),
        Field(t("Kind"), lambda line: line.kind, width=12), Field(t("What happened"), lambda line: line.what, width=24),
        Field(t("Key"), lambda line: line.key, width=26), Field(t("Details"), lambda line: line.details, width=60),
        Field(t("Amount"), lambda line: line.amount_fen, "money", 13), Field(t("Source"), lambda line: line.source, width=20),
    ]  # fmt: skip


def _event(event: Event, names: Names) -> Line:
    body, is_money = event.body or {}, event.entity in timeline.MONEY
    details = _paid(body) if is_money else _text(timeline.told(event.entity, body, names))
    amount = body.get("amount_fen") if is_money else None
    kind = t("Money") if is_money else t("Event")
    return Line(timeline.happened(event), event.known_at, kind, timeline.event_title(event), event.key, details, amount, event.source)


def _paid(body: dict[str, Any]) -> str:
    said = (body.get("period"), words.word(words.PROGRAMME, body.get("programme")), words.value(body.get("status") or ""))
    return " · ".join(filter(None, said))


def _finding(row: findings.Row) -> Line:
    at_risk = t(", {sum} at risk", sum=shown.yuan(row.amount_at_risk_fen)) if row.amount_at_risk_fen else ""
    card = words.word(words.CARD, row.card or "cleared")
    title = f"{row.rule} {rulebook.title(row.rule, row.subject_kind)}"
    return Line(row.opened_at, None, t("Finding"), title, row.finding_id, f"{card} · {words.word(words.STAGE, row.stage)}{at_risk}")


def _text(node: Any) -> str:
    """Return what a component says, without its form."""
    if isinstance(node, Component):
        return _text(getattr(node, "children", ""))
    if isinstance(node, (list, tuple)):
        return "".join(f"{_text(one)} " if isinstance(one, Component) else _text(one) for one in node)
    return shown.plain(node) if node not in (None, "") else ""


_build = sheet_of("dossier", marked("Dossier"), {"timeline": (marked("Timeline"), story)})


def sheet(asked: Asked, most: int) -> Sheet | None:
    """Return the timeline of the subject at the address; None where there is no such subject, or none that may be seen."""
    return _build(asked, most) if subject_of(asked) else None
