"""The scores of places and units: the sum one can check, and each number its list."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from console import format as shown
from console import rulebook
from console.answering import Asked
from console.i18n import t, tn
from console.parts import panel, states
from console.queries import findings, regions, scores
from console.queries.scores import Scored
from console.url import Filters
from monitors.indicators.performance import FULL, RED, YELLOW, MeanScore

PATH, SPAN = "/units", "90d"


def dated(filters: Filters) -> Filters:
    """Return place, programme and time, the last 90 days where the address says no time."""
    scope = filters.scope()
    return scope if scope.span or scope.start or scope.end else scope.but(span=SPAN)


def question(filters: Filters) -> Filters:
    """Return the cards units are judged by: those addressed to them, opened in the time looked at."""
    return dated(filters).but(rule=tuple(rulebook.addressed("U")))


def parent(asked: Asked) -> str:
    """Return the place whose places below are compared."""
    return regions.here(asked.conn, asked.filters.region)


def scored_places(asked: Asked, most: int = scores.MOST_SCORED + 1) -> list[Scored]:
    """Return the places one level below, the lowest score first."""
    return scores.place_scores(asked.conn, _asks(asked), parent(asked), most)


def scored_units(asked: Asked, most: int = scores.MOST_SCORED + 1) -> list[Scored]:
    """Return units, the lowest score first."""
    return scores.unit_scores(asked.conn, _asks(asked), most)


def _asks(asked: Asked) -> dict[str, Any]:
    return findings.asked(question(asked.filters), asked.now) | {"now": asked.now}


def tell_places(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the places one level below."""
    found, wanted = scored_places(asked), question(asked.filters)
    lines = [_line(one, wanted.but(region=one.key), asked.filters.but(region=one.key).href(PATH)) for one in found]
    return _told(found, lines, t("Place"))


def tell_units(asked: Asked) -> list[Any]:
    """Return sentence, note and table of units."""
    found, wanted = scored_units(asked), question(asked.filters)
    lines = [_line(one, wanted.but(unit=one.key), f"/dossier/unit/{one.key}" if one.key else None) for one in found]
    return _told(found, lines, t("Unit"))


def _told(found: list[Scored], lines: list[html.Tr], name: str) -> list[Any]:
    if not found:
        none = states.empty(t("Nothing to score."), t("Choose a wider place or a longer time."))
        return [t("No card was addressed to anybody here in this time."), none, None]
    below = sum(one.score.now is not None and one.score.now < FULL for one in found)
    say = tn("{n} line; {below} below {full} points.", "{n} lines; {below} below {full} points.", len(found), below=below, full=FULL)
    names = [name, t("Score"), t("How it comes about"), t("Confirmed"), t("Not decided"), t("Given back"), t("Median time to answer")]
    note = states.cut(scores.MOST_SCORED, len(found)) if len(found) > scores.MOST_SCORED else None
    return [say, note, panel.table(names, lines[: scores.MOST_SCORED], numbers=4)]


def _line(one: Scored, wanted: Filters, inside: str | None) -> html.Tr:
    name = one.name or one.key or t("no unit named")
    counts = [(one.confirmed, "confirmed"), (one.undecided, "undecided"), (one.lifted, "lifted")]
    links = [dcc.Link(shown.count(n), href=wanted.but(outcome=outcome).href("/findings")) if n and one.key else shown.count(n)
              for n, outcome in counts]  # fmt: skip
    return html.Tr([
        html.Td(dcc.Link(name, href=inside, className="all") if inside else name), html.Td(html.B(score_of(one))),
        html.Td(sum_of(one), className="wrap"), *(html.Td(link, className="n") for link in links),
        html.Td(shown.span(one.answer_s) if one.answer_s is not None else shown.NOTHING, className="n"),
    ])  # fmt: skip


def score_of(one: Scored) -> str:
    """Return a score, and what it would be if all that is open were confirmed."""
    score = shown.points(one.score.now)
    return score if one.score.at_worst == one.score.now else t("{now}, at worst {worst}", now=score, worst=shown.points(one.score.at_worst))


def sum_of(one: Scored) -> str:
    """Return the arithmetic, as one would write it on paper."""
    if isinstance(one.score, MeanScore):
        return _mean(one.score)
    score = one.score
    parts = [f"{FULL}", *([f"− {YELLOW} × {score.confirmed_yellow}"] if score.confirmed_yellow else []),
             *([f"− {RED} × {score.confirmed_red}"] if score.confirmed_red else [])]  # fmt: skip
    return f"{' '.join(parts)} = {score.now}"


def _mean(score: MeanScore) -> str:
    if not score.units:
        return t("No unit of this place is known.")
    said = f"{shown.count(score.score_sum)} ÷ {score.units} = {shown.points(score.now)}"
    if not score.units_below:
        return said
    return t("{sum} (of {units} units {below} below {full}, the lowest at {lowest})", sum=said, units=score.units, below=score.units_below,
             full=FULL, lowest=score.lowest)  # fmt: skip
