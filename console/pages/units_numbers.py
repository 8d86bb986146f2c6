"""The numbers of page Units: cards, money and people, each the list it opens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from console import format as shown
from console.answering import Asked
from console.i18n import t
from console.pages.funds import money
from console.pages.late import hanging
from console.pages.outreach import in_favour
from console.pages.overview_numbers import IMPORTANT, active
from console.pages.units_rows import dated, question
from console.parts.tiles import Tile, tiles
from console.queries import data, findings, scores
from console.url import Filters

UNCOVERED = "O05"  #: probably left out (page Eligibility)


def tell_tiles(asked: Asked) -> list[Any]:
    """Return the eight numbers, and what hangs on a late source."""
    standing = active(asked.filters).but(rule=question(asked.filters).rule)
    return [tiles([*_cards(asked, standing.but(card=IMPORTANT)), *_money(asked), *_people(asked)]), hanging(asked, standing)]


def _n(asked: Asked, wanted: Filters) -> int:
    return findings.totals(asked.conn, findings.asked(wanted, asked.now)).n


def _cards(asked: Asked, standing: Filters) -> list[Tile]:
    closed = question(asked.filters).but(stage=("closed",))
    kept, n = scores.kept(asked.conn, findings.asked(closed, asked.now))
    said = t("no closed card had a date")
    if n:
        said = t("{share} of {n} closed cards with a date", share=shown.share(kept / n), n=shown.count(n))
    still, late = _n(asked, standing), _n(asked, standing.but(stage=(), due="late"))
    return [
        Tile(t("Open cards"), shown.count(still), t("{n} late with an answer or a correction", n=shown.count(late)), standing, still),
        Tile(t("Closed in time"), shown.count(kept), said, closed.but(due="kept"), kept),
    ]  # fmt: skip


def _money(asked: Asked) -> list[Tile]:
    """The amounts of page Funds, of the time looked at here; they are never added to each other."""
    held = money(replace(asked, filters=dated(asked.filters)))
    return [held[name] for name in ("recovered", "prevented", "owed", "arrears")]


def _people(asked: Asked) -> list[Tile]:
    """Whom it helped: those left out who were taken up, and what was put right for the others."""
    right = in_favour(dated(asked.filters)).but(present=None, outcome="confirmed", done="corrected")
    out, others = right.but(rule=(UNCOVERED,)), right.but(rule=tuple(code for code in right.rule if code != UNCOVERED))
    helped, n = _n(asked, out), _n(asked, others)
    taken = Tile(t("Left out, now taken up"), shown.count(helped), t("households, confirmed and put right"), out, helped)
    if not helped and "register" not in data.reporting(asked.conn, ("register",)).entities:
        taken = replace(taken, value=t("unknown"), small=t("no source reports this"), tone="unknown")
    return [taken, Tile(t("Put right for citizens"), shown.count(n), t("not paid, not told, not looked for: confirmed and put right"),
                        others, n)]  # fmt: skip
