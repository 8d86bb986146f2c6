"""Dossier: everything about one household, person, benefit, application, account, project or unit in one file (一户一档)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import Dash, dcc, html

from console import format as shown
from console import rulebook, words
from console.answering import Asked, Reading, answer
from console.files.serving import links
from console.i18n import marked, t, tn
from console.pages import dossier_unit
from console.parts import panel, states
from console.parts import story as parts
from console.parts.clock import clock
from console.parts.drawn import content, drawn
from console.parts.evidence import Names, codes
from console.parts.panel import tag
from console.queries import clock as cases
from console.queries import dossier, findings, pairs, regions, then
from console.queries.dossier import Subject
from sql.rights import Right

PATH, TITLE = "/dossier/", marked("Dossier")
OPENS_WITH: tuple[Right, ...] = ("read",)
BODY = "dossier-body"
KINDS = ("household", "person", "benefit", "application", "account", "project", "provider", "payment_batch", "unit")


def href(kind: str, key: str) -> str:
    """Return the address of a subject's dossier."""
    return f"{PATH}{kind}/{key}"


def layout(_path: str) -> html.Div:
    """Return the page as a skeleton."""
    return html.Div(drawn(BODY, [states.loading(60), html.Br(), states.loading(220), html.Br(), states.loading(300)]))


def tell(asked: Asked) -> list[Any]:
    """Return the whole dossier, or that there is none."""
    subject = subject_of(asked)
    if subject is None:
        return [states.missing(asked.path)]
    return [dossier_unit.told(asked, subject.subject_key) if subject.subject_kind == "unit" else _told(asked, subject)]


def subject_of(asked: Asked) -> Subject | None:
    """Return whom or what the address names; None where there is no such subject, or none that may be seen."""
    kind, _, key = asked.path.removeprefix(PATH).partition("/")
    subject = Subject(kind, pairs.known_as(asked.conn, key[:96]) if kind == "person" else key[:96])
    return subject if kind in KINDS and dossier.exists(asked.conn, subject) else None


def told_of(
    asked: Asked, subject: Subject, homes: list[str], most: int = dossier.MOST_EVENTS
) -> tuple[dossier.Timeline, list[findings.Row], Names]:
    """Return the events of a subject and its ``homes``, at most ``most``, what was found there, and the names they speak of."""
    known = asked.filters.known_before
    found = dossier.kin(asked.conn, subject, homes, known)
    told = dossier.timeline(asked.conn, subject, homes, most, known)
    records = [event.body or {} for event in told.events]
    places = {code: place.full for code, place in regions.places(asked.conn, codes("place", records)).items()}
    return told, found, Names(places, regions.units(asked.conn, codes("unit", records)))


def _told(asked: Asked, subject: Subject) -> html.Div:
    homes, known = dossier.households(asked.conn, subject), asked.filters.known_before
    told, found, names = told_of(asked, subject, homes)
    held = then.records(asked.conn, subject, homes, known) if known else []
    benefits = then.benefits(held) if known else dossier.benefits(asked.conn, subject, homes)
    people = dossier.members(asked.conn, homes)
    left = [_case(asked, subject), _benefits(benefits, known), parts.story(told, map(parts.mark, found), names, of_then=known is not None)]
    looks = dossier.looks_at(asked.conn, subject, homes, [row.finding_id for row in found], known)
    right = [_findings(found, known), _people(then.members(people, held) if known else people, homes), parts.looks(looks)]
    key = html.Span(shown.short_key(subject.subject_key), className="code")
    title = html.Span([words.word(words.SUBJECT, subject.subject_kind), " ", key])
    about = t("One file: who, what they receive, what was paid, what was found, and who looked.")
    here = href(subject.subject_kind, subject.subject_key)
    files = html.Div(links(here, asked.filters), className="files")
    body = html.Div([html.Div(left), html.Div(right)], className="dossier")
    return html.Div([panel.head(title, about, parts.known_on(here, asked.filters), files), parts.as_known(here, asked.filters), body])


def _case(asked: Asked, subject: Subject) -> html.Section | None:
    """The clock of an application runs now; of an earlier day its steps stand on the timeline."""
    if subject.subject_kind != "application" or asked.filters.known:
        return None
    return clock(cases.of(asked.conn, subject.subject_key, asked.now), asked.now)


