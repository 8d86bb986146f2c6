"""What is measured of projects: satisfaction with its interval, and delivery against payment."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from console import format as shown
from console import words
from console.answering import Asked
from console.i18n import t, tn
from console.pages.projects_rows import of_project, opens
from console.parts import measured, panel, states
from console.parts.measured import Pair, Point
from console.queries import data, projects
from console.url import Filters
from monitors.indicators.projects import BAR, ENOUGH, GAP
from monitors.indicators.wilson import interval

SATISFIED, CHANNELS, DELIVERY = "projects-satisfied", "projects-channels", "projects-delivery"
DRAWN, MOST = 14, 200  #: rows of a picture, rows of its table
BLANK: dict[str, Any] = {
    "data": [],
    "layout": {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "xaxis": {"visible": False}, "yaxis": {"visible": False}},
}


def nothing(say: str, told: data.Reporting, entity: str, what: str) -> list[Any]:
    """Return an empty picture: grey where no source reports such records, else plain."""
    note = states.empty(say, t("Choose a wider place or a longer time.")) if entity in told.entities else states.unreported(what)
    return [say, note, BLANK, None, say]


def verdict(answers: int, satisfied: int) -> str:
    """Return what a satisfaction allows to conclude (J04): nothing below 30 answers, a bar only if the whole interval lies below half."""
    if answers < ENOUGH:
        return t("too few to judge")
    if satisfied / answers >= BAR:
        return t("not below 50 %")
    below = interval(satisfied, answers)[1] < BAR
    return (
        t("below 50 %: the whole interval; hear the provider before a bar is proposed")
        if below
        else t("below 50 %, not certain: verify on the spot")
    )


def tell_satisfied(asked: Asked) -> list[Any]:
    """Return sentence, note, points with intervals and table of projects, the least content first."""
    rows = projects.satisfied(asked.conn, projects.question(asked.filters.scope(), asked.now), MOST + 1)
    if not rows:
        what = t("Answers come with the records “survey_response”.")
        return nothing(t("No valid answer is known here."), data.reporting(asked.conn, ("survey_response",)), "survey_response", what)
    judged = [row for row in rows if row.answers >= ENOUGH]
    below = sum(row.satisfied / row.answers < BAR for row in judged)
    say = t(
        "{below} of {judged} projects with {enough} answers or more are below 50 %; the line bars a provider by local rules only.",
        below=shown.count(below),
        judged=shown.count(len(judged)),
        enough=ENOUGH,
    )
    shown_rows = rows[:DRAWN]
    figure = measured.intervals([_point(row.name or row.project_id, row.answers, row.satisfied) for row in shown_rows], BAR)
    note = states.advice(t("The picture shows the {n} least content; the table has more.", n=DRAWN)) if len(rows) > DRAWN else None
    scope = asked.filters.scope()
    lines = [
        _line(
            dcc.Link(row.name or row.project_id, href=f"/dossier/project/{row.project_id}"),
            row.answers,
            row.satisfied,
            opens(scope, "answers", row.answers, **of_project(row.project_id)),
        )
        for row in rows[:MOST]
    ]
    return [say, note, figure.to_plotly_json(), _table(t("Project"), lines), say]


def tell_channels(asked: Asked) -> list[Any]:
    """Return sentence, note, points with intervals and table of the ways answers came."""
    rows = projects.channels(asked.conn, projects.question(asked.filters.scope(), asked.now))
    if not rows:
        what = t("Answers come with the records “survey_response”.")
        return nothing(t("No valid answer is known here."), data.reporting(asked.conn, ("survey_response",)), "survey_response", what)
    points = [_point(words.word(words.CHANNEL, row.channel), row.answers, row.satisfied) for row in rows]
    low, high = min(points, key=lambda point: point.share), max(points, key=lambda point: point.share)
    n = sum(row.answers for row in rows)
    say = tn(
        "{n} valid answer; least satisfied by {low} ({low_share}), most by {high} ({high_share}).",
        "{n} valid answers; least satisfied by {low} ({low_share}), most by {high} ({high_share}).",
        n,
        low=low.name,
        low_share=shown.share(low.share),
        high=high.name,
        high_share=shown.share(high.share),
    )
    scope = asked.filters.scope()
    lines = [
        _line(words.word(words.CHANNEL, row.channel), row.answers, row.satisfied, opens(scope, f"answers-{row.channel}", row.answers))
        for row in rows
    ]
    return [say, None, measured.intervals(points, BAR).to_plotly_json(), _table(t("Channel"), lines), say]


def _point(name: str, answers: int, satisfied: int) -> Point:
    lower, upper = interval(satisfied, answers)
    return Point(name, satisfied / answers, lower, upper, answers)


def _line(name: Any, answers: int, satisfied: int, href: str) -> html.Tr:
    lower, upper = interval(satisfied, answers)
    return html.Tr(
        [
            html.Td(name),
            html.Td(verdict(answers, satisfied), className="wrap"),
            html.Td(dcc.Link(shown.count(answers), href=href, className="link"), className="n"),
            html.Td(shown.share(satisfied / answers), className="n"),
            html.Td(f"{shown.share(lower)} – {shown.share(upper)}", className="n"),
        ]
    )


def _table(name: str, lines: list[html.Tr]) -> html.Table:
    return panel.table([name, t("What it allows to say"), t("Answers"), t("Satisfied"), t("95 % interval (Wilson)")], lines, numbers=3)


def tell_delivery(asked: Asked) -> list[Any]:
    """Return sentence, note, paired shares and table: delivered against paid."""
    asks = projects.question(asked.filters.scope(), asked.now)
    rows, sums = projects.unbalanced(asked.conn, asks, MOST + 1), projects.sums(asked.conn, asks)
    told = data.reporting(asked.conn, ("service_order", "project_payment"))
    if not rows:
        missing = next((entity for entity in ("service_order", "project_payment") if entity not in told.entities), "service_order")
        what = t("Delivery comes with “service_order”, payment with “project_payment”.")
        return nothing(t("Delivery and payment cannot be compared here."), told, missing, what)
    ahead = sum(row.paid_share - row.delivered_share > GAP for row in rows)
    say = t(
        "{delivered} services delivered, {confirmed} confirmed by signature, of {planned} agreed; {paid} paid of {price}; "
        "{ahead} projects are paid more than {gap} points ahead.",
        delivered=shown.count(sums.delivered),
        confirmed=shown.count(sums.confirmed),
        planned=shown.count(sums.planned),
        paid=shown.yuan_short(sums.paid_fen),
        price=shown.yuan_short(sums.price_fen),
        ahead=shown.count(ahead),
        gap=round(100 * GAP),
    )
    figure = measured.pairs([Pair(row.name or row.project_id, float(row.delivered_share), float(row.paid_share)) for row in rows[:DRAWN]])
    note = states.advice(t("● delivered, ◇ paid. The picture shows the {n} furthest apart; the table has more.", n=DRAWN))
    return [
        say,
        note,
        figure.to_plotly_json(),
        panel.table(_columns(), [_pair(row, asked.filters.scope()) for row in rows[:MOST]], numbers=8),
        say,
    ]


def _columns() -> list[str]:
    return [
        t("Project"),
        t("Delivered"),
        t("Signed for"),
        t("Planned"),
        t("Share delivered"),
        t("Payments"),
        t("Paid"),
        t("Price"),
        t("Share paid"),
    ]


def _pair(row: Any, scope: Filters) -> html.Tr:
    def number(n: int, rows: str) -> html.Td:
        return html.Td(
            dcc.Link(shown.count(n), href=opens(scope, rows, n, **of_project(row.project_id)), className="link") if n else shown.count(n),
            className="n",
        )

    return html.Tr(
        [
            html.Td(dcc.Link(row.name or row.project_id, href=f"/dossier/project/{row.project_id}")),
            number(row.delivered, "orders"),
            number(row.confirmed, "orders-signed"),
            html.Td(shown.count(row.planned_units), className="n"),
            html.Td(shown.share(float(row.delivered_share)), className="n"),
            number(row.payments, "payments"),
            html.Td(shown.yuan(row.paid_fen), className="n"),
            html.Td(shown.yuan(row.price_fen), className="n"),
            html.Td(shown.share(float(row.paid_share)), className="n"),
        ]
    )
