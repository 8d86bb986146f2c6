"""Panels: a title, the sentence that says what the picture shows, the picture, and its table twin."""

from typing import Any

from dash import html

from console import words
from console.i18n import t
from console.parts.drawn import drawn
from console.parts.states import icon, loading


def tag(card: str | None, text: str | None = None) -> html.Span:
    """Return a card as colour, shape and word."""
    kind = card or "cleared"
    return html.Span(f"{words.SHAPE[kind]} {text or t(words.CARD[kind])}", className=f"tag {kind}")


def panel(title: str, say: Any, *body: Any, tools: Any = None, id: str | None = None) -> html.Section:  # noqa: A002
    """Return a panel. ``say`` is the sentence above the picture; a screen reader gets the same."""
    head = html.Div(
        [html.Div([html.H2(title), html.P(say, className="say")], className="grow"), tools], className="panel-head"
    )
    given = {"id": id} if id else {}
    return html.Section([head, *body], className="panel", **{"aria-label": title}, **given)


def chart_panel(name: str, title: str, *body: Any, twin: bool = True, picture: bool = False, files: bool = False) -> html.Section:
    """Return a panel whose sentence (``<name>-say``) and note (``<name>-note``) are filled by an answer.

    ``picture``: its body holds ``chart.graph(name)``, which can be saved as PNG; ``files``: console.files.serving.offer names its list.
    """
    head = html.Div(
        [html.Div([html.H2(title), html.P(loading(14), className="say", id=f"{name}-say")], className="grow"),
         drawn(f"{name}-files", className="files") if files else None,
         picture_button(name) if picture else None, twin_button(name) if twin else None],
        className="panel-head",
    )  # fmt: skip
    box = {"id": {"type": "twin-box", "chart": name}}
    return html.Section([head, drawn(f"{name}-note"), *body], className="panel", **{"aria-label": title}, **box)


def twin_button(chart: str) -> html.Button:
    """Return the button that swaps a picture for its table; the key T presses them all."""
    return html.Button(
        [icon("table"), " ", t("Table")],
        id={"type": "twin", "chart": chart}, className="tool twin-button", title=t("Show as a table (key T)"),
        **{"aria-pressed": "false"},
    )  # fmt: skip


def picture_button(chart: str) -> html.Button:
    """Return the button that saves a picture as PNG, its sentence above it and the filters below (assets/72-picture.js)."""
    said = t("Save this chart as a picture")
    return html.Button([icon("image"), " PNG"], id={"type": "png", "chart": chart}, className="tool", title=said)


def head(title: Any, question: Any, *actions: Any) -> html.Div:
    """Return the head of a page: its title and the one sentence saying what it answers."""
    return html.Div(
        [html.Div([html.H1(title), html.P(question, className="q")]), html.Div(actions, className="actions")],
        className="head",
    )


def table(names: list[str], rows: list[html.Tr], numbers: int = 0) -> html.Table:
    """Return rows under their names; the last ``numbers`` columns hold numbers."""
    edge = len(names) - numbers
    top = html.Tr([html.Th(name, className="n" if place >= edge else "") for place, name in enumerate(names)])
    return html.Table([html.Thead(top), html.Tbody(rows)], className="rows")


def wide(body: Any, name: str, *, lane: bool = False) -> html.Div:
    """Return a table that scrolls sideways where it is wider than its panel, also by the arrow keys; ``name`` says what it is."""
    return html.Div(body, className="wide-table lane" if lane else "wide-table", tabIndex=0, role="region", **{"aria-label": name})


def pairs(items: list[tuple[Any, Any]]) -> html.Dl:
    """Return names and values, one pair a line."""
    cells = [cell for name, value in items for cell in (html.Dt(name), html.Dd(value))]
    return html.Dl(cells, className="pairs")
