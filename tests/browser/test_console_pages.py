"""Every page opens, in both languages and both modes, with nothing in the browser's console."""

import os
import re

import pytest
from playwright.sync_api import expect

from sql.connect import connect
from tests.browser.conftest import Visitor
from tests.console.test_duplicates import held_twice
from tests.console.test_projects import bought
from tests.console.world import STORY
from workers import overlaps
from workers.durations import recount

#: The other look is opened by test_accessible; here in the long form.
LOOKS = (("zh", "light"), ("en", "dark")) if os.environ.get("AIDWATCH_PROVE") == "1" else (("zh", "light"),)
PAGES = {
    "/": ("总览", "Overview"), "/timeliness": ("时效", "Timeliness"), "/findings?present=true": ("告警", "Findings"), "/data": ("数据", "Data"), "/rules": ("规则", "Rules"),
    "/projects": ("第三方项目", "Projects"), "/outreach": ("主动发现", "Outreach"), "/funds": ("资金", "Funds"), "/duplicates": ("重复享受", "Duplicates"), "/eligibility": ("资格比对", "Eligibility"), "/inquiries": ("核查督办", "Inquiries"), "/units": ("单位绩效", "Units"), "/rule/T04": ("审核确认总时限超期", "Total decision limit exceeded"),
}  # fmt: skip


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_each_page_opens(visitor: Visitor, lang: str, theme: str) -> None:
    visitor.choose(lang=lang, theme=theme)
    for path, titles in PAGES.items():
        page = visitor.open(path)
        expect(page.locator("h1")).to_contain_text(titles[lang == "en"])
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        expect(page.locator("html")).to_have_attribute("lang", "en" if lang == "en" else "zh-CN")
        expect(page.locator("#drawn-status")).to_contain_text("TEST")


def counted(visitor: Visitor) -> None:
    """The steps of the story, counted as the night does."""
    with connect(visitor.site.database.url("worker"), name="test") as conn:
        recount(conn)


