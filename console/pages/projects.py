"""Projects: bought services from survey to feedback, what people say of them, and whether money and services keep step."""

from __future__ import annotations

from typing import Any

from dash import Dash, Output, dcc, html

from console import format as shown
from console import words
from console.answering import Asked, Reading, answer
from console.files.serving import links
from console.i18n import marked, t, together
from console.pages.projects_measures import CHANNELS, DELIVERY, SATISFIED, tell_channels, tell_delivery, tell_satisfied
from console.pages.projects_places import PROVIDERS, WHERE, tell_providers, tell_where
from console.pages.projects_rows import PATH, opens, tell_rows
from console.parts import chart, listing, panel, states
from console.parts.drawn import content, drawn
from console.parts.tiles import Tile, tiles
from console.queries import data, findings, projects
from console.url import Filters
from sql.rights import Right

__all__ = ["PATH"]
TITLE, ICON = marked("Projects"), "briefcase"
OPENS_WITH: tuple[Right, ...] = ("read",)
TILES, FILES, LOOP, LISTED = "projects-tiles", "projects-files", "projects-loop", "projects-rows"
REPORTED = ("project", "service_order", "project_payment", "survey_response")
MOST_CARDS = 4
STATES = ("late", "due", "ahead", "done", "spared", "unknown")


def layout(_path: str) -> html.Div:
    """Return the page with skeletons in place of what is read."""
    waiting = [html.Div(states.loading(70), className="tile") for _ in range(4)]
    providers = drawn(f"{PROVIDERS}-table", states.loading(160, lines=5), className="wide-table")
    return html.Div(
        [
            panel.head(
                t(TITLE),
                t("Whether bought services are surveyed, delivered, paid and approved of as agreed, and which step is missing."),
                drawn(FILES, className="files"),
            ),
            drawn(TILES, waiting, className="tiles"),
            html.Div(
                [
                    panel.chart_panel(LOOP, t("The closed loop"), drawn(f"{LOOP}-columns", states.loading(220, lines=6)), twin=False),
                    panel.chart_panel(SATISFIED, t("Satisfaction by project"), _picture(SATISFIED), picture=True),
                    panel.chart_panel(CHANNELS, t("Satisfaction by channel"), _picture(CHANNELS, 190), picture=True),
                    panel.chart_panel(DELIVERY, t("Delivery against payment"), _picture(DELIVERY), picture=True),
                    panel.chart_panel(WHERE, t("Projects and providers by place"), _map(), twin=False, picture=True),
                    panel.chart_panel(PROVIDERS, t("Providers"), providers, twin=False),
                    listing.box(LISTED, t("Rows")),
                ],
                className="stack",
            ),
        ]
    )


def _picture(name: str, height: int = 380) -> html.Div:
    return html.Div([html.Div(chart.graph(name, height=height), className="picture"), drawn(f"{name}-table", className="twin wide-table")])


def _map() -> html.Div:
    return html.Div(
        [
            html.Div([chart.graph(WHERE), drawn(f"{WHERE}-legend")], className="picture-box"),
            drawn(f"{WHERE}-table", states.loading(300, lines=9), className="wide-table"),
        ],
        className="two",
    )


def tell_tiles(asked: Asked) -> list[Any]:
    """Return the four numbers and the files of the list."""
    told, scope = data.reporting(asked.conn, REPORTED), asked.filters.scope()
    counts = projects.tags(asked.conn, projects.question(asked.filters.scope(), asked.now))
    suspected = scope.but(family=projects.FAMILY, present=True)
    n = findings.totals(asked.conn, findings.asked(suspected, asked.now)).n
    known = "project" in told.entities
    answered = known and "survey_response" in told.entities
    running, few = (shown.count(counts.get(name, 0)) for name in ("running", "too-few"))
    made = [
        _tile(t("Projects"), "all", counts, scope, t("{n} under contract today", n=running), known=known),
        _tile(t("Step missing or too late"), "step-late", counts, scope, t("survey, evaluation or feedback"), known=known),
        _tile(t("Satisfaction below 50 %"), "below-half", counts, scope, t("{n} with too few answers to judge", n=few), known=answered),
        Tile(t("Findings about projects"), shown.count(n), t("suspicious orders and surveys"), suspected, n),
    ]
    return [tiles(made), links(PATH, asked.filters)]


