"""A day of each of those the console is for, walked in a real browser, in both languages; nothing may be said in its console."""

from __future__ import annotations

import os
import re
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.conftest import Enter, Site, Visitor
from tests.console.test_duplicates import city as two_benefits
from tests.console.test_funds import city as money
from tests.console.test_funds import course

HOME = "371402000000"
LATER = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
LANGUAGES = ("zh", "en") if os.environ.get("AIDWATCH_PROVE") == "1" else ("en",)
BOTH = pytest.mark.parametrize("lang", LANGUAGES)  # Chinese throughout in the long form; the first two days always in both


@pytest.fixture(scope="module", autouse=True)
def _town(site: Site) -> None:
    """A unit that answers, and the working days of two years."""
    with site.world.again() as now:
        now.unit("U1", "黄河涯镇政府", HOME, "township_office")
        now.unit("U2", "德城区民政局", HOME, "county_civil_affairs")
        now.calendar()


def card(site: Site, **more: Any) -> str:
    with site.world.again() as now:
        return now.finding("T04", "yellow", HOME, ago=timedelta(hours=3), unit_code="U1", **more)


def step(page: Page, name: str, **typed: str) -> None:
    """Take a step from the finding's page: press its chip, fill the form, send it."""
    page.locator(f".offers a[href*='step={name}&']").click()
    for field, value in typed.items():
        box = page.locator(f"[name={field}]")
        (box.select_option if box.evaluate("one => one.tagName") == "SELECT" else box.fill)(value)
    page.locator(".form-go").click()
    expect(page.locator(".dossier")).to_be_visible()


