"""The four numbers of the overview, and the question each of them opens."""

from typing import Any

from console import format as shown
from console import rulebook, words
from console.answering import Asked
from console.files import serving
from console.i18n import t, tn
from console.parts.tiles import Tile, tiles
from console.queries import findings
from console.url import ACTIVE, Filters

SPAN = "30d"  # what "newly" means where the address does not say
IMPORTANT = ("red", "yellow")


def active(filters: Filters) -> Filters:
    """Return the question for what somebody still has to act on, in the place and programme looked at."""
    return filters.scope().but(span=None, start=None, end=None, present=True, stage=ACTIVE, silenced=False)


def tell_tiles(asked: Asked) -> list[Any]:
    """Return the four numbers and the instant they hold for, and the links to the files."""
    return [tiles(tiles_of(asked)), t("As of {at}", at=shown.minute(asked.now)), serving.links("/findings", asked.filters)]


def tiles_of(asked: Asked) -> list[Tile]:
    """A pass over the sums and two short ones give four numbers; each is the sum of its own question (tests hold that)."""
    acting = active(asked.filters)
    red, late, money = acting.but(card=("red",)), acting.but(family="timeliness", card=IMPORTANT), acting.but(amount=True)
    fresh = asked.filters.scope() if _dated(asked.filters) else asked.filters.scope().but(span=SPAN)
    held = findings.facets(asked.conn, findings.asked(acting, asked.now))
    today = findings.totals(asked.conn, findings.asked(red.but(span="24h"), asked.now))
    timed = rulebook.codes("timeliness", ()) or ()
    of_red = [facet for facet in held if facet.card == "red"]
    of_late = [facet for facet in held if facet.rule in timed and facet.card in IMPORTANT]
    of_money = [facet for facet in held if facet.money]
    new = findings.by_card(asked.conn, findings.asked(fresh, asked.now))
    return [
        Tile(t("Red cards to act on"), shown.count(_n(of_red)),
             t("{n} of them opened today", n=today.n), red, _n(of_red), "red"),
        Tile(t("Over a time limit"), shown.count(_n(of_late)),
             t("{share} of {n} open findings", share=shown.share(_n(of_late) / max(_n(held), 1)), n=shown.count(_n(held))),
             late, _n(of_late), "yellow"),
        Tile(t("Money to verify"), shown.yuan_short(sum(facet.amount_fen for facet in of_money)),
             tn("in {n} finding; a doubt, not a loss", "in {n} findings; a doubt, not a loss", _n(of_money)), money, _n(of_money)),
        Tile(t("Newly found"), shown.count(sum(new.values())),
             t("{span}; {gone} cleared since", span=_span_name(asked.filters), gone=shown.count(new.get("cleared", 0))), fresh,
             sum(new.values())),
    ]  # fmt: skip


def _n(facets: list[findings.Facet]) -> int:
    return sum(facet.n for facet in facets)


def _dated(filters: Filters) -> bool:
    return bool(filters.span or filters.start or filters.end)


def _span_name(filters: Filters) -> str:
    if filters.start or filters.end:
        return f"{filters.start or '…'} – {filters.end or '…'}"
    return t(words.RANGE[filters.span or SPAN])
