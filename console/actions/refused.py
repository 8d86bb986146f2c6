"""A refused record: what it said (masked), sending it through intake again as it is, or setting it aside.

The console may not write the ledger: what is to be sent again is asked for, and the evaluator takes it (workers.dead). A corrected
event comes through `aidwatch dead replay --file`, because its clear values belong in no browser.
"""

from __future__ import annotations

from typing import Any

from cryptography.exceptions import InvalidTag
from flask import Flask, Response, g, make_response, redirect, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console import format as shown
from console import words
from console.auth import forms
from console.auth.forms import LONGEST, SHORTEST
from console.auth.paths import REFUSED
from console.auth.sessions import Acting, Sealing
from console.i18n import t
from console.queries import data
from monitors.identifiers import scrub
from monitors.refused import masked
from sql.people import note

AGAIN, ASIDE = "again", "aside"
BACK = "/data"


def href(number: int) -> str:
    """Return the address of a refused record."""
    return f"{REFUSED}?letter={number}"


def serve(server: Flask, acting: Acting, keys: Sealing) -> None:
    """Put the page on ``server``."""

    @server.route(REFUSED, methods=["GET", "POST"])
    def refused() -> AnyResponse:
        if not g.viewer.may("system"):
            return make_response(t("This page is not for your role."), 403)
        with acting() as conn:
            typed = request.values.get("letter", "")
            letter = data.letter(conn, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None
            if letter is None:
                return forms.notice(t("Refused record"), "", t("There is no such refused record."), forms.link(t("Data"), BACK), 404)
            return _page(letter, keys) if request.method == "GET" else _do(conn, letter, keys)


def _do(conn: Connection, letter: Any, keys: Sealing) -> AnyResponse:
    act, why = request.form.get("act"), scrub(request.form.get("why", "").strip())
    if act not in (AGAIN, ASIDE) or (act == ASIDE and not SHORTEST <= len(why) <= LONGEST):
        return _page(letter, keys, t("Say why it is set aside ({least} to {most} characters).", least=SHORTEST, most=LONGEST))
    if act == AGAIN:
        is_open = data.send_again(conn, letter.id, g.viewer.name)
    elif is_open := data.set_aside(conn, letter.id, g.viewer.name, why):
        note(conn, g.viewer.name, "letter_set_aside", about=str(letter.id), detail=why, address=request.remote_addr)
    return redirect(href(letter.id), 303) if is_open else _page(data.letter(conn, letter.id), keys)


def _page(letter: Any, keys: Sealing, fault: str | None = None) -> Response:
    title, below = t("Refused record {number}", number=letter.id), _original(letter, keys) + forms.link(t("Data"), BACK)
    if letter.outcome:
        said = t("{outcome} at {at} by {who}: {note}", outcome=words.word(words.OUTCOME_OF_LETTER, letter.outcome),
                 at=shown.minute(letter.repaired_at), who=letter.repaired_by, note=letter.note)  # fmt: skip
        return forms.notice(title, "", said, below)
    if letter.asked_at:
        said = t("{who} sent it again at {at}; it waits to be taken.", who=letter.asked_by, at=shown.minute(letter.asked_at))
        return forms.notice(title, "", said, forms.link(t("Look again"), href(letter.id)) + below)
    acts = [(AGAIN, t("Send it again as it is")), (ASIDE, t("Set it aside"))]
    fields = [forms.select("act", t("What to do"), acts, request.form.get("act")),
              forms.area("why", t("Why it is set aside"), scrub(request.form.get("why", "")), required=False),
              forms.hidden("letter", str(letter.id))]  # fmt: skip
    return forms.page(title, REFUSED, fields, t("Do it"), advice=_advice(letter), fault=fault, below=below, status=400 if fault else 200)


def _advice(letter: Any) -> str:
    tried = t("Tries since: {n}, the last at {at}.", n=letter.tries, at=shown.minute(letter.tried_at)) if letter.tries else ""
    corrected = t("A corrected event is sent with `aidwatch dead replay {number} --file`.", number=letter.id)
    return " ".join(filter(None, (t("Refused: {reason}.", reason=letter.reason), tried, corrected)))


def _original(letter: Any, keys: Sealing) -> Markup:
    """The fields of the original: numbers and names as masks, what people wrote by its length only."""
    try:
        fields = masked(keys.unseal(bytes(letter.original_encrypted)))
    except InvalidTag:
        fields = [("", t("It was sealed with another key and cannot be opened."))]
    lines = Markup("").join(Markup("<li>{}: {}</li>").format(name or t("no JSON"), said) for name, said in fields)
    return Markup('<ul class="form-list">{}</ul>').format(lines)
