"""A sheet as CSV: UTF-8 with a mark for Excel, and nothing a spreadsheet would run."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from typing import IO, Any

from console.files.sheet import Sheet, text_of

_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r|]")


def safe(cell: Any) -> str:
    """Return a cell that no spreadsheet will take for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) else text


def write(sheet: Sheet, head: Sequence[tuple[str, str]], out: IO[bytes]) -> int:
    """Write the head, an empty line, the names and the rows; return how many rows."""
    out.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerows([[safe(cell) for cell in line] for line in head])
    writer.writerows([[], [column.name for column in sheet.columns]])
    n = 0
    for row in sheet.rows:
        n += 1
        writer.writerow([_cell(value, column.kind) for value, column in zip(row, sheet.columns, strict=True)])
    text.detach()
    return n


def _cell(value: Any, kind: Any) -> str:
    return safe(value) if kind == "text" else text_of(value, kind)  # a number below zero is no formula