def test_a_cell_of_the_matrix_leads_down_to_its_cases_by_click_and_by_keyboard(visitor: Visitor) -> None:
    counted(visitor)
    page = visitor.open("/timeliness?range=365d")
    page.locator(".timeliness-heat .nsewdrag").click()
    expect(page).to_have_url(re.compile("region=371402000000.*step="))
    expect(page.locator("#drawn-timeliness-cases-table tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("#drawn-timeliness-cases-table tbody tr")).to_have_count(0)
    page.keyboard.press("t")
    page.locator("#drawn-timeliness-heat-table a").last.press("Enter")
    expect(page.locator("#timeliness-cases-say")).to_contain_text("✓")
    page.locator("#drawn-timeliness-cases-table a").first.click()
    expect(page.locator(".clock .tick")).to_have_count(5)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_finding_tells_its_story(visitor: Visitor, lang: str) -> None:
    visitor.choose(lang=lang)
    wanted = next(row for row in visitor.site.world.findings if row["subject_key"] == STORY)
    page = visitor.open(f"/finding/{wanted['finding_id']}")
    events = page.locator(".timeline").first
    expect(events.locator("li")).to_have_count(10)  # 8 records of the ledger and the two findings among them
    expect(page.locator("table.money tbody tr")).to_have_count(5)
    expect(page.locator("table.evidence")).to_contain_text("2026-08")
    expect(page.locator(".ladder li.reached")).to_have_count(2)
    words = {"zh": ("疑点", "入户调查"), "en": ("A point to verify", "Home visit")}[lang]
    expect(page.locator(".head")).to_contain_text(words[0])
    expect(events).to_contain_text(words[1])
    assert "违规" not in page.content()


def test_what_is_not_there_is_said(visitor: Visitor) -> None:
    page = visitor.open("/finding/0123456789abcdef01234567")
    expect(page.locator(".state.missing")).to_be_visible()
    page = visitor.open("/nowhere")
    expect(page.locator(".state.missing")).to_contain_text("/nowhere")


def test_the_language_switch_keeps_the_address(visitor: Visitor) -> None:
    page = visitor.open("/findings?present=true&card=red")
    page.click("#language")
    expect(page.locator("h1")).to_have_text("Findings")
    assert "card=red" in page.url
    page.goto(visitor.site.url + "/data")
    expect(page.locator("h1")).to_have_text("Data")


def test_the_colour_mode_reaches_figures_and_is_kept(visitor: Visitor) -> None:
    page = visitor.open("/")
    first = page.locator(".overview-where .choroplethlayer path").first
    expect(first).to_be_attached()
    before = first.get_attribute("style")
    page.click("#theme-button")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(first).not_to_have_attribute("style", before or "")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_who_has_not_chosen_a_colour_mode_gets_that_of_the_machine(visitor: Visitor) -> None:
    visitor.page.emulate_media(color_scheme="dark")
    page = visitor.open("/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    visitor.choose(theme="light")
    expect(visitor.open("/").locator("html")).to_have_attribute("data-bs-theme", "light")


def test_a_phone_can_reach_everything(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    page = visitor.open("/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#menu-button")
    page.locator("#drawn-nav a", has_text="告警").click()
    expect(page.locator("h1")).to_have_text("告警")
    expect(page.locator(".ag-row").first).to_be_visible()


def test_pictures_have_a_table_one_key_away(visitor: Visitor) -> None:
    page = visitor.open("/")
    table = page.locator("#drawn-overview-trend-table table")
    expect(table).to_be_hidden()
    page.keyboard.press("t")
    expect(table).to_be_visible()
    say = page.locator("#overview-trend-say").inner_text()
    expect(page.locator("#overview-trend-picture")).to_have_attribute("aria-label", say)


def test_two_dates_of_ones_own_become_the_address_and_keep_the_other_filters(visitor: Visitor) -> None:
    page = visitor.open("/findings?region=371402000000&card=red")
    menu = page.locator(".chip-menu", has=page.locator(".dates"))
    menu.locator("summary").click()
    menu.locator("[name=from]").fill("2026-01-01")
    menu.locator("[name=to]").fill("2026-12-31")
    menu.locator("button").click()
    expect(menu.locator("summary")).to_contain_text("2026-01-01 – 2026-12-31")
    assert all(part in page.url for part in ("region=371402000000", "card=red", "from=2026-01-01", "to=2026-12-31"))


def test_a_number_opens_its_list_further_down_and_the_browser_comes_back(visitor: Visitor) -> None:
    bought(visitor.site.world)
    page = visitor.open("/projects")
    number = page.locator("#drawn-projects-loop-columns a.num", has_text="1").first
    said = number.inner_text()
    number.click()
    expect(page.locator("#rows")).to_be_focused()
    expect(page.locator("#rows")).to_be_in_viewport()
    expect(page.locator("#projects-rows-say")).to_contain_text("与来源数字一致")
    expect(page.locator("#drawn-projects-rows-table tbody tr")).to_have_count(int(said))
    page.go_back()
    expect(page.locator("#projects-rows-say")).to_contain_text("全部项目")


def test_a_pair_of_programmes_leads_to_its_people_and_their_finding_by_click_and_by_keyboard(visitor: Visitor) -> None:
    held_twice(visitor.site.world)
    with connect(visitor.site.database.url("worker"), name="test") as conn:
        overlaps.refresh(conn, again=True)
    page = visitor.open("/duplicates")
    expect(page.locator("#duplicates-matrix-say")).to_contain_text("2 人")
    plot = page.locator(".duplicates-matrix .nsewdrag")
    box = plot.bounding_box()
    assert box
    plot.click(position={"x": box["width"] * 0.15, "y": box["height"] * 0.05})  # first row, second of ten columns
    expect(page).to_have_url(re.compile("rows=dibao-tekun"))
    expect(page.locator("#drawn-duplicates-rows-table tbody tr")).to_have_count(3)
    page.go_back()
    page.keyboard.press("t")
    page.locator("#drawn-duplicates-matrix-table a", has_text="●").first.press("Enter")
    expect(page.locator("#duplicates-rows-say")).to_contain_text("✓")
    page.locator("#drawn-duplicates-rows-table a[href^='/finding/']").first.press("Enter")
    expect(page.locator("h1")).to_contain_text("D02")
