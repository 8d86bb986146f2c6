"""The values a rule used, with the names people use for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dash import html

from console import format as shown
from console import words
from console.i18n import labels, of, t

MOST_ITEMS = 20


@dataclass(frozen=True)
class Names:
    """Names of regions and units that values refer to by code."""

    places: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


NO_NAMES = Names()


def evidence_table(evidence: Mapping[str, Any], names: Names = NO_NAMES) -> html.Table:
    """Return every evidence column by name; values as people write them."""
    rows = [
        html.Tr([html.Td(label(name)), html.Td(value(name, given, names), className="n wrap")])
        for name, given in evidence.items()
    ]
    return html.Table(html.Tbody(rows), className="rows evidence")


def label(column: str) -> str:
    """Return a column's name on the screen; an unknown column is shown by its own name, readable."""
    known = labels().get(column)
    return of(known) if known else column.removesuffix("_fen").replace("_", " ")


def value(column: str, given: Any, names: Names = NO_NAMES) -> Any:
    """Return a value as people write it, by the column's kind."""
    if given is None:
        return shown.NOTHING
    if isinstance(given, bool):
        return shown.yes_no(given)
    if isinstance(given, list):
        return _several(column, given, names)
    kind = kind_of(column)
    if kind in ("place", "unit"):
        return (names.places if kind == "place" else names.units).get(str(given), str(given))
    show: Callable[[Any], Any] = _SHOW.get(kind, _code)
    return show(given)


def _several(column: str, given: list[Any], names: Names) -> html.Div:
    items: list[Any] = [html.Div(value(column, item, names)) for item in given[:MOST_ITEMS]]
    if len(given) > MOST_ITEMS:
        items.append(t("… and {n} more", n=len(given) - MOST_ITEMS))
    return html.Div(items)


def kind_of(column: str) -> str:
    """Return how a column's value is shown: as its label says, else as the ending of its name promises."""
    said = labels().get(column, {}).get("kind")
    endings = (
        ("_fen", "money"),
        ("_at", "instant"),
        ("_on", "day"),
        ("_date", "day"),
        ("_share", "share"),
        ("_key", "key"),
        ("_id", "key"),
    )
    return said or next((kind for ending, kind in endings if column.endswith(ending)), "code")


def codes(kind: str, records: list[Mapping[str, Any]]) -> set[str]:
    """Return the codes of a kind ("place", "unit") that stand in records, to be looked up by name at once."""
    found: set[str] = set()
    for record in records:
        for column, given in record.items():
            if given is not None and kind_of(column) == kind:
                found.update(map(str, given if isinstance(given, list) else [given]))
    return found


def _instant(given: Any) -> str:
    try:
        at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError:
        return str(given)
    return shown.minute(at) if at.tzinfo else str(given)


def _day(given: Any) -> str:
    return given.isoformat() if isinstance(given, date) else str(given)[:10]


def _code(given: Any) -> str:
    if not isinstance(given, str):
        return shown.plain(given)
    return t(", ").join(map(words.value, given.split(",")))  # a column may hold several codes


_SHOW: dict[str, Callable[[Any], Any]] = {
    "money": lambda given: shown.yuan(int(given)), "instant": _instant, "day": _day, "code": _code,
    "year": lambda given: str(given)[:4], "share": lambda given: shown.share(float(given)),
    "key": lambda given: shown.short_key(str(given)), "plain": shown.plain,
}  # fmt: skip
