"""The panel of statistics: where people and money lie far from their past, aid of one size, first digits. Hints, not findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from console import format as shown
from console import words
from console.answering import Asked
from console.i18n import t, tn
from console.pages import funds_hints
from console.pages.funds_months import notes
from console.pages.funds_rows import fields, opens
from console.parts import listing, states
from console.queries import funds

STATISTICS = "funds-statistics"
MOST = 8  #: rows of each table on the page
Bands = Mapping[tuple[str, str], int]


def tell_statistics(asked: Asked) -> list[Any]:
    """Return sentence, notes, and the three tables of hints, each with the list it is the top of."""
    if funds.hinted_at(asked.conn) is None:
        unmade = states.stale(t("Statistics are made a minute after the money is reconciled."), None)
        return [t("Nothing was computed yet."), notes(asked, unmade), None]
    asks = funds.question(asked.conn, asked.filters, asked.now)
    bands = funds.hinted(asked.conn, asks)
    parts = [_part(asked, asks, name, _none(name, bands)) for name in funds.HINTS]
    return [_say(asked, asks, bands), notes(asked, states.advice(funds_hints.meaning())), [*parts, _bunching(asked)]]


def _say(asked: Asked, asks: dict[str, Any], bands: Bands) -> str:
    found = funds.hints(asked.conn, asks, "hints-months", 1)
    judged = _of(bands, "people", "far", "usual")
    if not judged:
        return t("No month can be judged here: it takes six months before it, and no change of standard in the month.")
    return tn("{n} month of a place and programme lies far from the months before, of {judged} that can be judged; {unknown} cannot.",
              "{n} months of a place and programme lie far from the months before, of {judged} that can be judged; {unknown} cannot.",
              found[0].n if found else 0, judged=shown.count(judged),
              unknown=shown.count(_of(bands, "people", "few", "standard")))  # fmt: skip


def _of(bands: Bands, kind: str, *names: str) -> int:
    return sum(bands.get((kind, name), 0) for name in names)


def _none(name: str, bands: Bands) -> Any:
    """What stands where no row does: nothing stands out, or nothing can be said."""
    kind, judged = {"hints-months": ("people", ("far", "usual")), "hints-aid": ("modal", ("one_size", "spread")),
                    "hints-digits": ("digits", ())}[name]  # fmt: skip
    if _of(bands, kind, *judged):
        return html.P(t("Nothing stands out."), className="say")
    return html.P([states.icon("question-diamond"), " ", _unknown(name)], className="banner stale hatched", role="status")


def _unknown(name: str) -> str:
    if name == "hints-months":
        return t("Unknown: it takes six months before, and no change of standard in the month.")
    if name == "hints-aid":
        return t("Unknown: it takes ten lines of temporary aid in a month.")
    return t("Unknown: no temporary aid here in these years.")


def _part(asked: Asked, asks: dict[str, Any], name: str, none: Any) -> html.Div:
    """One table with its head; the number in the head is the list."""
    rows = funds.hints(asked.conn, asks, name, MOST)
    n = rows[0].n if rows else 0
    link = dcc.Link(shown.count(n), href=opens(asked.filters.scope(), name, n), className="chip")
    head = html.H3([t(words.FUND_LIST[name]), " ", link if n else None])
    how = html.P(_how(name), className="say")
    return html.Div([head, how, html.Div(listing.table(fields(asked, name, rows), rows), className="wide-table") if rows else none])


def _how(name: str) -> str:
    if name == "hints-months":
        return t("Robust z of people and amount beside the median of up to twelve months before; told from 3.5, a tenth and five people.")
    if name == "hints-aid":
        return t("More than 60 % of a month's lines of one amount, or more than 95 % multiples of 500 yuan.")
    return t("First digits of amounts beside log10(1 + 1/d): mean absolute deviation of the nine shares. "
             "Graded amounts depart from it by nature.")  # fmt: skip


def _bunching(asked: Asked) -> html.P:
    """What has no table of its own here: one person's approvals, which are no statistics of a place."""
    href = funds_hints.findings_of(asked.filters, funds_hints.BUNCHING, None)
    return html.P(dcc.Link(t("Approvals bunched just under the limit"), href=href, className="chip quiet"))
