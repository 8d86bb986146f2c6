"""Places whose content the browser draws itself (assets/45-draw.js).

Dash keeps books on every component of a page; with some hundreds of them each arriving card blocked the
browser for two seconds. What an answer says is therefore handed over as data and drawn as plain elements;
what has not changed is left as it stands.
"""

from typing import Any

from dash import MATCH, ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component


def drawn(name: str, first: Any = None, **box: Any) -> html.Div:
    """Return a place with ``first`` in it; ``box`` are attributes of the element that holds the content."""
    return html.Div(
        [dcc.Store(id={"type": "drawing", "of": name}, data=tree(first)), html.Div(id=f"drawn-{name}", **box)],
        className="drawn",
    )


def tree(node: Any) -> Any:
    """Return components as the plain data the browser draws from."""
    if isinstance(node, (list, tuple)):
        return [tree(one) for one in node]
    if not isinstance(node, Component):
        return node
    said = node.to_plotly_json()
    return {"type": said["type"], "props": {name: tree(value) for name, value in said["props"].items()}}


def content(name: str) -> Output:
    """Return where an answer puts the content of a place."""
    return Output({"type": "drawing", "of": name}, "data")


def register(app: Dash) -> None:
    """Let the browser draw."""
    app.clientside_callback(
        ClientsideFunction("aidwatch", "draw"), Output({"type": "drawing", "of": MATCH}, "modified_timestamp"),
        Input({"type": "drawing", "of": MATCH}, "data"), State({"type": "drawing", "of": MATCH}, "id"),
    )  # fmt: skip
