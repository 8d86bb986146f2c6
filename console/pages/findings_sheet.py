"""The work list as a file: the same rows in the same order, with the same words."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import request

from console.answering import Asked
from console.files.place import looked_at
from console.files.sheet import Column, Sheet
from console.i18n import t
from console.parts import grid
from console.parts.filter_bar import described
from console.parts.grid import cells
from console.queries import findings, regions
from console.sentences import sample, total

PATH = "/findings"


def sheet(asked: Asked, most: int) -> Sheet:
    """Return the findings of a question in the order of the reader's list, at most ``most``, read as they are written."""
    question = findings.asked(asked.filters, asked.now)
    sums = findings.totals(asked.conn, question)
    place, order = looked_at(asked), wanted_order(request.args.get("order", ""))
    summed = (t("Sum"), total(sums.n, sums.amount_fen, sums.n_no_amount))
    head = [*described(asked.filters, place), *_drawn(asked), summed, (t("Order"), _said(order))]
    return Sheet("findings", t("Findings"), place, asked.now, head, columns(), _rows(asked, question, order, most), sums.n)


def _drawn(asked: Asked) -> list[tuple[str, str]]:
    if not asked.filters.sample:
        return []
    population = findings.totals(asked.conn, findings.asked(asked.filters.but(sample=None), asked.now))
    return [(t("Sample"), sample(asked.filters, population.n))]


def wanted_order(text: str) -> list[tuple[str, str]]:
    """Read the order the list stands in (``amount.desc,card.asc``, the address says it); unknown columns are dropped."""
    parts = [part.partition(".") for part in text.split(",")[:3]]
    return [(column, direction) for column, _, direction in parts if column in findings.ORDERS and direction in ("asc", "desc")]


def _said(order: Sequence[tuple[str, str]]) -> str:
    names = {column.get("colId"): column["headerName"] for column in grid.columns()}
    return t(", ").join([*(f"{names.get(column, column)} {'↓' if way == 'desc' else '↑'}" for column, way in order), t("newest first")])


def columns() -> list[Column]:
    """Return the columns of the list, then what one needs to find a line again."""
    return [
        Column(t("Rule"), width=7), Column(t("Card"), width=9), Column(t("What was found"), width=22), Column(t("Why"), width=60),
        Column(t("Place"), width=16), Column(t("About"), width=18), Column(t("Amount at risk"), "money", 13), Column(t("Stage"), width=10),
        Column(t("Opened at"), "instant", 20), Column(t("Key"), width=24, on_paper=False), Column(t("Finding number"), width=29),
    ]  # fmt: skip


def _rows(asked: Asked, question: dict[str, Any], order: Sequence[tuple[str, str]], most: int) -> Iterator[Sequence[Any]]:
    for block in findings.blocks(asked.conn, question, order, most):
        named = regions.places(asked.conn, [row.region_code for row in block])
        yield from (_row(row, cells(row, named)) for row in block)


def _row(row: findings.Row, told: dict[str, Any]) -> Sequence[Any]:
    return (row.rule, told["card"], told["title"], told["why"], told["place"], told["subject"], row.amount_at_risk_fen, told["stage"],
            row.opened_at, row.subject_key, row.finding_id)  # fmt: skip
