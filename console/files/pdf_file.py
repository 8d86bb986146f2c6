"""A sheet as PDF through typst: the data goes in as JSON and is never read as markup (table.typ)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from console import format as shown
from console.files import typeset
from console.files.sheet import Kind, Sheet, text_of
from console.i18n import language, t

TEMPLATE = Path(__file__).with_name("table.typ")
_MARK = "\x1f"


def write(sheet: Sheet, head: Sequence[tuple[str, str]], out: IO[bytes]) -> int:
    """Write an A4 landscape table whose pages carry title, filters and number; return how many rows."""
    kept = [place for place, column in enumerate(sheet.columns) if column.on_paper]
    columns = [sheet.columns[place] for place in kept]
    rows = [[_text(row[place], sheet.columns[place].kind) for place in kept] for row in sheet.rows]
    told = {
        "title": sheet.title, "head": head, "rows": rows, "names": [column.name for column in columns], "lang": language(),
        "widths": [column.width for column in columns], "right": [column.kind in ("money", "count", "share") for column in columns],
        "page": t("Page {page} of {pages}", page=_MARK, pages=_MARK).split(_MARK), "colon": t(": "),
    }  # fmt: skip
    out.write(typeset.pdf(TEMPLATE, told))
    return len(rows)


def _text(value: Any, kind: Kind) -> str:
    """As in the other formats, but with thousands separated: nobody computes on paper."""
    if value is None or kind not in ("money", "count", "share"):
        return text_of(value, kind)
    return f"{value / 100:,.2f}" if kind == "money" else shown.share(value) if kind == "share" else f"{value:,}"
