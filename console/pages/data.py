"""Data: which sources speak, which are late, what was refused, and which rules cannot answer."""

from datetime import datetime
from typing import Any

from dash import Dash, Output, html

from console import format as shown
from console import sentences
from console.answering import Asked, Reading, answer, may
from console.auth.paths import REFUSED
from console.evidence.serving import key_shown
from console.files.serving import offer
from console.i18n import language, marked, t, tn
from console.parts import panel, states
from console.parts.drawn import content, drawn
from console.parts.feeds import state
from console.queries import data
from sql.rights import Right

PATH, TITLE, ICON = "/data", marked("Data"), "database"
OPENS_WITH: tuple[Right, ...] = ("read", "system")
FEEDS, RULES, LETTERS = "data-feeds", "data-rules", "data-letters"


def layout(_path: str) -> html.Div:
    """Return the page with skeletons."""

    def lines(name: str) -> html.Div:
        return drawn(f"{name}-table", states.loading(120, lines=5), className="wide-table")

    return html.Div(
        [
            panel.head(t(TITLE), t("Which sources speak, which are silent, and what was refused.")),
            html.Div(
                [panel.chart_panel(FEEDS, t("Sources"), lines(FEEDS), twin=False, files=True),
                 panel.chart_panel(RULES, t("Rules that cannot answer"), lines(RULES), twin=False, files=True),
                 panel.chart_panel(LETTERS, t("Refused records"), lines(LETTERS), twin=False, files=True),
                 _key()],
                className="stack",
            ),
        ]
    )  # fmt: skip


def _key() -> html.Section:
    said = t("Packages from here are signed with this key (SHA-256 of the public key).")
    return panel.panel(t("Key of evidence packages"), said, *key_shown())


def tell_feeds(asked: Asked) -> list[Any]:
    """Return sentence, note and table of sources."""
    found = data.feeds(asked.conn)
    if not found:
        advice = t("Send a feed record for each source; until then silence cannot be told from health.")
        return [sentences.feeds(found), None, states.empty(t("No sources declared."), advice)]
    names = [t("Source"), t("Department"), t("State"), t("Last event"), t("Data as of"), t("Events")]
    rows = [_feed(feed, asked.now) for feed in found]
    return [sentences.feeds(found), None, panel.table(names, rows, numbers=1)]


def _feed(feed: data.Feed, now: datetime) -> html.Tr:
    cells = [
        html.Td(feed.source), html.Td(feed.department),
        html.Td(state(feed, now), className="warn" if feed.stale_since else ""),
        html.Td(shown.minute(feed.last_at)), html.Td(shown.day(feed.as_of)),
        html.Td(shown.count(feed.events), className="n"),
    ]  # fmt: skip
    return html.Tr(cells)


def tell_rules(asked: Asked) -> list[Any]:
    """Return sentence, note and table of rules that are unknown or hang on a late source."""
    found = data.rule_states(asked.conn)
    silent = mute(found)
    said = tn(
        "{n} of {all} rules cannot answer fully.", "{n} of {all} rules cannot answer fully.", len(silent), all=len(found)
    )
    if not silent:
        said = t("All {n} rules answer.", n=len(found)) if found else t("No rule has been asked yet.")
    names = [t("Rule"), t("What was found"), t("Unknown since"), t("Because")]
    rows = [
        html.Tr([html.Td(one.code), html.Td(title_of(one)),
                 html.Td(shown.minute(one.unknown_since or one.stale_since)),
                 html.Td(because(one))])
        for one in silent
    ]  # fmt: skip
    return [said, None, panel.table(names, rows) if rows else None]


def mute(found: list[data.RuleState]) -> list[data.RuleState]:
    """Return the rules that are unknown or hang on a late source."""
    return [one for one in found if one.unknown_since or one.stale_since]


def title_of(one: data.RuleState) -> str:
    """Return what a rule finds, in the language of the request."""
    return one.title_en if language() == "en" else one.title_zh


def because(one: data.RuleState) -> str:
    """Return why a rule cannot answer."""
    return one.parked_error or t("a source it needs is late")


def tell_letters(asked: Asked) -> list[Any]:
    """Return sentence, note and table of refused records, newest first."""
    found = data.dead_letters(asked.conn)
    shown_rows = found[: data.MOST_LETTERS]
    if not found:
        return [t("No refused record is open."), None, None]
    said = tn("{n} refused record is open, the reason beside it.", "{n} refused records are open, the reason beside each.", found[0].n)
    note = states.cut(len(shown_rows), found[0].n) if len(found) > data.MOST_LETTERS else None
    names = [t("When"), t("Source"), t("Event"), t("Reason"), *([t("Open")] if may(("system",)) else [])]
    return [said, note, panel.table(names, [_letter(one) for one in shown_rows])]


def _letter(one: data.Letter) -> html.Tr:
    cells = [html.Td(shown.minute(one.at)), html.Td(one.source), html.Td(one.event_id), html.Td(one.reason, className="wrap")]
    opens = [html.Td(html.A(t("Send again or set aside"), href=f"{REFUSED}?letter={one.id}", className="link"))]
    return html.Tr([*cells, *(opens if may(("system",)) else [])])


def register(app: Dash, reading: Reading) -> None:
    """Wire the page."""
    for name, build in ((FEEDS, tell_feeds), (RULES, tell_rules), (LETTERS, tell_letters)):
        outputs = [Output(f"{name}-say", "children"), content(f"{name}-note"), content(f"{name}-table")]
        answer(app, reading, outputs, build, here=lambda path: path == PATH, note=1, needs=OPENS_WITH)
    offer(app, reading, PATH, {FEEDS: "sources", RULES: "rules", LETTERS: "refused"})
