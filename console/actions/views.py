"""Saved views: an address with a name, for oneself or for everybody. What it shows still depends on who looks."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, Response, g, make_response, redirect, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console.auth import forms, going
from console.auth.paths import VIEWS
from console.auth.sessions import Acting
from console.i18n import t
from monitors.identifiers import scrub
from sql.load import named

MOST, LONGEST = 30, 60  #: views of one account, letters of a name


def serve(server: Flask, acting: Acting) -> None:
    """Put the form on ``server``."""

    @server.route(VIEWS, methods=["GET", "POST"])
    def views() -> AnyResponse:
        if not g.viewer.may("read"):
            return make_response(t("This page is not for your role."), 403)
        with acting() as conn:
            return _page(conn) if request.method == "GET" else _act(conn)


def _act(conn: Connection) -> AnyResponse:
    address, name = going.back(request.form.get("at")), scrub(request.form.get("name", "").strip())
    if request.form.get("act") == "forget":
        wanted = request.form.get("id", "")
        conn.execute(named("views.forget"), {"who": g.viewer.name, "id": wanted if wanted.isdecimal() else "0"})
        return redirect(f"{VIEWS}?{urlencode({'at': address})}", 303)
    if not 1 <= len(name) <= LONGEST or len(address) > 2_000:
        return _page(conn, t("Give the view a name of at most 60 letters."))
    if conn.execute(named("views.count"), {"who": g.viewer.name}).scalar_one() >= MOST:
        return _page(conn, t("You keep 30 views already: forget one first."))
    conn.execute(named("views.keep"), {"who": g.viewer.name, "name": name, "address": address, "is_shared": "shared" in request.form})
    return going.go(address)


def _page(conn: Connection, fault: str | None = None) -> Response:
    at = going.back(request.values.get("at"))
    own = [one for one in conn.execute(named("views.of"), {"who": g.viewer.name}) if one.account == g.viewer.name]
    fields = [forms.field("name", t("Name of the view"), "text", "off", value=scrub(request.form.get("name", ""))),
              forms.tick("shared", t("Show it to everybody"), "shared" in request.form), forms.hidden("at", at)]  # fmt: skip
    advice = t("The address with all its filters is kept. What others see through it depends on what they may see.")
    forget = Markup("").join(
        forms.button(t("Forget: {name}", name=one.name), VIEWS, act="forget", id=str(one.id), at=at) for one in own
    )  # fmt: skip
    return forms.page(t("Save this view"), VIEWS, fields, t("Save"), advice=advice, fault=fault, below=forget + forms.link(t("Back"), at),
                      status=400 if fault else 200)  # fmt: skip
