"""The map of counties: one single-hue scale with fixed steps, hatching where we know nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import plotly.graph_objects as go
from dash import html

from console import geo
from console.i18n import t
from console.parts.chart import base

STEPS = 6


@dataclass(frozen=True)
class Spot:
    """What the map says of one county; ``n`` None means unknown."""

    region_code: str
    name: str
    n: int | None


@dataclass(frozen=True)
class Scale:
    """Upper bounds of the steps. Kept while filters change, so that a colour keeps its meaning."""

    bounds: tuple[int, ...]

    def step(self, n: int) -> int:
        """Return the step of a number, 0 to 5."""
        return next((place for place, bound in enumerate(self.bounds) if n <= bound), STEPS - 1)

    def ranges(self) -> list[str]:
        """Return the steps as words for the legend: 0, 1–4, 5–8 …"""
        lows = [0, *(bound + 1 for bound in self.bounds)]
        pairs = zip(lows, [*self.bounds, None], strict=True)
        return [
            f"≥ {low:,}" if high is None else f"{low:,}" if low == high else f"{low:,}–{high:,}" for low, high in pairs
        ]


def scale(largest: int) -> Scale:
    """Return steps of a round width that cover 1 to ``largest``; zero is a step of its own."""
    width = next(size for size in _round_sizes() if size * (STEPS - 1) >= max(largest, STEPS - 1))
    return Scale((0, *(width * n for n in range(1, STEPS - 1))))


def _round_sizes() -> list[int]:
    return [size * 10**power for power in range(8) for size in (1, 2, 3, 5)]


def county_map(spots: list[Spot], steps: Scale, chosen: str | None = None) -> go.Figure:
    """Return the map; every county of ``spots`` that has an outline is drawn."""
    known = [spot for spot in spots if spot.n is not None and spot.region_code in geo.outlines()]
    unknown = [spot for spot in spots if spot.n is None and spot.region_code in geo.outlines()]
    figure = go.Figure(layout=base(geo=_frame()))
    figure.add_trace(_areas(known, {spot.region_code: steps.step(spot.n or 0) for spot in known}, "known"))
    figure.add_trace(_areas(unknown, {}, "unknown"))
    figure.add_trace(_hatching(unknown))
    if chosen in geo.outlines():
        figure.add_trace(_outline(str(chosen)))
    inks = {spot.region_code: f"var(--on-seq-{steps.step(spot.n or 0)})" for spot in known}
    figure.add_trace(_labels([*known, *unknown], inks))
    return figure


def _frame() -> dict[str, object]:
    lon, lat = geo.bounds()
    return {
        "visible": False, "lonaxis": {"range": lon}, "lataxis": {"range": lat}, "projection": {"type": "mercator"},
        "bgcolor": "rgba(0,0,0,0)", "domain": {"x": [0, 1], "y": [0, 1]},
    }  # fmt: skip


def _areas(spots: list[Spot], steps: Mapping[str, int], name: str) -> go.Choropleth:
    colours = [f"var(--seq-{n})" for n in range(STEPS)] if steps else ["var(--hatch-a)"] * STEPS
    stops = [[(n + edge) / STEPS, colour] for n, colour in enumerate(colours) for edge in (0, 1)]
    return go.Choropleth(
        geojson=geo.geojson(), featureidkey="id", locations=[spot.region_code for spot in spots],
        z=[steps.get(spot.region_code, 0) for spot in spots], zmin=-0.5, zmax=STEPS - 0.5, colorscale=stops,
        showscale=False, name=name, marker={"line": {"color": "var(--surface)", "width": 1.5}},
        text=[spot.name for spot in spots], customdata=[_number(spot) for spot in spots],
        hovertemplate="%{text} %{customdata}<extra></extra>",
    )  # fmt: skip


def _hatching(spots: list[Spot]) -> go.Scattergeo:
    lon: list[float | None] = []
    lat: list[float | None] = []
    for spot in spots:
        for (x0, y0), (x1, y1) in geo.outlines()[spot.region_code].hatching:
            lon += [x0, x1, None]
            lat += [y0, y1, None]
    return go.Scattergeo(lon=lon, lat=lat, mode="lines", line={"color": "var(--hatch-b)", "width": 4}, hoverinfo="skip")


def _outline(region_code: str) -> go.Scattergeo:
    lon: list[float | None] = []
    lat: list[float | None] = []
    for ring in geo.outlines()[region_code].rings:
        lon += [*(x for x, _ in ring), None]
        lat += [*(y for _, y in ring), None]
    return go.Scattergeo(
        lon=lon, lat=lat, mode="lines", line={"color": "var(--accent)", "width": 2.5}, hoverinfo="skip"
    )


def _labels(spots: list[Spot], inks: Mapping[str, str]) -> go.Scattergeo:
    at = [geo.outlines()[spot.region_code].label for spot in spots]
    return go.Scattergeo(
        lon=[x for x, _ in at], lat=[y for _, y in at], mode="text", hoverinfo="skip",
        text=[f"{short_name(spot.name)}<br>{_number(spot)}" for spot in spots],
        textfont={"size": 12, "color": [inks.get(spot.region_code, "var(--on-hatch)") for spot in spots]},
    )  # fmt: skip


def _number(spot: Spot) -> str:
    return t("unknown") if spot.n is None else f"{spot.n:,}"


def short_name(name: str) -> str:
    """Return a county's name without 县, 市, 区, as maps write it."""
    return name[:-1] if len(name) > 2 and name[-1] in "县市区" else name


def legend(steps: Scale, *, unknown: bool) -> html.Div:
    """Return the scale in words, and what hatching means when there is some."""
    known = [
        html.Span([html.I(style={"background": f"var(--seq-{n})"}), text]) for n, text in enumerate(steps.ranges())
    ]
    blind = [html.Span([html.I(className="hatched"), t("unknown")])] if unknown else []
    return html.Div([*known, *blind], className="legend", **{"aria-hidden": "true"})
