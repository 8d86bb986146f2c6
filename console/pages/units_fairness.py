"""How fair doubts about citizens were, by township: how many were not founded, and how long people stood under them (domain §9.1.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc

from console import format as shown
from console import rulebook
from console.answering import Asked
from console.i18n import t, tn
from console.pages.outreach import IN_FAVOUR
from console.pages.overview_numbers import active
from console.pages.units_rows import PATH, dated
from console.parts import listing, measured, states
from console.parts.chart import blank
from console.parts.listing import Field
from console.parts.measured import Point
from console.queries import findings, scores
from console.queries.scores import Fair
from console.url import Filters

FAIRNESS, DRAWN = "units-fairness", 12


def doubts(filters: Filters) -> Filters:
    """Return the question about doubts that speak against a citizen, opened in the time looked at."""
    return dated(filters).but(rule=tuple(code for code in rulebook.addressed("S") if code not in IN_FAVOUR))


def under(filters: Filters) -> Filters:
    """Return the question about doubts that still stand."""
    return active(filters).but(rule=doubts(filters).rule, stage=("open", "assigned", "replied"))


def tell_fairness(asked: Asked) -> list[Any]:
    """Return sentence, note, picture, table of verdicts by township; the sentence is the picture's label, too."""
    whole, towns = verdicts(asked)
    still = under(asked.filters)
    n = findings.totals(asked.conn, findings.asked(still, asked.now)).n
    waiting = dcc.Link(tn("{n} doubt about a citizen stands now.", "{n} doubts about citizens stand now.", n),
                       href=still.but(said=n).href("/findings"), className="link")  # fmt: skip
    if not whole.decided:
        none = states.empty(t("No verdict in this time."), t("Choose a wider place or a longer time."))
        say = t("No doubt about a citizen was decided here in this time: how often they are wrong is unknown.")
        return [[say, " ", waiting], none, blank(), None, say]
    say = _say(whole)
    shown_towns = towns[: scores.MOST_SCORED]
    notes = [states.cut(len(shown_towns), len(towns)) if len(towns) > len(shown_towns) else None, _nowhere(whole, towns)]
    points = [Point(one.name or one.key, one.share, *one.interval, one.decided) for one in towns[:DRAWN]]
    return [[say, " ", waiting], [note for note in notes if note] or None,
            measured.intervals(points, whole.share).to_plotly_json(), listing.table(fields(asked), shown_towns), say]  # fmt: skip


def verdicts(asked: Asked) -> tuple[Fair, list[Fair]]:
    """Return verdicts together, and by township."""
    return scores.fairness(asked.conn, findings.asked(doubts(asked.filters), asked.now))


def _say(whole: Fair) -> str:
    low, high = whole.interval
    return tn("Of {n} decided doubt {share} were not founded ({low}–{high}); the line in the picture. Half were decided within {span}.",
              "Of {n} decided doubts {share} were not founded ({low}–{high}); the line in the picture. Half were decided within {span}.",
              whole.decided, share=shown.share(whole.share), low=shown.share(low), high=shown.share(high), span=_span(whole))  # fmt: skip


def _span(one: Fair) -> str:
    return shown.NOTHING if one.took_s is None else shown.span(one.took_s)


def _nowhere(whole: Fair, towns: Sequence[Fair]) -> Any:
    """Say where lines do not add up to the sentence: what lies in no township, or in several."""
    if sum(one.decided for one in towns) == whole.decided:
        return None
    return states.advice(t("The lines are {n} together: a doubt of no township is in none of them, one of several townships in each.",
                           n=shown.count(sum(one.decided for one in towns))))  # fmt: skip


def fields(asked: Asked) -> list[Field]:
    """Return the columns of the table and of the file."""
    def number(name: str, column: str, outcome: str) -> Field:
        def href(one: Fair) -> str | None:
            wanted = doubts(asked.filters).but(region=one.key, outcome=outcome, said=getattr(one, column))
            return wanted.href("/findings") if getattr(one, column) else None

        return Field(name, lambda one: getattr(one, column), "count", 9, href)

    return [
        Field(t("Township"), lambda one: one.name or one.key, width=22, href=lambda one: asked.filters.but(region=one.key).href(PATH)),
        number(t("Decided"), "decided", "verified"), number(t("Not founded"), "unfounded", "unfounded"),
        Field(t("Share not founded"), lambda one: one.share, "share", 10), Field(t("at least"), lambda one: one.interval[0], "share", 10),
        Field(t("at most"), lambda one: one.interval[1], "share", 10), Field(t("Median time under suspicion"), _span, width=14),
    ]  # fmt: skip
