"""Where the days go: from step to step, worked on or waiting, and how it changes from week to week."""

from __future__ import annotations

from datetime import date
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from console import format as shown
from console import words
from console.answering import Asked
from console.i18n import t, tn
from console.pages.timeliness_heat import PATH, measure_of
from console.parts import panel, states
from console.parts.chart import axis, base, blank
from console.queries import steps
from console.queries.steps import WHOLE, Length
from monitors.indicators.waiting import ENDED, KINDS, kind_after

MOST_WAYS = 18
INK = {"work": "var(--seq-5)", "office": "var(--seq-2)", "publicity": "var(--neutral)", "applicant": "var(--neutral)"}
HATCH = {"work": "", "office": "/", "publicity": "", "applicant": "."}


def tell_flow(asked: Asked) -> list[Any]:
    """Return sentence, note, table, picture and legend of the ways from one step to the next."""
    ways = [one for one in steps.lengths(asked.conn, asked.filters, asked.now, "from") if one.step != WHOLE]
    if not ways:
        none = states.empty(t("No step of a case ended here in this time."), t("Choose a wider place, another programme or a longer time."))
        return [t("Nothing to measure."), none, None, blank(), None, t("Nothing to measure.")]
    order = {code: place for place, code in enumerate(words.STAGE_CODE)}
    common = sorted(sorted(ways, key=lambda one: -one.n)[:MOST_WAYS], key=lambda one: (order.get(one.key, 99), order.get(one.step, 99)))
    say = _say(ways)
    note = states.cut(len(common), len(ways)) if len(ways) > len(common) else None
    kinds = [html.Span([html.I(className=f"span {kind}"), t(words.WAITING[kind])]) for kind in KINDS]
    return [say, note, _table(common), _bars(common).to_plotly_json(), _legend(kinds), say]


def _legend(items: list[html.Span]) -> html.Div:
    return html.Div(items, className="legend clock-legend", **{"aria-hidden": "true"})


def _say(ways: list[Length]) -> str:
    spent = dict.fromkeys(KINDS, 0)
    for one in ways:
        if one.key not in ENDED:
            spent[kind_after(one.key)] += one.working.days
    whole, again = sum(spent.values()), sum(one.again for one in ways)
    if not whole:
        return t("No working day passed between the steps of these cases.")
    shares = {kind: shown.share(spent[kind] / whole) for kind in KINDS}
    said = t("Working days until a decision: {work} worked on, {office} waiting, {publicity} publicity, {applicant} for the applicant.",
             **shares)  # fmt: skip
    return said + " " + tn("{n} step was taken again.", "{n} steps were taken again.", again)


def way(one: Length) -> str:
    """Return a way in words: from which step to which."""
    return f"{words.word(words.STAGE_CODE, one.key)} → {words.word(words.STAGE_CODE, one.step)}"


def _bars(ways: list[Length]) -> go.Figure:
    figure = go.Figure(layout=base(
        margin={"l": 4, "r": 12, "t": 4, "b": 24}, barmode="overlay", bargap=0.3,
        yaxis=axis(type="category", autorange="reversed"), xaxis=axis(showgrid=True, gridcolor="var(--line)", rangemode="tozero"),
    ))  # fmt: skip
    kinds = [kind_after(one.key) for one in ways]
    names, p90 = [way(one) for one in ways], [one.working.quantile(0.9) for one in ways]
    pattern = {"shape": [HATCH[kind] for kind in kinds], "size": 6, "fgcolor": "var(--surface)"}
    figure.add_trace(go.Bar(
        orientation="h", y=names, x=[one.working.quantile(0.5) or 0 for one in ways],
        customdata=[[days, one.n] for days, one in zip(p90, ways, strict=True)],
        marker={"color": [INK[kind] for kind in kinds], "pattern": pattern},
        hovertemplate="%{y}<br>" + t("Median") + " %{x} · P90 %{customdata[0]} · n %{customdata[1]:,}<extra></extra>"))  # fmt: skip
    figure.add_trace(go.Scatter(x=p90, y=names, mode="markers", hoverinfo="skip",
                                marker={"symbol": "line-ns", "size": 12, "line": {"width": 2, "color": "var(--text)"}}))  # fmt: skip
    return figure


