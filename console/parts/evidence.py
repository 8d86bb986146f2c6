"""The values a rule used, with names people use for them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dash import html

from console import format as shown
from console import words
from console.i18n import labels, of, t

_HIDDEN = ("_key", "_hash")


def evidence_table(evidence: Mapping[str, Any]) -> html.Table:
    """Return every evidence column by name; values as people write them."""
    rows = [html.Tr([html.Td(label(name)), html.Td(value(name, given), className="n wrap")]) for name, given in evidence.items()]
    return html.Table(html.Tbody(rows), className="rows evidence")


def label(column: str) -> str:
    """Return a column's name on the screen; an unknown column is shown by its own name, readable."""
    known = labels().get(column)
    return of(known) if known else column.removesuffix("_fen").replace("_", " ")


def value(column: str, given: Any) -> Any:
    """Return a value as people write it, by the column's kind."""
    if given is None:
        return shown.NOTHING
    if isinstance(given, list):
        return html.Span([html.Div(value(column, item)) for item in given[:20]] + ([t("… and {n} more", n=len(given) - 20)] if len(given) > 20 else []))
    kind = (labels().get(column) or {}).get("kind") or kind_of(column)
    return _SHOW.get(kind, shown.plain)(given) if not isinstance(given, bool) else shown.yes_no(given)


def kind_of(column: str) -> str:
    """Return the kind a column's name promises (style: _fen money, _at instant, _share share, …)."""
    for ending, kind in (("_fen", "money"), ("_at", "instant"), ("_on", "day"), ("_date", "day"), ("_share", "share"),
                         ("_key", "key"), ("_id", "key")):  # fmt: skip
        if column.endswith(ending):
            return kind
    return "code"


def _instant(given: Any) -> str:
    try:
        at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError:
        return str(given)
    return shown.minute(at) if at.tzinfo else str(given)


def _day(given: Any) -> str:
    return given.isoformat() if isinstance(given, date) else str(given)[:10]


def _code(given: Any) -> str:
    return words.value(given) if isinstance(given, str) else shown.plain(given)


_SHOW = {
    "money": lambda given: shown.yuan(int(given)), "instant": _instant, "day": _day, "code": _code,
    "share": lambda given: shown.share(float(given)), "key": lambda given: shown.short_key(str(given)),
    "working_days": lambda given: shown.working_days(int(given)), "plain": shown.plain,
}  # fmt: skip
