"""Funds: does the money that was decided reach people, to the fen; where it departs, what is owed, recovered and prevented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import Dash, Output, html

from console import format as shown
from console.answering import Asked, Reading, answer
from console.files.serving import links
from console.i18n import marked, t, tn
from console.pages.funds_months import MONTHS, tell_months
from console.pages.funds_rows import PATH, tell_rows
from console.pages.funds_statistics import STATISTICS, tell_statistics
from console.pages.funds_sums import (
    BUDGET,
    RECONCILED,
    RETURNED,
    tell_batches,
    tell_budget,
    tell_reconciled,
    tell_returned,
)
from console.parts import chart, listing, panel, states
from console.parts.drawn import content, drawn
from console.parts.tiles import Tile, tiles
from console.queries import data, findings, funds
from sql.rights import Right

__all__ = ["PATH"]
TITLE, ICON = marked("Funds"), "cash-coin"
OPENS_WITH: tuple[Right, ...] = ("read",)
TILES, FILES, ASOF, BATCHES, LISTED = "funds-tiles", "funds-files", "funds-asof", "funds-batches", "funds-rows"


def layout(_path: str) -> html.Div:
    """Return the page with skeletons in place of what is read."""
    waiting = [html.Div(states.loading(70), className="tile") for _ in range(4)]
    return html.Div([
        panel.head(t(TITLE), t("Does the money that was decided reach people, to the fen, and where does it depart from the decisions."),
                   html.Span(id=ASOF, className="asof"), drawn(FILES, className="files")),
        drawn(TILES, waiting, className="tiles"),
        html.Div([
            panel.chart_panel(MONTHS, t("Deviations by month and place"), _picture(MONTHS, 460), picture=True),
            html.Div([_table(RECONCILED, t("Decision, payment list, bank")),
                      html.Div([_table(RETURNED, t("Returned by the bank")), _table(BATCHES, t("Payment lists"))],
                               className="stack")], className="halves"),
            panel.chart_panel(BUDGET, t("Budget execution"), _picture(BUDGET, 320), picture=True),
            panel.chart_panel(STATISTICS, t("Statistics: hints, not findings"),
                              drawn(f"{STATISTICS}-table", states.loading(260, lines=9), className="stack"), twin=False),
            listing.box(LISTED, t("Rows")),
        ], className="stack"),
    ])  # fmt: skip


def _picture(name: str, height: int) -> html.Div:
    drawing = html.Div([chart.graph(name, height=height), drawn(f"{name}-legend")], className="picture")
    return html.Div([drawing, drawn(f"{name}-table", className="twin wide-table")])


def _table(name: str, title: str) -> html.Section:
    return panel.chart_panel(name, title, drawn(f"{name}-table", states.loading(180, lines=6), className="wide-table"), twin=False)


def tell_tiles(asked: Asked) -> list[Any]:
    """Return four amounts that are never added to each other, the files of the list, and as of when."""
    risk = asked.filters.scope().but(present=True, amount=True)
    at_risk = findings.totals(asked.conn, findings.asked(risk, asked.now))
    made_at, held = funds.made_at(asked.conn), money(asked)
    made = [
        Tile(t("Money to verify"), shown.yuan_short(at_risk.amount_fen),
             tn("in {n} finding; a doubt, not a loss", "in {n} findings; a doubt, not a loss", at_risk.n), risk, at_risk.n),
        *(held[name] for name in ("owed", "recovered", "prevented")),
    ]  # fmt: skip
    return [tiles(made), links(PATH, asked.filters), t("As of {at}", at=shown.minute(made_at)) if made_at else t("not computed yet")]


def money(asked: Asked) -> dict[str, Tile]:
    """Return the amounts of the place and time looked at, each with its list: owed, paid back later, recovered, prevented."""
    asks, told = funds.question(asked.conn, asked.filters, asked.now), data.reporting(asked.conn, ("payment", "recovery"))
    sums = funds.sums(asked.conn, asks) if funds.made_at(asked.conn) and "payment" in told.entities else None
    owed, arrears = (sums.get(name, funds.Sum()) if sums is not None else None for name in ("owed", "arrears"))
    return {
        "owed": _amount(asked, "owed", t("Owed to citizens"), owed),
        "arrears": _amount(asked, "arrears", t("Paid back to citizens"), arrears and replace(arrears, fen=abs(arrears.fen))),
        "recovered": _amount(asked, "recovered", t("Recovered"), _sum(asked, asks, "recovered") if "recovery" in told.entities else None),
        "prevented": _amount(asked, "prevented", t("Prevented"), _sum(asked, asks, "prevented")),
    }


def _sum(asked: Asked, asks: dict[str, Any], name: str) -> funds.Sum:
    _, n, fen = funds.listed(asked.conn, asks, name, 1)
    return funds.Sum(n, int(fen or 0))


def _counted(rows: str, n: int) -> str:
    """Say what an amount was counted from."""
    if rows == "owed":
        return tn("{n} benefit month not paid in full", "{n} benefit months not paid in full", n)
    if rows == "arrears":
        return tn("{n} line of arrears", "{n} lines of arrears", n)
    if rows == "recovered":
        return tn("by {n} order to pay back", "by {n} orders to pay back", n)
    return tn("{n} benefit put right after a finding, one month of it", "{n} benefits put right after a finding, one month of each", n)


def _amount(asked: Asked, rows: str, label: str, held: funds.Sum | None) -> Tile:
    opens = asked.filters.scope().but(rows=rows)
    if held is None:
        return Tile(label, t("unknown"), t("no source reports this"), opens, 0, "unknown", PATH)
    return Tile(label, shown.yuan_short(held.fen), _counted(rows, held.n), opens, held.n, "", PATH)


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question. The reconciliation changes every few minutes: only the tiles follow each card."""

    def here(path: str) -> bool:
        return path == PATH

    answer(app, reading, [content(TILES), content(FILES), Output(ASOF, "children")], tell_tiles, here=here, note=0)
    for name, tell in ((RECONCILED, tell_reconciled), (RETURNED, tell_returned), (BATCHES, tell_batches),
                       (STATISTICS, tell_statistics), (LISTED, tell_rows)):  # fmt: skip
        outputs = [Output(f"{name}-say", "children"), content(f"{name}-note"), content(f"{name}-table")]
        answer(app, reading, outputs, tell, here=here, note=1, follows_data=False)
    heat = [Output(f"{MONTHS}-say", "children"), content(f"{MONTHS}-note"), content(f"{MONTHS}-table"),
            Output({"type": "figure", "chart": MONTHS}, "data"),
            content(f"{MONTHS}-legend"), Output(f"{MONTHS}-picture", "aria-label")]  # fmt: skip
    answer(app, reading, heat, tell_months, here=here, note=1, follows_data=False)
    bars = [Output(f"{BUDGET}-say", "children"), content(f"{BUDGET}-note"), Output({"type": "figure", "chart": BUDGET}, "data"),
            content(f"{BUDGET}-legend"),
            content(f"{BUDGET}-table"), Output(f"{BUDGET}-picture", "aria-label")]  # fmt: skip
    answer(app, reading, bars, tell_budget, here=here, note=1, follows_data=False)
