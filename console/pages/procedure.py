"""Procedure: do cases keep to the prescribed path, what do they skip, turn round or repeat, and which are next to be late."""

from __future__ import annotations

from typing import Any

from dash import Dash, Output, html

from console import format as shown
from console.answering import Asked, Reading, answer
from console.files.serving import offer
from console.i18n import marked, t, tn, together
from console.pages.procedure_lists import step, tell_cases, tell_places, tell_programmes, tell_units, tell_variants
from console.parts import chart, listing, panel, queue, states
from console.parts import flow as parts
from console.parts.drawn import content, drawn
from console.parts.tiles import Tile, tiles
from console.queries import findings, procedure
from console.queries.procedure import Variant
from console.url import Filters
from sql.rights import Right

PATH, TITLE, ICON = "/procedure", marked("Procedure"), "signpost-2"
OPENS_WITH: tuple[Right, ...] = ("read",)
TILES, ASOF, FLOW = "procedure-tiles", "procedure-asof", "procedure-flow"
DIRECT = "P16"  #: benefits without a procedure are no applications: the rule's findings count them
LISTS = {
    "variants": (marked("Ways taken"), tell_variants), "cases": (marked("Applications"), tell_cases),
    "queue": (marked("Order of work"), queue.tell), "places": (marked("By place"), tell_places),
    "programmes": (marked("By programme and path"), tell_programmes), "units": (marked("By unit"), tell_units),
}  # fmt: skip


def layout(_path: str) -> html.Div:
    """Return the page with skeletons in place of what is read."""
    waiting = [html.Div(states.loading(70), className="tile") for _ in range(4)]
    drawing = html.Div([chart.graph(FLOW, height=520), parts.legend()], className="picture")
    both = html.Div([drawing, drawn(f"{FLOW}-table", className="twin")])
    path = panel.chart_panel(FLOW, t("The path and how it was taken"), both, picture=True)
    ways, *rest = [listing.box(f"procedure-{name}", t(title), files=True) if name == "cases" else _list(f"procedure-{name}", t(title))
                   for name, (title, _) in LISTS.items()]  # fmt: skip
    return html.Div([
        panel.head(t(TITLE), t("Do cases keep to the prescribed path, where do they leave it, and which open ones are next to be late."),
                   html.Span(id=ASOF, className="asof")),
        drawn(TILES, waiting, className="tiles"),
        html.Div([html.Div([path, ways], className="halves"), *rest], className="stack"),
    ])  # fmt: skip


def _list(name: str, title: str) -> html.Section:
    place = drawn(f"{name}-table", states.loading(240, lines=8), className="wide-table")
    return panel.chart_panel(name, title, place, twin=False, files=True)


def tell_tiles(asked: Asked) -> list[Any]:
    """Return the four numbers, each of which opens its rows, and how fresh they are."""
    found = procedure.variants(asked.conn, procedure.asked(asked.filters, asked.now))
    at = procedure.state(asked.conn).at
    direct = asked.filters.scope().but(rule=(DIRECT,), present=True)
    n_direct = findings.totals(asked.conn, findings.asked(direct, asked.now)).n
    fits, broken, unknown = (sum(one.n for one in found if one.fits is fit) for fit in (True, False, None))
    judged = fits + broken
    share = shown.share(fits / judged) if judged else t("unknown")
    small = t("of {n} applications; {unknown} unknown", n=shown.count(judged), unknown=shown.count(unknown))
    return [tiles([
        _tile(asked, t("Keep to the path"), share, small, "broken", broken),
        *(_tile(asked, label, shown.count(_n(found, course)) if judged else t("unknown"), t("applications"), course, _n(found, course))
          for course, label in (("skipped", t("A step skipped")), ("reversed", t("A step too early")))),
        Tile(t("Direct entry"), shown.count(n_direct), t("benefits without a procedure"), direct, n_direct, "red" if n_direct else ""),
    ]), t("As of {at}", at=shown.minute(at)) if at else t("not computed yet")]  # fmt: skip


def _tile(asked: Asked, label: str, value: str, small: str, course: str, n: int) -> Tile:
    return Tile(label, value, small, listed(asked.filters).but(course=course), n, path=PATH)


def listed(filters: Filters) -> Filters:
    """Return what the page understands: place, programme, time and unit."""
    return filters.scope().but(unit=filters.unit)


def _n(found: list[Variant], course: str) -> int:
    return sum(one.n for one in found if one.answers(course))


def tell_flow(asked: Asked) -> list[Any]:
    """Return sentence, note, drawing, table, and the sentence again for the drawing."""
    found = procedure.variants(asked.conn, procedure.asked(asked.filters, asked.now))
    told, note = parts.flow(found), freshness(asked)
    if told is None:
        none = states.empty(t("No step on record here."), t("Choose a wider place, a longer time or all programmes."))
        say = t("How cases went is unknown.")
        return [say, [note, none], chart.blank(), None, say]
    every = sum(one.n for one in found)
    fits = sum(one.n for one in found if one.fits and tuple(one.stages or ()) == tuple(told.order))
    share, whole = shown.share(fits / told.n), shown.count(every)
    say = tn("{n} of {all} application is to follow this path; {share} do.",
             "{n} of {all} applications are to follow this path; {share} do.", told.n, all=whole, share=share)  # fmt: skip
    worst = told.skipped.most_common(1)
    if worst:
        say = together(say, t("Most often skipped: {step} ({n}).", step=step(worst[0][0]), n=shown.count(worst[0][1])))
    if every > told.n:
        say = together(say, t("The others have another prescribed path: choose their programme."))
    return [say, note, parts.figure(told).to_plotly_json(), parts.table(told, listed(asked.filters), PATH), say]


def freshness(asked: Asked) -> Any:
    """Return what stands above answers that are not of now."""
    held = procedure.state(asked.conn)
    if held.stale_since:
        return states.stale(t("A source of applications or steps is late."), held.stale_since)
    if held.at is None:
        return states.stale(t("Courses have not been computed yet; it is done every two minutes."), None)
    return None


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question."""

    def here(path: str) -> bool:
        return path == PATH

    answer(app, reading, [content(TILES), Output(ASOF, "children")], tell_tiles, here=here, note=0)
    picture = [Output(f"{FLOW}-say", "children"), content(f"{FLOW}-note"), Output({"type": "figure", "chart": FLOW}, "data"),
               content(f"{FLOW}-table"), Output(f"{FLOW}-picture", "aria-label")]  # fmt: skip
    answer(app, reading, picture, tell_flow, here=here, note=1)
    for name, (_, tell) in LISTS.items():
        outputs = [Output(f"procedure-{name}-say", "children"), content(f"procedure-{name}-note"), content(f"procedure-{name}-table")]
        answer(app, reading, outputs, tell, here=here, note=1)
    offer(app, reading, PATH, {f"procedure-{name}": name for name in LISTS})