def person(enter: Enter, lang: str, name: str, *roles: str, **who: Any) -> Visitor:
    visitor = enter(name, **({"roles": list(roles)} | who))
    visitor.choose(lang=lang)
    return visitor


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_supervisors_and_a_unit_take_a_card_from_arrival_to_closing(enter: Enter, site: Site, lang: str) -> None:
    finding = card(site)
    li, wang = (person(enter, lang, name, "supervisor", regions=[HOME]) for name in ("li", "wang"))
    handler = person(enter, lang, "handler", "unit_handler", regions=[HOME], unit_code="U1")
    page = li.open(f"/findings?region={HOME}&waits=assess")
    page.locator(f".ag-row[row-id='{finding}'] .ag-checkbox-input").check()
    page.locator("#findings-bulk [data-step=hand_over]").click()
    page.locator("[name=note]").fill("请核实")
    page.locator(".form-go").click()
    expect(page.locator("h1")).to_have_text({"zh": "告警", "en": "Findings"}[lang])
    theirs = handler.open("/inquiries")
    theirs.locator(f".board a[href='/finding/{finding}']").click()
    expect(theirs.locator(".offers")).to_be_visible()
    assert theirs.locator(".offers a[href*='step=verify']").count() == 0, "a unit does not judge itself"
    step(theirs, "reply", note="材料已补齐")
    step(wang.open(f"/finding/{finding}"), "verify", outcome="true", due=LATER, note="属实")
    step(handler.open(f"/finding/{finding}"), "rectify", note="已整改")
    with site.world.again() as now:
        now.conn.execute(text("update watch.finding set present = false, ladder_card = null where finding_id = :id"), {"id": finding})
    page = li.open(f"/finding/{finding}")
    step(page, "close", note="复核无误")
    expect(page.locator(".loop li.done")).to_have_count(6)
    expect(page.locator(".timeline").last).to_contain_text("材料已补齐")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_auditor_drills_from_a_number_to_the_evidence(enter: Enter, site: Site, lang: str, tmp_path: Path) -> None:
    auditor = person(enter, lang, "auditor", "auditor")
    page = auditor.open("/")
    page.locator(".tile.red").click()
    expect(page.locator("#findings-grid .ag-row").first).to_be_visible()
    auditor.settled()
    with page.expect_download() as taken:
        page.locator(".file-xlsx").click()
    taken.value.save_as(tmp_path / "findings.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "findings.xlsx").worksheets[0].iter_rows(values_only=True))
    shown = int("".join(filter(str.isdigit, page.locator("#drawn-findings-sum b").inner_text().split("¥")[0].split(",")[0])) or 0)
    assert sum(1 for row in rows if row and str(row[-1] or "").startswith("0000")) == shown, "the file has as many rows as the page says"
    page.locator("a[href^='/sample']").click()
    page.fill("#n", "2")
    page.fill("#why", "季度抽查")
    page.locator(".form-go").click()
    expect(page.locator("#findings-grid .ag-row")).to_have_count(2)
    assert "sample=2-" in page.url
    auditor.settled()
    with page.expect_download() as taken:
        page.locator(".evidence-package").click()
    taken.value.save_as(tmp_path / "sample.zip")
    names = zipfile.ZipFile(BytesIO((tmp_path / "sample.zip").read_bytes())).namelist()
    assert len([name for name in names if name.endswith("/index.html")]) == 2
    page.locator("#findings-grid .ag-row .ag-cell[col-id=rule]").first.click()
    expect(page.locator(".dossier")).to_be_visible()
    with page.expect_download() as taken:
        page.locator(".evidence-package").click()
    taken.value.save_as(tmp_path / "evidence.zip")
    names = zipfile.ZipFile(BytesIO((tmp_path / "evidence.zip").read_bytes())).namelist()
    assert {name.rpartition("/")[2] for name in names} >= {"index.html", "verify.py", "manifest.json", "events.ndjson", "rule.sql"}


@BOTH
def test_a_leader_sees_how_it_goes_in_five_minutes(enter: Enter, site: Site, lang: str) -> None:
    leader = person(enter, lang, "leader", "leader")
    page = leader.open("/units")
    expect(page.locator("#drawn-units-tiles .tile")).to_have_count(8)
    expect(page.locator("#units-months-say")).not_to_be_empty()
    page.locator("#drawn-units-tiles .tile").first.click()
    expect(page.locator("#drawn-findings-sum .agrees")).to_be_visible()
    page = leader.open("/units")
    expect(page.locator("#drawn-units-places-table tbody tr").first).to_be_visible()
    page.locator("#drawn-units-places-table tbody a").first.click()
    expect(page.locator(".crumbs [aria-current=location]")).to_be_visible()
    page = leader.open("/rules")
    expect(page.locator("#drawn-rules-list-table tbody tr")).not_to_have_count(0)
    page = leader.open(f"/wall?region={HOME}")
    expect(page.locator(".slide.shown")).to_have_count(1)
    first = page.locator(".slide.shown h2").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".slide.shown h2")).not_to_have_text(first)
    expect(page.locator(".top")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".top")).to_be_visible()
    assert HOME in page.url


@BOTH
def test_administrators_each_do_their_own_and_see_no_case(enter: Enter, site: Site, lang: str) -> None:
    system = person(enter, lang, "sys", "system_admin", regions=[])
    page = system.open("/data")
    page = system.open("/notifications")
    page.locator("a.chip[href='/notifications/edit']").click()
    page.locator("[name=account]").fill("sys")
    page.locator("[name=channel]").fill("json://127.0.0.1:9/hook")
    page.locator("[name=topic][value=tasks]").check()
    page.locator(".form-go").click()
    expect(page.locator("#drawn-notifications-list-table tbody")).to_contain_text("json://127.0.0.1:9/")
    expect(system.open("/findings").locator(".state.closed")).to_be_visible()
    security = person(enter, lang, "sec", "security_admin", regions=[])
    expect(security.open("/accounts").locator("tbody")).to_contain_text("li")
    audit = person(enter, lang, "aud", "audit_admin", regions=[])
    expect(audit.open("/trail").locator("tbody")).to_contain_text("sys")


