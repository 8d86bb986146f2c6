"""A matrix of values as colours: one single-hue scale with fixed steps, the value in each cell, nothing where there is nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from dash import dcc, html

from console.i18n import t
from console.parts.chart import axis, base
from console.parts.map import STEPS

MOST_ROWS = 30  # a picture with more cannot be read; the table has them all
MOST_LEVEL = 14  # columns whose English names fit beside each other; of more they stand upright


@dataclass(frozen=True)
class Cell:
    """One value: ``value`` decides the colour (None: not known), ``text`` stands in the cell, ``href`` opens its rows."""

    value: float | None
    text: str
    href: str


@dataclass(frozen=True)
class Matrix:
    """Rows and columns as (key, name), and the cells there are."""

    rows: Sequence[tuple[str, str]]
    columns: Sequence[tuple[str, str]]
    cells: Mapping[tuple[str, str], Cell]
    bounds: tuple[float, ...]  # upper bounds of the first five steps, whatever is looked at: colours keep their meaning

    def step(self, value: float) -> int:
        """Return the colour step of a value, 0 to 5."""
        return bisect_left(self.bounds, value)


def heat_map(matrix: Matrix) -> dict[str, Any]:
    """Return the picture; a click on a cell opens its address (``chart.register``).

    Plain data: Plotly's own objects would check each cell again, which takes longer than asking the database.
    """
    rows = matrix.rows[:MOST_ROWS]
    found = [[matrix.cells.get((row, column)) for column, _ in matrix.columns] for row, _ in rows]
    upright = len(matrix.columns) > MOST_LEVEL and all(name.isascii() for _, name in matrix.columns)
    trace = {
        "type": "heatmap", "x": [_broken(name, 16 if upright else 10) for _, name in matrix.columns], "y": [name for _, name in rows],
        "z": [[None if cell is None or cell.value is None else matrix.step(cell.value) for cell in line] for line in found],
        "text": [[cell.text if cell else "" for cell in line] for line in found],
        "customdata": [[cell.href if cell else "" for cell in line] for line in found],
        "colorscale": [[(n + edge) / STEPS, f"var(--seq-{n})"] for n in range(STEPS) for edge in (0, 1)], "showscale": False,
        "zmin": -0.5, "zmax": STEPS - 0.5, "xgap": 2, "ygap": 2, "texttemplate": "%{text}", "hoverongaps": False,
        "hovertemplate": "%{y} · %{x}<br>%{text}<extra></extra>",
    }  # fmt: skip
    columns = axis(type="category", side="top", tickangle=-90 if upright else 0, ticks="")
    layout = base(margin={"l": 4, "r": 8, "t": 4, "b": 4}, xaxis=columns, yaxis=axis(type="category", autorange="reversed", ticks=""))
    return {"data": [trace], "layout": layout}


def _broken(name: str, most: int) -> str:
    """Return a name over several lines where it is long: columns are narrow. English breaks between words, Chinese once."""
    if name.isascii():
        return "<br>".join(wrap(name, most, break_long_words=False))
    return f"{name[:4]}<br>{name[4:]}" if len(name) > 5 else name


def legend(names: Sequence[str], empty: str | None = None) -> html.Div:
    """Return the scale in words; ``empty`` says what a place without a value means."""
    known = [html.Span([html.I(style={"background": f"var(--seq-{n})"}), name]) for n, name in enumerate(names)]
    return html.Div([*known, html.Span(empty or t("empty: no such step, or no limit"))], className="legend", **{"aria-hidden": "true"})


def table(corner: str, matrix: Matrix, links: Mapping[str, str | None], foot: Sequence[Any]) -> html.Table:
    """Return the same as a table: each value opens its rows, the name of a row (``links``) leads one step down."""
    head = html.Tr([html.Th(corner), *(html.Th(name, className="n") for _, name in matrix.columns)])
    rows = [
        html.Tr([html.Td(dcc.Link(name, href=href) if (href := links.get(row)) else name),
                 *(html.Td(_linked(matrix.cells.get((row, column))), className="n") for column, _ in matrix.columns)])
        for row, name in matrix.rows
    ]  # fmt: skip
    return html.Table([html.Thead(head), html.Tbody(rows), html.Tfoot(html.Tr(list(foot)))], className="rows cells")


def _linked(cell: Cell | None) -> Any:
    if cell is None:
        return ""
    return dcc.Link(cell.text or "·", href=cell.href) if cell.href else cell.text or "·"
