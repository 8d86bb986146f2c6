"""Duplicates: who holds two benefits in the same months, and whether the matrix lets them."""

from __future__ import annotations

from typing import Any

from dash import Dash, Output, dcc, html
from flask import current_app

from console import format as shown
from console import words
from console.answering import Asked, Reading, answer
from console.files.serving import links
from console.i18n import marked, t
from console.pages.duplicates_matrix import MATRIX, tell_matrix
from console.pages.duplicates_rows import PATH, tell_rows
from console.parts import chart, listing, panel, states
from console.parts.drawn import content, drawn
from console.parts.tiles import Tile, tiles
from console.queries import findings, overlaps
from sql.rights import Right

__all__ = ["PATH"]
TITLE, ICON = marked("Duplicates"), "layers-half"
OPENS_WITH: tuple[Right, ...] = ("read",)
TILES, FILES, ASOF, LISTED = "duplicates-tiles", "duplicates-files", "duplicates-asof", "duplicates-rows"
QUEUE = "/duplicates/queue"  #: where probable matches of people are decided


def layout(_path: str) -> html.Div:
    """Return the page with skeletons in place of what is read."""
    waiting = [html.Div(states.loading(70), className="tile") for _ in range(4)]
    graph = html.Div(chart.graph(MATRIX, height=460), style={"minWidth": "54rem"})  # ten columns: a phone scrolls sideways
    scrolled = panel.wide(graph, t("Programme by programme"))
    picture = html.Div([scrolled, drawn(f"{MATRIX}-legend")], className="picture")
    table = drawn(f"{MATRIX}-table", className="twin wide-table")
    queue = dcc.Link(t("People to match by hand"), href=QUEUE, className="chip") if QUEUE in current_app.config["PAGE_PATHS"] else None
    return html.Div([
        panel.head(t(TITLE), t("Who holds two benefits in the same months, and whether they may: of one human and of the household "
                                 "counted."),
                   queue, html.Span(id=ASOF, className="asof"), drawn(FILES, className="files")),
        drawn(TILES, waiting, className="tiles"),
        html.Div([
            panel.chart_panel(MATRIX, t("Programme by programme"), picture, table, picture=True),
            listing.box(LISTED, t("People and their benefits")),
        ], className="stack"),
    ])  # fmt: skip


def tell_tiles(asked: Asked) -> list[Any]:
    """Return how many people by what the matrix says, the findings, the files of the list, and as of when."""
    scope, made_at = asked.filters.scope(), overlaps.made_at(asked.conn)
    asks = overlaps.question(asked.conn, asked.filters, asked.now)
    people = overlaps.people(asked.conn, asks) if made_at else None
    risk = scope.but(family="duplicate", present=True)
    held = findings.totals(asked.conn, findings.asked(risk, asked.now))
    made = [
        Tile(t("Duplicates to verify"), shown.count(held.n), t("{sum} at risk", sum=shown.yuan_short(held.amount_fen)), risk, held.n),
        *(_people(asked, effect, people) for effect in ("exclusive", "top_up", "open")),
    ]
    return [tiles(made), links(PATH, asked.filters), t("As of {at}", at=shown.minute(made_at)) if made_at else t("not computed yet")]


def _people(asked: Asked, effect: str, people: dict[tuple[str, str, str], int] | None) -> Tile:
    opens, label = asked.filters.scope().but(rows=effect.replace("_", "-")), words.word(words.EFFECT, effect)
    if people is None:
        return Tile(label, t("unknown"), t("not computed yet"), opens, 0, "unknown", PATH)
    n = people.get((asked.filters.programme or "", "", effect), 0)
    return Tile(label, shown.count(n), t("people with two such benefits"), opens, n, "", PATH)


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question. Overlaps change every few minutes: only the tiles follow each card."""

    def here(path: str) -> bool:
        return path == PATH

    answer(app, reading, [content(TILES), content(FILES), Output(ASOF, "children")], tell_tiles, here=here, note=0)
    matrix = [Output(f"{MATRIX}-say", "children"), content(f"{MATRIX}-note"), content(f"{MATRIX}-table"),
            Output({"type": "figure", "chart": MATRIX}, "data"),
            content(f"{MATRIX}-legend"), Output(f"{MATRIX}-picture", "aria-label")]  # fmt: skip
    answer(app, reading, matrix, tell_matrix, here=here, note=1, follows_data=False)
    rows = [Output(f"{LISTED}-say", "children"), content(f"{LISTED}-note"), content(f"{LISTED}-table")]
    answer(app, reading, rows, tell_rows, here=here, note=1, follows_data=False)