def _benefits(rows: Sequence[Any], known: datetime | None) -> html.Section:
    if not rows:
        return panel.panel(t("Benefits"), t("No benefit of this subject is known here."))
    until = t("Paid until then") if known else t("Paid until now")
    names = [t("Programme"), t("First month"), t("Last month"), t("Persons"), t("A month"), until, t("Last month paid")]
    running = sum(row.end_period is None for row in rows)
    say = tn("{n} benefit, {running} of them running.", "{n} benefits, {running} of them running.", len(rows), running=running)
    return panel.panel(t("Benefits"), say, panel.table(names, [_benefit(row) for row in rows], numbers=4))


def _benefit(row: Any) -> html.Tr:
    name = dcc.Link(words.word(words.PROGRAMME, row.programme), href=href("benefit", row.benefit_id), className="all")
    ended = [row.end_period or t("running"), f" · {words.value(row.stop_reason)}" if row.stop_reason else ""]
    returned = html.Span(t("{n} returned", n=row.returned), className="late") if row.returned else None
    return html.Tr([
        html.Td(name), html.Td(row.start_period), html.Td(ended), html.Td(shown.count(row.covered_persons), className="n"),
        html.Td(shown.yuan(row.monthly_amount_fen), className="n"), html.Td([shown.yuan(row.paid_fen), " ", returned], className="n"),
        html.Td(row.last_period or shown.NOTHING, className="n"),
    ])  # fmt: skip


def _people(rows: Sequence[Any], homes: list[str]) -> html.Section:
    if not rows:
        return panel.panel(t("Household"), t("No household of this subject is known here."))
    n = len({row.person_id for row in rows if row.to_date is None})
    say = tn("{n} person in {homes}.", "{n} persons in {homes}.", n, homes=tn("{n} household", "{n} households", len(homes)))
    return panel.panel(t("Household"), say, html.Table(html.Tbody([_person(row) for row in rows]), className="rows"))


def _person(row: Any) -> html.Tr:
    name = row.name_mask or row.person_id
    who = dcc.Link(name, href=href("person", row.person_key), className="all") if row.person_key else name
    disability = t("disability {category}/{grade}", category=row.disability_category, grade=row.disability_grade)
    told = (
        words.value(row.relation_to_head or ""), t("born {year}", year=row.born) if row.born else "",
        t("counted") if row.counted else t("not counted"), t("left {day}", day=shown.day(row.to_date)) if row.to_date else "",
        disability if row.disability_category else "",
    )  # fmt: skip
    said = html.Div(" · ".join(filter(None, told)), className="sub")
    return html.Tr([html.Td([who, said]), html.Td(row.id_number_mask, className="code")])


def _findings(found: list[findings.Row], known: datetime | None) -> html.Section:
    if not found:
        return panel.panel(t("Findings"), t("Nothing was found here."))
    rows = [
        html.Tr([html.Td(tag(row.card or "cleared")),
                 html.Td([dcc.Link(rulebook.title(row.rule, row.subject_kind), href=f"/finding/{row.finding_id}", className="all"), " ",
                          html.Span(row.rule, className="code")]),
                 html.Td(words.word(words.STAGE, row.stage)), html.Td(shown.day(row.opened_at), className="n")])
        for row in found[: dossier.MOST_KIN]
    ]  # fmt: skip
    holding = sum(row.present for row in found)
    say = tn("{n} finding, {holding} of them holding now.", "{n} findings, {holding} of them holding now.", len(found), holding=holding)
    if known:
        say = tn("{n} finding, {holding} of them holding then.", "{n} findings, {holding} of them holding then.", len(found),
                 holding=holding)  # fmt: skip
    note = states.cut(dossier.MOST_KIN, len(found)) if len(found) > dossier.MOST_KIN else None
    return panel.panel(t("Findings"), say, note, html.Table(html.Tbody(rows), className="rows"))


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: one answer for the whole of it, because its parts tell one story."""
    answer(app, reading, [content(BODY)], tell, here=lambda path: path.startswith(PATH), note=0)
