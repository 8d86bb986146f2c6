"""Wall: the overview for a screen that is read from five metres away; it fills itself like the overview, and turns its pictures.

The same parts with the same names, so that what fills the overview fills the wall too (console.pages.overview.register).
"""

from __future__ import annotations

from dash import Dash, dcc, html

from console.answering import Reading
from console.i18n import marked, t
from console.pages.overview import ASOF, EXPORT, FEED, FEEDS, TILES, TREND, WALL, WHERE
from console.parts import chart, feed, panel, states
from console.parts import trend as days
from console.parts.drawn import drawn
from sql.rights import Right

PATH, TITLE = WALL, marked("Wall")
OPENS_WITH: tuple[Right, ...] = ("read",)


def layout(_path: str) -> html.Div:
    """Return the wall: numbers on top, one picture at a time, the live cards beside it."""
    picture = html.Div([chart.graph(WHERE), drawn(f"{WHERE}-legend")], className="picture-box")
    where = html.Div([picture, drawn(f"{WHERE}-table")], className="two")
    trend = html.Div([html.Div([chart.graph(TREND), days.legend()], className="picture"), drawn(f"{TREND}-table", className="twin")])
    slides = [
        panel.chart_panel(WHERE, t("Open red and yellow cards by place"), where, twin=False),
        panel.chart_panel(TREND, t("New findings per day"), trend, twin=False),
        panel.chart_panel(FEEDS, t("Arrival of data"), drawn(f"{FEEDS}-table"), twin=False),
    ]  # fmt: skip
    leave = dcc.Link([states.icon("fullscreen-exit"), " ", t("Leave the wall")], href="/", className="chip leave")
    return html.Div([
        html.Div([html.H1(t("Social assistance watch")), html.Span(id=ASOF, className="asof"), html.Div(drawn(EXPORT), hidden=True), leave],
                 className="wall-head"),
        drawn(TILES, className="tiles"),
        html.Div([
            html.Div([html.Div(one, className="slide") for one in slides], id="slides", className="slides", tabIndex=0,
                     **{"aria-label": t("Pictures; arrow keys turn them, the space bar holds them")}),
            panel.chart_panel(FEED, t("Live findings"), feed.feed_box(), twin=False),
        ], className="wall-body"),
    ], className="wall")  # fmt: skip


def register(_app: Dash, _reading: Reading) -> None:
    """Nothing of its own: the overview fills it."""
