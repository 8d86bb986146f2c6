"""Findings: the work list. Its question stands in the address; the grid asks for its rows block by block."""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update

from console import sentences, words
from console.answering import Asked, Reading, answer, failed, may
from console.files import serving
from console.i18n import marked, t
from console.parts import filter_bar, panel, states
from console.parts.drawn import content, drawn
from console.parts.grid import cells, grid
from console.queries import data, findings, regions
from console.url import Filters, parse
from monitors.lifecycle import STEPS
from sql.rights import Right

PATH, TITLE, ICON = "/findings", marked("Findings"), "exclamation-triangle"
OPENS_WITH: tuple[Right, ...] = ("read",)
GRID, BAR, SUM, EXPORT = "findings-grid", "findings-bar", "findings-sum", "findings-export"
BULK = "findings-bulk"
NOTE, FAULT = "findings-note", "findings-fault"
MOST_EVIDENCE = 50  #: findings whose packages one file holds


def layout(_path: str) -> html.Div:
    """Return the page: head, filters, what the list adds up to, the list."""
    return html.Div(
        [
            panel.head(t(TITLE), t("Each line is a point for people to verify. Choose, open, act."),
                       drawn(EXPORT, className="files")),
            drawn(BAR, className="filters"),
            html.Div([drawn(SUM, states.loading(18), className="sum", role="status"), drawn(NOTE), drawn(FAULT)]),
            html.Div(id=BULK, className="bulk", hidden=True, **{"aria-live": "polite"}, children=_bulk()),
            grid(GRID),
        ],
        className="findings-page",
    )  # fmt: skip


def _bulk() -> list[Any]:
    """What may be done with all chosen rows at once; the browser fills in which they are."""
    steps = [step for step in ("acknowledge", "hand_over", "dismiss", "annotate") if may(STEPS[step].rights)]
    links = [html.A(words.word(words.DO, step), href="#", className="chip on", **{"data-step": step}) for step in steps]
    return [html.B(className="num"), html.Span(t("chosen")), *links]


def tell(asked: Asked) -> list[Any]:
    """Return filters, sum, note and the links to the files."""
    by_rule = findings.by_rule(asked.conn, findings.asked(asked.filters.but(rule=()), asked.now))
    chosen = asked.filters.rule or tuple(by_rule)
    found = findings.together(totals for code, totals in by_rule.items() if code in chosen)
    said = [html.B(sentences.total(found.n, found.amount_fen, found.n_no_amount)), _agrees(found.n, asked.filters.said)]
    if asked.filters.sample:
        of, found = found.n, findings.totals(asked.conn, findings.asked(asked.filters, asked.now))
        said = [html.B(sentences.total(found.n, found.amount_fen, found.n_no_amount)), html.Span(sentences.sample(asked.filters, of))]
    return [
        filter_bar.filter_bar(asked.filters, by_rule),
        said,
        _note(found, asked.filters),
        [*serving.links(PATH, asked.filters), _evidence(asked.filters, found.n)],
    ]


def _evidence(filters: Filters, n: int) -> html.A | None:
    """The evidence of all of a short list in one file; of a longer one a sample is drawn first."""
    if not 0 < n <= MOST_EVIDENCE or not may(serving.EXPORT):
        return None
    said = [states.icon("file-earmark-zip"), " ", t("Evidence packages")]
    return html.A(said, href=filters.href(f"{PATH}/evidence.zip"), className="chip evidence-package")


def _agrees(n: int, said: int | None) -> html.Span | None:
    """Whether the list has as many rows as the number said that led here."""
    if said is None:
        return None
    if n == said:
        return html.Span(t("✓ as many as the number said you came from"), className="agrees")
    return html.Span(t("The number you came from said {said}; it has changed since.", said=f"{said:,}"), className="agrees not")


def _note(found: findings.Totals, filters: Filters) -> Any:
    if not found.n:
        wider = t("Take a filter away, or choose a wider place or a longer time.")
        return (
            states.empty(t("No findings answer this question."), wider)
            if filters != Filters()
            else states.empty(t("No findings yet."), t("They appear here when the first rule fires."))
        )
    notes = []
    if found.n > findings.MOST_ROWS:
        notes.append(states.cut(findings.MOST_ROWS, found.n))
    if found.n_stale:
        notes.append(states.stale(t("{n} of these hang on a late source.", n=f"{found.n_stale:,}"), found.stale_since))
    return notes


def rows(asked: Asked, request: dict[str, Any]) -> dict[str, Any]:
    """Return one block of the grid, in the order it asked for, and how many rows there are to scroll through."""
    question = findings.asked(asked.filters, asked.now)
    order = [(str(sort.get("colId")), str(sort.get("sort"))) for sort in request.get("sortModel") or []][:3]
    start = min(max(int(request.get("startRow") or 0), 0), findings.MOST_ROWS)
    end = min(int(request.get("endRow") or start + 100), start + 500, findings.MOST_ROWS)
    found = findings.page(asked.conn, question, order=order, start=start, end=end)
    named = regions.places(asked.conn, [row.region_code for row in found])
    shown = {"rowData": [cells(row, named) for row in found]}
    if start:  # how many there are was said with the first block
        return shown
    return shown | {"rowCount": findings.counted(asked.conn, question, findings.MOST_ROWS)}


def register(app: Dash, reading: Reading) -> None:
    """Wire the page."""
    outputs = [content(BAR), content(SUM), content(NOTE), content(EXPORT)]
    answer(app, reading, outputs, tell, here=lambda path: path == PATH, note=2)

    @app.callback(Output(GRID, "getRowsResponse"), content(FAULT), Input(GRID, "getRowsRequest"), State("url", "search"))  # fmt: skip
    def block(request: dict[str, Any] | None, search: str | None) -> Any:
        if not request or not may(OPENS_WITH):
            return no_update, no_update
        try:
            with reading() as conn:
                return rows(Asked(conn, PATH, parse(search), data.now(conn)), request), None
        except Exception:  # said above the list, counted in the log
            return {"rowData": [], "rowCount": 0}, failed(1, 0)[0]

    app.clientside_callback(
        ClientsideFunction("aidwatch", "bulk"), Output(BULK, "hidden"), Input(GRID, "selectedRows"), State("url", "search")
    )
    app.clientside_callback(
        ClientsideFunction("aidwatch", "order"), Output("url", "search", allow_duplicate=True),
        Input(GRID, "getRowsRequest"), State("url", "search"), prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("aidwatch", "rows_again"), Output("sink", "data", allow_duplicate=True),
        Input("url", "search"), Input("pulse", "data"), prevent_initial_call=True,
    )  # fmt: skip
