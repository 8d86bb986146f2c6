"""The sorted table beside the map: its rows are the drill-down one can reach by keyboard."""

from collections.abc import Sequence

from dash import dcc, html

from console.i18n import t
from console.queries.findings import Place, Unit
from console.url import Filters


def places_table(places: Sequence[Place], scope: Filters, question: Filters, path: str) -> html.Table:
    """Return places with their count and a bar; a row drills down, its number opens its findings."""
    largest = max((place.n for place in places if not place.unknown), default=0)
    ordered = sorted(places, key=lambda place: (place.unknown, -place.n, place.region_code))
    rows = [_row(place, scope, question, path, largest) for place in ordered]
    foot = html.Tr(
        [html.Td(t("All of these")), html.Td(f"{sum(place.n for place in places):,}", className="n"), html.Td()]
    )
    return html.Table([html.Tbody(rows), html.Tfoot(foot)], className="rows places")


def _row(place: Place, scope: Filters, question: Filters, path: str, largest: int) -> html.Tr:
    if place.own:  # no address of its own: what it holds is part of the place one is in
        return html.Tr([html.Td(t("{place} itself", place=place.name)), html.Td(f"{place.n:,}", className="n"), html.Td()])
    link = dcc.Link(
        place.name or place.region_code, href=scope.but(region=place.region_code).href(path), className="all"
    )
    if place.unknown:
        return html.Tr(
            [html.Td(link), html.Td(t("unknown"), className="n unknown"), html.Td(html.Span(className="hatched"))]
        )
    width = {"width": f"{round(100 * place.n / largest)}%"} if place.n else {"width": 0, "minWidth": 0}
    number = dcc.Link(f"{place.n:,}", href=question.but(region=place.region_code).href("/findings"), className="over")
    return html.Tr(
        [
            html.Td(link),
            html.Td(number, className="n"),
            html.Td(html.Span(className="bar", style=width), className="wide"),
        ]
    )


def units_table(units: Sequence[Unit], question: Filters) -> html.Table:
    """Return units with their counts; a row opens the unit's findings."""
    largest = max((unit.n for unit in units), default=0)
    rows = [
        html.Tr([
            html.Td(dcc.Link(unit.name or unit.unit_code or t("no unit named"),
                             href=question.but(unit=unit.unit_code).href("/findings"), className="all")),
            html.Td(f"{unit.n:,}", className="n"),
            html.Td(html.Span(className="bar", style={"width": f"{round(100 * unit.n / largest)}%"}), className="wide"),
        ])
        for unit in units
    ]  # fmt: skip
    return html.Table(html.Tbody(rows), className="rows places")
