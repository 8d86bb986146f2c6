"""One finding: what, why, which article, what would clear it, and the whole story of its subject."""

from collections.abc import Mapping
from typing import Any

from dash import Dash, dcc, html

from console import format as shown
from console import rulebook, words
from console.actions.step_form import href
from console.actions.steps import CITIZENS
from console.answering import Asked, Reading, answer, may
from console.auth.paths import REVEAL
from console.i18n import marked, of, t, tn
from console.pages import dossier as dossiers
from console.parts import loop, panel, states, timeline
from console.parts import story as parts
from console.parts.clock import clock
from console.parts.drawn import content, drawn
from console.parts.evidence import Names, codes, evidence_table
from console.parts.ladder import ladder
from console.parts.panel import pairs, tag
from console.queries import clock as cases
from console.queries import dossier, findings, regions
from console.url import Filters
from monitors.lifecycle import STEPS
from sql.rights import Right

PATH, TITLE = "/finding/", marked("Finding")
OPENS_WITH: tuple[Right, ...] = ("read",)
BODY = "finding-body"


def layout(_path: str) -> html.Div:
    """Return the page as a skeleton."""
    return html.Div(drawn(BODY, [states.loading(60), html.Br(), states.loading(220), html.Br(), states.loading(300)]))


def tell(asked: Asked) -> list[Any]:
    """Return the whole dossier, or that there is none."""
    finding = dossier.one(asked.conn, asked.path.removeprefix(PATH)[:64])
    return [states.missing(asked.path) if finding is None else dossier_of(asked, finding)]


def dossier_of(asked: Asked, finding: dossier.Finding) -> html.Div:
    """Return everything there is to say of a finding; an evidence package prints the same."""
    homes = dossier.households(asked.conn, finding)
    story = dossier.timeline(asked.conn, finding, homes)
    kin = dossier.kin(asked.conn, finding, homes)
    names = names_in(asked, [finding.evidence, *(event.body or {} for event in story.events)])
    marks = [parts.mark(finding, here=True), *map(parts.mark, kin)]
    case = clock(cases.of(asked.conn, finding.subject_key, asked.now), asked.now) if finding.subject_kind == "application" else None
    left = [_why(finding, asked), case, parts.story(story, marks, names)]
    right = [loop.panel(asked, finding), _facts(asked, finding), _values(finding, names), _rule(finding), _kin(finding.finding_id, kin),
             _looks(asked, finding), _history(asked, finding)]  # fmt: skip
    return html.Div([_head(finding), html.Div([html.Div(left), html.Div(right)], className="dossier")])


def names_in(asked: Asked, records: list[Any]) -> Names:
    """Return the names of the regions and units that records refer to by code."""
    places = regions.places(asked.conn, codes("place", records))
    return Names(
        {code: place.full for code, place in places.items()}, regions.units(asked.conn, codes("unit", records))
    )


def _head(finding: dossier.Finding) -> html.Div:
    version = t("version {n}", n=finding.rule_version)
    title = html.Span([rulebook.title(finding.rule, finding.subject_kind), " ", html.Span(f"{finding.rule} · {version}", className="code")])
    return panel.head(
        title,
        _doubt(finding),
        tag(finding.card),
        html.Span(words.word(words.STAGE, finding.stage), className="tag plain"),
        html.Span(standing, className="tag plain") if (standing := rulebook.standing(finding)) else None,
        _take_out(finding) if may(("export",)) else None,
    )


def _take_out(finding: dossier.Finding) -> html.A:
    said = [states.icon("file-earmark-zip"), " ", t("Evidence package")]
    return html.A(said, href=f"{PATH}{finding.finding_id}/evidence.zip", className="chip evidence-package")


def _doubt(finding: dossier.Finding) -> str:
    """Say what a finding is: about citizens it is a doubt to verify, never a verdict."""
    if not finding.present:
        return t("No longer holds since {at}; kept for the record.", at=shown.minute(finding.cleared_at))
    rule = rulebook.rule(finding.rule, finding.subject_kind)
    if finding.subject_kind in CITIZENS or rule is None or rule.to == "S":
        return t("A point to verify. It says nothing about anybody's fault before people have checked it.")
    return t("A finding for the unit or provider to answer.")


def _why(finding: dossier.Finding, asked: Asked) -> html.Section:
    late = (
        states.stale(t("A source this rule needs is late: the card is shown as a notice."), finding.stale_since)
        if finding.stale_since
        else None
    )
    said = rulebook.sentence(finding) or t("The words of this rule version are no longer kept; the values below are.")
    clears = rulebook.clears(finding)
    cleared = [html.H2(t("What would clear it"), className="lane"), html.P(clears)] if clears else []
    return panel.panel(t("Why"), "", late, _silenced(finding), html.P(said, className="explain"), ladder(finding, asked.now), *cleared)


def _silenced(finding: dossier.Finding) -> html.Div | None:
    """Who keeps it from the work lists, why and until when: never without saying so."""
    if not finding.is_silenced:
        return None
    said = t("Silenced by {who} until {at}: {why}.", who=finding.silenced_by, at=shown.minute(finding.silenced_until),
             why=words.word(words.SILENCE, finding.silence_reason))  # fmt: skip
    return states.silent(said)


