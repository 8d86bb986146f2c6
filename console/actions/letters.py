"""Letters: drafted from confirmed findings of one unit, looked at, issued once, and read as Word or PDF."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, g, make_response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console import words
from console.actions import letter_form
from console.auth import going
from console.auth.paths import LETTER
from console.auth.sessions import Acting
from console.i18n import LANGUAGES, language, speaking, t
from console.letters import content, pdf, word
from console.letters.content import Draft, Text
from console.queries import regions
from console.url import end_of
from sql.access import see_as
from sql.load import named

FORMATS = {"pdf": ("application/pdf", pdf.document),
           "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word.document)}  # fmt: skip


def serve(server: Flask, acting: Acting) -> None:
    """Put the form of a letter and the letters themselves on ``server``."""

    @server.route(LETTER, methods=["GET", "POST"])
    def letter() -> AnyResponse:
        if not g.viewer.may("act"):
            return make_response(t("This page is not for your role."), 403)
        with acting() as conn:
            see_as(conn, g.viewer)
            wanted = list(dict.fromkeys(request.values.getlist("finding")))[: content.MOST]
            rows = conn.execute(named("letter.findings"), {"finding_ids": wanted}).mappings()
            found = [SimpleNamespace(**row) for row in rows if row["outcome"] == "true" and row["unit_code"]]
            return _written(conn, found) if found else letter_form.nothing()

    @server.get(f"{LETTER}/<letter_id>.<kind>")
    def document(letter_id: str, kind: str) -> Response:
        if not g.viewer.rights & {"read", "answer"}:
            return make_response(t("This page is not for your role."), 403)
        with acting() as conn:
            see_as(conn, g.viewer)
            kept = conn.execute(named("letter.one"), {"letter_id": letter_id[:64]}).mappings().one_or_none()
        if kept is None or kind not in FORMATS:
            return letter_form.nothing()
        return _file(kept["body"], kept["sha256"], kind)


def _written(conn: Connection, found: Sequence[Any]) -> AnyResponse:
    """Show the form, a draft as PDF, or issue the letter."""
    found = [one for one in found if one.unit_code == found[0].unit_code]  # a letter goes to one unit
    unit = regions.units(conn, [found[0].unit_code]).get(found[0].unit_code or "", found[0].unit_code or "")
    today = conn.execute(named("correction.days"), {"days": letter_form.DAYS, "region_code": found[0].region_code}).one()
    if request.method == "GET":
        return letter_form.page(conn, found, unit, today)
    draft, fault = letter_form.typed(unit, today.today, content.proposed_demands(found))
    if draft is None:
        return letter_form.page(conn, found, unit, today, fault)
    text = content.body(draft, found)
    if request.form.get("act") == "preview":
        return _file(text, content.digest(text), "pdf", draft=True)
    if not _issued(conn, draft, found, text):
        return letter_form.page(conn, found, unit, today, t("This number has been given to another letter."))
    return going.go(f"/finding/{found[0].finding_id}")


def _issued(conn: Connection, draft: Draft, found: Sequence[Any], text: Mapping[str, Any]) -> bool:
    """Keep the letter and tell it in the story of each finding; False when its number is taken."""
    ids = [one.finding_id for one in found]
    row = {"letter_id": secrets.token_hex(12), "number": draft.number, "kind": draft.kind, "unit_code": found[0].unit_code,
           "region_code": found[0].region_code, "who": g.viewer.name, "due_on": draft.due_on,
           "body": json.dumps(text, ensure_ascii=False), "sha256": content.digest(dict(text))}  # fmt: skip
    if not conn.execute(named("letter.issue"), row).rowcount:
        return False
    conn.execute(named("letter.about"), row | {"finding_ids": ids})
    conn.execute(named("correction.mark"), {"finding_ids": ids, "units": []})
    conn.execute(named("letter.due"), {"finding_ids": ids, "due_at": end_of(draft.due_on)})
    for one in found:
        told = {"finding_id": one.finding_id, "what": "letter", "from_stage": one.stage, "to_stage": one.stage, "who": g.viewer.name,
                "note": f"{words.word(words.LETTER, draft.kind)} {draft.number}",
                "said": json.dumps({"due_on": draft.due_on.isoformat(), "letter": row["letter_id"]})}  # fmt: skip
        conn.execute(named("correction.log"), told)
        conn.execute(named("correction.announce"), told)
    return True


def _file(body: Mapping[str, Any], sha256: str, kind: str, *, draft: bool = False) -> Response:
    wanted = request.args.get("copy", language())
    lang = wanted if wanted in LANGUAGES else language()
    mime, make = FORMATS[kind]
    with speaking(lang):
        made = make(Text(**body[lang]), sha256, draft=draft)
    name = f"letter-{sha256[:8]}-{lang}.{kind}"
    shown = "inline" if draft else "attachment"
    return Response(made, mimetype=mime, headers={"Content-Disposition": f'{shown}; filename="{name}"', "Cache-Control": "no-store"})
