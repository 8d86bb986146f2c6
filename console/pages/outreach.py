"""Outreach: whether people in need are looked for, visited and looked after, and what speaks for the citizen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, Output, dcc, html

from console import format as shown
from console import rulebook
from console.answering import Asked, Reading, answer
from console.files.serving import links
from console.i18n import marked, t, tn, together
from console.pages.outreach_rows import KINDS, PATH, STATES, named, opens, tell_rows
from console.parts import chart, listing, measured, panel, states
from console.parts.drawn import content, drawn
from console.parts.measured import Look
from console.parts.tiles import Tile, tiles
from console.queries import data, findings, outreach
from console.url import Filters
from monitors.indicators.outreach import CLUE_DAYS, VISIT_DAYS, WITHOUT_AID_MONTHS
from sql.rights import Right

__all__ = ["PATH"]
TITLE, ICON = marked("Outreach"), "binoculars"
OPENS_WITH: tuple[Right, ...] = ("read",)
FILES, FAVOUR, LISTED = "outreach-files", "outreach-favour", "outreach-rows"
CHARTS = {"visits": "outreach-visits", "clues": "outreach-clues", "checks": "outreach-checks"}
#: What each number is called and what it is of, in the order of the tiles. A number and its picture are one answer to one question.
TILES = {
    "clues": (marked("Clues not followed up"), marked("of {n} pushed households")),
    "visits": (marked("Visits overdue"), marked("of {n} households visited")),
    "checks": (marked("Quarterly checks missed"), marked("of {n} refused or exited")),
}
ENTITY = {"visits": "visit", "clues": "clue", "checks": "application"}
#: Rules that speak for the citizen: not paid, not told, not referred, not looked for. Those the catalogue has are shown; under-payment is
#: a direction of F01 and not told apart there.
IN_FAVOUR = ("F04", "F05", "O01", "O02", "O03", "O04", "O05", "O06", "P14", "P15", "P17", "P18", "P24", "P25", "P26", "T09", "T27")
_INK = {
    "long": "var(--seq-5)",
    "late": "var(--seq-4)",
    "due": "var(--seq-3)",
    "waiting": "var(--seq-3)",
    "answered-late": "var(--seq-3)",
    "kept": "var(--seq-1)",
    "answered": "var(--seq-1)",
    "checked": "var(--seq-1)",
    "ahead": "var(--seq-0)",
    "unknown": "var(--hatch-a)",
}
_PATTERN = {"long": "x", "late": "\\", "unknown": "/"}


def layout(_path: str) -> html.Div:
    """Return the page with skeletons in place of what is read."""
    waiting = html.Div(states.loading(70), className="tile")
    numbers = [drawn(_tile(name), waiting) for name in (*(CHARTS[subject] for subject in TILES), FAVOUR)]
    titles = {
        "visits": t("Visits by colour"),
        "clues": t("Push lists and their clock"),
        "checks": t("Quarterly checks of the refused and the exited"),
    }
    pictures = [
        panel.chart_panel(CHARTS[subject], said, _picture(CHARTS[subject], 300 if subject == "clues" else 210), picture=True)
        for subject, said in titles.items()
    ]
    favour = drawn(f"{FAVOUR}-table", states.loading(160, lines=5), className="wide-table")
    return html.Div(
        [
            panel.head(
                t(TITLE),
                t("Whether people in need are looked for, visited and looked after, and who still waits for somebody to come."),
                drawn(FILES, className="files"),
            ),
            html.Div(numbers, className="tiles"),
            html.Div(
                [*pictures, panel.chart_panel(FAVOUR, t("In the citizen's favour"), favour, twin=False), listing.box(LISTED, t("Rows"))],
                className="stack",
            ),
        ]
    )


def _picture(name: str, height: int) -> html.Div:
    shown_ = html.Div([chart.graph(name, height=height), drawn(f"{name}-legend")], className="picture")
    return html.Div([shown_, drawn(f"{name}-table", className="twin wide-table")])


def looks(subject: str) -> dict[str, Look]:
    """Return how the states of a subject are drawn, the worst first."""
    return {state: Look(t(said), _INK[state], _PATTERN.get(state, "")) for state, said in STATES[subject].items() if state in _INK}


def _tile(name: str) -> str:
    return f"{name}-tile"


def tell_files(asked: Asked) -> list[Any]:
    """Return the files of the list."""
    return [links(PATH, asked.filters)]


def number(subject: str, counts: Mapping[str, int], told: data.Reporting, scope: Filters) -> list[dcc.Link]:
    """Return how many of a subject are overdue, as a tile that opens them."""
    label, small = (t(said) for said in TILES[subject])
    late, all_, unknown = (counts.get(name, 0) for name in (f"{subject}-overdue", subject, f"{subject}-unknown"))
    question = scope.but(rows=f"{subject}-overdue")
    if not all_ and ENTITY[subject] not in told.entities:
        return tiles([Tile(label, t("unknown"), t("no source reports this"), question, 0, "unknown", PATH)])
    said = small.format(n=shown.count(all_)) + (t(", {n} unknown", n=shown.count(unknown)) if unknown else "")
    return tiles([Tile(label, shown.count(late), said, question, late, "", PATH)])


def tell_visits(asked: Asked) -> list[Any]:
    """Return the picture of visits by colour."""
    days = t(
        "Due every {red}, {orange} and {yellow} days (defaults of this system; no local frequency is known), "
        "as of today, whatever the time chosen.",
        **VISIT_DAYS,
    )
    if at := data.counted_at(asked.conn, "visited"):
        days = together(days, t("Visits as of {at}.", at=shown.minute(at)))
    return _told(asked, "visits", days, t("Visits come with the records “visit”."))


def tell_clues(asked: Asked) -> list[Any]:
    """Return the picture of push lists by kind."""
    days = t("A clue is followed up when it is answered, or the household is visited or applies, within {n} working days.", n=CLUE_DAYS)
    if at := data.counted_at(asked.conn, "visited"):
        days = together(days, t("Visits and applications as of {at}.", at=shown.minute(at)))
    return _told(asked, "clues", days, t("Push lists come with the records “clue”."))


def tell_checks(asked: Asked) -> list[Any]:
    """Return the picture of quarterly checks."""
    said = t(
        "Whoever was refused or left in the last {n} months is checked in each quarter after; without the dead and those who moved.",
        n=WITHOUT_AID_MONTHS,
    )
    return _told(asked, "checks", said, t("Refusals come with “stage”, exits with “benefit”, checks with “visit”."))


def _told(asked: Asked, subject: str, rule: str, source: str) -> list[Any]:
    counts = outreach.tags(asked.conn, outreach.question(asked.filters, asked.now), subject)
    told = data.reporting(asked.conn, (ENTITY[subject], "visit"))
    tile = number(subject, counts, told, asked.filters.scope())
    if not counts:
        none = states.empty(t("Nothing here."), t("Choose a wider place or a longer time."))
        note = none if ENTITY[subject] in told.entities else states.unreported(source)
        say = t("Nothing is known here.")
        return [say, note, measured.stacked({}, {}).to_plotly_json(), None, None, say, tile]
    late = counts.get(f"{subject}-overdue", 0)
    say = tn(
        "{n} household, {late} of them overdue. {rule}",
        "{n} households, {late} of them overdue. {rule}",
        counts[subject],
        late=shown.count(late),
        rule=rule,
    )
    parts = looks(subject)
    bars = {
        kind: {state: counts.get(named(subject, kind, state), 0) for state in parts}
        for kind in KINDS[subject]
        if counts.get(named(subject, kind))
    }
    figure = measured.stacked({t(KINDS[subject][kind]): split for kind, split in bars.items()}, parts)
    seen = {state for split in bars.values() for state, n in split.items() if n}
    return [
        say,
        _notes(asked, subject, told, source),
        figure.to_plotly_json(),
        measured.key(parts, seen),
        _twin(subject, bars, counts, asked.filters.scope()),
        say,
        tile,
    ]


def _notes(asked: Asked, subject: str, told: data.Reporting, source: str) -> list[Any] | None:
    late = (
        states.stale(t("Late: {sources}. What came after that is not in these numbers.", sources=t(", ").join(told.late)), told.stale_since)
        if told.late
        else None
    )
    unseen = states.unreported(source) if subject == "checks" and "visit" not in told.entities else None
    programme = (
        states.advice(t("Clues and visits belong to no programme: this filter changes nothing here."))
        if asked.filters.programme and subject != "checks"
        else None
    )
    return [note for note in (late, unseen, programme) if note] or None


def _twin(subject: str, bars: Mapping[str, Mapping[str, int]], counts: Mapping[str, int], scope: Filters) -> html.Table:
    parts = looks(subject)

    def number(kind: str | None, state: str | None) -> html.Td:
        rows = named(subject, kind, state)
        n = counts.get(rows, 0)
        return html.Td(dcc.Link(shown.count(n), href=opens(scope, rows, n), className="link") if n else shown.count(n), className="n")

    lines = [html.Tr([html.Td(t(KINDS[subject][kind])), *(number(kind, state) for state in parts), number(kind, None)]) for kind in bars]
    total = html.Tr([html.Td(html.B(t("All"))), *(number(None, state) for state in parts), number(None, None)])
    return panel.table([t("Kind"), *(look.name for look in parts.values()), t("All")], [*lines, total], numbers=len(parts) + 1)


def in_favour(filters: Filters) -> Filters:
    """Return the question about findings that speak for the citizen, of the rules there are."""
    known = set(rulebook.known())
    return filters.scope().but(rule=tuple(code for code in IN_FAVOUR if code in known), present=True)


def tell_favour(asked: Asked) -> list[Any]:
    """Return sentence, note, findings in the citizen's favour by rule, and their number; what no rule judges yet is said."""
    favour = in_favour(asked.filters)
    by_rule = findings.by_rule(asked.conn, findings.asked(favour, asked.now)) if favour.rule else {}
    n = sum(totals.n for totals in by_rule.values())
    say = tn(
        "{n} finding speaks for the citizen: not paid, not told, not referred or not looked for.",
        "{n} findings speak for citizens: not paid, not told, not referred or not looked for.",
        n,
    )
    tile = tiles([Tile(t("In the citizen's favour"), shown.count(n), t("findings that hold"), favour, n)])
    missing = [code for code in IN_FAVOUR if code not in favour.rule]
    note = states.advice(
        t(
            "No rule judges these yet: {codes}. Under-payment is part of F01, which judges both directions, and is not counted here.",
            codes=t(", ").join(missing) or shown.NOTHING,
        )
    )
    if not n:
        return [say, [note, states.empty(t("No such finding here."), t("Choose a wider place or a longer time."))], None, tile]
    lines = [
        html.Tr(
            [
                html.Td(code, className="code"),
                html.Td(rulebook.title(code), className="wrap"),
                html.Td(
                    dcc.Link(shown.count(totals.n), href=favour.but(rule=(code,), said=totals.n).href("/findings"), className="link"),
                    className="n",
                ),
                html.Td(shown.yuan_short(totals.amount_fen) if totals.amount_fen else shown.NOTHING, className="n"),
            ]
        )
        for code, totals in by_rule.items()
    ]
    return [say, note, panel.table([t("Rule"), t("What was found"), t("Findings"), t("Amount at risk")], lines, numbers=2), tile]


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question. Visits and clues change by the day: what is costly is not asked anew with each card."""

    def here(path: str) -> bool:
        return path == PATH

    answer(app, reading, [content(FILES)], tell_files, here=here, note=None, follows_data=False)
    for subject, tell in (("visits", tell_visits), ("clues", tell_clues), ("checks", tell_checks)):
        name = CHARTS[subject]
        drawing = [
            Output({"type": "figure", "chart": name}, "data"),
            content(f"{name}-legend"),
            content(f"{name}-table"),
            Output(f"{name}-picture", "aria-label"),
        ]
        told = [Output(f"{name}-say", "children"), content(f"{name}-note")]
        answer(app, reading, [*told, *drawing, content(_tile(name))], tell, here=here, note=1, follows_data=False)
    for name, tell, number_too in ((FAVOUR, tell_favour, True), (LISTED, tell_rows, False)):
        outputs = [Output(f"{name}-say", "children"), content(f"{name}-note"), content(f"{name}-table")]
        answer(app, reading, [*outputs, content(_tile(name))] if number_too else outputs, tell, here=here, note=1, follows_data=number_too)
