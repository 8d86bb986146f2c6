"""Handing files out: who may have them, what they are called, and the line in the trail that says who took them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from dash import html
from flask import Flask, Response, request, send_file

from console.answering import Asked, Reading, may
from console.auth.sessions import Acting
from console.files import csv_file, pdf_file, xlsx_file
from console.files.sheet import Sheet
from console.gate import viewer
from console.i18n import t
from console.parts.states import icon
from console.queries import data
from console.url import Filters, parse
from monitors.identifiers import scrub
from sql import lookups
from sql import people as trail


@dataclass(frozen=True)
class Format:
    """How a sheet is written, and after how many rows it ends and says so."""

    write: Callable[[Sheet, Sequence[tuple[str, str]], IO[bytes]], int]
    most: int
    mimetype: str


FORMATS = {
    "csv": Format(csv_file.write, 50_000, "text/csv; charset=utf-8"),
    "xlsx": Format(xlsx_file.write, 50_000, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": Format(pdf_file.write, 2_000, "application/pdf"),
}
Build = Callable[[Asked, int], Sheet]  #: the sheet of a question, with at most so many rows
IN_MEMORY = 4 << 20  # bytes; a larger file waits on disk


def links(path: str, filters: Filters) -> list[Any]:
    """Return one link for each format of the page at ``path``; none for who may not take files out."""
    if not may(("export",)):
        return []
    return [html.A([icon("download"), f" {kind.upper()}"], href=filters.href(f"{path}.{kind}"), className=f"chip file-{kind}")
            for kind in FORMATS]  # fmt: skip


def serve(server: Flask, reading: Reading, acting: Acting, path: str, build: Build) -> None:
    """Offer what ``build`` makes of any question at ``<path>.csv``, ``.xlsx`` and ``.pdf``."""

    def file(kind: str) -> Response:
        if not may(("export",)):
            return refused()
        made, out = FORMATS[kind], tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 – closed with the response
        with reading() as conn:
            asked = Asked(conn, path, parse(request.query_string.decode()), data.now(conn))
            sheet = build(asked, made.most)
            n = made.write(sheet, sheet.printed_head(made.most, viewer().display_name), out)
        note(acting, "exported", about=asked.filters.href(path), detail=f"{kind}: {n} / {sheet.total}", people=sheet.people())
        return handed_out(out, sheet.file_name(kind), made.mimetype)

    kinds = ",".join(FORMATS)
    server.add_url_rule(f"{path}.<any({kinds}):kind>", f"files of {path}", file)


def refused() -> Response:
    """Return the answer for who may not take files out."""
    return Response(t("This page is not for your role."), 403, mimetype="text/plain; charset=utf-8")


def note(acting: Acting, what: str, *, about: str, detail: str, people: int = 0) -> None:
    """Write who took which file into the trail, before it is handed out; no number of a citizen stands in it.

    What names ``people`` in so many rows is judged by rule P20.
    """
    with acting() as conn:
        trail.note(conn, viewer().name, what, about=scrub(about)[:500], detail=detail, address=request.remote_addr)
        if people:
            lookups.note_file(conn, viewer().name, people)


def handed_out(out: Any, name: str, mimetype: str) -> Response:
    """Return a written file as the answer."""
    out.seek(0)
    return send_file(out, mimetype=mimetype, as_attachment=True, download_name=name)
