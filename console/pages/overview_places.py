"""Where open cards are: the map, and the sorted table beside it that drills down."""

from typing import Any

from console import sentences
from console.answering import Asked
from console.i18n import t, tn
from console.pages.late import hanging
from console.pages.overview_numbers import IMPORTANT, active
from console.parts import map as county
from console.parts import places as place_tables
from console.parts import states
from console.queries import findings, regions
from console.url import Filters


def tell_where(asked: Asked) -> list[Any]:
    """Return sentence, note, map, legend and table of the places below the one looked at."""
    question = active(asked.filters).but(card=IMPORTANT)
    top = regions.root(asked.conn)
    asks = findings.asked(question, asked.now)
    whole = top.region_code if top else ""
    counties = findings.by_child(asked.conn, asks | {"region": None}, whole)
    figure, key = _map(asked, counties, whole)
    say, table = _below(asked, asks, question) if asked.filters.region else _children(counties, asked, question)
    return [say, hanging(asked, question), figure, key, table, say]


def _map(asked: Asked, counties: list[findings.Place], whole: str) -> tuple[Any, Any]:
    """Return map and legend. The map always shows the whole: it says where one is, and what is beside it."""
    steps = _steps(asked, counties, whole)
    spots = [county.Spot(place.region_code, place.name, None if place.unknown else place.n) for place in counties]
    figure = county.county_map(spots, steps, _county_of(asked))
    return figure.to_plotly_json(), county.legend(steps, unknown=any(spot.n is None for spot in spots))


def _children(places: list[findings.Place], asked: Asked, question: Filters) -> tuple[str, Any]:
    return sentences.places(places), place_tables.places_table(places, asked.filters, question, "/")


def _below(asked: Asked, asks: dict[str, Any], question: Filters) -> tuple[str, Any]:
    """Return sentence and table of what lies below the place looked at: places, and in a township its units."""
    here = asked.filters.region or ""
    way = regions.path(asked.conn, here)
    if way and way[-1].level in ("township", "village"):
        return _units(asked, asks, question)
    places = findings.by_child(asked.conn, asks, here)
    return _children(places, asked, question) if places else _units(asked, asks, question)


def _steps(asked: Asked, counties: list[findings.Place], root: str) -> county.Scale:
    """The scale of the whole, whatever programme is looked at: colours keep their meaning while one filters."""
    if asked.filters.programme is None:
        return county.scale(max((place.n for place in counties), default=0))
    whole = findings.asked(active(Filters()).but(card=IMPORTANT), asked.now)
    return county.scale(max((place.n for place in findings.by_child(asked.conn, whole, root)), default=0))


def _county_of(asked: Asked) -> str | None:
    way = regions.path(asked.conn, asked.filters.region)
    return next((region.region_code for region in way if region.level == "county"), None)


def _units(asked: Asked, asks: dict[str, Any], question: Filters) -> tuple[str, Any]:
    """The last step of the way down before the findings themselves."""
    units = findings.by_unit(asked.conn, asks)
    say = tn("{n} unit has open cards here.", "{n} units have open cards here.", len(units))
    none = states.empty(t("No open cards here."), t("Go up one step, or choose another programme."))
    return say, place_tables.units_table(units, question) if units else none