@BOTH
def test_a_rule_owner_reads_a_rule_and_what_became_of_it(enter: Enter, site: Site, lang: str) -> None:
    owner = person(enter, lang, "owner", "rule_owner")
    page = owner.open("/rules")
    page.locator("a[href='/rule/T04']").click()
    expect(page.locator(".dossier")).to_be_visible()
    page.locator("summary", has_text={"zh": "查看规则的查询语句", "en": "Show the question"}[lang]).click()
    expect(page.locator("pre.sql")).to_contain_text("from facts.stage")
    page.locator("a[href='/limit?rule=T04']").click()
    page.locator("[name=value]").fill("25")
    page.locator("[name=why]").fill("municipal notice 12")
    page.locator(".form-go").click()
    second = person(enter, lang, f"second-{lang}", "rule_owner").open("/rule/T04")
    second.locator("form button", has_text={"zh": "同意生效", "en": "Accept"}[lang]).first.click()
    expect(second.locator("table", has_text="municipal notice 12")).to_contain_text({"zh": "已生效", "en": "in force"}[lang])


@BOTH
def test_a_supervisor_keeps_a_view_and_finds_a_record_by_its_number(enter: Enter, site: Site, lang: str) -> None:
    li = person(enter, lang, f"keeper-{lang}", "supervisor", regions=[HOME])
    page = li.open(f"/findings?region={HOME}&card=red")
    page.locator(".chip-menu", has=page.locator(".bi-bookmark")).locator("summary").click()
    page.locator(".dropdown-item", has=page.locator(".bi-bookmark-plus")).click()
    page.locator("[name=name]").fill("红牌")
    page.locator(".form-go").click()
    expect(page.locator("#findings-grid")).to_be_visible()
    page = li.open("/inquiries")
    page.locator(".chip-menu", has=page.locator(".bi-bookmark")).locator("summary").click()
    page.locator(".dropdown-item", has_text="红牌").click()
    expect(page.locator("#findings-grid")).to_be_visible()
    assert "card=red" in page.url
    finding = card(site)
    page.locator("a[href='/search']").click()
    page.locator("[name=what]").fill(finding)
    page.locator(".form-go").click()
    expect(page.locator(".dossier")).to_be_visible()


def test_everything_of_a_finding_can_be_done_by_keyboard(enter: Enter, site: Site) -> None:
    finding = card(site)
    li = person(enter, "zh", "li", "supervisor", regions=[HOME])
    page = li.open(f"/finding/{finding}")
    page.locator(".offers a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".form-go")).to_be_visible()
    page.locator(".form-go").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".dossier")).to_be_visible()
    expect(page.locator(".timeline").last).to_contain_text("已签收")


@BOTH
def test_an_auditor_follows_money_to_the_line_and_two_benefits_to_the_human(enter: Enter, site: Site, lang: str) -> None:
    if lang == LANGUAGES[0]:  # one city for both
        money(site.world, site.database)
        course(site.world, site.database)
        two_benefits(site.world, site.database)
    auditor = person(enter, lang, f"money-{lang}", "auditor")
    page = auditor.open("/funds")
    page.locator(".funds-months .nsewdrag").click()
    expect(page).to_have_url(re.compile(r"/funds\?.*rows=deviation"))
    expect(page.locator("#funds-rows-say .agrees")).to_be_visible()
    page.locator("#drawn-funds-rows-table a").first.click()
    expect(page.locator(".dossier")).to_be_visible()
    page = auditor.open("/funds")
    page.locator("#drawn-funds-statistics-table h3 a").first.click()
    expect(page).to_have_url(re.compile(r"/funds\?.*rows=hints-months"))
    expect(page.locator("#funds-rows-say .agrees")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#drawn-funds-statistics-table table").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "wide tables scroll in their box"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("#drawn-funds-rows-table tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/findings\?.*rule=F15"))
    page = auditor.open("/duplicates?range=365d")
    page.locator(".duplicates-matrix .nsewdrag").click(position={"x": 150, "y": 20})  # dibao and tekun
    expect(page).to_have_url(re.compile(r"/duplicates\?.*rows=dibao-tekun"))
    expect(page.locator("#duplicates-rows-say .agrees")).to_be_visible()
    expect(page.locator("#drawn-duplicates-rows-table tbody tr")).to_have_count(4)
    page = auditor.open("/eligibility")
    expect(page.locator("#drawn-eligibility-rows-table tbody tr")).to_have_count(46)
    expect(auditor.open("/duplicates/queue").locator("main .state, main table").first).to_be_visible()
