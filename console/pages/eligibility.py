"""Eligibility: what people are compared with, how fresh each register is, what came of it, and who was left out or stopped by mistake."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dash import Dash, Output, dcc, html

from console import format as shown
from console import rulebook
from console.answering import Asked, Reading, answer
from console.files.serving import links
from console.i18n import language, marked, t, tn, together
from console.pages.eligibility_rows import PATH, STATE, named, opens, tell_rows, title
from console.parts import chart, listing, measured, panel, states
from console.parts.drawn import content, drawn
from console.parts.measured import Look
from console.parts.tiles import Tile, tiles
from console.queries import data, eligibility, findings
from console.queries.eligibility import STOPPED
from console.url import Filters
from sql.rights import Right

__all__ = ["PATH"]
TITLE, ICON = marked("Eligibility"), "person-check"
OPENS_WITH: tuple[Right, ...] = ("read",)
FILES, LISTED = "eligibility-files", "eligibility-rows"
ITEMS, COVERAGE = "eligibility-items", "eligibility-coverage"
UNCOVERED = "O05"
_INK = {"stale": "var(--seq-5)", "undated": "var(--seq-3)", "open": "var(--seq-2)", "fresh": "var(--seq-1)", "blind": "var(--hatch-a)"}
_PATTERN = {"stale": "x", "undated": "\\", "blind": "/"}


def layout(_path: str) -> html.Div:
    """Return the page with skeletons in place of what is read."""
    waiting = html.Div(states.loading(70), className="tile")
    numbers = [drawn(f"{ITEMS}-tiles", [waiting] * 3), drawn(f"{COVERAGE}-tile", waiting)]
    picture = html.Div([chart.graph(ITEMS, height=560), drawn(f"{ITEMS}-legend")], className="picture")
    twin = drawn(f"{ITEMS}-table", className="twin wide-table")
    under = drawn(f"{COVERAGE}-table", states.loading(160, lines=5), className="wide-table")
    return html.Div(
        [
            panel.head(
                t(TITLE),
                t(
                    "What people who receive aid are compared with, how fresh it is, what was found and verified, "
                    "and who was left out by mistake."
                ),
                drawn(FILES, className="files"),
            ),
            html.Div(numbers, className="tiles"),
            html.Div(
                [
                    panel.chart_panel(ITEMS, t("Items of the comparison by department"), html.Div([picture, twin]), picture=True),
                    panel.chart_panel(COVERAGE, t("Under-coverage: to the citizen's cost"), under, twin=False),
                    listing.box(LISTED, t("Rows")),
                ],
                className="stack",
            ),
        ]
    )


def looks() -> dict[str, Look]:
    """Return how the states of items are drawn, the worst first and the unknown last."""
    return {state: Look(t(STATE[state]), _INK[state], _PATTERN.get(state, "")) for state in eligibility.STATES}


def tell_files(asked: Asked) -> list[Any]:
    """Return the files of the list."""
    return [links(PATH, asked.filters)]


def _registers(asked: Asked, count: Counter[str]) -> list[dcc.Link]:
    scope, held = asked.filters.scope(), eligibility.wanted(asked.filters, eligibility.comparing(), "held")
    n = findings.totals(asked.conn, findings.asked(held, asked.now)).n if held.rule else 0

    def tile(label: str, state: str, small: str) -> Tile:
        tone = "unknown" if state == "blind" else ""
        return Tile(label, shown.count(count[state]), small, scope.but(rows=named("items", state)), count[state], tone, PATH)

    return tiles(
        [
            tile(t("Blind"), "blind", t("of {n} items nobody sends anything", n=shown.count(count.total()))),
            tile(t("Stale"), "stale", t("older than they may be: cards that need them are lowered")),
            Tile(t("Points to verify"), shown.count(n), t("from comparing with registers; not confirmed"), held, n),
        ]
    )


def _left_out(question: Filters, uncovered: int | None, contradicted: int | None) -> list[dcc.Link]:
    said, tone = (t("unknown"), "unknown") if uncovered is None else (shown.count(uncovered), "")
    small = t("households to look for; {n} stops contradicted", n=t("unknown") if contradicted is None else shown.count(contradicted))
    return tiles([Tile(t("Probably left out"), said, small, question, uncovered or 0, tone)])


def _uncovered(asked: Asked) -> int | None:
    if UNCOVERED not in rulebook.known():
        return None
    return findings.totals(asked.conn, findings.asked(asked.filters.scope().but(rule=(UNCOVERED,), present=True), asked.now)).n


def tell_items(asked: Asked) -> list[Any]:
    """Return the picture of items by department: fresh, stale, not dated, not promised, blind."""
    found, parts, scope = eligibility.compared(asked.conn, asked.filters, asked.now), looks(), asked.filters.scope()
    bars: dict[str, dict[str, int]] = {}
    for one in found:
        bars.setdefault(one.item.department[language()], dict.fromkeys(parts, 0))[one.state] += 1
    count = Counter(one.state for one in found)
    say = t(
        "{n} items: {reporting} reported, {stale} of them stale; {blind} blind – nobody sends them, so nothing is known there.",
        n=len(found),
        reporting=len(found) - count["blind"],
        stale=count["stale"],
        blind=count["blind"],
    )
    late = min((one.stale_since for one in found if one.stale_since), default=None)
    note = states.stale(t("A register is late: findings that need it are notices until it comes."), late) if late else None
    figure = measured.stacked(bars, parts)
    seen = {state for state in parts if count[state]}
    return [say, note, figure.to_plotly_json(), measured.key(parts, seen), _twin(bars, parts, count, scope), say, _registers(asked, count)]


def _twin(bars: dict[str, dict[str, int]], parts: dict[str, Look], count: Counter[str], scope: Filters) -> html.Table:
    def line(name: str, split: dict[str, int]) -> html.Tr:
        return html.Tr([html.Td(name), *(html.Td(shown.count(split[state]), className="n") for state in parts)])

    lines = [line(name, split) for name, split in bars.items()]
    total = html.Tr([html.Td(html.B(t("All"))), *(_number(scope, named("items", state), count[state]) for state in parts)])
    return panel.table([t("Department"), *(look.name for look in parts.values())], [*lines, total], numbers=len(parts))


def _number(scope: Filters, rows: str, n: int | None) -> html.Td:
    if n is None:
        return html.Td(t("unknown"), className="n faint")
    return html.Td(dcc.Link(shown.count(n), href=opens(scope, rows, n), className="link") if n else shown.count(n), className="n")


def tell_coverage(asked: Asked) -> list[Any]:
    """Return what went wrong to the citizen's cost: left out, paid too little, stopped on a ground that does not hold."""
    scope, asks = asked.filters.scope(), eligibility.question(asked.filters, asked.now)
    at, stops = data.counted_at(asked.conn, "stopped"), eligibility.stops(asked.conn, asks)
    _, underpaid, missing_fen = eligibility.underpaid(asked.conn, asks, 1)
    known, left_out = _uncovered(asked), scope.but(rule=(UNCOVERED,), present=True)
    uncovered = known or 0
    of_stops = {state: stops.get(state, 0) if at else None for state in STOPPED}
    lines = [
        _line(t("Probably eligible, without aid or case ({code})", code=UNCOVERED), _finding_number(left_out, uncovered), None),
        _line(t("Paid less than the rule gives (F01)"), _number(scope, "underpaid", underpaid), missing_fen or None),
        *(_line(title(rows := named("stopped", state)), _number(scope, rows, n), None) for state, n in of_stops.items()),
    ]
    wrong = uncovered + underpaid + stops.get("contradicted", 0) + stops.get("unborne", 0)
    say = tn(
        "{n} case in which somebody may have been left out, paid too little or stopped by mistake.",
        "{n} cases in which people may have been left out, paid too little or stopped by mistake.",
        wrong,
    )
    advice = t("These speak for the citizen: look, explain, pay or restore. Nothing here may be held against anybody.")
    looked = t("Stops as of {at}.", at=shown.minute(at)) if at else t("Stops have not been looked into yet.")
    note = states.advice(together(advice, looked))
    table = panel.table([t("What was found"), t("Cases"), t("Missing")], lines, numbers=2)
    return [say, note, table, _left_out(left_out, known, of_stops["contradicted"])]


