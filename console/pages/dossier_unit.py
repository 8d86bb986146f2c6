"""One unit in one file: its score, the limits that run, what it is to answer, and its findings."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from console import format as shown
from console import rulebook, words
from console.answering import Asked
from console.files.serving import links
from console.gate import viewer
from console.i18n import t, tn
from console.pages.units_rows import dated, question, score_of, sum_of
from console.parts import panel, states
from console.parts.listing import Field, table
from console.parts.panel import tag
from console.queries import dossier, findings, regions, scores, steps
from console.url import ACTIVE, WAITS, Filters

MOST_LIMITS = 20


def told(asked: Asked, code: str) -> html.Div:
    """Return the whole file of a unit; who may not see it is not led here."""
    unit = dossier.unit(asked.conn, code)
    place = regions.places(asked.conn, [unit.region_code if unit else None])
    lies = next((one.full for one in place.values()), "")
    name = (unit and unit.name) or code
    title = html.Span([words.word(words.SUBJECT, "unit"), " ", name, " ", html.Span(code, className="code")])
    about = t("One file: how the unit does, what runs, what it is to answer, and what was found.")
    left, right = [_findings(asked, code), _limits(asked, code)], [_score(asked, code), _inquiries(asked, code)]
    files = html.Div(links("/findings", Filters(unit=code)), className="files")
    return html.Div([panel.head(title, " · ".join(filter(None, (lies, about))), files),
                     html.Div([html.Div(left), html.Div(right)], className="dossier")])  # fmt: skip


def _asks(asked: Asked, wanted: Filters, code: str) -> dict[str, Any]:
    """The question about a unit's findings, said so that the indexes of units are read."""
    return findings.asked(wanted.but(unit=code), asked.now) | {"own": viewer().unit_code or code}


def _score(asked: Asked, code: str) -> html.Section:
    wanted = question(asked.filters)
    found = scores.unit_scores(asked.conn, _asks(asked, wanted, code) | {"now": asked.now})
    since = words.RANGE[span] if (span := dated(asked.filters).span) else ""
    if not found:
        return panel.panel(t("Score"), t("No card was addressed to this unit in this time."), html.P(t(since), className="faint"))
    (one,) = found
    say = [html.B(score_of(one)), " · ", sum_of(one), " · " if since else "", t(since)]
    counts = ((t("Confirmed"), one.confirmed, "confirmed"), (t("Not decided"), one.undecided, "undecided"),
              (t("Given back"), one.lifted, "lifted"))  # fmt: skip
    rows = [(name, _number(n, wanted.but(unit=code, outcome=outcome))) for name, n, outcome in counts]
    answered = shown.span(one.answer_s) if one.answer_s is not None else shown.NOTHING
    return panel.panel(t("Score"), say, panel.pairs([*rows, (t("Median time to answer"), answered)]))


def _number(n: int, opens: Filters) -> Any:
    return dcc.Link(shown.count(n), href=opens.but(said=n).href("/findings"), className="link") if n else shown.count(n)


def _limits(asked: Asked, code: str) -> html.Section:
    """The limits that run for the unit's cases, the next to end first."""
    here = Filters(unit=code)
    classes = steps.queue_classes(asked.conn, here, asked.now)
    late = steps.stale_since(asked.conn)
    note = states.stale(t("A source of cases is late: steps done since may be missing."), late) if late else None
    if not classes:
        return panel.panel(t("Running limits"), t("No limit is running here."), note)
    n = sum(classes.values())
    say = tn("{n} limit is running; {late} past, {today} end today.", "{n} limits are running; {late} past, {today} end today.", n,
             late=shown.count(classes.get("late", 0)), today=shown.count(classes.get("today", 0)))  # fmt: skip
    rows = steps.queue(asked.conn, here, asked.now, classes).rows[:MOST_LIMITS]
    more = dcc.Link(t("All {n}", n=shown.count(n)), href=here.href("/timeliness"), className="all") if n > len(rows) else None
    return panel.panel(t("Running limits"), say, note, html.Div(table(_limit_fields(), rows), className="wide-table"), more)


def _limit_fields() -> list[Field]:
    return [
        Field(t("Case"), lambda row: row.application_id, href=lambda row: f"/dossier/application/{row.application_id}"),
        Field(t("Time limit"), lambda row: f"{rulebook.title(row.rule, 'application')} {row.rule}", width=24),
        Field(t("Last day"), lambda row: row.evidence.get("limit_on") or shown.minute(row.yellow_at)),
        Field(t("Working days left"), lambda row: row.left_days, "count"),
    ]


def _inquiries(asked: Asked, code: str) -> html.Section:
    """What the unit's handed-over findings wait for, and how many of them are late."""
    scope = Filters(unit=code)
    found = findings.waiting(asked.conn, _asks(asked, scope.but(stage=ACTIVE[1:]), code), asked.now)
    n, late = (sum(counts) for counts in zip(*found.values(), strict=True)) if found else (0, 0)
    say = tn("{n} finding was handed over to this unit; {late} late.", "{n} findings were handed over to this unit; {late} late.", n,
             late=shown.count(late))  # fmt: skip
    rows = [(words.word(words.WAITS, waits), _number(found.get(waits, (0, 0))[0], scope.but(waits=waits))) for waits in WAITS[1:]]
    return panel.panel(t("Inquiries"), say, panel.pairs([*rows, (words.word(words.DUE, "late"), _number(late, scope.but(due="late")))]))


def _findings(asked: Asked, code: str) -> html.Section:
    scope = Filters(unit=code)
    rows = findings.page(asked.conn, _asks(asked, scope.but(present=True), code), end=dossier.MOST_KIN)
    whole = findings.totals(asked.conn, _asks(asked, scope, code)).n
    holding = findings.totals(asked.conn, _asks(asked, scope.but(present=True), code))
    stale = t("{n} of these hang on a late source.", n=shown.count(holding.n_stale))
    note = [states.stale(stale, holding.stale_since) if holding.n_stale else None,
            states.cut(len(rows), holding.n) if holding.n > len(rows) else None]  # fmt: skip
    if not whole:
        return panel.panel(t("Findings"), t("Nothing was found here."))
    say = tn("{n} finding, {holding} of them holding now.", "{n} findings, {holding} of them holding now.", whole,
             holding=shown.count(holding.n))  # fmt: skip
    lines = [html.Tr([
        html.Td(tag(row.card or "cleared")),
        html.Td([dcc.Link(rulebook.title(row.rule, row.subject_kind), href=f"/finding/{row.finding_id}", className="all"), " ",
                 html.Span(row.rule, className="code")]),
        html.Td(words.word(words.STAGE, row.stage)), html.Td(shown.day(row.opened_at), className="n"),
    ]) for row in rows]  # fmt: skip
    every = dcc.Link(t("All {n}", n=shown.count(whole)), href=scope.but(said=whole).href("/findings"), className="all")
    return panel.panel(t("Findings"), say, *note, html.Table(html.Tbody(lines), className="rows"), every)
