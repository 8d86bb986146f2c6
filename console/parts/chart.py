"""Every graph of the console is made here: nothing of it leaves this host, and its colours are tokens."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, dcc, html

from console.i18n import language

LOCALE = Path(__file__).parents[2] / "assets" / "vendor" / "plotly-locale" / "zh-cn.json"


@cache
def _chinese() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(LOCALE.read_text(encoding="utf-8"))
    return found


def config(**more: Any) -> dict[str, Any]:
    """Return the settings of a graph: no upload, no foreign map, buttons only where they help."""
    local = {"locale": "zh-CN", "locales": {"zh-CN": _chinese()}} if language() == "zh" else {"locale": "en"}
    return {
        **local, "displaylogo": False, "showSendToCloud": False, "plotlyServerURL": "",
        "topojsonURL": "/assets/topojson/", "displayModeBar": False, "scrollZoom": False, "doubleClick": False, **more,
    }  # fmt: skip


def graph(name: str, *, height: str | int = "100%") -> html.Div:
    """Return an empty graph. Its figure goes through a store, where the browser finds it and puts the colours
    of its mode in place of the tokens; the sentence above it is also its label for a screen reader.
    """
    return html.Div(
        [
            dcc.Store(id={"type": "figure", "chart": name}),
            dcc.Graph(
                id={"type": "graph", "chart": name}, config=config(), responsive=True, figure=blank(),
                style={"height": height, "width": "100%"},
            ),
        ],
        id=f"{name}-picture", className=f"graph {name}", role="img",
    )  # fmt: skip


def blank() -> dict[str, Any]:
    """Return a picture of nothing: without it the one before would stay."""
    return {"data": [], "layout": {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
                                   "xaxis": {"visible": False}, "yaxis": {"visible": False}}}  # fmt: skip


def base(**layout: Any) -> dict[str, Any]:
    """Return the layout all figures share."""
    return {
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": False, "template": "none",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": False, "hovermode": "closest",
        "font": {"family": "inherit", "size": 12, "color": "var(--muted)"},
        "hoverlabel": {"bgcolor": "var(--surface)", "bordercolor": "var(--line)", "font": {"color": "var(--text)", "size": 13}},
        "transition": {"duration": 0}, **layout,
    }  # fmt: skip


def axis(**more: Any) -> dict[str, Any]:
    """Return an axis that stands still, its words in the muted ink."""
    still = {"showgrid": False, "zeroline": False, "automargin": True, "fixedrange": True}
    return {**still, "tickfont": {"color": "var(--muted)", "size": 12}, **more}


def register(app: Dash) -> None:
    """Let the browser ink every figure, again when the colour mode changes, swap charts for tables and save them as pictures.

    A point whose own data is an address of the console (``customdata``) opens it when clicked.
    """
    app.clientside_callback(
        ClientsideFunction("aidwatch", "ink"),
        Output({"type": "graph", "chart": MATCH}, "figure"),
        Input({"type": "figure", "chart": MATCH}, "data"), Input("theme", "data"), State({"type": "figure", "chart": MATCH}, "id"),
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("aidwatch", "twin"),
        Output({"type": "twin-box", "chart": MATCH}, "className"),
        Output({"type": "twin", "chart": MATCH}, "aria-pressed"),
        Input({"type": "twin", "chart": MATCH}, "n_clicks"), prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("aidwatch", "picture"), Output({"type": "png", "chart": MATCH}, "title"),
        Input({"type": "png", "chart": MATCH}, "n_clicks"), State("caption", "data"), State({"type": "png", "chart": MATCH}, "id"),
        prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("aidwatch", "open_cell"), Output("url", "pathname", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True), Input({"type": "graph", "chart": ALL}, "clickData"), prevent_initial_call=True,
    )  # fmt: skip
