"""Revealing a clear value: one value of one finding, with a purpose and a case, kept before it is shown (design §11.15–16).

The page that shows it is never stored by a browser. Who looked, when and why stands in the dossier and, for
those who supervise the lookers, in the trail. The row is also an outbox: `workers.looks` makes an event of it, which rule P20 judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, g, make_response, request
from markupsafe import Markup
from sqlalchemy import Connection, text

from console import words
from console.auth import forms
from console.auth.paths import REVEAL
from console.auth.sessions import Acting, Sealing
from console.i18n import t
from monitors.identifiers import scrub
from sql.access import see_as
from sql.load import named
from sql.people import note

MOST, WITHIN_S = 30, 3600.0  #: reveals of one account within an hour
SHORTEST_CASE, LONGEST_CASE = 4, 200


@dataclass(frozen=True)
class Value:
    """Something that may be revealed: its kind, pseudonym and mask, and the masked name it belongs to."""

    kind: str
    pseudonym: str
    mask: str | None
    whose: str | None
    person_id: str | None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.pseudonym}"

    @property
    def said(self) -> str:
        return f"{words.word(words.SECRET, self.kind)} {self.mask or ''} · {self.whose or ''}"


def serve(server: Flask, acting: Acting, keys: Sealing) -> None:
    """Put the page of revealing on ``server``."""

    @server.route(REVEAL, methods=["GET", "POST"])
    def reveal() -> Response:
        if not g.viewer.may("reveal"):
            return make_response(t("This page is not for your role."), 403)
        finding_id = request.values.get("finding", "")[:64]
        with acting() as conn:
            see_as(conn, g.viewer)
            values = [Value(**row) for row in conn.execute(named("reveal.values"), {"finding_id": finding_id}).mappings()]
            return _form(finding_id, values) if request.method == "GET" else _reveal(conn, keys, finding_id, values)


def _reveal(conn: Connection, keys: Sealing, finding_id: str, values: Sequence[Value]) -> Response:
    wanted = next((value for value in values if value.key == request.form.get("value")), None)
    purpose, case_no = request.form.get("purpose", ""), scrub(request.form.get("case_no", "").strip())
    if wanted is None or purpose not in words.PURPOSE or not SHORTEST_CASE <= len(case_no) <= LONGEST_CASE:
        return _form(finding_id, values, t("Choose a value and a purpose, and name the case (4 to 200 characters)."), 400)
    looked = conn.execute(named("reveal.looked_up"), {"who": g.viewer.name, "within_s": WITHIN_S}).scalar_one()
    if looked >= MOST:
        said = t("You have looked at {n} values within an hour; wait, or ask your audit administrator.", n=looked)
        return _form(finding_id, values, said, 429)
    conn.execute(named("reveal.note"), {"who": g.viewer.name, "finding_id": finding_id, "kind": wanted.kind, "pseudonym": wanted.pseudonym,
                                        "person_id": wanted.person_id, "purpose": purpose, "case_no": case_no,
                                        "address": request.remote_addr})  # fmt: skip
    note(conn, g.viewer.name, "revealed", about=finding_id, detail=f"{wanted.kind} {purpose} {case_no}", address=request.remote_addr)
    return _shown(conn, keys, finding_id, wanted)


def _shown(conn: Connection, keys: Sealing, finding_id: str, wanted: Value) -> Response:
    conn.execute(text("set local role vault_reader"))
    sealed = conn.execute(named("reveal.sealed"), {"pseudonym": wanted.pseudonym}).scalar_one_or_none()
    conn.execute(text("reset role"))
    back = forms.link(t("Back to the finding"), f"/finding/{finding_id}")
    if sealed is None:
        return forms.notice(words.word(words.SECRET, wanted.kind), "", t("The clear value has been erased."), back)
    said = t("Shown to {who}. That you looked, when and why stands in the dossier.", who=g.viewer.display_name)
    return forms.notice(words.word(words.SECRET, wanted.kind), keys.unseal(bytes(sealed)).decode(), said, back)


def _form(finding_id: str, values: Sequence[Value], fault: str | None = None, status: int = 200) -> Response:
    back = forms.link(t("Back to the finding"), f"/finding/{finding_id}")
    if not values:
        said = t("There is nothing to reveal of this finding, or it is outside your regions.")
        return forms.notice(t("Reveal a value"), "", said, back, 404)
    typed = request.form
    fields: list[Markup] = [
        forms.select("value", t("What to show"), [(one.key, one.said) for one in values], typed.get("value")),
        forms.select("purpose", t("Purpose"), [(code, words.word(words.PURPOSE, code)) for code in words.PURPOSE], typed.get("purpose")),
        forms.field("case_no", t("Case or file number"), "text", "off", value=typed.get("case_no", "")),
        forms.hidden("finding", finding_id),
    ]
    advice = t("One value is shown once. That you looked, when and why is kept and can be seen by everybody who opens the finding.")
    return forms.page(t("Reveal a value"), REVEAL, fields, t("Show it"), advice=advice, fault=fault, below=back, status=status)
