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
from console.parts.chart import base
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
        return [t("Nothing to measure."), none, None, None, None, ""]
    order = {code: place for place, code in enumerate(words.STAGE_CODE)}
    common = sorted(sorted(ways, key=lambda one: -one.n)[:MOST_WAYS], key=lambda one: (order.get(one.key, 99), order.get(one.step, 99)))
    say = _say(ways)
    note = states.cut(len(common), len(ways)) if len(ways) > len(common) else None
    legend = html.Div([html.Span([html.I(className=f"span {kind}"), t(words.WAITING[kind])]) for kind in KINDS], className="legend clock-legend",
                      **{"aria-hidden": "true"})  # fmt: skip
    return [say, note, _table(asked, common), _bars(common).to_plotly_json(), legend, say]


def _say(ways: list[Length]) -> str:
    spent = dict.fromkeys(KINDS, 0)
    for one in ways:
        if one.key not in ENDED:
            spent[kind_after(one.key)] += one.working.days
    whole, again = sum(spent.values()), sum(one.again for one in ways)
    if not whole:
        return t("No working day passed between the steps of these cases.")
    shares = {kind: shown.share(spent[kind] / whole) for kind in KINDS}
    said = t("Until the decision: {work} of the working days worked on, {office} waiting for an office, {publicity} publicity, {applicant} waiting for the applicant.",
             **shares)  # fmt: skip
    return said + " " + tn("{n} step was taken again.", "{n} steps were taken again.", again)


def way(one: Length) -> str:
    """Return a way in words: from which step to which."""
    return f"{words.word(words.STAGE_CODE, one.key)} → {words.word(words.STAGE_CODE, one.step)}"


def _bars(ways: list[Length]) -> go.Figure:
    figure = go.Figure(layout=base(
        margin={"l": 4, "r": 12, "t": 4, "b": 24}, barmode="overlay", bargap=0.3,
        yaxis={"type": "category", "autorange": "reversed", "automargin": True, "fixedrange": True, "tickfont": {"color": "var(--muted)", "size": 12}},
        xaxis={"gridcolor": "var(--line)", "zeroline": False, "rangemode": "tozero", "fixedrange": True, "tickfont": {"color": "var(--muted)"}},
    ))  # fmt: skip
    kinds = [kind_after(one.key) for one in ways]
    names, p90 = [way(one) for one in ways], [one.working.quantile(0.9) for one in ways]
    figure.add_trace(go.Bar(
        orientation="h", y=names, x=[one.working.quantile(0.5) or 0 for one in ways], customdata=[[days, one.n] for days, one in zip(p90, ways, strict=True)],
        marker={"color": [INK[kind] for kind in kinds], "pattern": {"shape": [HATCH[kind] for kind in kinds], "size": 6, "fgcolor": "var(--surface)"}},
        hovertemplate="%{y}<br>" + t("Median") + " %{x} · P90 %{customdata[0]} · n %{customdata[1]:,}<extra></extra>"))  # fmt: skip
    figure.add_trace(go.Scatter(x=p90, y=names, mode="markers", hoverinfo="skip",
                                marker={"symbol": "line-ns", "size": 12, "line": {"width": 2, "color": "var(--text)"}}))  # fmt: skip
    return figure


def _table(asked: Asked, ways: list[Length]) -> html.Table:
    names = [t("From step to step"), t("What the case does"), t("Cases"), t("Median"), t("P90"), t("Calendar days, median"), t("Taken again")]
    rows = [html.Tr([
        html.Td(way(one)), html.Td(t(words.WAITING[kind_after(one.key)])), html.Td(shown.count(one.n), className="n"),
        html.Td(shown.days(one.working.quantile(0.5)), className="n"), html.Td(shown.days(one.working.quantile(0.9)), className="n"),
        html.Td(shown.days(one.calendar.quantile(0.5)), className="n"), html.Td(shown.count(one.again), className="n"),
    ]) for one in ways]  # fmt: skip
    return panel.table(names, rows, numbers=5)


def tell_trend(asked: Asked) -> list[Any]:
    """Return sentence, note, table and picture of one step week by week."""
    step = asked.filters.step or WHOLE
    weeks = [one for one in steps.lengths(asked.conn, asked.filters, asked.now, "week") if one.step == step]
    name = words.word(words.STEP_OF_CASE, step)
    if not weeks:
        none = states.empty(t("No step of a case ended here in this time."), t("Choose a wider place, another programme or a longer time."))
        return [t("{step}: nothing to measure.", step=name), none, None, None, None, ""]
    last = weeks[-1]
    say = t("{step}: in the week of {week} median {median}, nine of ten within {p90} working days; {share} late.", step=name, week=last.key,
            median=shown.days(last.working.quantile(0.5)), p90=shown.days(last.working.quantile(0.9)), share=shown.share(last.late_share))  # fmt: skip
    legend = None if measure_of(asked.filters) == "late" else html.Div(
        [html.Span([html.I(style={"background": "var(--seq-5)"}), t("Median")]), html.Span([html.I(style={"background": "var(--seq-3)"}), "P90"])],
        className="legend", **{"aria-hidden": "true"})  # fmt: skip
    return [say, None, _weeks_table(asked, weeks, step), _lines(weeks, measure_of(asked.filters)).to_plotly_json(), legend, say]


def _lines(weeks: list[Length], measure: str) -> go.Figure:
    figure = go.Figure(layout=base(
        margin={"l": 36, "r": 12, "t": 8, "b": 24}, hovermode="x unified",
        xaxis={"type": "date", "tickformat": "%m-%d", "showgrid": False, "linecolor": "var(--line)", "fixedrange": True, "tickfont": {"color": "var(--muted)"}},
        yaxis={"gridcolor": "var(--line)", "zeroline": False, "rangemode": "tozero", "fixedrange": True, "tickfont": {"color": "var(--muted)"},
               "tickformat": ".0%" if measure == "late" else ",d"},
    ))  # fmt: skip
    kinds = [("late", "var(--seq-5)", "solid")] if measure == "late" else [("median", "var(--seq-5)", "solid"), ("p90", "var(--seq-3)", "dash")]
    for name, colour, dash in kinds:
        figure.add_trace(go.Scatter(x=[one.key for one in weeks], y=[one.measure(name) for one in weeks], mode="lines+markers", name=t(words.MEASURE[name]),
                                    line={"color": colour, "dash": dash, "width": 2}, marker={"size": 5}))  # fmt: skip
    return figure


def _weeks_table(asked: Asked, weeks: list[Length], step: str) -> html.Table:
    names = [t("Week of"), t("Cases"), t("Median"), t("P90"), t("Share late")]
    rows = [html.Tr([
        html.Td(dcc.Link(one.key, href=asked.filters.but(span=None, start=day, end=day, step=step, due=None, said=one.n).href(PATH), className="all")),
        html.Td(shown.count(one.n), className="n"), html.Td(shown.days(one.working.quantile(0.5)), className="n"),
        html.Td(shown.days(one.working.quantile(0.9)), className="n"), html.Td(shown.share(one.late_share), className="n"),
    ]) for one in reversed(weeks) for day in [date.fromisoformat(one.key)]]  # fmt: skip
    return panel.table(names, rows, numbers=4)
