"""Numbers open their rows, filters live in the address, and the export holds what the list holds."""

import csv
import io
import re
import struct
import zipfile
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visitor
from tests.console.world import STORY


def listed(page: Page) -> int:
    """Return how many findings the list says it has."""
    total = page.locator("#drawn-findings-sum b")
    expect(total).to_be_visible()
    found = re.match(r"[\d,]+", total.inner_text())
    assert found
    return int(found[0].replace(",", ""))


@pytest.mark.parametrize("place", range(4))
def test_a_tile_opens_exactly_its_rows(visitor: Visitor, place: int) -> None:
    page = visitor.open("/")
    tile = page.locator("a.tile").nth(place)
    shown, small = tile.locator(".v").inner_text(), tile.locator(".s").inner_text()
    tile.click()
    expect(page.locator("h1")).to_have_text("告警")
    rows = listed(page)
    said = re.search(r"\d+", small) if "万" in shown or "¥" in shown else re.search(r"\d+", shown)
    assert said
    assert int(said[0]) == rows
    expect(page.locator(".agrees")).to_contain_text("✓")
    expect(page.locator(".findings-page [role=treegrid], .findings-page [role=grid]").first).to_have_attribute(
        "aria-rowcount", str(rows + 1)
    )


def test_a_place_opens_exactly_its_rows(visitor: Visitor) -> None:
    page = visitor.open("/")
    number = page.locator("table.places a.over").first
    wanted = int(number.inner_text())
    number.click()
    expect(page.locator("h1")).to_have_text("告警")
    assert listed(page) == wanted


def test_the_way_down_and_back(visitor: Visitor) -> None:
    page = visitor.open("/")
    rows = page.locator("table.places tbody tr")
    expect(rows).to_have_count(12)
    rows.filter(has_text="陵城区").locator("a.all").press("Enter")
    expect(page.locator(".crumbs > span")).to_have_text(["▸", "陵城区", "▸"])
    expect(page.locator("table.places")).to_contain_text("边临镇")
    assert "region=371403000000" in page.url
    page.go_back()
    expect(rows).to_have_count(12)
    expect(page.locator(".crumbs > span")).to_have_text(["▸"])


def test_a_click_on_the_map_drills(visitor: Visitor) -> None:
    page = visitor.open("/")
    area = page.locator(".overview-where .choroplethlayer path").first
    expect(area).to_be_attached()
    box = area.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page).to_have_url(re.compile(r"region=3714\d{8}"))


def test_where_nothing_was_reported_is_unknown_not_zero(visitor: Visitor) -> None:
    page = visitor.open("/")
    blind = page.locator("table.places tr", has_text="平原县")
    expect(blind).to_contain_text("未知")
    expect(blind.locator(".hatched")).to_be_visible()
    expect(page.locator("#overview-where-say")).to_contain_text("平原县未知")


def test_the_address_restores_the_question(visitor: Visitor) -> None:
    page = visitor.open("/findings?region=371403000000&card=red&stage=active&present=true")
    rows = listed(page)
    page.locator(".filters summary", has_text="卡片").or_(
        page.locator(".filters summary", has_text="红牌")
    ).first.click()
    page.locator(".dropdown-item:visible", has_text="黄牌").click()
    expect(page).to_have_url(re.compile("card=red,yellow"))
    expect(page.locator("#drawn-findings-sum b")).not_to_have_text(re.compile(f"^{rows} "))
    more, address = listed(page), page.url
    other = visitor.context.new_page()
    other.goto(address)
    assert listed(other) == more
    expect(other.locator(".filters")).to_contain_text("红牌 黄牌")
    page.go_back()
    expect(page.locator("#drawn-findings-sum b")).to_have_text(re.compile(f"^{rows} "))


def test_a_row_opens_its_finding_and_sorting_is_by_the_server(visitor: Visitor) -> None:
    page = visitor.open("/findings?present=true&amount=true")
    header = page.locator(".ag-header-cell[col-id=amount]")
    header.click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    header.click()
    expect(header).to_have_attribute("aria-sort", "descending")
    dearest = max(row["amount_at_risk_fen"] or 0 for row in visitor.site.world.findings)
    first = page.locator(".ag-row[row-index='0'] .ag-cell[col-id=amount]")
    expect(first).to_have_text(f"¥ {dearest / 100:,.2f}")
    first.click()
    expect(page).to_have_url(re.compile("/finding/[0-9a-f]{24}"))
    expect(page.locator("table.evidence")).to_be_visible()