def _tile(label: str, rows: str, counts: dict[str, int], scope: Filters, small: str, *, known: bool) -> Tile:
    n = counts.get(rows, 0)
    if not known and not n:
        return Tile(label, t("unknown"), t("no source reports this"), scope.but(rows=rows), 0, "unknown", PATH)
    return Tile(label, shown.count(n), small, scope.but(rows=rows), n, "", PATH)


def tell_loop(asked: Asked) -> list[Any]:
    """Return sentence, note and the four steps of the loop with what is done, due and missing."""
    told, asks = data.reporting(asked.conn, REPORTED), projects.question(asked.filters.scope(), asked.now)
    counts = projects.tags(asked.conn, asks)
    if not counts:
        nothing = states.empty(t("No project answers this question."), t("Choose a wider place or a longer time."))
        note = (
            None
            if "project" in told.entities
            else states.unreported(t("Projects come with the records “project” of the purchasing system."))
        )
        return [t("No project is known here."), note or nothing, None]
    behind, _ = projects.listed(asked.conn, asks, "step-late", 40)
    say = t(
        "{late} of {all} projects lack a step that is due.", late=shown.count(counts.get("step-late", 0)), all=shown.count(counts["all"])
    )
    if at := data.counted_at(asked.conn, "project_sum"):
        say = together(say, t("Deliveries, payments and answers as of {at}.", at=shown.minute(at)))
    board = html.Div([_column(step, counts, behind, asked.filters.scope()) for step in words.LOOP], className="board four")
    return [say, notes(told, asked.filters), board]


def notes(told: data.Reporting, filters: Filters) -> Any:
    """Return what one must know to read the page: late sources, and filters that mean nothing here."""
    late = (
        states.stale(t("Late: {sources}. What came after that is not in these numbers.", sources=t(", ").join(told.late)), told.stale_since)
        if told.late
        else None
    )
    programme = (
        states.advice(t("Projects belong to no programme: this filter changes nothing here but the findings."))
        if filters.programme
        else None
    )
    return [late, programme] if late or programme else None


def _column(step: str, counts: dict[str, int], behind: Any, scope: Filters) -> html.Section:
    late = [row for row in behind if getattr(row, step) == "late"][:MOST_CARDS]
    lines = [
        html.Li(
            [html.Span(t(words.LOOP_STATE[state])), _number(counts[f"{step}-{state}"], f"{step}-{state}", scope)], className=f"at-{state}"
        )
        for state in STATES
        if counts.get(f"{step}-{state}")
    ]
    cards = [
        html.Div(
            [
                dcc.Link(html.B(row.name or row.project_id), href=f"/dossier/project/{row.project_id}"),
                html.Div(_until(row, step), className="sub"),
            ],
            className="board-card",
        )
        for row in late
    ]
    return html.Section([html.H3(t(words.LOOP[step])), html.Ul(lines, className="tally"), *cards], **{"aria-label": t(words.LOOP[step])})


def _until(row: Any, step: str) -> str:
    until = {"needs": row.contract_from, "midterm": row.midterm_until}.get(step, row.final_until)
    return t("was due {day}", day=shown.day(until))


def _number(n: int, rows: str, scope: Filters) -> Any:
    return dcc.Link(shown.count(n), href=opens(scope, rows, n), className="num link")


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question."""

    def here(path: str) -> bool:
        return path == PATH

    def told(name: str) -> list[Output]:
        return [Output(f"{name}-say", "children"), content(f"{name}-note")]

    answer(app, reading, [content(TILES), content(FILES)], tell_tiles, here=here, note=0)
    for name, part, tell in ((LOOP, "columns", tell_loop), (PROVIDERS, "table", tell_providers), (LISTED, "table", tell_rows)):
        answer(app, reading, [*told(name), content(f"{name}-{part}")], tell, here=here, note=1)
    for name, tell in ((SATISFIED, tell_satisfied), (CHANNELS, tell_channels), (DELIVERY, tell_delivery)):
        drawing = [Output({"type": "figure", "chart": name}, "data"), content(f"{name}-table"), Output(f"{name}-picture", "aria-label")]
        answer(app, reading, [*told(name), *drawing], tell, here=here, note=1)
    where = [
        Output({"type": "figure", "chart": WHERE}, "data"),
        content(f"{WHERE}-legend"),
        content(f"{WHERE}-table"),
        Output(f"{WHERE}-picture", "aria-label"),
    ]
    answer(app, reading, [*told(WHERE), *where], tell_where, here=here, note=1)