def _values(finding: dossier.Finding, names: Names) -> html.Section:
    say = t("The values the rule used, as they were known on {at}.", at=shown.minute(finding.last_seen_at))
    ordered = {name: finding.evidence[name] for name in rulebook.in_order(finding)}
    return panel.panel(t("Values"), say, evidence_table(ordered, names))


def _rule(finding: dossier.Finding) -> html.Section:
    rule = rulebook.rule(finding.rule, finding.subject_kind)
    articles = html.Ul([html.Li(article) for article in rulebook.basis(finding.rule)], className="articles")
    if rule is None:
        return panel.panel(t("Rule and article"), t("This rule is no longer in the catalogue."), articles)
    blind = html.Details([html.Summary(t("What this rule cannot see")), html.P(of(rule.blind_to))], className="blind")
    body = pairs(
        [
            (t("Why it exists"), of(rule.why)),
            (t("What to do"), of(rule.remedy)),
            (t("Who acts"), words.word(words.ADDRESSEE, rule.to)),
        ]
    )
    return panel.panel(t("Rule and article"), words.word(words.FAMILY, rule.family), articles, body, blind)


def _facts(asked: Asked, finding: dossier.Finding) -> html.Section:
    codes = dossier.regions(asked.conn, finding.finding_id) or [finding.region_code or ""]
    named = regions.places(asked.conn, codes)
    units = regions.units(asked.conn, [finding.unit_code])
    places = [
        dcc.Link(named[code].full if code in named else code, href=Filters(region=code).href("/"), className="place")
        for code in codes if code
    ]  # fmt: skip
    known = [
        (t("About"), _subject(finding)), (t("Place"), html.Span(_spaced(places)) if places else shown.NOTHING),
        (t("Unit"), _unit(finding.unit_code, units)),
        (t("Amount at risk"), shown.yuan(finding.amount_at_risk_fen)), (t("Month"), finding.period or shown.NOTHING),
        (t("Opened at"), shown.minute(finding.opened_at)), (t("First seen by us"), shown.minute(finding.first_seen_at)),
        (t("Seen"), tn("{n} time", "{n} times", finding.times)),
    ]  # fmt: skip
    return panel.panel(
        t("In short"), "", pairs([(name, said) for name, said in known if said and said != shown.NOTHING])
    )


def _unit(code: str | None, names: Mapping[str, str]) -> Any:
    return dcc.Link(names.get(code, code), href=dossiers.href("unit", code), className="key") if code else shown.NOTHING


def _subject(finding: dossier.Finding) -> Any:
    """What the finding is about, as the way to its whole dossier; a finding about a finding leads there."""
    said = f"{words.word(words.SUBJECT, finding.subject_kind)} {finding.subject_key}"
    if finding.subject_kind == "finding":
        return dcc.Link(said, href=f"{PATH}{finding.subject_key}", className="key")
    if finding.subject_kind not in dossiers.KINDS:
        return html.Span(said, className="key")
    return dcc.Link(said, href=dossiers.href(finding.subject_kind, finding.subject_key), className="key")


def _spaced(parts: list[Any]) -> list[Any]:
    return [piece for part in parts for piece in (part, " ")][:-1]


def _kin(finding_id: str, found: list[findings.Row]) -> html.Section:
    if not found:
        return panel.panel(t("Found beside it"), t("Nothing else about this subject or its household."))
    rows = [
        html.Tr([html.Td(tag(row.card)),
                 html.Td([dcc.Link(rulebook.title(row.rule, row.subject_kind), href=f"{PATH}{row.finding_id}", className="all"), " ",
                          html.Span(row.rule, className="code")]),
                 html.Td(shown.day(row.opened_at), className="n")])
        for row in found[: dossier.MOST_KIN]
    ]  # fmt: skip
    say = tn(
        "{n} other finding about this subject or its household.",
        "{n} other findings about this subject or its household.",
        len(rows),
    )
    note = states.cut(dossier.MOST_KIN, len(found)) if len(found) > dossier.MOST_KIN else None
    together = [finding_id, *(row.finding_id for row in found if row.stage == "open")]
    hand_over = html.A(t("Hand over together"), href=href("hand_over", together, f"{PATH}{finding_id}"), className="chip")
    tools = hand_over if len(together) > 1 and may(STEPS["hand_over"].rights) else None
    return panel.panel(t("Found beside it"), say, note, html.Table(html.Tbody(rows), className="rows"), tools=tools)


def _looks(asked: Asked, finding: dossier.Finding) -> html.Section:
    ask = html.A([states.icon("eye"), " ", t("Reveal a value")], href=f"{REVEAL}?finding={finding.finding_id}", className="chip")
    return parts.looks(dossier.looks(asked.conn, finding.finding_id), tools=ask if may(("reveal",)) else None)


def _history(asked: Asked, finding: dossier.Finding) -> html.Section:
    steps = dossier.history(asked.conn, finding.finding_id)
    return panel.panel(t("History of the finding"), t("Every change, by whom and when."), timeline.history(steps))


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: one answer for the whole of it, because its parts tell one story."""
    answer(app, reading, [content(BODY)], tell, here=lambda path: path.startswith(PATH), note=0)
