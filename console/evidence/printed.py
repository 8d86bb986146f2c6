"""What the console draws, as HTML that stands alone: no links, no scripts, no icons, nothing to load."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component
from markupsafe import Markup, escape

_PLAIN = {"className": "class", "colSpan": "colspan", "lang": "lang", "role": "role"}
_TAGS = frozenset({
    "B", "Br", "Dd", "Details", "Div", "Dl", "Dt", "H1", "H2", "Hr", "Li", "Ol", "P", "Section", "Small", "Span", "Strong", "Summary",
    "Table", "Tbody", "Td", "Tfoot", "Th", "Thead", "Time", "Tr", "Ul",
})  # fmt: skip


def printed(node: Any) -> Markup:
    """Return components as HTML. Links become their words; what is meant for a screen (chips, buttons, icons) is left out."""
    if node is None or node is False:
        return Markup()
    if isinstance(node, (list, tuple)):
        return Markup().join(map(printed, node))
    if not isinstance(node, Component):
        return escape(node)
    told = node.to_plotly_json()
    return _element(told["type"], told["props"])


def _element(kind: str, props: dict[str, Any]) -> Markup:
    inside = printed(props.get("children"))
    if kind in ("I", "Button") or {"chip", "screen-only"} & set((props.get("className") or "").split()):
        return Markup()
    tag = kind.lower() if kind in _TAGS else "span"
    given = Markup().join(Markup(' {}="{}"').format(_PLAIN[name], value) for name, value in props.items() if name in _PLAIN and value)
    shown = Markup(" open") if tag == "details" else Markup()  # on paper nothing can be opened
    return Markup("<{0}{1}{2}>{3}</{0}>").format(tag, given, shown, inside)


def plain(node: Any) -> str:
    """Return the words of components, one line for each block."""
    if isinstance(node, (list, tuple)):
        return "".join(map(plain, node))
    if isinstance(node, Component):
        words = plain(getattr(node, "children", None))
        return f"{words}\n" if type(node).__name__ in ("Div", "Li", "P") and words else words
    return "" if node is None else str(node)
