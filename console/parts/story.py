"""What every dossier shows of its subject: its story with the money below, and who looked at clear values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html

from console import format as shown
from console import rulebook, words
from console.i18n import t, tn
from console.parts import panel, states, timeline
from console.parts.evidence import Names
from console.queries.dossier import Look, Timeline
from console.url import Filters


def known_on(path: str, filters: Filters) -> html.Form:
    """Return the choice of a day: the file as it was known when that day ended. A plain form, whose answer is the same page."""
    return html.Form([
        html.Label([t("As known on"), dcc.Input(type="date", name="known", value=filters.known.isoformat() if filters.known else "")]),
        html.Button(t("Show"), type="submit", className="chip"),
    ], action=path, method="GET", className="dates known")  # fmt: skip


def as_known(path: str, filters: Filters) -> html.Div | None:
    """Return what a file of an earlier day is, in large type, and the way back to now; nothing where it is of now."""
    if not filters.known:
        return None
    said = t("As known when {day} ended. What came later is not shown; which records belong together, and masks, are those of now.",
             day=shown.day(filters.known))  # fmt: skip
    back = dcc.Link(t("Back to now"), href=filters.but(known=None).href(path), className="chip on")
    return html.Div([states.icon("clock-history"), " ", html.B(said), " ", back], className="as-known", role="status")


def mark(row: Any, *, here: bool = False) -> timeline.Mark:
    """Return a finding as it stands on the line of events; ``here`` is the one looked at."""
    title = f"{rulebook.title(row.rule, row.subject_kind)} {row.rule}"
    return timeline.Mark(row.opened_at, row.card, title, f"/finding/{row.finding_id}", here)


def story(told: Timeline, marks: Iterable[timeline.Mark], names: Names, *, of_then: bool = False) -> html.Section:
    """Return events with findings among them, and the money below; ``of_then``: as known on an earlier day."""
    if not told.events and of_then:
        nothing = states.empty(t("Nothing of this subject was known to us by then."), t("Choose a later day."))
        return panel.panel(t("Timeline"), "", nothing)
    if not told.events:
        nothing = states.empty(t("No events of this subject are in the ledger."), t("It was named by another record only."))
        return panel.panel(t("Timeline"), "", nothing)
    events = [event for event in told.events if event.entity not in timeline.MONEY]
    money = timeline.latest_versions([event for event in told.events if event.entity in timeline.MONEY])
    say = tn("{n} event in the ledger, newest first", "{n} events in the ledger, newest first", len(told.events))
    note = states.cut(len(told.events), len(told.events) + 1) if told.cut else None
    paid = [html.H2(t("Money"), className="lane"), timeline.money_table(money)] if money else []
    return panel.panel(t("Timeline"), say + t("."), note, timeline.event_list(events, marks, names), *paid)


def looks(found: Sequence[Look], *, tools: Any = None) -> html.Section:
    """Return who looked at clear values or searched by them, when and why."""
    say = tn("{n} look at clear values or search by them.", "{n} looks at clear values or searches by them.", len(found))
    say = say if found else t("Nobody looked at clear values.")
    rows = [
        html.Tr([html.Td(shown.minute(one.at)), html.Td(one.who), html.Td(_what(one)), html.Td(why(one), className="wrap")])
        for one in found
    ]  # fmt: skip
    table = html.Table(html.Tbody(rows), className="rows") if rows else None
    return panel.panel(t("Who looked, when, why"), say, table, tools=tools)


def _what(one: Look) -> str:
    kind = words.word(words.SECRET, one.kind)
    return t("searched by: {kind}", kind=kind) if one.is_search else kind


def why(one: Look) -> str:
    """Return purpose and case as somebody gave them."""
    said = filter(None, (words.word(words.PURPOSE, one.purpose), one.case_no))
    return ": ".join(said) or t("no reason given")
