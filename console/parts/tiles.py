"""Tiles: a number that opens exactly the rows it counts."""

from dataclasses import dataclass

from dash import dcc, html

from console.url import Filters

ROWS = "#rows"  #: where a page shows a list of its own


@dataclass(frozen=True)
class Tile:
    """What a tile says; ``opens`` is the question its number answers, ``n`` how many rows that has."""

    label: str
    value: str
    small: str
    opens: Filters
    n: int
    tone: str = ""
    path: str = "/findings"


def tiles(shown: list[Tile]) -> list[dcc.Link]:
    """Return tiles as links to their lists."""
    return [
        dcc.Link(
            [
                html.Div(tile.label, className="l"), html.Div(tile.value, className="v"),
                html.Div(tile.small, className="s"),
            ],
            href=tile.opens.but(said=tile.n).href(tile.path) + ("" if tile.path == "/findings" else ROWS), className=f"tile {tile.tone}",
        )
        for tile in shown
    ]  # fmt: skip
