"""The board of page Inquiries as a file, every card of it, and what each unit is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from console import words
from console.answering import Asked
from console.files.lists import Listed, count, sheet_of
from console.i18n import marked, t
from console.pages.inquiries import ASKED, PATH, counts_of, here, opens
from console.parts.grid import cells
from console.parts.listing import Field
from console.queries import findings, regions
from console.queries.findings import Waiting
from console.url import ACTIVE, WAITS

__all__ = ["PATH"]


def board(asked: Asked, most: int) -> Listed:
    """Return the cards of every column, those that are due first within each."""
    scope, rows = here(asked), list[Waiting]()
    for waits in WAITS:
        rows += findings.board(asked.conn, findings.asked(opens(scope, waits), asked.now), most - len(rows)) if len(rows) < most else []
    n = sum(n for n, _ in counts_of(asked, scope).values())
    places = regions.places(asked.conn, {one.row.region_code for one in rows})
    return Listed(scope, _card(asked, rows), [Card(one, cells(one.row, places)) for one in rows], n)


class Card(NamedTuple):
    """One finding of the board, and the words of the list for it."""

    one: Waiting
    said: dict[str, Any]


def _card(asked: Asked, rows: list[Waiting]) -> list[Field]:
    units = regions.units(asked.conn, {one.unit_code for one in rows})

    def cell(name: str, key: str, width: int) -> Field:
        return Field(name, lambda card: card.said[key], width=width)

    def asked_of(card: Card) -> str | None:
        return units.get(card.one.unit_code or "", card.one.unit_code) if card.one.waits in ASKED else None

    def due(card: Card) -> datetime | None:
        return card.one.due_at if card.one.waits in ASKED else None

    return [
        Field(t("Waits for"), lambda card: words.word(words.WAITS, card.one.waits), width=12),
        Field(t("Rule"), lambda card: card.one.row.rule, width=7),
        cell(t("Card"), "card", 9), cell(t("What was found"), "title", 22), cell(t("Why"), "why", 50), cell(t("Place"), "place", 16),
        Field(t("Unit"), asked_of, width=24),
        Field(t("Until"), due, "instant", 18),
        Field(t("Late"), lambda card: t("late") if (at := due(card)) and at <= asked.now else "", width=8),
        Field(t("Amount at risk"), lambda card: card.one.row.amount_at_risk_fen, "money", 13),
        Field(t("Opened at"), lambda card: card.one.row.opened_at, "instant", 18),
        Field(t("Key"), lambda card: card.one.row.subject_key, width=24),
        Field(t("Finding number"), lambda card: card.one.row.finding_id, width=29),
    ]  # fmt: skip


def units(asked: Asked, most: int) -> Listed:
    """Return the units that are to act, the latest first."""
    scope = here(asked)
    rows = findings.waiting_by_unit(asked.conn, findings.asked(scope.but(stage=ACTIVE[1:]), asked.now), asked.now, most + 1)
    return Listed(scope, [
        Field(t("Unit"), lambda row: row.name or row.unit_code or t("no unit named"), width=28),
        *(count(words.word(words.WAITS, waits), waits) for waits in WAITS[1:]), count(words.word(words.DUE, "late"), "late"),
    ], rows, len(rows))  # fmt: skip


LISTS = {"board": (marked("The way of the cards"), board), "units": (marked("By unit"), units)}
sheet = sheet_of("inquiries", marked("Inquiries"), LISTS)
