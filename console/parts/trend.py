"""New findings per day, by the card they show now."""

from datetime import date, timedelta

import plotly.graph_objects as go
from dash import dcc, html

from console import words
from console.i18n import t
from console.parts.chart import base
from console.queries.findings import DayCount
from console.url import Filters

DAY = timedelta(days=1)
ORDER = ("red", "yellow", "notice", "cleared")
INK = {"red": "var(--red)", "yellow": "var(--yellow)", "notice": "var(--notice)", "cleared": "var(--neutral)"}
HATCH = {"red": "", "yellow": "/", "notice": ".", "cleared": ""}  # told apart without colour, too


def days(first: date, last: date) -> list[date]:
    """Return every day of a range: a day without findings is a day, not a gap."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def trend(counts: list[DayCount], shown: list[date]) -> go.Figure:
    """Return stacked bars, one a day."""
    marks = _ticks(shown)
    figure = go.Figure(layout=base(
        barmode="stack", bargap=0.25, margin={"l": 28, "r": 16, "t": 4, "b": 22}, hovermode="x unified",
        xaxis={"type": "category", "tickvals": marks, "ticktext": [mark[5:] for mark in marks],
               "showgrid": False, "linecolor": "var(--line)", "tickfont": {"color": "var(--muted)"}, "fixedrange": True},
        yaxis={"gridcolor": "var(--line)", "zeroline": False, "tickformat": ",d", "nticks": 4, "rangemode": "tozero",
               "tickfont": {"color": "var(--muted)"}, "fixedrange": True},
    ))  # fmt: skip
    for card in ORDER:
        by_day = {count.day: count.n for count in counts if count.card == card}
        if by_day:
            figure.add_trace(_bars(card, [by_day.get(day, 0) for day in shown], shown))
    return figure


def _bars(card: str, heights: list[int], shown: list[date]) -> go.Bar:
    return go.Bar(
        x=[day.isoformat() for day in shown], y=heights, name=t(words.CARD[card]),
        hovertemplate="%{y:,}", marker={
            "color": INK[card], "line": {"width": 0},
            "pattern": {"shape": HATCH[card], "size": 8, "solidity": 0.12, "fgcolor": "var(--surface)", "fillmode": "overlay"},
        },
    )  # fmt: skip


def _ticks(shown: list[date]) -> list[str]:
    step = max(1, round(len(shown) / 8))
    return [day.isoformat() for day in shown[::-1][::step]][::-1]


def legend() -> html.Div:
    """Return the four kinds with their shapes."""
    return html.Div(
        [html.Span([html.I(style={"background": INK[card]}), words.SHAPE[card], " ", t(words.CARD[card])]) for card in ORDER],
        className="legend", **{"aria-hidden": "true"},
    )  # fmt: skip


def table(counts: list[DayCount], shown: list[date], scope: Filters) -> html.Table:
    """Return the same as a table whose days open their findings."""
    by = {(count.day, count.card): count.n for count in counts}
    head = html.Tr(
        [
            html.Th(t("Day")),
            *(html.Th(t(words.CARD[card]), className="n") for card in ORDER),
            html.Th(t("All"), className="n"),
        ]
    )
    rows = [
        html.Tr([
            html.Td(dcc.Link(day.isoformat(), href=scope.but(span=None, start=day, end=day).href("/findings"), className="all")),
            *(html.Td(f"{by.get((day, card), 0):,}", className="n") for card in ORDER),
            html.Td(f"{sum(by.get((day, card), 0) for card in ORDER):,}", className="n"),
        ])
        for day in reversed(shown) if any((day, card) in by for card in ORDER)
    ]  # fmt: skip
    return html.Table([html.Thead(head), html.Tbody(rows)], className="rows")
