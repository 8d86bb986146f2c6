"""The ledger of page Rules as a file."""

from __future__ import annotations

from typing import NamedTuple

from console import format as shown
from console import rulebook, words
from console.answering import Asked
from console.files.lists import Listed, sheet_of
from console.i18n import marked, t
from console.pages.rules import PATH, state_of
from console.parts.listing import Field
from console.queries import rules
from console.queries.rules import Yield
from monitors.rule import Rule

__all__ = ["PATH"]


class Line(NamedTuple):
    """One rule and what became of what it flagged."""

    code: str
    rule: Rule | None
    became: Yield
    state: str


def ledger(asked: Asked, _most: int) -> Listed:
    """Return every rule with its yield."""
    scope = asked.filters.scope()
    found, known = rules.yields(asked.conn, scope, asked.now), rules.states(asked.conn)
    became = {code: sum(of.values(), Yield()) for code, of in found.items()}
    lines = [Line(code, rulebook.rule(code, ""), became.get(code, Yield()), state_of(known.get(code))) for code in rulebook.known()]
    return Listed(scope, _fields(), lines, len(lines))


def _fields() -> list[Field]:
    return [
        Field(t("Rule"), lambda line: line.code, width=7), Field(t("What was found"), lambda line: rulebook.title(line.code), width=28),
        Field(t("Family"), lambda line: words.word(words.FAMILY, line.rule.family) if line.rule else "", width=12),
        Field(t("Who acts"), lambda line: words.word(words.ADDRESSED, line.rule.to) if line.rule else "", width=12),
        Field(t("State"), lambda line: line.state, width=20), _count(t("Flagged"), "flagged"), _count(t("Holds now"), "present"),
        _count(t("Handed over"), "handed_over"), _count(t("Verified"), "verified"), _count(t("Confirmed"), "confirmed"),
        Field(t("Confirmed share"), lambda line: line.became.precision, "share", 10), Field(t("95 % interval"), _interval, width=14),
        _count(t("Corrected"), "corrected"), Field(t("Confirmed amount"), lambda line: line.became.confirmed_fen, "money", 13),
    ]  # fmt: skip


def _count(name: str, column: str) -> Field:
    return Field(name, lambda line: getattr(line.became, column), "count", 9)


def _interval(line: Line) -> str:
    return "–".join(map(shown.share, line.became.interval)) if line.became.verified else ""


LISTS = {"ledger": (marked("Catalogue and yield"), ledger)}
sheet = sheet_of("rules", marked("Rules"), LISTS)
