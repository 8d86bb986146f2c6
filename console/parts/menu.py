"""Filters as menus of links: each choice is an address, so the browser's back button undoes it."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html

from console.i18n import t
from console.parts.states import icon

Choice = tuple[str, str, bool]  # what it says, where it leads, whether it is on


def menu(label: str, choices: Iterable[Choice], *, chosen: str | None = None, more: Any = None) -> html.Details:
    """Return a chip that opens a menu. ``chosen`` is what it says when something is set; ``more`` stands below the choices."""
    items = [
        dcc.Link(
            [html.Span("✓" if on else "", className="tick"), text],
            href=href,
            className="dropdown-item on" if on else "dropdown-item",
        )
        for text, href, on in choices
    ]
    head = html.Summary(chosen or label, className="chip on" if chosen else "chip")
    return html.Details([head, html.Div([*items, more], className="dropdown-menu show")], className="chip-menu")


def toggled(value: str, chosen: Sequence[str]) -> tuple[str, ...]:
    """Return the choice with ``value`` added, or taken away when it was there."""
    return tuple(one for one in chosen if one != value) if value in chosen else (*chosen, value)


def removable(text: str, href: str) -> dcc.Link:
    """Return a chip for a filter that has no menu: it says what is set, and takes it away."""
    return dcc.Link(
        [text, " ", icon("x-lg")], href=href, className="chip on", title=t("Remove this filter: {text}", text=text)
    )
