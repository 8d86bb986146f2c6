"""Deciding on a pair of the merge queue: one human, two, or open again. Each decision can be undone."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from console import words
from console.auth import forms
from console.auth.forms import LONGEST, SHORTEST
from console.auth.paths import PAIR
from console.auth.sessions import Acting
from console.i18n import t
from console.pages import duplicates_queue
from console.queries import pairs
from monitors.identifiers import scrub
from sql.access import see_as
from sql.people import note


def serve(server: Flask, acting: Acting) -> None:
    """Put the form on ``server``."""

    @server.route(PAIR, methods=["GET", "POST"])
    def decide() -> AnyResponse:
        if not g.viewer.may("act"):
            return make_response(t("This page is not for your role."), 403)
        asked = request.values
        with acting() as conn:
            see_as(conn, g.viewer)
            found = pairs.pair(conn, asked.get("left", "")[:96], asked.get("right", "")[:96])
            said = asked.get("said", "")
            if found is None or not found.whole or said not in pairs.DECISIONS:
                told = t("There is no such pair, or one of the two is outside your regions.")
                return forms.notice(t(duplicates_queue.TITLE), "", told, forms.link(t("Merge queue"), duplicates_queue.PATH), 404)
            why = scrub(request.form.get("note", "").strip())
            if request.method == "GET" or not SHORTEST <= len(why) <= LONGEST:
                return _page(found, said, why)
            pairs.decide(conn, found, said, g.viewer.name, why)
            note(conn, g.viewer.name, f"pair_{said}", about=f"{found.left_key} {found.right_key}", detail=why, address=request.remote_addr)
        return redirect(duplicates_queue.href(found.left_key, found.right_key), 303)


def _page(found: Any, said: str, why: str) -> AnyResponse:
    is_short = request.method == "POST"
    fault = t("Say in a sentence what was compared ({least} to {most} characters).", least=SHORTEST, most=LONGEST) if is_short else None
    fields = [forms.area("note", t("In words"), why), forms.hidden("left", found.left_key), forms.hidden("right", found.right_key),
              forms.hidden("said", said)]  # fmt: skip
    back = forms.link(t("Back"), duplicates_queue.href(found.left_key, found.right_key))
    title = words.word(words.DECIDE, said)
    return forms.page(title, PAIR, fields, title, advice=words.word(words.DECIDE_ADVICE, said), fault=fault, below=back,
                      status=400 if is_short else 200)  # fmt: skip
