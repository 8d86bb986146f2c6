"""Cards that hold, by the month they opened in: what stands beside what other limits would find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from dash import html

from console import format as shown
from console.i18n import t
from console.parts import panel
from console.parts.chart import base

MOST = 120  #: months; the newest are shown
SIDES = (("var(--neutral)", ""), ("var(--accent)", "/"))  # told apart without colour, too
Month = Sequence[Any]  #: "2026-03", what stands, what would be found


def names() -> tuple[str, str]:
    return t("Stands"), t("With these limits")


def say(months: Sequence[Month]) -> str:
    """Say over how many months, and how many cards a month on each side."""
    if not months:
        return t("Neither side has a card.")
    first, last = months[0][0], months[-1][0]
    before, after = (shown.points(sum(month[side] for month in months) / len(months)) for side in (1, 2))
    return t("{first} to {last}: on average {before} cards opened in a month, with these limits {after}. "
             "What was put right meanwhile is on neither side.", first=first, last=last, before=before, after=after)  # fmt: skip


def bars(months: Sequence[Month]) -> go.Figure:
    """Return two bars a month."""
    shown_months = months[-MOST:]
    figure = go.Figure(layout=base(
        barmode="group", bargap=0.25, margin={"l": 36, "r": 16, "t": 4, "b": 22}, hovermode="x unified",
        xaxis={"type": "category", "showgrid": False, "linecolor": "var(--line)", "tickfont": {"color": "var(--muted)"}, "fixedrange": True,
               "nticks": 12, "tickangle": 0},
        yaxis={"gridcolor": "var(--line)", "zeroline": False, "tickformat": ",d", "nticks": 4, "rangemode": "tozero",
               "tickfont": {"color": "var(--muted)"}, "fixedrange": True},
    ))  # fmt: skip
    for place, (name, (ink, hatch)) in enumerate(zip(names(), SIDES, strict=True), 1):
        pattern = {"shape": hatch, "size": 8, "solidity": 0.12, "fgcolor": "var(--surface)", "fillmode": "overlay"}
        figure.add_trace(go.Bar(x=[month[0] for month in shown_months], y=[month[place] for month in shown_months], name=name,
                                hovertemplate="%{y:,}", marker={"color": ink, "line": {"width": 0}, "pattern": pattern}))  # fmt: skip
    return figure


def legend() -> html.Div:
    pieces = [html.Span([html.I(style={"background": ink}), name]) for name, (ink, _) in zip(names(), SIDES, strict=True)]
    return html.Div(pieces, className="legend", **{"aria-hidden": "true"})


def table(months: Sequence[Month]) -> html.Table:
    """Return the same as a table, newest month first."""
    rows = [html.Tr([html.Td(month), *(html.Td(shown.count(n), className="n") for n in sides)])
            for month, *sides in reversed(months[-MOST:])]  # fmt: skip
    return panel.table([t("Month"), *names()], rows, numbers=2)