def test_the_export_holds_the_rows_of_the_list(visitor: Visitor) -> None:
    page = visitor.open("/findings?card=red&present=true")
    rows = listed(page)
    with page.expect_download() as given:
        page.click(".head .file-csv")
    body = given.value.path().read_bytes()
    assert body.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    blank = lines.index([])
    assert ["卡片", "红牌"] in lines[:blank]
    header, found = lines[blank + 1], lines[blank + 2 :]
    wanted = {row["finding_id"] for row in visitor.site.world.findings if row["ladder_card"] == "red"}
    assert len(found) == rows
    assert {line[header.index("疑点编号")] for line in found} == wanted


def test_the_export_keeps_the_order_of_the_list(visitor: Visitor) -> None:
    page = visitor.open("/findings")
    header = page.locator(".ag-header-cell[col-id=amount]")
    header.click()
    header.click()
    expect(header).to_have_attribute("aria-sort", "descending")
    first = page.locator(".ag-row[row-index='0'] .ag-cell[col-id=amount]")
    dearest = max(row["amount_at_risk_fen"] or 0 for row in visitor.site.world.findings)
    expect(first).to_have_text(f"¥ {dearest / 100:,.2f}")
    with page.expect_download() as given:
        page.click(".head .file-csv")
    lines = list(csv.reader(io.StringIO(given.value.path().read_text(encoding="utf-8-sig"))))
    at = lines.index([]) + 1
    assert lines[at + 1][lines[at].index("疑点金额")] == f"{dearest / 100:.2f}"
    expect(page).to_have_url(re.compile(r"order=amount\.desc$"))
    page.reload()
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(first).to_have_text(f"¥ {dearest / 100:,.2f}")
    header.click()
    expect(page).not_to_have_url(re.compile("order="))


def test_an_empty_answer_says_what_to_change(visitor: Visitor) -> None:
    page = visitor.open("/findings?card=red&subject_kind=feed")
    expect(page.locator(".state.empty")).to_contain_text("去掉一个筛选条件")


def test_a_chart_is_saved_as_a_picture_that_says_what_it_shows(visitor: Visitor) -> None:
    page = visitor.open("/?region=371402000000")
    expect(page.locator("#overview-trend-picture .main-svg").first).to_be_visible()
    for chart, title in (("overview-trend", "每日新增疑点"), ("overview-where", "待处理红黄牌，按地区")):
        with page.expect_download() as given:
            page.locator(f"section:has(#{chart}-picture) .tool:has-text('PNG')").click()
        assert re.fullmatch(rf"总览-{title}-德城区-\d{{8}}-\d{{6}}\.png", given.value.suggested_filename), given.value.suggested_filename
        body = given.value.path().read_bytes()
        width, height = struct.unpack(">II", body[16:24])
        shown = page.locator(f"#{chart}-picture").bounding_box()
        assert shown is not None
        assert body.startswith(b"\x89PNG\r\n")
        assert height > 2 * shown["height"] + 100, "with words above and below"
        assert width > 2 * shown["width"]


@pytest.mark.parametrize(("lang", "theme", "said"), [("zh", "light", "证据包"), ("zh", "dark", "证据包"), ("en", "dark", "Evidence package")])
def test_an_evidence_package_is_one_button_and_its_page_asks_nobody(
    visitor: Visitor, browser: Browser, tmp_path: Path, lang: str, theme: Literal["light", "dark"], said: str
) -> None:
    visitor.choose(lang=lang, theme=theme)
    story = next(row["finding_id"] for row in visitor.site.world.findings if row["subject_key"] == STORY)
    page = visitor.open(f"/finding/{story}")
    with page.expect_download() as given:
        page.locator(".evidence-package").click()
    assert re.fullmatch(rf"evidence-F02-{story}-\d{{8}}-\d{{6}}\.zip", given.value.suggested_filename)
    zipfile.ZipFile(given.value.path()).extractall(tmp_path)
    with browser.new_context(color_scheme=theme, viewport={"width": 1440, "height": 900}) as alone:
        asked: list[str] = []
        complaints: list[str] = []
        alone.on("request", lambda request: asked.append(request.url))
        paper = alone.new_page()
        paper.on("console", lambda told: complaints.append(told.text))
        paper.goto((tmp_path / "index.html").as_uri())
        expect(paper.locator("header.made b")).to_have_text(said)
        expect(paper.locator("table.evidence")).to_be_visible()
        expect(paper.locator(".timeline").first).to_be_visible()
        assert asked == [(tmp_path / "index.html").as_uri()]
        assert complaints == []
        ground, ink = (paper.evaluate(f"getComputedStyle(document.body).{name}") for name in ("backgroundColor", "color"))
        assert (ground, ink) == {"light": ("rgb(245, 246, 248)", "rgb(28, 36, 48)"), "dark": ("rgb(16, 21, 28)", "rgb(230, 235, 241)")}[theme]