def _line(what: str, number: html.Td, fen: int | None) -> html.Tr:
    return html.Tr([html.Td(what, className="wrap"), number, html.Td(shown.yuan_short(fen) if fen else shown.NOTHING, className="n")])


def _finding_number(question: Filters, n: int) -> html.Td:
    rows = question.but(said=n).href("/findings")
    return html.Td(dcc.Link(shown.count(n), href=rows, className="link") if n else shown.count(n), className="n")


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question."""

    def here(path: str) -> bool:
        return path == PATH

    answer(app, reading, [content(FILES)], tell_files, here=here, note=None, follows_data=False)
    drawing = [
        Output({"type": "figure", "chart": ITEMS}, "data"),
        content(f"{ITEMS}-legend"),
        content(f"{ITEMS}-table"),
        Output(f"{ITEMS}-picture", "aria-label"),
    ]
    told = [Output(f"{ITEMS}-say", "children"), content(f"{ITEMS}-note")]
    answer(app, reading, [*told, *drawing, content(f"{ITEMS}-tiles")], tell_items, here=here, note=1)
    for name, tell in ((COVERAGE, tell_coverage), (LISTED, tell_rows)):
        outputs = [Output(f"{name}-say", "children"), content(f"{name}-note"), content(f"{name}-table")]
        numbers = [content(f"{COVERAGE}-tile")] if name == COVERAGE else []
        answer(app, reading, [*outputs, *numbers], tell, here=here, note=1)
