"""Files that leave the console hold the rows of the list, say what was asked, and are kept in the trail."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from console.files import csv_file, pdf_file, typeset, xlsx_file
from console.files.serving import FORMATS
from console.files.sheet import Column, Sheet
from console.i18n import speaking
from tests.conftest import Database
from tests.console.guests import Guest, ask, guest
from tests.console.readers import pages, plain, printed, with_office
from tests.console.world import World

AT = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
COLUMNS = [Column("名称", width=20), Column("金额", "money"), Column("日期", "day"), Column("时间", "instant"), Column("占比", "share")]


@pytest.fixture
def chen(database: Database, world: World) -> Guest:
    return guest(database)


def sheet(rows: Any, total: int = 0, **more: Any) -> Sheet:
    return Sheet(**{"name": "table", "title": "表", "place": "德城区 新湖街道", "as_of": AT, "head": [("区域", "德城区")],
                    "columns": COLUMNS, "rows": rows, "total": total, **more})  # fmt: skip


def local(*told: int) -> datetime:
    """An instant as a spreadsheet holds it: by the clock on the wall."""
    return datetime(*told)  # type: ignore[arg-type]  # noqa: DTZ001


def workbook(body: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(body)).active


def table(page: Any) -> tuple[dict[Any, Any], list[tuple[Any, ...]]]:
    """The head of a workbook's sheet, and the rows under its names."""
    lines = list(page.iter_rows(values_only=True))
    blank = next(n for n, line in enumerate(lines) if not any(line))
    return {line[0]: line[1] for line in lines[1:blank]}, lines[blank + 1 :]


def test_every_format_holds_the_same_rows_in_the_same_order(chen: Guest, world: World) -> None:
    asked = "?card=red,yellow&region=371402000000&present=true&lang=en"
    lines = list(csv.reader(io.StringIO(chen.client.get(f"/findings.csv{asked}", buffered=True).get_data().decode("utf-8-sig"))))
    told = lines[lines.index([]) + 1 :]
    head, found = table(workbook(chen.client.get(f"/findings.xlsx{asked}", buffered=True).get_data()))
    assert [line[-1] for line in found] == [line[-1] for line in told]
    assert len(found) > 10
    assert head["Place"] == "德城区"
    assert head["Card"] == "Red card Yellow card"
    assert head["Exported by"] == "Chen"
    assert head["Sum"].startswith(f"{len(found) - 1} findings")
    opened, amount = told[0].index("Opened at"), told[0].index("Amount at risk")
    assert [line[opened] for line in told[1:]] == [f"{line[opened]:%Y-%m-%d %H:%M}" for line in found[1:]]
    assert [line[amount] for line in told[1:]] == ["" if line[amount] is None else f"{line[amount]:.2f}" for line in found[1:]]
    paper = pages(chen.client.get(f"/findings.pdf{asked}", buffered=True).get_data())
    assert "RedcardYellowcard" in paper[0]
    subject = told[0].index("About")
    assert [line for line in told[1:] if plain(line[subject]) not in "".join(paper)] == []


def test_a_file_keeps_the_order_the_list_stands_in(chen: Guest, world: World) -> None:
    head, found = table(workbook(chen.client.get("/findings.xlsx?lang=en&order=amount.desc,nothing.asc,card.sideways", buffered=True).get_data()))
    amounts = [line[found[0].index("Amount at risk")] for line in found[1:]]
    paid = [amount for amount in amounts if amount is not None]
    assert paid == sorted(paid, reverse=True) != []
    assert amounts[len(paid) :] == [None] * (len(amounts) - len(paid))
    assert head["Order"] == "Amount at risk ↓, newest first"


def test_a_workbook_holds_numbers_and_dates_and_runs_nothing() -> None:
    out = io.BytesIO()
    rows = [["=1+1", -1_480_00, date(2026, 10, 1), AT, 0.062], ["https://example.org", None, None, None, None]]
    assert xlsx_file.write(sheet(rows, 2), [("区域", "=cmd|'/c calc'!A1")], out) == 2
    page = workbook(out.getvalue())
    cells = [page.cell(5, n) for n in range(1, 6)]
    assert [cell.value for cell in cells] == ["=1+1", -1480, local(2026, 10, 1), local(2026, 11, 25, 15, 30), 0.062]
    assert [cell.data_type for cell in cells] == ["s", "n", "d", "d", "n"]
    assert page.cell(6, 1).hyperlink is None
    assert page.cell(2, 2).data_type == "s"
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == ("A5", "A4:E6", "$4:$4")
    assert page.page_setup.orientation == "landscape"


def test_a_row_is_as_high_as_its_longest_text_and_the_head_has_room() -> None:
    out = io.BytesIO()
    xlsx_file.write(sheet([["短", 1, None, None, None], ["很长的一段话" * 8, 1, None, None, None], ["words for two of the lines that fit", 1, None, None, None]], 3), [("区域", "德城区")], out)
    page = workbook(out.getvalue())
    assert [page.row_dimensions[line].height for line in (5, 6, 7)] == [None, 6 * 15, 2 * 15]
    assert page.column_dimensions["A"].width > 13


def test_a_workbook_of_four_times_the_rows_takes_no_more_memory() -> None:
    def peak(n: int) -> int:
        rows = ([f"row {one} of many, each with words of its own", one, date(2026, 10, 1), AT, None] for one in range(n))
        tracemalloc.start()
        with tempfile.TemporaryFile() as out:
            assert xlsx_file.write(sheet(rows, n), [], out) == n
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # what is loaded once
    assert peak(1_600) < 1.3 * peak(400)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_cut_file_says_so(kind: str) -> None:
    with speaking("en"):
        head = dict(sheet([], 12_480).printed_head(2_000, "Chen"))
    assert head["Cut"] == "First 2,000 of 12,480: narrow the filter or export."
    out = io.BytesIO()
    FORMATS[kind].write(sheet([], 12_480), list(head.items()), out)
    assert out.getvalue()


