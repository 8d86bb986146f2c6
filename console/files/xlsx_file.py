"""Sheets as one XLSX workbook, a row at a time in constant memory: numbers as numbers, dates as dates, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter

from console.files.sheet import Kind, Sheet
from console.i18n import t
from console.url import SHANGHAI

_LOOKS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True}, "money": {"num_format": "#,##0.00_)"},
    "count": {"num_format": "#,##0_)"}, "share": {"num_format": "0.0%_)"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"}, "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}  # fmt: skip
_LONGEST = 32_000  # characters of a cell; Excel ends at 32,767
_A4 = 9


def write(sheet: Sheet, head: Sequence[tuple[str, str]], out: IO[bytes]) -> int:
    """Write one sheet; return how many rows."""
    return write_all([(sheet, head)], out)[0]


def write_all(sheets: Sequence[tuple[Sheet, Sequence[tuple[str, str]]]], out: IO[bytes]) -> list[int]:
    """Write several sheets with their heads into one workbook; return how many rows each has."""
    told = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, told) as book:
        looks = {kind: book.add_format({"valign": "top", **look}) for kind, look in _LOOKS.items()}
        bold = book.add_format({"bold": True, "valign": "top", "bottom": 1, "text_wrap": True})
        return [_write_one(book.add_worksheet(sheet.title[:31]), sheet, head, looks, bold) for sheet, head in sheets]


def _write_one(page: Any, sheet: Sheet, head: Sequence[tuple[str, str]], looks: dict[Kind, Any], bold: Any) -> int:
    page.write_string(0, 0, sheet.title, bold)
    for line, (name, said) in enumerate(head, 1):
        page.write_string(line, 0, name)
        page.write_string(line, 1, said[:_LONGEST])
    top = len(head) + 2
    _set_up(page, sheet, top)
    for place, column in enumerate(sheet.columns):
        page.write_string(top, place, column.name, bold)
    n = 0
    for n, row in enumerate(sheet.rows, 1):
        for place, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _write_cell(page, top + n, place, value, column.kind, looks[column.kind])
    page.autofilter(top, 0, top + n, len(sheet.columns) - 1)
    return n


def _set_up(page: Any, sheet: Sheet, top: int) -> None:
    """Freeze the names, repeat them on each printed page, and print one page wide with page numbers."""
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&R" + t("Page {page} of {pages}", page="&P", pages="&N"))


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
