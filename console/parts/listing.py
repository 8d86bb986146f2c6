"""A list of a page's own: the same columns on the screen and in a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from console import format as shown
from console.files.sheet import Column, Kind
from console.i18n import t
from console.parts import panel, states
from console.parts.drawn import drawn
from monitors.identifiers import scrub

NUMBERS = ("money", "count", "share")
SHOWN: dict[Kind, Callable[[Any], Any]] = {
    "text": lambda value: shown.NOTHING if value in (None, "") else value,
    "money": shown.yuan,
    "count": shown.count,
    "share": shown.share,
    "day": shown.day,
    "instant": shown.minute,
}


@dataclass(frozen=True)
class Field:
    """One column: its name, what of a row it shows, of which kind, and where its value leads."""

    name: str
    of: Callable[[Any], Any]
    kind: Kind = "text"
    width: int = 14
    href: Callable[[Any], str | None] = lambda _row: None


def table(fields: Sequence[Field], rows: Iterable[Any]) -> html.Table:
    """Return rows as a table; a value that leads somewhere is a link."""
    head = html.Tr([html.Th(field.name, className="n" if field.kind in NUMBERS else "") for field in fields])
    return html.Table([html.Thead(head), html.Tbody([html.Tr([_cell(field, row) for field in fields]) for row in rows])], className="rows")


def _cell(field: Field, row: Any) -> html.Td:
    said, href = SHOWN[field.kind](value(field, row)), field.href(row)
    return html.Td(
        dcc.Link(said, href=href, className="over link") if href and said != shown.NOTHING else said,
        className="n" if field.kind in NUMBERS else "wrap" if field.width > 30 else "",
    )


def value(field: Field, row: Any) -> Any:
    """Return what a row holds; a number of a citizen somebody put where a key or a text belongs is masked."""
    held = field.of(row)
    return scrub(held) if isinstance(held, str) else held


def columns(fields: Sequence[Field]) -> list[Column]:
    """Return the columns of a file."""
    return [Column(field.name, field.kind, field.width) for field in fields]


def values(fields: Sequence[Field], rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the rows of a file."""
    return ([value(field, row) for field in fields] for row in rows)


def box(name: str, title: str, *, files: bool = False) -> html.Div:
    """Return the panel a number of the page opens (ROWS of console.parts.tiles)."""
    place = drawn(f"{name}-table", states.loading(200, lines=6), className="wide-table")
    return html.Div(panel.chart_panel(name, title, place, twin=False, files=files), id="rows", tabIndex=-1)


def agrees(n: int, said: int | None) -> html.Span | None:
    """Say whether the list has as many rows as the number said that led here."""
    if said is None:
        return None
    if n == said:
        return html.Span(t("✓ as many as the number said you came from"), className="agrees")
    return html.Span(t("The number you came from said {said}; it has changed since.", said=f"{said:,}"), className="agrees not")
