"""The four numbers of the overview, and the question each of them opens."""

from typing import Any

from console import format as shown
from console import words
from console.answering import Asked
from console.i18n import t, tn
from console.parts.tiles import Tile, tiles
from console.queries import findings
from console.url import ACTIVE, Filters

SPAN = "30d"  # what "newly" means where the address does not say
IMPORTANT = ("red", "yellow")


def active(filters: Filters) -> Filters:
    """Return the question for what somebody still has to act on, in the place and programme looked at."""
    return filters.scope().but(span=None, start=None, end=None, present=True, stage=ACTIVE)


def tell_tiles(asked: Asked) -> list[Any]:
    """Return the four numbers and the instant they hold for."""
    return [tiles(_tiles(asked)), t("As of {at}", at=shown.minute(asked.now)), asked.filters.href("/findings.csv")]


def _tiles(asked: Asked) -> list[Tile]:
    def ask(question: Filters) -> findings.Totals:
        return findings.totals(asked.conn, findings.asked(question, asked.now))

    acting = active(asked.filters)
    red, late = acting.but(card=("red",)), acting.but(family="timeliness", card=IMPORTANT)
    money = acting.but(amount=True)
    fresh = asked.filters.scope() if _dated(asked.filters) else asked.filters.scope().but(span=SPAN)
    all_n, red_n, late_n, sums, new = ask(acting).n, ask(red).n, ask(late).n, ask(money), ask(fresh)
    today, gone = ask(red.but(span="24h")).n, ask(fresh.but(present=False)).n
    return [
        Tile(t("Red cards to act on"), shown.count(red_n), t("{n} of them opened today", n=today), red, "red"),
        Tile(t("Over a time limit"), shown.count(late_n),
             t("{share} of {n} open findings", share=shown.share(late_n / all_n if all_n else 0), n=shown.count(all_n)), late, "yellow"),
        Tile(t("Money to verify"), shown.yuan_short(sums.amount_fen),
             tn("in {n} finding; a doubt, not a loss", "in {n} findings; a doubt, not a loss", sums.n), money),
        Tile(t("Newly found"), shown.count(new.n),
             t("{span}; {gone} cleared since", span=_span_name(asked.filters), gone=shown.count(gone)), fresh),
    ]  # fmt: skip


def _dated(filters: Filters) -> bool:
    return bool(filters.span or filters.start or filters.end)


def _span_name(filters: Filters) -> str:
    if filters.start or filters.end:
        return f"{filters.start or '…'} – {filters.end or '…'}"
    return t(words.RANGE[filters.span or SPAN])
