"""Units: how places and units do, what was recovered, who was helped, and how fair it was to citizens."""

from __future__ import annotations

from dash import Dash, Output, html

from console.answering import Reading, answer
from console.files.serving import offer
from console.i18n import marked, t
from console.pages.units_fairness import FAIRNESS, tell_fairness
from console.pages.units_months import MONTHS, tell_months
from console.pages.units_numbers import tell_tiles
from console.pages.units_rows import PATH, tell_places, tell_units
from console.parts import chart, panel, states
from console.parts.drawn import content, drawn
from sql.rights import Right

__all__ = ["PATH"]
TITLE, ICON = marked("Units"), "bar-chart-steps"
OPENS_WITH: tuple[Right, ...] = ("read",)
TILES, LATE, PLACES, UNITS = "units-tiles", "units-late", "units-places", "units-units"


def layout(_path: str) -> html.Div:
    """Return the page with its panels still empty."""
    waiting = [html.Div(states.loading(70), className="tile") for _ in range(8)]
    places, units = (drawn(f"{name}-table", states.loading(240, lines=8), className="wide-table") for name in (PLACES, UNITS))
    return html.Div([
        panel.head(t(TITLE), t("How places and units do, what was recovered, and who was helped. Points off for confirmed cards only.")),
        drawn(LATE, className="late-note"), drawn(TILES, waiting, className="tiles"),
        html.Div([
            panel.chart_panel(MONTHS, t("Score by month"), _picture(MONTHS, 260), picture=True, files=True),
            panel.chart_panel(PLACES, t("By place"), places, twin=False, files=True),
            panel.chart_panel(FAIRNESS, t("Fairness: doubts about citizens that were not founded"), _picture(FAIRNESS, 320), picture=True,
                              files=True),
            panel.chart_panel(UNITS, t("By unit"), units, twin=False, files=True),
        ], className="stack"),
    ])  # fmt: skip


def _picture(name: str, height: int) -> html.Div:
    drawing = html.Div([chart.graph(name, height=height), drawn(f"{name}-legend")], className="picture")
    return html.Div([drawing, drawn(f"{name}-table", className="twin wide-table")])


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question."""
    def here(path: str) -> bool:
        return path == PATH

    answer(app, reading, [content(TILES), content(LATE)], tell_tiles, here=here, note=1)
    for name, tell in ((PLACES, tell_places), (UNITS, tell_units)):
        outputs = [Output(f"{name}-say", "children"), content(f"{name}-note"), content(f"{name}-table")]
        answer(app, reading, outputs, tell, here=here, note=1)
    for name, tell, parts in ((MONTHS, tell_months, [content(f"{MONTHS}-legend")]), (FAIRNESS, tell_fairness, [])):
        outputs = [Output(f"{name}-say", "children"), content(f"{name}-note"), Output({"type": "figure", "chart": name}, "data"), *parts,
                   content(f"{name}-table"), Output(f"{name}-picture", "aria-label")]  # fmt: skip
        answer(app, reading, outputs, tell, here=here, note=1, follows_data=False)
    offer(app, reading, PATH, {MONTHS: "months", PLACES: "places", FAIRNESS: "fairness", UNITS: "units"})
