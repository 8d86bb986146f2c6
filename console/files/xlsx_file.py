"""Sheets as one XLSX workbook, a row at a time in constant memory: numbers as numbers, dates as dates, ready to print."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter

from console.files.sheet import Column, Kind, Sheet
from console.i18n import t
from console.url import SHANGHAI

_LOOKS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True}, "money": {"num_format": "#,##0.00_)"},
    "count": {"num_format": "#,##0_)"}, "share": {"num_format": "0.0%_)"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"}, "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}  # fmt: skip
_LONGEST = 32_000  # characters of a cell; Excel ends at 32,767
_A4 = 9
_LINE_PT, _MOST_LINES = 15, 27  # Excel ends at 409 points
_NAMES_WIDE = 13  # of the first column: the names of the head stand in it


def write(sheet: Sheet, head: Sequence[tuple[str, str]], out: IO[bytes]) -> int:
    """Write one sheet; return how many rows."""
    return write_all([(sheet, head)], out)[0]


def write_all(sheets: Sequence[tuple[Sheet, Sequence[tuple[str, str]]]], out: IO[bytes]) -> list[int]:
    """Write several sheets with their heads into one workbook; return how many rows each has."""
    told = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, told) as book:
        looks = {kind: book.add_format({"valign": "top", **look}) for kind, look in _LOOKS.items()}
        bold = book.add_format({"bold": True, "valign": "top", "bottom": 1, "text_wrap": True})
        title = book.add_format({"bold": True, "font_size": 14})
        return [_write_one(book.add_worksheet(sheet.title[:31]), sheet, head, looks, (title, bold)) for sheet, head in sheets]


def _write_one(page: Any, sheet: Sheet, head: Sequence[tuple[str, str]], looks: dict[Kind, Any], bold: tuple[Any, Any]) -> int:
    page.write_string(0, 0, sheet.title, bold[0])
    for line, (name, said) in enumerate(head, 1):
        page.write_string(line, 0, name)
        page.write_string(line, 1, said[:_LONGEST])
    top = len(head) + 2
    _set_up(page, sheet, top)
    _set_height(page, sheet, top, [column.name for column in sheet.columns])
    for place, column in enumerate(sheet.columns):
        page.write_string(top, place, column.name, bold[1])
    n = 0
    for n, row in enumerate(sheet.rows, 1):
        _set_height(page, sheet, top + n, row)
        for place, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _write_cell(page, top + n, place, value, column.kind, looks[column.kind])
    page.autofilter(top, 0, top + n, len(sheet.columns) - 1)
    return n


def _set_up(page: Any, sheet: Sheet, top: int) -> None:
    """Freeze the names, repeat them on each printed page, and print one page wide with page numbers."""
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, _width(place, column))
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&R" + t("Page {page} of {pages}", page="&P", pages="&N"))


def _width(place: int, column: Column) -> float:
    return max(column.width, _NAMES_WIDE) if place == 0 else column.width


def _set_height(page: Any, sheet: Sheet, line: int, row: Sequence[Any]) -> None:
    """Say how high a row is: readers that take the file for Excel's own believe what stands there, and would let long texts overlap.

    xlsxwriter remembers every height though the rows before are on disk already; that would grow with the file, so it is let go.
    """
    widths = (_width(place, column) for place, column in enumerate(sheet.columns))
    lines = max((_lines(value, width) for value, width in zip(row, widths, strict=True) if isinstance(value, str)), default=1)
    if lines > 1:
        page.set_row(line, _LINE_PT * min(lines, _MOST_LINES))
    for kept in (page.row_info, page.row_sizes):
        kept.pop(line - 2, None)


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column so many digits wide: a Chinese character takes two, and words end early."""
    room = max(int(width) - 2, 1)
    return sum(max(1, -(-sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in line) // room)) for line in text.split("\n"))


def _write_cell(page: Any, line: int, place: int, value: Any, kind: Kind, look: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        page.write_datetime(line, place, value.astimezone(SHANGHAI).replace(tzinfo=None), look)
    elif isinstance(value, date):
        page.write_datetime(line, place, datetime(value.year, value.month, value.day), look)  # noqa: DTZ001 – Excel knows no zones
    elif kind == "text":
        page.write_string(line, place, str(value)[:_LONGEST], look)
    else:
        page.write_number(line, place, value / 100 if kind == "money" else value, look)
