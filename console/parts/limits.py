"""Limits people proposed for a rule: what waits for a second person, and what became of the others."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from console import format as shown
from console import words
from console.auth.paths import LIMIT
from console.gate import viewer
from console.i18n import t
from console.parts import panel, states
from console.queries.limits import Change
from monitors.parameter import written


def section(code: str, changes: list[Change], *, may_set: bool) -> html.Section | None:
    """Return the panel of proposals for a rule, in their order, with the way to the form; None where there is nothing to see or do."""
    link = html.A([states.icon("pencil"), " ", t("Set a limit")], href=f"{LIMIT}?rule={code}", className="chip on") if may_set else None
    if not changes and link is None:
        return None
    say = t("A limit is in force once somebody else than who proposed it accepts it.")
    columns = [t("Proposed"), t("Value"), t("Where"), t("From"), t("Why"), t("State")]
    table = panel.wide(panel.table(columns, [_row(one, may_set=may_set) for one in changes]), t("Limits proposed")) if changes else None
    return panel.panel(t("Limits proposed"), say, link, table)


def _row(one: Change, *, may_set: bool) -> html.Tr:
    where = [one.place or one.region_code or t("everywhere"), *([words.word(words.PROGRAMME, one.programme)] if one.programme else [])]
    value = [html.Span(one.name, className="code"), f" = {written(one.value)}"]
    return html.Tr([
        html.Td(f"{one.who} · {shown.minute(one.at)}"), html.Td(value, className="wrap"), html.Td(t(", ").join(where)),
        html.Td(shown.day(one.valid_from)), html.Td(one.why, className="wrap"), html.Td(_state(one, may_set=may_set)),
    ])  # fmt: skip


def _state(one: Change, *, may_set: bool) -> Any:
    if one.accepted is None:
        own = one.who == viewer().name
        buttons = [_button(one, "refuse", t("Withdraw") if own else t("Refuse")), *([] if own else [_button(one, "accept", t("Accept"))])]
        return [t("waits for a second person"), *(buttons if may_set else [])]
    said = t("in force, accepted by {who}, {at}") if one.accepted else t("refused or withdrawn by {who}, {at}")
    return said.format(who=one.decided_by, at=shown.minute(one.decided_at))


def _button(one: Change, said: str, text: str) -> html.Form:
    told = {"id": str(one.id), "rule": one.rule, "said": said}
    hidden = [dcc.Input(type="hidden", name=name, value=value) for name, value in told.items()]
    return html.Form([*hidden, html.Button(text, type="submit", className="chip")], action=LIMIT, method="POST", className="files")
