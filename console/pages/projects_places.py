"""Who provides, and where: the map of projects, and the score cards of providers with their bars."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from console import format as shown
from console.answering import Asked
from console.i18n import t, tn
from console.pages.projects_rows import PATH, fields, opens, title
from console.parts import listing, panel, states
from console.parts import map as county
from console.queries import data, projects, regions
from console.url import Filters

WHERE, PROVIDERS = "projects-where", "projects-providers"
MOST_PROVIDERS = 30


def tell_providers(asked: Asked) -> list[Any]:
    """Return sentence, note and the score cards of providers; that nobody is barred is said only where somebody reports bars."""
    asks = projects.question(asked.filters.scope(), asked.now)
    rows, n = projects.listed(asked.conn, asks, "providers", MOST_PROVIDERS)
    if not n:
        none = t("No provider is known here.")
        return [none, states.empty(none, t("Choose a wider place or a longer time.")), None]
    reported = data.reporting(asked.conn, ("provider_bar",)).entities
    barred = shown.count(projects.listed(asked.conn, asks, "providers-barred", 1)[1]) if reported else t("unknown")
    say = tn("{n} provider; barred today: {barred}.", "{n} providers; barred today: {barred}.", n, barred=barred)
    cut = states.cut(len(rows), n) if n > len(rows) else None
    source = t("Bars come with the records “provider_bar”; they hold where they were given and nowhere else.")
    unseen = None if reported else states.unreported(source)
    chips = [dcc.Link(title(name), href=opens(asked.filters.scope(), name), className="chip") for name in ("providers", "providers-barred")]
    made = [listing.table(fields(asked, "providers", rows), rows), html.Div(chips, className="offers")]
    return [say, [note for note in (unseen, cut) if note] or None, made]


def tell_where(asked: Asked) -> list[Any]:
    """Return sentence, note, map, legend and table of projects by place; a place nobody reports from is unknown, not empty."""
    top = regions.root(asked.conn)
    whole = top.region_code if top else ""
    asks = projects.question(asked.filters.scope(), asked.now)
    counties = projects.places(asked.conn, asks | {"region": None}, whole)
    spots = [county.Spot(place.region_code, place.name or place.region_code, place.projects or None) for place in counties if not place.own]
    steps = county.scale(max((place.projects for place in counties if not place.own), default=0))
    figure = county.county_map(spots, steps, asked.filters.region).to_plotly_json()
    below = projects.places(asked.conn, asks, asked.filters.region) if asked.filters.region else counties
    told = [place for place in below if place.projects]
    say = tn(
        "{n} project in {places} places below; {blind} places report none.",
        "{n} projects in {places} places below; {blind} places report none.",
        sum(place.projects for place in below),
        places=len([place for place in told if not place.own]),
        blind=sum(not place.projects and not place.own for place in below),
    )
    lines = [_place(place, asked.filters.scope()) for place in below if place.projects or not place.own]
    names = [t("Place"), t("Projects"), t("Providers"), t("Steps missing"), t("Below 50 %")]
    return [
        say,
        None,
        figure,
        county.legend(steps, unknown=any(spot.n is None for spot in spots)),
        panel.table(names, lines, numbers=4),
        say,
    ]


def _place(place: Any, scope: Filters) -> html.Tr:
    own = scope.but(region=place.region_code)
    if place.own:
        return html.Tr(
            [
                html.Td(t("{place} itself", place=place.name)),
                *(html.Td(shown.count(n), className="n") for n in (place.projects, place.providers, place.late, place.below_half)),
            ]
        )
    name = html.Td(dcc.Link(place.name or place.region_code, href=own.href(PATH)))
    if not place.projects:
        return html.Tr([name, html.Td(t("unknown"), className="n unknown"), *(html.Td(shown.NOTHING, className="n") for _ in range(3))])
    cells = [(place.projects, "all"), (place.providers, None), (place.late, "step-late"), (place.below_half, "below-half")]
    return html.Tr(
        [
            name,
            *(
                html.Td(
                    dcc.Link(shown.count(n), href=opens(own, rows, n), className="link") if rows and n else shown.count(n), className="n"
                )
                for n, rows in cells
            ),
        ]
    )
