"""Pictures of shares: stacked counts, points with intervals, and two shares of one thing side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from dash import html

from console.i18n import t
from console.parts.chart import base

LONGEST = 16  #: signs of a name beside a picture; the table has all of it


@dataclass(frozen=True)
class Point:
    """A share with the bounds of its interval (0–1), and of how many."""

    name: str
    share: float
    lower: float
    upper: float
    n: int


@dataclass(frozen=True)
class Pair:
    """Two shares of one thing (0–1; above 1 is more than agreed)."""

    name: str
    delivered: float
    paid: float


@dataclass(frozen=True)
class Look:
    """How one part of a stacked bar looks: a token, and a pattern that tells it without colour."""

    name: str
    ink: str
    pattern: str = ""


def stacked(bars: Mapping[str, Mapping[str, float]], looks: Mapping[str, Look], whole: float | None = None) -> go.Figure:
    """Return horizontal bars, one for each name, split into parts in the order of ``looks``.

    Parts are counts; shares where ``whole`` says at which share a line is drawn.
    """
    names = list(bars)
    counts = {"tickformat": ",d" if whole is None else ".0%", "rangemode": "tozero", "nticks": 5}
    figure = go.Figure(layout=base(barmode="stack", bargap=0.35, shapes=[] if whole is None else [_line(whole)], **_axes(counts)))
    for part, look in looks.items():
        sizes = [bars[name].get(part, 0) for name in names]
        if any(sizes):
            figure.add_trace(_part(names, sizes, look, "," if whole is None else ".1%"))
    return figure


def _part(names: Sequence[str], sizes: Sequence[float], look: Look, how: str) -> go.Bar:
    pattern = {
        "shape": look.pattern,
        "size": 7,
        "solidity": 0.2,
        "fgcolor": "var(--hatch-b)" if look.pattern == "/" else "var(--surface)",
        "fillmode": "overlay",
    }
    return go.Bar(
        y=names,
        x=sizes,
        orientation="h",
        name=look.name,
        hovertemplate="%{y} · " + look.name + f" %{{x:{how}}}<extra></extra>",
        marker={"color": look.ink, "line": {"width": 0}, "pattern": pattern},
    )


def key(looks: Mapping[str, Look], seen: set[str]) -> html.Div:
    """Return the parts that occur, in words."""
    return html.Div(
        [
            html.Span([html.I(style={"background": look.ink}, className="hatched" if look.pattern == "/" else ""), look.name])
            for part, look in looks.items()
            if part in seen
        ],
        className="legend",
        **{"aria-hidden": "true"},
    )


def intervals(points: Sequence[Point], line: float) -> go.Figure:
    """Return points with their intervals and a line at the share that has consequences."""
    names = _names([point.name for point in points])
    figure = go.Figure(layout=base(shapes=[_line(line)], **_axes(_percent((-0.02, 1.02)))))
    figure.add_trace(
        go.Scatter(
            x=[point.share for point in points],
            y=names,
            mode="markers",
            customdata=[[point.n, point.lower, point.upper] for point in points],
            marker={
                "size": 9,
                "color": "var(--accent)",
                "symbol": ["circle" if point.lower >= line or point.upper < line else "circle-open" for point in points],
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [point.upper - point.share for point in points],
                "arrayminus": [point.share - point.lower for point in points],
                "color": "var(--neutral)",
                "thickness": 2,
                "width": 5,
            },
            hovertemplate="%{y} %{x:.1%} (%{customdata[1]:.1%}–%{customdata[2]:.1%}, n = %{customdata[0]:,})<extra></extra>",
        )
    )
    return figure


def pairs(found: Sequence[Pair]) -> go.Figure:
    """Return what was delivered and what was paid as two marks on one line each."""
    names = _names([pair.name for pair in found])
    most = max([1.0, *(max(pair.delivered, pair.paid) for pair in found)])
    figure = go.Figure(layout=base(shapes=[_way(pair, place) for place, pair in enumerate(found)], **_axes(_percent((-0.02, most + 0.02)))))
    for symbol, name, shares in (
        ("circle", t("delivered"), [pair.delivered for pair in found]),
        ("diamond-open", t("paid"), [pair.paid for pair in found]),
    ):
        figure.add_trace(
            go.Scatter(
                x=shares,
                y=names,
                mode="markers",
                name=name,
                hovertemplate="%{y} · " + name + " %{x:.1%}<extra></extra>",
                marker={"size": 10, "symbol": symbol, "color": "var(--accent)", "line": {"width": 2}},
            )
        )
    return figure


def _way(pair: Pair, place: int) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": pair.delivered,
        "x1": pair.paid,
        "y0": place,
        "y1": place,
        "layer": "below",
        "line": {"color": "var(--neutral)", "width": 3},
    }


def _line(share: float) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": share,
        "x1": share,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"color": "var(--text)", "width": 1, "dash": "dash"},
    }


def _percent(range_: tuple[float, float]) -> dict[str, Any]:
    return {"tickformat": ".0%", "range": list(range_), "nticks": 6, "tickangle": 0, "zeroline": False}


def _axes(x: dict[str, Any]) -> dict[str, Any]:
    quiet = {"tickfont": {"color": "var(--muted)"}, "fixedrange": True}
    return {
        "margin": {"l": 8, "r": 16, "t": 4, "b": 24},
        "xaxis": {"gridcolor": "var(--line)", **quiet, **x},
        "yaxis": {"type": "category", "autorange": "reversed", "automargin": True, "showgrid": False, "ticks": "", **quiet},
    }


def _names(told: Sequence[str]) -> list[str]:
    """Short, and each its own: two of one name would be drawn on one line."""
    short = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in told]
    return [name + "\u200b" * short[:place].count(name) for place, name in enumerate(short)]
