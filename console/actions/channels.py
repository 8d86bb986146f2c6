"""The form of a notification: whose, over which channel, about what, how often. The address is kept encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

import apprise
from flask import Flask, Response, g, make_response, redirect, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console import words
from console.auth import forms
from console.auth.paths import CHANNEL
from console.auth.sessions import Acting, Sealing
from console.i18n import LANGUAGES, t
from sql import people
from sql.load import named

#: What may be told over: no file, no program, no plugin that runs anything here.
SCHEMES = ("dingtalk", "wecombot", "feishu", "mailto", "mailtos", "json", "jsons", "form", "forms", "xml", "xmls")
CARDS, TOPICS = ("red", "yellow", "notice"), tuple(words.TOPIC)
DIGESTS = (0, 15, 60, 240, 1440)  #: minutes
BACK = "/notifications"


def serve(server: Flask, acting: Acting, keys: Sealing) -> None:
    """Put the form on ``server``."""

    @server.route(CHANNEL, methods=["GET", "POST"])
    def channel() -> AnyResponse:
        if not g.viewer.may("system"):
            return make_response(t("This page is not for your role."), 403)
        with acting() as conn:
            known = next((one for one in conn.execute(named("notify.subscriptions")) if str(one.id) == request.values.get("id")), None)
            return _page(known) if request.method == "GET" else _act(conn, keys, known)


def _act(conn: Connection, keys: Sealing, known: Any) -> AnyResponse:
    act = request.form.get("act", "add")
    if act in ("remove", "try_out") and known:
        conn.execute(named(f"notify.{act}"), {"id": known.id})
        if act == "remove":
            people.note(conn, g.viewer.name, "channel_removed", about=known.account, detail=known.channel_mask)
        return redirect(BACK, 303)
    wanted, fault = _typed(keys)
    if fault or not conn.execute(named("notify.add"), wanted).rowcount:
        return _page(None, fault or t("There is no account {name}.", name=wanted["account"]))
    people.note(conn, g.viewer.name, "channel_added", about=wanted["account"], detail=wanted["mask"])
    return redirect(BACK, 303)


def _typed(keys: Sealing) -> tuple[Mapping[str, Any], str | None]:
    """Return the row to write, and what is wrong with it."""
    form, url = request.form, request.form.get("channel", "").strip()
    channel = apprise.Apprise.instantiate(url) if url.partition("://")[0].lower() in SCHEMES else None
    topics, cards = [one for one in form.getlist("topic") if one in TOPICS], [one for one in form.getlist("card") if one in CARDS]
    quiet = [_time(form.get(name)) for name in ("quiet_from", "quiet_to")]
    if channel is None:
        return {}, t("This is no address of a channel. Use one of: {schemes}.", schemes=", ".join(SCHEMES))
    if not topics or ("cards" in topics and not cards):
        return {}, t("Choose at least one topic, and which cards where cards are told.")
    if (quiet[0] is None) != (quiet[1] is None):
        return {}, t("Quiet hours have a begin and an end.")
    digest = next((minutes for minutes in DIGESTS if str(minutes) == form.get("digest_min")), 0)
    return {
        "account": form.get("account", "").strip(), "sealed": keys.seal(url.encode()), "mask": channel.url(privacy=True).partition("?")[0],
        "lang": form.get("lang") if form.get("lang") in LANGUAGES else LANGUAGES[0], "topics": topics, "cards": cards or ["red"],
        "digest_min": digest, "quiet_from": quiet[0], "quiet_to": quiet[1], "who": g.viewer.name,
    }, None  # fmt: skip


def _time(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text or "")
    except ValueError:
        return None


def _page(known: Any, fault: str | None = None) -> Response:
    back = forms.link(t("Back to the notifications"), BACK)
    if known is not None:
        acts = (("try_out", t("Send a test")), ("remove", t("Take it away")))
        below = Markup("").join(forms.button(text, CHANNEL, id=str(known.id), act=act) for act, text in acts) + back
        return forms.notice(t("Notification of {name}", name=known.account), known.channel_mask, _topics(known), below)
    typed = request.form
    topics, cards = typed.getlist("topic"), typed.getlist("card") if typed else list(CARDS[:2])
    spans = {0: t("at once"), 15: t("a quarter of an hour"), 60: t("an hour"), 240: t("four hours"), 1440: t("a day")}
    fields = [
        forms.field("account", t("Account"), "text", "off", value=typed.get("account", "")),
        forms.field("channel", t("Channel, such as dingtalk://TOKEN or mailto://…"), "text", "off", value=typed.get("channel", "")),
        forms.choices("topic", t("Topics"), [(one, words.word(words.TOPIC, one), one in topics) for one in TOPICS]),
        forms.choices("card", t("Cards"), [(one, words.word(words.CARD, one), one in cards) for one in CARDS]),
        forms.select("digest_min", t("Gather messages for"), [(str(n), spans[n]) for n in DIGESTS], typed.get("digest_min")),
        forms.field("quiet_from", t("Quiet from"), "time", "off", value=typed.get("quiet_from", ""), required=False),
        forms.field("quiet_to", t("Quiet until"), "time", "off", value=typed.get("quiet_to", ""), required=False),
        forms.select("lang", t("Language"), [("zh", "中文"), ("en", "English")], typed.get("lang")),
    ]  # fmt: skip
    advice = t("The account decides what may be told: its regions, its unit. A test message is sent at once.")
    return forms.page(t("New notification"), CHANNEL, fields, t("Save"), advice=advice, fault=fault, below=back,
                      status=400 if fault else 200)  # fmt: skip


def _topics(known: Any) -> str:
    return t(", ").join(words.word(words.TOPIC, topic) for topic in known.topics)
