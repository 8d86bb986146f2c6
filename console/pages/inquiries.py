"""Inquiries: what was handed over, who is to answer until when, and what waits for verification, correction and closing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dash import Dash, Output, dcc, html

from console import format as shown
from console import rulebook, words
from console.answering import Asked, Reading, answer
from console.files.serving import offer
from console.i18n import marked, t, tn
from console.pages.late import hanging
from console.parts import panel, states
from console.parts.drawn import content, drawn
from console.parts.loop import due
from console.parts.panel import tag
from console.parts.tiles import Tile, tiles
from console.queries import findings, regions
from console.url import ACTIVE, WAITS, Filters
from sql.rights import Right

PATH, TITLE, ICON = "/inquiries", marked("Inquiries"), "clipboard-check"
OPENS_WITH: tuple[Right, ...] = ("read",)
TILES, LATE, BOARD, UNITS = "inquiries-tiles", "inquiries-late", "inquiries-board", "inquiries-units"
MOST, MOST_UNITS = 8, 100  #: cards of one column, lines of the table
ASKED = ("reply", "correct")  #: a unit is to act until a date
CARDS = ("red", "yellow")  #: a mere notice needs nobody to act


def layout(_path: str) -> html.Div:
    """Return the page with skeletons in place of what is read."""
    waiting = [html.Div(states.loading(70), className="tile") for _ in range(4)]
    columns = drawn(f"{BOARD}-columns", states.loading(320, lines=8))
    units = drawn(f"{UNITS}-table", states.loading(160, lines=5), className="wide-table")
    return html.Div([
        panel.head(t(TITLE), t("What was handed over, who answers until when, and what waits to be verified, corrected and closed.")),
        drawn(LATE, className="late-note"), drawn(TILES, waiting, className="tiles"),
        html.Div([
            panel.chart_panel(BOARD, t("The way of the cards"), columns, twin=False, files=True),
            panel.chart_panel(UNITS, t("By unit"), units, twin=False, files=True),
        ], className="stack"),
    ])  # fmt: skip


def here(asked: Asked) -> Filters:
    """Return place and programme: work is shown whenever it began."""
    return asked.filters.scope().but(span=None, start=None, end=None, silenced=False)


def opens(scope: Filters, waits: str) -> Filters:
    """Return the question that a column's number answers."""
    return scope.but(waits=waits, **({"card": CARDS, "present": True} if waits == "assess" else {}))


def counts_of(asked: Asked, scope: Filters) -> dict[str, tuple[int, int]]:
    """Return what findings wait for: how many do, and how many of them are late."""
    cards = findings.waiting(asked.conn, findings.asked(opens(scope, "assess"), asked.now), asked.now)
    rest = findings.waiting(asked.conn, findings.asked(scope.but(stage=ACTIVE[1:]), asked.now), asked.now)
    return {waits: (cards | rest).get(waits, (0, 0)) for waits in WAITS}


def tell_tiles(asked: Asked) -> list[Any]:
    """Return the four numbers, each of which opens its list, and what hangs on a late source."""
    scope = here(asked)
    counts = counts_of(asked, scope)
    late = sum(n for _, n in counts.values())
    within = scope.but(due="week")
    week = findings.totals(asked.conn, findings.asked(within, asked.now)).n
    return [tiles([
        Tile(t("To assess"), shown.count(counts["assess"][0]), t("red and yellow cards"), opens(scope, "assess"), counts["assess"][0]),
        Tile(t("To be answered"), shown.count(counts["reply"][0]), t("handed over, no reply yet"), opens(scope, "reply"),
             counts["reply"][0]),
        Tile(t("Late"), shown.count(late), t("{n} due within 7 days or late", n=shown.count(week)), scope.but(due="late"), late,
             "red" if late else ""),
        Tile(t("To verify"), shown.count(counts["verify"][0]), t("replied, not verified yet"), opens(scope, "verify"), counts["verify"][0]),
    ]), hanging(asked, scope.but(present=True, stage=ACTIVE))]  # fmt: skip


