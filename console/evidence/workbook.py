"""finding.xlsx of a package: the finding in sheets one can sort and file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from console import format as shown
from console import rulebook, words
from console.answering import Asked
from console.evidence.printed import plain
from console.files.place import looked_at
from console.files.sheet import Column, Sheet
from console.files.xlsx_file import write_all
from console.gate import viewer
from console.i18n import t
from console.parts.evidence import Names, label, value
from console.parts.timeline import event_title, happened, told
from console.queries import dossier


def workbook(asked: Asked, finding: dossier.Finding, story: dossier.Timeline, names: Names) -> bytes:
    """Return the workbook: in short, values, timeline, history, who looked."""
    steps, looks = dossier.history(asked.conn, finding.finding_id), dossier.looks(asked.conn, finding.finding_id)
    pages = [
        (t("In short"), _short(finding), _short_columns()), (t("Values"), _values(finding, names), _values_columns()),
        (t("Timeline"), [_event(event, names) for event in story.events], _timeline_columns()),
        (t("History"), [_step(step) for step in steps], _history_columns()),
        (t("Who looked, when, why"), [_look(look) for look in looks], _looks_columns()),
    ]  # fmt: skip
    out = io.BytesIO()
    head = [(t("Finding number"), finding.finding_id)]
    sheets = [Sheet("finding", title, looked_at(asked), asked.now, head, columns, rows, len(rows)) for title, rows, columns in pages]
    write_all([(sheet, sheet.printed_head(sheet.total, viewer().display_name)) for sheet in sheets], out)
    return out.getvalue()


def _short_columns() -> list[Column]:
    return [Column(t("What"), width=24), Column(t("Value"), width=90)]


def _values_columns() -> list[Column]:
    return [Column(t("What"), width=30), Column(t("Value"), width=50), Column(t("Column of the rule"), width=30)]


def _timeline_columns() -> list[Column]:
    return [Column(t("Happened at"), "instant", 17), Column(t("Known to us at"), "instant", 17), Column(t("Event"), width=24),
            Column(t("Details"), width=60), Column(t("Key"), width=24), Column(t("Source"), width=24)]  # fmt: skip


def _history_columns() -> list[Column]:
    return [Column(t("When"), "instant", 17), Column(t("What"), width=20), Column(t("Before"), width=16), Column(t("After"), width=16),
            Column(t("Who"), width=16), Column(t("Note"), width=60)]  # fmt: skip


def _looks_columns() -> list[Column]:
    return [Column(t("When"), "instant", 17), Column(t("Who"), width=16), Column(t("What"), width=16), Column(t("Purpose"), width=16),
            Column(t("Case or file number"), width=40)]  # fmt: skip


def _short(finding: dossier.Finding) -> list[Sequence[Any]]:
    rungs = {"notice": finding.notice_at, "yellow": finding.yellow_at, "red": finding.red_at}
    pairs = [
        (t("What was found"), " ".join((rulebook.title(finding.rule), finding.rule, t("version {n}", n=finding.rule_version)))),
        (t("Why"), rulebook.sentence(finding)), (t("What would clear it"), rulebook.clears(finding)),
        (t("Rule and article"), "\n".join(rulebook.basis(finding.rule))),
        (t("About"), f"{words.word(words.SUBJECT, finding.subject_kind)} {finding.subject_key}"),
        (t("Card"), t(words.CARD[finding.card or "cleared"])), (t("Stage"), words.word(words.STAGE, finding.stage)),
        (t("Amount at risk"), shown.yuan(finding.amount_at_risk_fen)), (t("Opened at"), shown.minute(finding.opened_at)),
        (t("First seen by us"), shown.minute(finding.first_seen_at)),
        *((t(words.CARD[card]), shown.minute(at)) for card, at in rungs.items() if at),
    ]  # fmt: skip
    return [pair for pair in pairs if pair[1]]


def _values(finding: dossier.Finding, names: Names) -> list[Sequence[Any]]:
    return [(label(name), plain(value(name, finding.evidence[name], names)).strip(), name) for name in rulebook.in_order(finding)]


def _event(event: dossier.Event, names: Names) -> Sequence[Any]:
    said = plain(told(event.entity, event.body or {}, names)).strip()
    return (happened(event), event.known_at, event_title(event), said, event.key, event.source)


def _step(step: dossier.Step) -> Sequence[Any]:
    before, after = _state(step.from_card, step.from_stage), _state(step.to_card, step.to_stage)
    return (step.at, words.word(words.STEP, step.what), before, after, step.by_whom, step.note)


def _state(card: str | None, stage: str | None) -> str:
    return " ".join(filter(None, (words.word(words.CARD, card), words.word(words.STAGE, stage))))


def _look(look: dossier.Look) -> Sequence[Any]:
    return (look.at, look.who, words.word(words.SECRET, look.kind), words.word(words.PURPOSE, look.purpose), look.case_no)
