"""The path drawn: prescribed steps from top to bottom, and between them how cases really went – along, over and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from console import format as shown
from console import words
from console.i18n import t
from console.parts import panel
from console.parts.chart import base
from console.parts.tiles import ROWS
from console.queries.procedure import Variant
from console.url import Filters
from monitors.indicators.conformance import edges, kind

SIDES = {1: "over", -1: "back"}
FAULTS = ("skipped", "reversed", "repeated")
MOST_ARCS = 6  #: of each kind; the table has all
HALF = 0.32  #: of the height of a box; steps are 1 apart
Edge = tuple[str, str]


@dataclass(frozen=True)
class Flow:
    """What was taken of one prescribed order: cases by step, by what they did wrong there, and by which step followed which.

    ``required``: the steps most of these cases may not skip (programmes with one order differ in that).
    """

    order: list[str]
    required: set[str]
    n: int
    taken: Counter[str]
    skipped: Counter[str]
    reversed: Counter[str]
    repeated: Counter[str]
    edges: Counter[Edge]

    def of_kind(self, wanted: str) -> list[tuple[Edge, int]]:
        """Return the edges of a kind (monitors.indicators.conformance.kind), the most frequent first."""
        return [(edge, n) for edge, n in self.edges.most_common() if kind(edge, self.order) == wanted]


def flow(variants: Sequence[Variant]) -> Flow | None:
    """Return the flow of the order most cases are to follow; None where no case has any."""
    weight: Counter[tuple[str, ...]] = Counter()
    for one in variants:
        if one.stages and one.trace:
            weight[tuple(one.stages)] += one.n
    if not weight:
        return None
    order, n = weight.most_common(1)[0]
    mine = [one for one in variants if one.trace and tuple(one.stages or ()) == order]

    def count(of: Any) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for one in mine:
            found.update(dict.fromkeys(of(one), one.n))
        return found

    needed = count(attrgetter("required"))
    required = {code for code in order if 2 * needed[code] > n}
    skipped, turned, repeated = (count(attrgetter(fault)) for fault in FAULTS)
    return Flow(list(order), required, n, count(attrgetter("trace")), skipped, turned, repeated, count(lambda one: edges(one.trace)))


def figure(told: Flow) -> go.Figure:
    """Return the drawing: boxes of steps, arcs on the right over what was left out, arcs on the left back."""
    at = {code: -place for place, code in enumerate(told.order)}
    drawn = go.Figure(layout=base(
        margin={"l": 4, "r": 4, "t": 4, "b": 4}, xaxis={"visible": False, "range": [-2.6, 2.6], "fixedrange": True},
        yaxis={"visible": False, "range": [0.6 - len(at), 0.6], "fixedrange": True},
        shapes=[*(_box(at[code], code in told.required) for code in told.order), *_lines(told, at)],
    ))  # fmt: skip
    names = [f"{words.word(words.STAGE_CODE, code)}<br>{_of(told.taken[code], told.n)}" for code in told.order]
    drawn.add_trace(_texts([(0, at[code]) for code in told.order], names, "var(--text)"))
    for side, position in ((1, "middle right"), (-1, "middle left")):
        drawn.add_trace(_texts(*_counts(told, at, side), "var(--muted)", position))
    return drawn


def _of(n: int, whole: int) -> str:
    return f"{shown.count(n)} · {shown.share(n / whole)}"


def _box(y: float, is_required: bool) -> dict[str, Any]:
    edge = {"color": "var(--text)", "width": 1.5} if is_required else {"color": "var(--faint)", "width": 1, "dash": "dot"}
    return {"type": "rect", "x0": -1, "x1": 1, "y0": y - HALF, "y1": y + HALF, "line": edge, "fillcolor": "var(--surface)",
            "layer": "below"}  # fmt: skip


def _arcs(told: Flow) -> list[tuple[Edge, int, str]]:
    return [(edge, n, wanted) for wanted in ("over", "back") for edge, n in told.of_kind(wanted)[:MOST_ARCS] if edge[0] != edge[1]]


def _lines(told: Flow, at: dict[str, int]) -> list[dict[str, Any]]:
    lines = [{"type": "line", "x0": 0, "x1": 0, "y0": at[a] - HALF, "y1": at[b] + HALF,
              "line": {"color": "var(--accent)", "width": _width(n, told.n)}} for (a, b), n in told.of_kind("along")]  # fmt: skip
    for (a, b), n, wanted in _arcs(told):
        side, bend = (1, 1 + _bend(a, b, at)) if wanted == "over" else (-1, -1 - _bend(a, b, at))
        path = f"M {side},{at[a]} C {bend},{at[a]} {bend},{at[b]} {side},{at[b]}"
        ink = {"color": "var(--muted)", "width": _width(n, told.n), "dash": "solid" if wanted == "over" else "dash"}
        lines.append({"type": "path", "path": path, "line": ink})
    return lines


def _bend(a: str, b: str, at: dict[str, int]) -> float:
    return min(2.0, 0.5 + 0.25 * abs(at[a] - at[b]))


def _width(n: int, whole: int) -> float:
    return round(1 + 6 * n / whole, 1)


def _counts(told: Flow, at: dict[str, int], side: int) -> tuple[list[tuple[float, float]], list[str]]:
    """Where the numbers of the lines of one side stand: beside the middle."""
    straight = told.of_kind("along") if side > 0 else []
    along = [((0.06, (at[a] + at[b]) / 2), shown.count(n)) for (a, b), n in straight]
    arcs = [((side * (1.05 + 0.75 * _bend(a, b, at)), (at[a] + at[b]) / 2), shown.count(n))
            for (a, b), n, wanted in _arcs(told) if wanted == SIDES[side]]  # fmt: skip
    return [place for place, _ in along + arcs], [text for _, text in along + arcs]


def _texts(places: list[tuple[float, float]], texts: list[str], ink: str, position: str = "middle center") -> go.Scatter:
    return go.Scatter(x=[x for x, _ in places], y=[y for _, y in places], text=texts, mode="text", hoverinfo="skip", textposition=position,
                      textfont={"size": 12, "color": ink})  # fmt: skip


def legend() -> html.Div:
    """Return what the lines mean."""
    kinds = [("━", t("in the prescribed order")), ("⤵", t("right: steps between left out")), ("⤴", t("left: back to an earlier step")),
             ("□", t("solid box: may not be skipped"))]  # fmt: skip
    return html.Div([html.Span([sign, " ", said]) for sign, said in kinds], className="legend", **{"aria-hidden": "true"})


def table(told: Flow, scope: Filters, path: str) -> list[html.Table]:
    """Return the same as tables: each number opens its applications."""

    def number(n: int, course: str) -> html.Td:
        return html.Td(opens(n, scope, course, path), className="n")

    steps = [
        html.Tr([html.Td(words.word(words.STAGE_CODE, code) + (" *" if code in told.required else "")),
                 number(told.taken[code], f"step:{code}"), *(number(getattr(told, fault)[code], f"{fault}:{code}") for fault in FAULTS)])
        for code in told.order
    ]  # fmt: skip
    kinds = {"along": t("in order"), "over": t("over"), "back": t("back"), "off": t("leaves the path")}
    ways = [html.Tr([html.Td(" → ".join(words.word(words.STAGE_CODE, code) for code in edge)), html.Td(kinds[kind(edge, told.order)]),
                     number(n, f"edge:{edge[0]}-{edge[1]}")]) for edge, n in told.edges.most_common(60)]  # fmt: skip
    return [
        panel.table([t("Step (* may not be skipped)"), t("Taken"), t("Skipped"), t("Too early"), t("Repeated")], steps, numbers=4),
        panel.table([t("From → to"), t("Kind"), t("Cases")], ways, numbers=1),
    ]


def opens(n: int, scope: Filters, course: str, path: str) -> Any:
    """Return a number that opens its applications in the list of the page."""
    return dcc.Link(shown.count(n), href=scope.but(course=course).href(path) + ROWS) if n else shown.count(n)
