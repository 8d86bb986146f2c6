"""Searching: by a record's own number, or, for a purpose and a case, by a clear name or number (design §11.17).

What is typed goes by POST, becomes a pseudonym, and is not kept; that somebody searched is, in the dossiers of the people found and in the
trail, and rule P20 judges it. Only the pseudonym stands in an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Flask, Response, g, make_response, redirect, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console import words
from console.auth import forms
from console.auth.paths import SEARCH
from console.auth.sessions import Acting, Sealing
from console.i18n import t, tn
from console.pages import dossier
from monitors.identifiers import scrub
from monitors.tokens import Tokeniser
from sql import lookups
from sql.access import see_as
from sql.load import named

RECORD = "record"
MOST, WITHIN_S, SHOWN = 60, 3600.0, 50  #: searches by clear values of one account within an hour; people of one answer
SHORTEST_CASE, LONGEST = 4, 200


def serve(server: Flask, acting: Acting, keys: Sealing) -> None:
    """Put the page of searching on ``server``."""

    @server.route(SEARCH, methods=["GET", "POST"])
    def search() -> AnyResponse:
        if not g.viewer.may("read"):
            return make_response(t("This page is not for your role."), 403)
        if request.method == "GET":
            return _form()
        with acting() as conn:
            see_as(conn, g.viewer)
            kind, typed = request.form.get("kind", RECORD), request.form.get("what", "").strip()[:LONGEST]
            return _record(conn, typed) if kind == RECORD else _clear(conn, keys, kind, typed)


def _record(conn: Connection, key: str) -> AnyResponse:
    found = conn.execute(named("search.record"), {"key": key}).all()
    if not found:
        return _form(t("No record of this number is known here. Names and ID numbers need a purpose and a case."), 404)
    kind, key = found[0]
    return redirect(f"/finding/{key}" if kind == "finding" else dossier.href(kind, key), 303)


def _clear(conn: Connection, keys: Sealing, kind: str, typed: str) -> AnyResponse:
    """Search by a clear value: allowed, with a purpose, within the limit, and noted before anything is shown."""
    purpose, case_no = request.form.get("purpose", ""), scrub(request.form.get("case_no", "").strip())
    if not g.viewer.may("reveal") or kind not in words.SECRET:
        return make_response(t("This page is not for your role."), 403)
    if not typed or purpose not in words.PURPOSE or not SHORTEST_CASE <= len(case_no) <= LONGEST:
        return _form(t("Type what to look for, choose a purpose, and name the case (4 to 200 characters)."), 400)
    if conn.execute(named("search.looked_up"), {"who": g.viewer.name, "within_s": WITHIN_S}).scalar_one() >= MOST:
        return _form(t("You have searched {n} times within an hour; wait, or ask your audit administrator.", n=MOST), 429)
    pseudonym = Tokeniser(keys.hmac, date.today).pseudonym(kind, typed)
    found = conn.execute(named("search.people"), {"kind": kind, "pseudonym": pseudonym}).all()
    lookups.note(conn, lookups.Search(g.viewer.name, kind, pseudonym, purpose, case_no), found, address=request.remote_addr)
    if kind == "account":
        return redirect(dossier.href("account", pseudonym), 303)
    people = list({one.person_key: one for one in reversed(found)}.values())[::-1]
    return redirect(dossier.href("person", people[0].person_key), 303) if len(people) == 1 else _people(people)


def _people(found: Sequence[Any]) -> Response:
    """Several people, or none: masks, year of birth and place tell them apart."""
    lines = Markup("").join(
        Markup('<li><a href="{}">{}</a> {}</li>').format(
            dossier.href("person", one.person_key), one.name_mask or one.person_key,
            " · ".join(filter(None, (one.id_number_mask, str(one.born or ""), one.place))))
        for one in found[:SHOWN]
    )  # fmt: skip
    said = tn("{n} person, as far as you may see.", "{n} people, as far as you may see.", min(len(found), SHOWN))
    below = Markup('<ul class="form-list">{}</ul>').format(lines) + forms.link(t("Search again"), SEARCH)
    return forms.notice(t("Search"), "", said, below)


def _form(fault: str | None = None, status: int = 200) -> Response:
    kinds = [(RECORD, t("Number of a record or a finding"))]
    if g.viewer.may("reveal"):
        kinds += [(kind, words.word(words.SECRET, kind)) for kind in words.SECRET]
    fields = [forms.select("kind", t("Search by"), kinds, request.form.get("kind")),
              forms.field("what", t("What to look for"), "text", "off"),
              *(_why() if g.viewer.may("reveal") else ())]  # fmt: skip
    advice = t("Nothing typed here is kept. That you searched by a name or a clear number, when and why, is.")
    return forms.page(t("Search"), SEARCH, fields, t("Search"), advice=advice, fault=fault, below=forms.link(t("Back"), "/"),
                      status=status)  # fmt: skip


def _why() -> tuple[Markup, Markup]:
    typed = request.form
    purposes = [("", t("none: a record's number")), *((code, words.word(words.PURPOSE, code)) for code in words.PURPOSE)]
    return (forms.select("purpose", t("Purpose"), purposes, typed.get("purpose"), required=False),
            forms.field("case_no", t("Case or file number"), "text", "off", value=typed.get("case_no", ""), required=False))  # fmt: skip
