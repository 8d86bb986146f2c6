"""Which limits end next: open cases by the working days left, late ones first."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from console import format as shown
from console import rulebook, words
from console.answering import Asked
from console.i18n import t, tn
from console.pages.timeliness_heat import PATH, agrees, case_of, whereabouts
from console.parts import panel, states
from console.queries import steps
from console.url import LEFT


def tell_queue(asked: Asked) -> list[Any]:
    """Return sentence, note and table of running limits, and how many there are by days left."""
    classes = steps.queue_classes(asked.conn, asked.filters, asked.now)
    everything = sum(classes.values())
    stale = steps.stale_since(asked.conn)
    notes: list[Any] = [states.stale(t("A source of cases is late: steps done since may be missing."), stale)] if stale else []
    if not everything:
        none = states.empty(t("No open case has a limit here."), t("Choose a wider place or all programmes."))
        return [t("No limit is running here."), [*notes, none], None]
    found = steps.queue(asked.conn, asked.filters, asked.now, classes)
    said = tn("{n} limit is running; {late} past, {today} end today.", "{n} limits are running; {late} past, {today} end today.",
              everything, late=shown.count(classes.get("late", 0)), today=shown.count(classes.get("today", 0)))  # fmt: skip
    notes += [states.cut(len(found.rows), found.n)] if found.n > len(found.rows) else []
    names = [t("Case"), t("Time limit"), t("Programme"), t("Place"), t("Unit"), t("Until"), t("Last day"), t("Working days left")]
    compared = agrees(found.n, asked.filters.said) if not asked.filters.step else None
    return [[said, " ", compared], notes, [_classes(asked, classes), panel.table(names, _lines(asked, found), numbers=1)]]


def _classes(asked: Asked, classes: dict[str, int]) -> html.Div:
    """How many by days left, as bars that filter the list: the picture and the way into it in one."""
    largest = max(classes.values())
    rows = [_class(asked, one, classes.get(one, 0), largest) for one in LEFT]
    every = dcc.Link(t("Show all"), href=asked.filters.but(left=None).href(PATH), className="chip quiet") if asked.filters.left else None
    return html.Div([html.Table(html.Tbody(rows), className="rows places"), every], className="left-classes")


def _class(asked: Asked, one: str, n: int, largest: int) -> html.Tr:
    name, opens = t(words.LEFT[one]), asked.filters.but(left=one, step=None, due=None, said=n)
    bar = html.Span(className=f"bar left-{one}", style={"width": f"{100 * n / largest:.1f}%", "minWidth": 0})
    return html.Tr([html.Td(dcc.Link(name, href=opens.href(PATH), className="all") if n else name),
                    html.Td(shown.count(n), className="n"), html.Td(bar, className="wide")],
                   className="chosen" if one == asked.filters.left else "")  # fmt: skip


def _lines(asked: Asked, found: steps.Cases) -> list[html.Tr]:
    where = whereabouts(asked, found.rows)
    return [html.Tr([
        case_of(row), html.Td([rulebook.title(row.rule, "application"), " ", html.Span(row.rule, className="code")]),
        html.Td(words.word(words.PROGRAMME, row.evidence.get("programme"))), *where(row),
        html.Td(words.word(words.STAGE_CODE, row.evidence.get("to_stage"))),
        html.Td(row.evidence.get("limit_on") or shown.minute(row.yellow_at)), html.Td(_left(row), className="n"),
    ]) for row in found.rows]  # fmt: skip


def _left(row: Any) -> Any:
    if row.left_class == "late":
        return html.Span(t("{n} past", n=-row.left_days) if row.left_days else t("past"), className="late")
    return words.word(words.LEFT, "today") if row.left_class == "today" else shown.count(row.left_days)
