"""Scores of places over months: one line stands out, the others lie behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from console import format as shown
from console.parts.chart import axis, base


@dataclass(frozen=True)
class Line:
    """A place month by month: its values (None: not known) and the address each of them opens."""

    name: str
    values: Sequence[float | None]
    hrefs: Sequence[str]
    look: str  # "own", "lowest" or "other"


INK = {"other": ("var(--neutral)", 1, "solid"), "lowest": ("var(--text)", 2, "dash"), "own": ("var(--accent)", 3, "solid")}


def lines(found: Sequence[Line], months: Sequence[str], full: int) -> dict[str, Any]:
    """Return the picture; a click on a point opens its address (``console.parts.chart.register``). Plain data: see parts/heat.py."""
    ordered = sorted(found, key=lambda line: list(INK).index(line.look))  # the last is drawn above the others
    known = [value for line in found for value in line.values if value is not None]
    low = min(known, default=full)
    layout = base(
        margin={"l": 4, "r": 12, "t": 8, "b": 4},
        xaxis=axis(type="category", ticks="", tickangle=0, nticks=5, categoryorder="array", categoryarray=list(months)),
        yaxis=axis(showgrid=True, gridcolor="var(--line)", range=[low - max(1.0, (full - low) / 10), full + max(0.5, (full - low) / 20)],
                   nticks=5),
    )  # fmt: skip
    return {"data": [_trace(line, months) for line in ordered], "layout": layout}


def _trace(line: Line, months: Sequence[str]) -> dict[str, Any]:
    ink, width, dash = INK[line.look]
    return {
        "type": "scatter", "mode": "lines+markers", "name": line.name, "x": list(months), "y": list(line.values),
        "customdata": list(line.hrefs), "text": [shown.points(value) for value in line.values],
        "hovertemplate": "%{fullData.name} · %{x} · %{text}<extra></extra>",
        "line": {"color": ink, "width": width, "dash": dash},
        "marker": {"color": ink, "size": 4 if line.look == "other" else 7, "symbol": "diamond" if line.look == "lowest" else "circle"},
    }  # fmt: skip
