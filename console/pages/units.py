"""Units: the performance score of each place and unit, as a sum one can check, and how fast cards are answered."""

from __future__ import annotations

from typing import Any

from dash import Dash, Output, dcc, html

from console import format as shown
from console import rulebook
from console.answering import Asked, Reading, answer
from console.files.serving import offer
from console.i18n import marked, t, tn
from console.parts import panel, states
from console.parts.drawn import content, drawn
from console.queries import findings, regions, scores
from console.queries.scores import Scored
from console.url import Filters
from monitors.indicators.performance import FULL, RED, YELLOW, MeanScore
from sql.rights import Right

PATH, TITLE, ICON = "/units", marked("Units"), "bar-chart-steps"
OPENS_WITH: tuple[Right, ...] = ("read",)
PLACES, UNITS, SPAN = "units-places", "units-units", "90d"


def layout(_path: str) -> html.Div:
    """Return the page with its panels still empty."""
    places, units = (drawn(f"{name}-table", states.loading(240, lines=8), className="wide-table") for name in (PLACES, UNITS))
    return html.Div([
        panel.head(t(TITLE), t("Points off for confirmed cards only; a place is the mean of its units; the sum to check it.")),
        html.Div([panel.chart_panel(PLACES, t("By place"), places, twin=False, files=True),
                  panel.chart_panel(UNITS, t("By unit"), units, twin=False, files=True)], className="stack"),
    ])  # fmt: skip


def question(asked: Asked) -> Filters:
    """Return the cards units are judged by: those addressed to them, opened in the time looked at."""
    scope = asked.filters.scope()
    return (scope if scope.span or scope.start or scope.end else scope.but(span=SPAN)).but(rule=tuple(rulebook.addressed("U")))


def scored_places(asked: Asked, most: int = scores.MOST_SCORED + 1) -> list[Scored]:
    """Return the places one level below, the lowest score first."""
    top = regions.root(asked.conn)
    parent = asked.filters.region or (top.region_code if top else "")
    return scores.place_scores(asked.conn, findings.asked(question(asked), asked.now) | {"now": asked.now}, parent, most)


def scored_units(asked: Asked, most: int = scores.MOST_SCORED + 1) -> list[Scored]:
    """Return units, the lowest score first."""
    return scores.unit_scores(asked.conn, findings.asked(question(asked), asked.now) | {"now": asked.now}, most)


def tell_places(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the places one level below."""
    wanted, found = question(asked), scored_places(asked)
    lines = [_line(one, wanted.but(region=one.key), asked.filters.but(region=one.key).href(PATH)) for one in found]
    return _told(found, lines, t("Place"))


def tell_units(asked: Asked) -> list[Any]:
    """Return sentence, note and table of units."""
    wanted, found = question(asked), scored_units(asked)
    return _told(found, [_line(one, wanted.but(unit=one.key), None) for one in found], t("Unit"))


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
    """Return the score, and what it would be if all that is undecided were confirmed."""
    score = shown.points(one.score.now)
    return score if one.score.at_worst == one.score.now else t("{now}, at worst {worst}", now=score, worst=shown.points(one.score.at_worst))


def sum_of(one: Scored) -> str:
    """The arithmetic, as one would write it on paper."""
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


def register(app: Dash, reading: Reading) -> None:
    """Wire the page."""
    for name, tell in ((PLACES, tell_places), (UNITS, tell_units)):
        outputs = [Output(f"{name}-say", "children"), content(f"{name}-note"), content(f"{name}-table")]
        answer(app, reading, outputs, tell, here=lambda path: path == PATH, note=1)
    offer(app, reading, PATH, {PLACES: "places", UNITS: "units"})
