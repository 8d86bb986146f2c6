"""Handing files out: who may have them, what they are called, and the line in the trail that says who took them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any

from dash import Dash, html
from flask import Flask, Response, request, send_file

from console.answering import Asked, Reading, answer, may
from console.auth.sessions import Acting
from console.files import csv_file, pdf_file, xlsx_file
from console.files.sheet import Sheet
from console.gate import viewer
from console.i18n import t
from console.parts.drawn import content
from console.parts.states import icon
from console.queries import data
from console.url import Filters, parse
from monitors.identifiers import scrub
from sql import people
from sql.rights import Right


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
Build = Callable[[Asked, int], Sheet | None]  #: the sheet of a question, with at most so many rows; None: there is nothing at this address
EXPORT: tuple[Right, ...] = ("export",)  #: who may take files out
IN_MEMORY = 4 << 20  # bytes; a larger file waits on disk


def links(path: str, filters: Filters, needs: tuple[Right, ...] = EXPORT, look: str = "chip") -> list[Any]:
    """Return one link for each format of the page at ``path``; none for who may not take files out."""
    if not may(needs):
        return []
    return [html.A([icon("download"), f" {kind.upper()}"], href=filters.href(f"{path}.{kind}"), className=f"{look} file-{kind}")
            for kind in FORMATS]  # fmt: skip


def offer(app: Dash, reading: Reading, path: str, lists: Mapping[str, str], needs: tuple[Right, ...] = EXPORT) -> None:
    """Let panels (``files=True``) of the page at ``path`` lead to the files of their lists: panel → its list (``rows`` of the address)."""

    def tell(asked: Asked) -> list[Any]:
        return [links(path, asked.filters.but(rows=name, before=None), needs, "tool") for name in lists.values()]

    outputs = [content(f"{panel}-files") for panel in lists]
    answer(app, reading, outputs, tell, here=lambda at: at == path, note=None, follows_data=False, needs=needs)


def serve(server: Flask, reading: Reading, acting: Acting, path: str, build: Build, needs: tuple[Right, ...] = EXPORT) -> None:
    """Offer what ``build`` makes of any question at ``<path>.csv``, ``.xlsx`` and ``.pdf``; ``path`` may have parts that vary."""

    def file(kind: str, **_parts: str) -> Response:
        if not may(needs):
            return refused()
        made, at = FORMATS[kind], request.path.removesuffix(f".{kind}")
        with reading() as conn, ExitStack() as failing:
            asked = Asked(conn, at, parse(request.query_string.decode()), data.now(conn))
            sheet = build(asked, made.most)
            if sheet is None:
                return Response(t("There is nothing at {path}.", path=at), 404, mimetype="text/plain; charset=utf-8")
            out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 – closed with the response
            failing.callback(out.close)
            n = made.write(sheet, sheet.printed_head(made.most, viewer().display_name), out)
            failing.pop_all()
        note(acting, "exported", about=asked.filters.href(at), detail=f"{kind}: {n} / {sheet.total}")
        return handed_out(out, sheet.file_name(kind), made.mimetype)

    kinds = ",".join(FORMATS)
    server.add_url_rule(f"{path}.<any({kinds}):kind>", f"files of {path}", file)


def refused() -> Response:
    """Return the answer for who may not take files out."""
    return Response(t("This page is not for your role."), 403, mimetype="text/plain; charset=utf-8")


def note(acting: Acting, what: str, *, about: str, detail: str) -> None:
    """Write who took which file into the trail, before it is handed out; no number of a citizen stands in it."""
    with acting() as conn:
        people.note(conn, viewer().name, what, about=scrub(about)[:500], detail=detail, address=request.remote_addr)


def handed_out(out: Any, name: str, mimetype: str) -> Response:
    """Return a written file as the answer."""
    out.seek(0)
    return send_file(out, mimetype=mimetype, as_attachment=True, download_name=name)