def _table(ways: list[Length]) -> html.Table:
    names = [t("From step to step"), t("What the case does"), t("Cases"), t("Median"), t("P90"), t("Calendar days, median"),
             t("Taken again")]  # fmt: skip
    rows = [html.Tr([
        html.Td(way(one)), html.Td(t(words.WAITING[kind_after(one.key)])), html.Td(shown.count(one.n), className="n"),
        html.Td(shown.days(one.working.quantile(0.5)), className="n"), html.Td(shown.days(one.working.quantile(0.9)), className="n"),
        html.Td(shown.days(one.calendar.quantile(0.5)), className="n"), html.Td(shown.count(one.again), className="n"),
    ]) for one in ways]  # fmt: skip
    return panel.table(names, rows, numbers=5)


def tell_trend(asked: Asked) -> list[Any]:
    """Return sentence, note, table and picture of one step week by week."""
    step = asked.filters.step or WHOLE
    weeks = steps.lengths(asked.conn, asked.filters, asked.now, "week", step)
    name = words.word(words.STEP_OF_CASE, step)
    if not weeks:
        none = states.empty(t("No step of a case ended here in this time."), t("Choose a wider place, another programme or a longer time."))
        said = t("{step}: nothing to measure.", step=name)
        return [said, none, None, blank(), None, said]
    last = weeks[-1]
    say = t("{step}: in the week of {week} median {median}, nine of ten within {p90} working days; {share} late.", step=name,
            week=last.key, median=shown.days(last.working.quantile(0.5)), p90=shown.days(last.working.quantile(0.9)),
            share=shown.share(last.late_share))  # fmt: skip
    measures = LINES["late" if measure_of(asked.filters) == "late" else "days"]
    legend = [html.Span([html.I(style={"background": colour}), t(words.MEASURE[of])]) for of, colour, _ in measures]
    return [say, None, _weeks_table(asked, weeks, step), _lines(weeks, measures).to_plotly_json(), _legend(legend), say]


LINES = {
    "days": [("median", "var(--seq-5)", "solid"), ("p90", "var(--seq-3)", "dash")], "late": [("late", "var(--seq-5)", "solid")],
}  # fmt: skip


def _lines(weeks: list[Length], measures: list[tuple[str, str, str]]) -> go.Figure:
    share = measures == LINES["late"]
    figure = go.Figure(layout=base(
        margin={"l": 36, "r": 12, "t": 8, "b": 24}, hovermode="x unified",
        xaxis=axis(type="date", tickformat="%m-%d", linecolor="var(--line)"),
        yaxis=axis(showgrid=True, gridcolor="var(--line)", rangemode="tozero", tickformat=".0%" if share else ",d"),
    ))  # fmt: skip
    for name, colour, dash in measures:
        figure.add_trace(go.Scatter(
            x=[one.key for one in weeks], y=[one.measure(name) for one in weeks], mode="lines+markers", name=t(words.MEASURE[name]),
            line={"color": colour, "dash": dash, "width": 2}, marker={"size": 5}))  # fmt: skip
    return figure


def _weeks_table(asked: Asked, weeks: list[Length], step: str) -> html.Table:
    week = asked.filters.but(span=None, step=step, due=None)
    names = [t("Week of"), t("Cases"), t("Median"), t("P90"), t("Share late")]
    rows = [html.Tr([
        html.Td(dcc.Link(one.key, href=week.but(start=day, end=day, said=one.n).href(PATH), className="all")),
        html.Td(shown.count(one.n), className="n"), html.Td(shown.days(one.working.quantile(0.5)), className="n"),
        html.Td(shown.days(one.working.quantile(0.9)), className="n"), html.Td(shown.share(one.late_share), className="n"),
    ]) for one in reversed(weeks) for day in [date.fromisoformat(one.key)]]  # fmt: skip
    return panel.table(names, rows, numbers=4)
