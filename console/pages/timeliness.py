"""Timeliness: how long each step takes and where, what lies waiting, and which limits end next."""

from __future__ import annotations

from typing import Any

from dash import Dash, Output, dcc, html

from console import format as shown
from console import words
from console.answering import Asked, Reading, answer
from console.files.serving import offer
from console.i18n import marked, t
from console.pages import timeliness_heat
from console.pages.timeliness_flow import tell_flow, tell_trend
from console.pages.timeliness_heat import measure_of, tell_cases, tell_heat
from console.pages.timeliness_queue import tell_queue
from console.parts import chart, listing, panel, states
from console.parts.drawn import content, drawn
from console.parts.tiles import Tile, tiles
from console.queries import steps
from console.url import MEASURES, Filters
from sql.rights import Right

PATH, TITLE, ICON = timeliness_heat.PATH, marked("Timeliness"), "hourglass-split"
OPENS_WITH: tuple[Right, ...] = ("read",)
SWITCH, TILES, ASOF = "timeliness-switch", "timeliness-tiles", "timeliness-asof"
HEAT, CASES, QUEUE, FLOW, TREND = "timeliness-heat", "timeliness-cases", "timeliness-queue", "timeliness-flow", "timeliness-trend"
PICTURES = (HEAT, FLOW, TREND)


def layout(_path: str) -> html.Div:
    """Return the page with skeletons in place of what is read."""
    waiting = [html.Div(states.loading(70), className="tile") for _ in range(4)]
    picture = html.Div([html.Div([chart.graph(HEAT, height=440), drawn(f"{HEAT}-legend")], className="picture wide-picture"),
                     drawn(f"{HEAT}-table", states.loading(300, lines=9), className="twin wide-table")])  # fmt: skip
    queue = drawn(f"{QUEUE}-table", states.loading(200, lines=6), className="wide-table")
    return html.Div([
        panel.head(t(TITLE), t("How long each step takes, where people wait, and which limits end next."),
                   html.Span(id=ASOF, className="asof"), drawn(SWITCH, className="switch")),
        drawn(TILES, waiting, className="tiles"),
        html.Div([
            panel.chart_panel(HEAT, t("Steps by place"), picture, picture=True, files=True),
            listing.box(CASES, t("Cases behind the number")),
            panel.chart_panel(QUEUE, t("Limits that are running, by days left"), queue, twin=False, files=True),
            html.Div([_picture(FLOW, t("From step to step"), 420), _picture(TREND, t("Week by week"), 300)], className="halves"),
        ], className="stack"),
    ])  # fmt: skip


def _picture(name: str, title: str, height: int) -> html.Section:
    body = html.Div([html.Div([chart.graph(name, height=height), drawn(f"{name}-legend")], className="picture"),
                     drawn(f"{name}-table", className="twin wide-table")])  # fmt: skip
    return panel.chart_panel(name, title, body, picture=True)


def tell_tiles(asked: Asked) -> list[Any]:
    """Return the switch, the four numbers and the instant they hold for."""
    return [_switch(asked.filters), tiles(tiles_of(asked)), t("As of {at}", at=shown.minute(asked.now))]


def tiles_of(asked: Asked) -> list[Tile]:
    """Four numbers, each with the cases behind it."""
    here = asked.filters.but(step=steps.WHOLE, due=None, left=None)
    whole = steps.together(steps.lengths(asked.conn, asked.filters, asked.now, "step", steps.WHOLE), steps.WHOLE)
    running = steps.queue_classes(asked.conn, asked.filters, asked.now)
    past, late = asked.filters.but(left="late", step=None, due=None), running.get("late", 0)
    return [
        Tile(t("Acceptance to decision, median"), days(whole.working.quantile(0.5)),
             t("nine of ten within {days}", days=days(whole.working.quantile(0.9))), here, whole.n, path=PATH),
        Tile(t("Decided late"), shown.share(whole.late_share), t("{late} of {all} cases with a limit", late=shown.count(whole.late),
             all=shown.count(whole.limited)), here.but(due="late"), whole.late, "yellow" if whole.late else "", PATH),
        Tile(t("Limits running"), shown.count(sum(running.values())), t("of open cases, whatever time is looked at"),
             past.but(left=None), sum(running.values()), path=PATH),
        Tile(t("Past their limit, not done"), shown.count(late), t("{n} more end today", n=shown.count(running.get("today", 0))),
             past, late, "red" if late else "", PATH),
    ]  # fmt: skip


def days(n: int | None) -> str:
    """Return a length in working days, as a range where it is one of a wider bin."""
    return shown.NOTHING if n is None else t("{days} working days", days=shown.days(n))


def _switch(filters: Filters) -> list[Any]:
    chosen = measure_of(filters)
    return [dcc.Link(t(words.MEASURE[name]), href=filters.but(measure=name).href(PATH), className="chip on" if name == chosen else "chip")
            for name in MEASURES]  # fmt: skip


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question."""

    def here(path: str) -> bool:
        return path == PATH

    def told(name: str, *more: Output) -> list[Output]:
        return [Output(f"{name}-say", "children"), content(f"{name}-note"), content(f"{name}-table"), *more]

    answer(app, reading, [content(SWITCH), content(TILES), Output(ASOF, "children")], tell_tiles, here=here, note=1)
    for name, tell in ((HEAT, tell_heat), (FLOW, tell_flow), (TREND, tell_trend)):
        more = [Output({"type": "figure", "chart": name}, "data"), content(f"{name}-legend"), Output(f"{name}-picture", "aria-label")]
        answer(app, reading, told(name, *more), tell, here=here, note=1)
    for name, tell in ((CASES, tell_cases), (QUEUE, tell_queue)):
        answer(app, reading, told(name), tell, here=here, note=1)
    offer(app, reading, PATH, {HEAT: "places", QUEUE: "queue"})
