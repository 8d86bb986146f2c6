"""What a letter says, in one language: the same text for Word and for PDF.

The form follows official letters (党政机关公文格式 GB/T 9704-2012): title, number, addressee, facts with their articles,
what is asked for, until when, signature and date. It speaks of facts that people confirmed, never of anybody's guilt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from console import format as shown
from console import rulebook, words
from console.i18n import LANGUAGES, language, of, speaking, t

KINDS = ("advice", "rectify")
MOST = 100  #: findings of one letter


@dataclass(frozen=True)
class Draft:
    """What people decide about a letter; everything else follows from the findings.

    ``demands`` None: what the rules advise, in the language of each copy.
    """

    kind: str
    number: str
    office: str
    unit: str
    issued_on: date
    due_on: date
    demands: str | None


@dataclass(frozen=True)
class Text:
    """A letter in one language."""

    title: str
    number: str
    to: str
    opening: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    asked: str
    demands: Sequence[str]
    until: str
    note: str
    office: str
    on: str


def body(draft: Draft, findings: Sequence[Any]) -> dict[str, Any]:
    """Return the letter in every language, as it is kept: language → fields of Text."""
    told = {}
    for lang in LANGUAGES:
        with speaking(lang):
            told[lang] = asdict(text(draft, findings))
    return told


def digest(body: dict[str, Any]) -> str:
    """Return the sha256 of a letter, which stands at its foot."""
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def text(draft: Draft, findings: Sequence[Any]) -> Text:
    """Return the letter in the language spoken now."""
    return Text(
        title=words.word(words.LETTER, draft.kind), number=draft.number, to=draft.unit, opening=_opening(draft, findings),
        heads=(t("No."), t("What was found"), t("About"), t("Facts"), t("Basis"), t("Amount")),
        rows=tuple(_row(n, one) for n, one in enumerate(findings, 1)),
        asked=t("You are asked:") if draft.kind == "rectify" else t("It is proposed:"),
        demands=tuple(filter(None, map(str.strip, (draft.demands or proposed_demands(findings)).splitlines()))),
        until=t("Please finish by {day} and report in the system what was done, with the papers that show it.", day=_day(draft.due_on)),
        note=t("You may object or explain in writing before that day. This letter states facts for correction; it is no finding of "
               "anybody's fault, and stops or changes no payment. It comes back by itself if the same is found again within 90 days."),
        office=draft.office, on=_day(draft.issued_on),
    )  # fmt: skip


def _opening(draft: Draft, findings: Sequence[Any]) -> str:
    n = len(findings)
    if draft.kind == "rectify":
        return t("The following was found by electronic supervision and confirmed by verification ({n}). It is to be corrected.", n=n)
    return t("The following was found by electronic supervision and confirmed by verification ({n}). It shows what can be done better.",
             n=n)  # fmt: skip


def _row(n: int, finding: Any) -> tuple[str, ...]:
    amount = shown.yuan(finding.amount_at_risk_fen) if finding.amount_at_risk_fen else shown.NOTHING
    subject = f"{words.word(words.SUBJECT, finding.subject_kind)} {shown.short_key(finding.subject_key)}"
    title, basis = f"{rulebook.title(finding.rule, finding.subject_kind)} {finding.rule}", t("; ").join(rulebook.basis(finding.rule))
    return str(n), title, subject, rulebook.sentence(finding), basis, amount


def proposed_demands(findings: Sequence[Any]) -> str:
    """Return what the rules of these findings advise, one line each, in the language spoken now."""
    rules = [rulebook.rule(one.rule, one.subject_kind) for one in findings]
    return "\n".join(dict.fromkeys(of(rule.remedy) for rule in rules if rule))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language() == "zh" else day.isoformat()