def test_a_list_longer_than_a_file_ends_there(chen: Guest, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "xlsx", FORMATS["csv"].__class__(xlsx_file.write, 7, FORMATS["xlsx"].mimetype))
    head, found = table(workbook(chen.client.get("/findings.xlsx?lang=en", buffered=True).get_data()))
    assert len(found) == 1 + 7
    assert head["Cut"].startswith("First 7 of ")


def test_what_is_in_a_pdf_is_shown_and_never_read_as_markup() -> None:
    nasty = '#panic("x") *bold* $x^2$ @ref <label> `raw` \\ // "quote" [#sys.inputs]'
    out = io.BytesIO()
    assert pdf_file.write(sheet([[nasty, 1, date(2026, 10, 1), AT, None]] * 3, 3), [("#x", nasty)], out) == 3
    (page,) = pages(out.getvalue())
    assert page.count(plain(nasty)) == 4


def test_each_page_of_a_pdf_is_read_in_chinese_with_the_names_of_its_columns() -> None:
    out = io.BytesIO()
    with speaking("zh"):
        pdf_file.write(sheet([[f"第{n}行", n * 100, date(2026, 10, 1), AT, 0.5] for n in range(100)], 100), [("区域", "德城区")], out)
    read = pages(out.getvalue())
    assert len(read) > 1
    assert all("名称金额日期时间占比" in page and f"第{n}页,共{len(read)}页" in page for n, page in enumerate(read, 1))
    assert [n for n in range(100) if f"第{n}行{n}.00202610012026112515:3050.0%" not in "".join(read)] == []


@with_office
def test_an_office_program_prints_every_row_of_a_workbook(tmp_path: Path) -> None:
    out = io.BytesIO()
    xlsx_file.write(sheet([[f"第{n}行", n * 100, date(2026, 10, 1), AT, 0.5] for n in range(100)], 100), [("区域", "德城区")], out)
    paper = printed(out.getvalue(), "xlsx", tmp_path)
    assert [n for n in range(100) if f"第{n}行" not in paper] == []


def test_who_would_wait_too_long_for_a_pdf_is_told_so_in_words(chen: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "_PATIENCE_S", 0.01)
    with typeset._ALONE:
        answers = [chen.client.get(f"/findings.pdf?lang={lang}") for lang in ("en", "zh")]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].text.startswith("Other PDFs are being made")
    assert answers[1].text.startswith("其他 PDF 正在生成")


def test_a_name_says_page_place_and_when() -> None:
    assert sheet([]).file_name("pdf") == "table-德城区 新湖街道-20261125-153000.pdf"
    assert sheet([], place="a/b\\c").file_name("csv") == "table-a b c-20261125-153000.csv"


def test_who_took_what_and_how_many_rows_is_kept(chen: Guest, world: World, database: Database) -> None:
    n = sum(row["ladder_card"] == "red" for row in world.findings)
    for kind in FORMATS:
        assert chen.client.get(f"/findings.{kind}?card=red&subject_key=nothing-like-a-number", buffered=True).status_code == 200
        assert chen.client.get(f"/findings.{kind}?card=red", buffered=True).status_code == 200
    assert chen.client.get("/findings.csv?subject_key=11010519491231002X", buffered=True).status_code == 200
    with database.engine("owner").connect() as conn:
        kept = conn.execute(text("select who, about, detail from access.trail where what = 'exported' order by id")).all()
    assert [tuple(one) for one in kept[1:6:2]] == [("chen", "/findings?card=red", f"{kind}: {n} / {n}") for kind in FORMATS]
    assert kept[0].detail == "csv: 0 / 0"
    assert "11010519491231002" not in json.dumps([list(one) for one in kept])


def test_a_file_holds_the_readers_own_region_only(database: Database, world: World) -> None:
    who = guest(database, name="far", roles=["auditor"], regions=["371424000000"])
    _, found = table(workbook(who.client.get("/findings.xlsx?lang=en", buffered=True).get_data()))
    own = {row["finding_id"] for row in world.findings if str(row["region_code"]).startswith("371424")}
    assert {line[-1] for line in found[1:]} == own != set()


def test_who_may_not_take_files_out_is_not_offered_any(database: Database, world: World) -> None:
    finding = f"/finding/{world.findings[0]['finding_id']}"
    for role, offered in (("auditor", True), ("leader", False)):
        who = guest(database, name=role, roles=[role])
        told = [ask(who, part, search="", path=path) for part, path in (("findings-export", "/findings"), ("overview-export", "/"), ("finding-body", finding))]
        assert all(told)
        assert [("/findings.pdf" in one or "evidence.zip" in one) for one in told] == [offered] * 3, role


def test_a_table_as_text_has_no_formula_but_keeps_negative_amounts() -> None:
    out = io.BytesIO()
    rows: Iterator[list[Any]] = iter([["=1+1", -5, date(2026, 1, 2), AT + timedelta(days=1), None]])
    assert csv_file.write(sheet(rows, 1), [("a", "@x")], out) == 1
    assert out.getvalue().decode("utf-8-sig").splitlines() == ["a,'@x", "", "名称,金额,日期,时间,占比", "'=1+1,-0.05,2026-01-02,2026-11-26 15:30,"]
