"""What is measured of projects: satisfaction with its interval, delivery against payment, and where providers work."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from console import format as shown
from console import words
from console.answering import Asked
from console.i18n import t, tn
from console.pages.projects_rows import PATH, of_project, opens
from console.parts import map as county
from console.parts import measured, panel, states
from console.parts.measured import Pair, Point
from console.queries import data, projects, regions
from console.url import Filters
from monitors.indicators.projects import BAR, ENOUGH, GAP
from monitors.indicators.wilson import interval

SATISFIED, CHANNELS, DELIVERY, WHERE = "projects-satisfied", "projects-channels", "projects-delivery", "projects-where"
DRAWN, MOST = 14, 200  #: rows of a picture, rows of its table
BLANK: dict[str, Any] = {"data": [], "layout": {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
                                                "xaxis": {"visible": False}, "yaxis": {"visible": False}}}  # fmt: skip


def nothing(say: str, told: data.Reporting, entity: str, what: str) -> list[Any]:
    """Return an empty picture: grey where no source reports such records, else plain."""
    note = states.empty(say, t("Choose a wider place or a longer time.")) if entity in told.entities else states.unreported(what)
    return [say, note, BLANK, None, say]


def verdict(answers: int, satisfied: int) -> str:
    """Return what a satisfaction allows to conclude: nothing below 30 answers (domain J04), a bar only if the whole interval is below half."""
    if answers < ENOUGH:
        return t("too few to judge")
    if satisfied / answers >= BAR:
        return t("not below 50 %")
    below = interval(satisfied, answers)[1] < BAR
    return t("below 50 %: the whole interval; hear the provider before a bar is proposed") if below else t("below 50 %, not certain: verify on the spot")


def tell_satisfied(asked: Asked) -> list[Any]:
    """Return sentence, note, points with intervals and table of projects, the least content first."""
    rows = projects.satisfied(asked.conn, projects.question(asked.filters, asked.now), MOST + 1)
    if not rows:
        what = t("Answers come with the records “survey_response”.")
        return nothing(t("No valid answer is known here."), data.reporting(asked.conn, ("survey_response",)), "survey_response", what)
    judged = [row for row in rows if row.answers >= ENOUGH]
    below = sum(row.satisfied / row.answers < BAR for row in judged)
    say = t("{below} of {judged} projects with {enough} answers or more are below 50 %; the line bars a provider by local rules only.",
            below=shown.count(below), judged=shown.count(len(judged)), enough=ENOUGH)  # fmt: skip
    shown_rows = rows[:DRAWN]
    figure = measured.intervals([_point(row.name or row.project_id, row.answers, row.satisfied) for row in shown_rows], BAR)
    note = states.advice(t("The picture shows the {n} least content; the table has more.", n=DRAWN)) if len(rows) > DRAWN else None
    scope = asked.filters.scope()
    lines = [_line(dcc.Link(row.name or row.project_id, href=f"/dossier/project/{row.project_id}"), row.answers, row.satisfied,
                   opens(scope, "answers", row.answers, **of_project(row.project_id))) for row in rows[:MOST]]  # fmt: skip
    return [say, note, figure.to_plotly_json(), _table(t("Project"), lines), say]


def tell_channels(asked: Asked) -> list[Any]:
    """Return sentence, note, points with intervals and table of the ways answers came."""
    rows = projects.channels(asked.conn, projects.question(asked.filters, asked.now))
    if not rows:
        what = t("Answers come with the records “survey_response”.")
        return nothing(t("No valid answer is known here."), data.reporting(asked.conn, ("survey_response",)), "survey_response", what)
    points = [_point(words.word(words.CHANNEL, row.channel), row.answers, row.satisfied) for row in rows]
    low, high = min(points, key=lambda point: point.share), max(points, key=lambda point: point.share)
    n = sum(row.answers for row in rows)
    say = tn("{n} valid answer; least satisfied by {low} ({low_share}), most by {high} ({high_share}).",
             "{n} valid answers; least satisfied by {low} ({low_share}), most by {high} ({high_share}).", n,
             low=low.name, low_share=shown.share(low.share), high=high.name, high_share=shown.share(high.share))  # fmt: skip
    scope = asked.filters.but(rows=None)
    lines = [_line(words.word(words.CHANNEL, row.channel), row.answers, row.satisfied, opens(scope, f"answers-{row.channel}", row.answers)) for row in rows]
    return [say, None, measured.intervals(points, BAR).to_plotly_json(), _table(t("Channel"), lines), say]


def _point(name: str, answers: int, satisfied: int) -> Point:
    lower, upper = interval(satisfied, answers)
    return Point(name, satisfied / answers, lower, upper, answers)


def _line(name: Any, answers: int, satisfied: int, href: str) -> html.Tr:
    lower, upper = interval(satisfied, answers)
    return html.Tr([html.Td(name), html.Td(verdict(answers, satisfied), className="wrap"), html.Td(dcc.Link(shown.count(answers), href=href, className="link"), className="n"),
                    html.Td(shown.share(satisfied / answers), className="n"), html.Td(f"{shown.share(lower)} – {shown.share(upper)}", className="n")])  # fmt: skip


def _table(name: str, lines: list[html.Tr]) -> html.Table:
    return panel.table([name, t("What it allows to say"), t("Answers"), t("Satisfied"), t("95 % interval (Wilson)")], lines, numbers=3)


def tell_delivery(asked: Asked) -> list[Any]:
    """Return sentence, note, paired shares and table: delivered against paid."""
    asks = projects.question(asked.filters, asked.now)
    rows, sums = projects.unbalanced(asked.conn, asks, MOST + 1), projects.sums(asked.conn, asks)
    told = data.reporting(asked.conn, ("service_order", "project_payment"))
    if not rows:
        missing = next((entity for entity in ("service_order", "project_payment") if entity not in told.entities), "service_order")
        what = t("Delivery comes with “service_order”, payment with “project_payment”.")
        return nothing(t("Delivery and payment cannot be compared here."), told, missing, what)
    ahead = sum(row.paid_share - row.delivered_share > GAP for row in rows)
    say = t("{delivered} services delivered, {confirmed} confirmed by signature, of {planned} agreed; {paid} paid of {price}; "
            "{ahead} projects are paid more than {gap} points ahead.",
            delivered=shown.count(sums.delivered), confirmed=shown.count(sums.confirmed), planned=shown.count(sums.planned),
            paid=shown.yuan_short(sums.paid_fen), price=shown.yuan_short(sums.price_fen), ahead=shown.count(ahead), gap=round(100 * GAP))  # fmt: skip
    figure = measured.pairs([Pair(row.name or row.project_id, float(row.delivered_share), float(row.paid_share)) for row in rows[:DRAWN]])
    note = states.advice(t("● delivered, ◇ paid. The picture shows the {n} paid furthest ahead; the table has more.", n=DRAWN))
    return [say, note, figure.to_plotly_json(), panel.table(_columns(), [_pair(row, asked.filters.scope()) for row in rows[:MOST]], numbers=8), say]


def _columns() -> list[str]:
    return [t("Project"), t("Delivered"), t("Signed for"), t("Planned"), t("Share delivered"), t("Payments"), t("Paid"), t("Price"), t("Share paid")]


def _pair(row: Any, scope: Filters) -> html.Tr:
    def number(n: int, rows: str) -> html.Td:
        return html.Td(dcc.Link(shown.count(n), href=opens(scope, rows, n, **of_project(row.project_id)), className="link") if n else shown.count(n), className="n")

    return html.Tr([
        html.Td(dcc.Link(row.name or row.project_id, href=f"/dossier/project/{row.project_id}")),
        number(row.delivered, "orders"), number(row.confirmed, "orders-signed"), html.Td(shown.count(row.planned_units), className="n"),
        html.Td(shown.share(float(row.delivered_share)), className="n"), number(row.payments, "payments"), html.Td(shown.yuan(row.paid_fen), className="n"),
        html.Td(shown.yuan(row.price_fen), className="n"), html.Td(shown.share(float(row.paid_share)), className="n"),
    ])  # fmt: skip


def tell_where(asked: Asked) -> list[Any]:
    """Return sentence, note, map, legend and table of projects by place; a place nobody reports from is unknown, not empty."""
    top = regions.root(asked.conn)
    whole = top.region_code if top else ""
    asks = projects.question(asked.filters, asked.now)
    counties = projects.places(asked.conn, asks | {"region": None}, whole)
    spots = [county.Spot(place.region_code, place.name or place.region_code, place.projects or None) for place in counties if not place.own]
    steps = county.scale(max((place.projects for place in counties if not place.own), default=0))
    figure = county.county_map(spots, steps, asked.filters.region).to_plotly_json()
    below = projects.places(asked.conn, asks, asked.filters.region) if asked.filters.region else counties
    told = [place for place in below if place.projects]
    say = tn("{n} project in {places} places below; {blind} places report none.", "{n} projects in {places} places below; {blind} places report none.",
             sum(place.projects for place in below), places=len([place for place in told if not place.own]), blind=sum(not place.projects and not place.own for place in below))  # fmt: skip
    lines = [_place(place, asked.filters.scope()) for place in below if place.projects or not place.own]
    names = [t("Place"), t("Projects"), t("Providers"), t("Steps missing"), t("Below 50 %")]
    return [say, None, figure, county.legend(steps, unknown=any(spot.n is None for spot in spots)), panel.table(names, lines, numbers=4), say]


def _place(place: Any, scope: Filters) -> html.Tr:
    own = scope.but(region=place.region_code)
    if place.own:
        return html.Tr([html.Td(t("{place} itself", place=place.name)), *(html.Td(shown.count(n), className="n") for n in (place.projects, place.providers, place.late, place.below_half))])
    name = html.Td(dcc.Link(place.name or place.region_code, href=own.href(PATH)))
    if not place.projects:
        return html.Tr([name, html.Td(t("unknown"), className="n unknown"), *(html.Td(shown.NOTHING, className="n") for _ in range(3))])
    cells = [(place.projects, "all"), (place.providers, None), (place.late, "step-late"), (place.below_half, "below-half")]
    return html.Tr([name, *(html.Td(dcc.Link(shown.count(n), href=opens(own, rows, n), className="link") if rows and n else shown.count(n), className="n")
                            for n, rows in cells)])  # fmt: skip
