"""Notifications: who is told what over which channel, and whether it arrives. For the system administrator alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import Dash, Output, html

from console import format as shown
from console import words
from console.answering import Asked, Reading, answer
from console.auth.paths import CHANNEL
from console.i18n import marked, t, tn
from console.parts import panel, states
from console.parts.drawn import content, drawn
from sql.load import named
from sql.rights import Right

PATH, TITLE, ICON = "/notifications", marked("Notifications"), "bell"
OPENS_WITH: tuple[Right, ...] = ("system",)
LIST, MOST = "notifications-list", 500


def layout(_path: str) -> html.Div:
    """Return the page with its panel still empty."""
    add = html.A([states.icon("plus-lg"), " ", t("New notification")], href=CHANNEL, className="chip")
    body = drawn(f"{LIST}-table", states.loading(160, lines=6), className="wide-table")
    question = t("Who is told what over which channel, and whether it arrives. Nobody is told more than they may see.")
    return html.Div([panel.head(t(TITLE), question, add),
                     panel.chart_panel(LIST, t(TITLE), body, twin=False)])  # fmt: skip


def tell(asked: Asked) -> list[Any]:
    """Return sentence, note and table."""
    found = asked.conn.execute(named("notify.subscriptions")).all()
    if not found:
        none = states.empty(t("Nobody is notified."), t("Add a channel: DingTalk, WeCom, Feishu, mail or a webhook."))
        return [t("No channel is set up."), none, None]
    failing = sum(one.failing_since is not None for one in found)
    said = tn("{n} notification, {failing} failing.", "{n} notifications, {failing} failing.", len(found), failing=failing)
    names = [t("Account"), t("Channel"), t("Topics"), t("When"), t("State"), ""]
    return [said, states.cut(MOST, len(found)) if len(found) > MOST else None, panel.table(names, [_line(one) for one in found[:MOST]])]


def _line(one: Any) -> html.Tr:
    topics = t(", ").join(words.word(words.TOPIC, topic) for topic in one.topics)
    cards = " ".join(words.word(words.CARD, card) for card in one.cards)
    edit = html.A(t("Change"), href=f"{CHANNEL}?{urlencode({'id': one.id})}")
    return html.Tr([
        html.Td(one.account), html.Td(one.channel_mask, className="wrap"),
        html.Td([topics, html.Div(cards, className="sub")], className="wrap"), html.Td(_when(one), className="wrap"),
        html.Td(_state(one), className="wrap"), html.Td(edit),
    ], className="warn" if one.failing_since else "")  # fmt: skip


def _when(one: Any) -> str:
    often = t("gathered for {span}", span=shown.span(one.digest_min * 60)) if one.digest_min else t("at once")
    quiet = t("quiet {begin}–{end}", begin=f"{one.quiet_from:%H:%M}", end=f"{one.quiet_to:%H:%M}") if one.quiet_from else ""
    return t(", ").join(filter(None, (often, quiet)))


def _state(one: Any) -> str:
    if one.disabled_at:
        return t("the account is disabled")
    waiting = tn("{n} message waits", "{n} messages wait", one.waiting) if one.waiting else ""
    if one.failing_since:
        said = t("fails since {at}: {error}", at=shown.minute(one.failing_since), error=one.last_error or "")
    else:
        said = t("last message {at}", at=shown.minute(one.last_ok_at)) if one.last_ok_at else t("not tried yet")
    return t("; ").join(filter(None, (said, waiting)))


def register(app: Dash, reading: Reading) -> None:
    """Wire the page."""
    outputs = [Output(f"{LIST}-say", "children"), content(f"{LIST}-note"), content(f"{LIST}-table")]
    answer(app, reading, outputs, tell, here=lambda path: path == PATH, note=1, needs=OPENS_WITH)
