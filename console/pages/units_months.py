"""The score of the place looked at and of the places below it, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dash import dcc, html

from console import format as shown
from console.answering import Asked
from console.i18n import t
from console.pages import units_rows
from console.pages.units_rows import PATH, parent
from console.parts import course, panel, states
from console.parts.chart import blank
from console.queries import findings, scores
from console.queries.scores import Course
from console.url import SHANGHAI, Filters
from monitors.indicators.performance import FULL

MONTHS, SHOWN, DRAWN = "units-months", 12, 20  #: months told, places drawn; the table has all of these


def tell_months(asked: Asked) -> list[Any]:
    """Return sentence, note, picture, legend and table of scores by month; the sentence is the picture's label, too."""
    found, months = courses(asked), months_of(asked)
    if not found:
        none = states.empty(t("Nothing to score."), t("Choose a wider place or a longer time."))
        return [t("No place is known here."), none, blank(), None, None, t("No place is known here.")]
    lowest = _lowest([one for one in found if not one.own], months[-1])
    looks = {one.key: "own" if one.own else "lowest" if one is lowest else "other" for one in found}
    drawn = sorted(found, key=lambda one: (looks[one.key] == "other", one.score(months[-1]) or 0))[:DRAWN]
    lines = [course.Line(one.name, [one.score(month) for month in months], [_href(asked, one, month) for month in months], looks[one.key])
             for one in drawn]  # fmt: skip
    say = _say(found, lowest, months)
    note = states.cut(DRAWN, len(found)) if len(found) > DRAWN else None
    return [say, note, course.lines(lines, months, FULL), _legend(found, lowest),
            _table(asked, found, months), say]  # fmt: skip


def courses(asked: Asked) -> list[Course]:
    """Return the places with their months, the one looked at first."""
    return scores.courses(asked.conn, findings.asked(question(asked), asked.now) | {"now": asked.now}, parent(asked))


def question(asked: Asked) -> Filters:
    """Return the cards units are judged by, of the months told."""
    first, last = _ends(asked)
    return units_rows.question(asked.filters).but(span=None, start=first, end=last)


def _ends(asked: Asked) -> tuple[date, date]:
    """The first day of twelve months, the last of which is that in which the time looked at ends, and the last day looked at."""
    today = asked.now.astimezone(SHANGHAI).date()
    last = min(today, asked.filters.end or today)
    n = last.year * 12 + last.month - SHOWN
    return date(n // 12, n % 12 + 1, 1), last


def months_of(asked: Asked) -> list[str]:
    """Return the months told, as "2026-03"."""
    first, _ = _ends(asked)
    n = first.year * 12 + first.month - 1
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(n, n + SHOWN)]


def _lowest(below: Sequence[Course], month: str) -> Course | None:
    known = [(score, one.key, one) for one in below if (score := one.score(month)) is not None and score < FULL]
    return min(known)[2] if known else None


def _say(found: Sequence[Course], lowest: Course | None, months: Sequence[str]) -> str:
    first, last = months[-2:]
    said = []
    for one in (one for one in found if one.own):
        now, before = one.score(last), one.score(first)
        if now is not None and before is not None:
            said.append(t("{place}: {now} of {full} points in {month}, {change} against the month before.", place=one.name, full=FULL,
                          now=shown.points(now), month=last, change=f"{round(now - before, 1) + 0:+.1f}"))  # fmt: skip
    if lowest:
        said.append(t("Lowest: {place}, {value}.", place=lowest.name, value=shown.points(lowest.score(last))))
    return " ".join([*said, t("By the month in which cards opened; verdicts still to come can lower the newest months.")])


def _legend(found: Sequence[Course], lowest: Course | None) -> html.Div:
    own = next((one.name for one in found if one.own), None)
    told = [(own, "own"), (lowest and lowest.name, "lowest"), (t("other places"), "other")]
    keys = [html.Span([html.I(style={"background": course.INK[look][0]}), name]) for name, look in told if name]
    return html.Div(keys, className="legend", **{"aria-hidden": "true"})


def _question(asked: Asked, one: Course, month: str) -> Filters:
    """The confirmed cards behind a value."""
    begin = date.fromisoformat(f"{month}-01")
    end = min((begin + timedelta(days=32)).replace(day=1) - timedelta(days=1), _ends(asked)[1])
    whole = one.own and not asked.filters.region
    return question(asked).but(region=None if whole else one.key, span=None, start=begin, end=end, outcome="confirmed")


def _href(asked: Asked, one: Course, month: str) -> str:
    n = one.confirmed(month)
    return _question(asked, one, month).but(said=n).href("/findings") if n else ""


def _table(asked: Asked, found: Sequence[Course], months: Sequence[str]) -> html.Table:
    """The scores, and behind each how many confirmed cards made it: a number that opens them."""
    def cell(one: Course, month: str) -> html.Td:
        n = one.confirmed(month)
        cards = [" · ", dcc.Link(shown.count(n), href=_href(asked, one, month), className="link")] if n else []
        said: list[Any] = [shown.points(one.score(month)), *cards]
        return html.Td(said, className="n")

    def name(one: Course) -> Any:
        return html.B(one.name) if one.own else dcc.Link(one.name, href=asked.filters.but(region=one.key).href(PATH), className="all")

    rows = [html.Tr([html.Td(name(one)), *(cell(one, month) for month in months)]) for one in found]
    return panel.table([t("Place, and score · confirmed cards"), *months], rows, numbers=len(months))
