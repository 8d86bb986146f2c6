"""A letter as a Word document, in the form of official letters (GB/T 9704-2012: margins, 仿宋 body, 22 lines a page)."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from console.i18n import t
from console.letters.content import Text

BODY_FONT, TITLE_FONT, LATIN = "仿宋", "方正小标宋简体", "Times New Roman"
_WIDTHS_MM = (11, 28, 25, 42, 32, 18)


def document(letter: Text, sha256: str, *, draft: bool) -> bytes:
    """Return the .docx."""
    made = Document()
    _page(made)
    if draft:
        _line(made, t("Draft, not issued"), align="right", size=12)
    _line(made, letter.title, align="center", size=22, font=TITLE_FONT, bold=True)
    _line(made, letter.number, align="center", size=14)
    _line(made, t("{unit}:", unit=letter.to), indent=False)
    _line(made, letter.opening)
    _table(made, letter)
    _line(made, letter.asked, before_pt=8)
    for n, demand in enumerate(letter.demands, 1):
        _line(made, t("{n}. {text}", n=n, text=demand))
    for said in (letter.until, letter.note):
        _line(made, said)
    for said in (letter.office, letter.on):
        _line(made, said, align="right")
    _line(made, t("Check: {sha256}", sha256=sha256), size=8, indent=False)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _page(made: Doc) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    _font(made.styles["Normal"], BODY_FONT, 16)


def _font(of: Any, east_asian: str, size: float) -> None:
    of.font.name, of.font.size = LATIN, Pt(size)
    of.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east_asian)


def _line(made: Doc, text: str, *, align: str = "left", size: float = 16, font: str = BODY_FONT, bold: bool = False,
          indent: bool = True, before_pt: float = 0) -> None:  # fmt: skip
    paragraph = made.add_paragraph()
    paragraph.alignment = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}[align]
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before_pt), Pt(4)
    if align == "left" and indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    run = paragraph.add_run(text)
    run.bold = bold
    _font(run, font, size)


def _table(made: Doc, letter: Text) -> None:
    table = made.add_table(rows=0, cols=len(letter.heads), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS_MM, strict=True):
        column.width = Mm(width)
    for n, row in enumerate((letter.heads, *letter.rows)):
        for cell, text, width in zip(table.add_row().cells, row, _WIDTHS_MM, strict=True):
            cell.width = Mm(width)
            run = cell.paragraphs[0].add_run(text)
            run.bold = n == 0
            _font(run, BODY_FONT, 10)