def tell_board(asked: Asked) -> list[Any]:
    """Return sentence, note and the columns of the board."""
    scope = here(asked)
    counts = counts_of(asked, scope)
    found = [one for waits in WAITS for one in findings.board(asked.conn, findings.asked(opens(scope, waits), asked.now), MOST)]
    places = regions.places(asked.conn, [one.row.region_code for one in found])
    units = regions.units(asked.conn, [one.unit_code for one in found])
    cards = {waits: [_card(one, places, units, asked.now) for one in found if one.waits == waits] for waits in WAITS}
    n = sum(count for count, _ in counts.values())
    say = tn("{n} finding waits for somebody.", "{n} findings wait for somebody.", n)
    if not n:
        return [say, states.empty(t("Nothing waits here."), t("Choose a wider place or all programmes to see more.")), None]
    return [say, None, html.Div([_column(waits, counts[waits], cards[waits], scope) for waits in WAITS], className="board")]


def _column(waits: str, counted: tuple[int, int], cards: list[Any], scope: Filters) -> html.Section:
    n, late = counted
    name = words.word(words.WAITS, waits)
    number = dcc.Link(shown.count(n), href=opens(scope, waits).href("/findings"), className="num")
    head = html.H3([name, " ", number, html.Span(t("{n} late", n=shown.count(late)), className="late") if late else None])
    more = dcc.Link(t("All {n}", n=shown.count(n)), href=opens(scope, waits).href("/findings"), className="all") if n > len(cards) else None
    return html.Section([head, *(cards or [html.P(t("nothing"), className="faint")]), more], **{"aria-label": name})


def _card(one: findings.Waiting, places: dict[str, Any], units: dict[str, str], now: datetime) -> html.Div:
    row = one.row
    place = places[row.region_code].full if row.region_code in places else row.region_code
    who = units.get(one.unit_code or "", one.unit_code) if one.waits in ASKED else None
    until = due(one.due_at, now) if one.waits in ASKED else ""
    return html.Div([
        html.Div([tag(row.card or "cleared"), " ", html.Span(row.rule, className="code")]),
        dcc.Link(html.B(rulebook.title(row.rule, row.subject_kind)), href=f"/finding/{row.finding_id}", className="all"),
        html.Div(" · ".join(filter(None, (place, who, shown.short_key(row.subject_key)))), className="sub"),
        html.Div(until, className="late" if one.due_at and one.due_at <= now else "sub") if until else None,
    ], className="board-card")  # fmt: skip


def tell_units(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the units that are to act, the latest first."""
    scope = here(asked)
    found = findings.waiting_by_unit(asked.conn, findings.asked(scope.but(stage=ACTIVE[1:]), asked.now), asked.now, MOST_UNITS + 1)
    if not found:
        none = states.empty(t("No card has been handed over here."), t("Open a finding and hand it over."))
        return [t("No unit has been asked for anything."), none, None]
    late = sum(1 for row in found if row.late)
    say = tn("{n} unit is asked, {late} of them late.", "{n} units are asked, {late} of them late.", len(found), late=late)
    names = [t("Unit"), *(words.word(words.WAITS, waits) for waits in WAITS[1:]), words.word(words.DUE, "late")]
    note = states.cut(MOST_UNITS, len(found)) if len(found) > MOST_UNITS else None
    return [say, note, panel.table(names, [_unit(row, scope) for row in found[:MOST_UNITS]], numbers=5)]


def _unit(row: Any, scope: Filters) -> html.Tr:
    own = scope.but(unit=row.unit_code) if row.unit_code else scope

    def number(n: int, question: Filters) -> html.Td:
        return html.Td(dcc.Link(shown.count(n), href=question.href("/findings")) if n and row.unit_code else shown.count(n), className="n")

    return html.Tr([
        html.Td(dcc.Link(row.name or row.unit_code, href=f"/dossier/unit/{row.unit_code}", className="all") if row.unit_code
                else t("no unit named")),
        *(number(getattr(row, waits), opens(own, waits)) for waits in WAITS[1:]), number(row.late, own.but(due="late")),
    ])  # fmt: skip


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question."""
    answer(app, reading, [content(TILES), content(LATE)], tell_tiles, here=lambda path: path == PATH, note=1)
    for name, part, tell in ((BOARD, "columns", tell_board), (UNITS, "table", tell_units)):
        outputs = [Output(f"{name}-say", "children"), content(f"{name}-note"), content(f"{name}-{part}")]
        answer(app, reading, outputs, tell, here=lambda path: path == PATH, note=1)
    offer(app, reading, PATH, {BOARD: "board", UNITS: "units"})
