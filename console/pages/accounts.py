"""Accounts: who may sign in, and as what. For the security administrator alone; the forms behind it are plain pages."""

from typing import Any
from urllib.parse import urlencode

from dash import Dash, Output, html

from console import format as shown
from console import words
from console.answering import Asked, Reading, answer
from console.auth.paths import EDIT_ACCOUNT
from console.i18n import marked, t, tn
from console.parts import panel, states
from console.parts.drawn import content, drawn
from sql import people
from sql.rights import EVERY_REGION, Right

PATH, TITLE, ICON = "/accounts", marked("Accounts"), "people"
OPENS_WITH: tuple[Right, ...] = ("accounts",)
LIST = "accounts-list"


def layout(_path: str) -> html.Div:
    """Return the page with its panel still empty."""
    add = html.A([states.icon("plus-lg"), " ", t("New account")], href=EDIT_ACCOUNT, className="chip")
    body = drawn(f"{LIST}-table", states.loading(160, lines=6), className="wide-table")
    return html.Div([panel.head(t(TITLE), t("Who may sign in, what they do, and what they see."), add),
                     panel.chart_panel(LIST, t(TITLE), body, twin=False)])  # fmt: skip


def tell(asked: Asked) -> list[Any]:
    """Return sentence, note and table of accounts; at most 1,000."""
    found = people.rows(asked.conn, "accounts")
    active = sum(one.disabled_at is None for one in found)
    names = [t("Account"), t("Name"), t("Roles"), t("Sees"), t("State"), t("Second factor"), t("Since")]
    said = tn("{n} account may sign in.", "{n} accounts may sign in.", active)
    return [said, None, panel.table(names, [_line(one) for one in found])]


def _line(one: Any) -> html.Tr:
    roles = t(", ").join(words.word(words.ROLE, role) for role in one.roles)
    edit = html.A(one.name, href=f"{EDIT_ACCOUNT}?{urlencode({'name': one.name})}")
    factor = t("set") if one.second_factor else shown.NOTHING
    return html.Tr([html.Td(edit), html.Td(one.display_name), html.Td(roles, className="wrap"), html.Td(_sight(one)),
                    html.Td(_state(one)), html.Td(factor), html.Td(shown.day(one.created_at))])  # fmt: skip


def _sight(one: Any) -> str:
    if one.unit_code:
        return str(one.unit_code)
    return t("every region") if EVERY_REGION in one.regions else t(", ").join(one.regions) or shown.NOTHING


def _state(one: Any) -> str:
    if one.disabled_at:
        return t("disabled")
    return t("new, password not changed yet") if one.must_change else t("may sign in")


def register(app: Dash, reading: Reading) -> None:
    """Wire the page."""
    outputs = [Output(f"{LIST}-say", "children"), content(f"{LIST}-note"), content(f"{LIST}-table")]
    answer(app, reading, outputs, tell, here=lambda path: path == PATH, note=1, needs=OPENS_WITH, follows_data=False)
