"""Cards arrive without a reload, wait while somebody reads, and are caught up with after a lost link."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import text

from sql.people import COOKIE
from sql.settings import Settings
from tests.browser.conftest import TOWNSHIP, Enter, Site, Visitor
from tests.workers.sending import wait_for
from tests.workers.serving import Client, free_port
from workers import live, web

TURN_MS = 20_000  # as long as a picture stays (assets/75-wall.js)
SIZE_PX = "what => [...document.querySelectorAll(what)].map(one => parseFloat(getComputedStyle(one).fontSize))"


def opened(visitor: Visitor) -> Page:
    page = visitor.open("/")
    expect(page.locator(".card-row").first).to_be_visible()
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.mouse.move(5, 400)
    return page


def test_a_card_appears_without_reload(visitor: Visitor) -> None:
    page = opened(visitor)
    page.evaluate("window.stayed = true")
    visitor.site.announce("a" * 24)
    card = page.locator(f"#card-{'a' * 24}")
    expect(card).to_be_visible()
    expect(card).to_contain_text("红牌")
    expect(card).to_contain_text("终止后仍发放")
    expect(card).to_contain_text("新湖街道")
    expect(page.locator("#status-eye")).to_contain_text("p95")
    assert page.evaluate("window.stayed") is True


def test_a_burst_loses_nothing(visitor: Visitor) -> None:
    page = opened(visitor)
    for n in range(30):
        visitor.site.announce(f"b{n:023x}")
    for n in (0, 13, 29):
        expect(page.locator(f"#card-b{n:023x}")).to_be_attached()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cards_wait_while_somebody_reads(visitor: Visitor, lang: str) -> None:
    visitor.choose(lang=lang)
    page = opened(visitor)
    page.hover("#overview-feed-list")
    top = page.locator(".card-row").first.get_attribute("id")
    visitor.site.announce(f"c{lang}".ljust(24, "0"))
    waiting = page.locator("#overview-feed-new")
    expect(waiting).to_be_visible()
    expect(waiting).to_contain_text("1 条新告警" if lang == "zh" else "1 new")
    assert page.locator(".card-row").first.get_attribute("id") == top
    waiting.click()
    expect(page.locator(".card-row").first).to_have_attribute("id", f"card-c{lang}".ljust(29, "0"))
    expect(waiting).to_be_hidden()


def test_pause_counts_and_resume_shows(visitor: Visitor) -> None:
    page = opened(visitor)
    page.click("#live")
    expect(page.locator("#live")).to_have_attribute("data-state", "paused")
    with visitor.site.world.again() as later:  # a real one: soon after the pause the list is read again
        found = later.finding("F02", "red", TOWNSHIP, ago=timedelta(0))
    visitor.site.announce(found)
    expect(page.locator("#live")).to_contain_text("· 1")
    expect(page.locator(f"#card-{found}")).to_have_count(0)
    page.click("#live")
    expect(page.locator(f"#card-{found}")).to_be_visible()


def test_what_the_stream_cannot_tell_apart_is_left_to_the_database(visitor: Visitor) -> None:
    page = visitor.open("/?programme=dibao")
    expect(page.locator(".card-row").first).to_be_visible()
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.mouse.move(5, 400)
    visitor.site.announce("8" * 24)  # of which programme, the stream does not say
    with visitor.site.world.again() as later:
        found = later.finding("F02", "red", TOWNSHIP, ago=timedelta(0))
    visitor.site.announce(found)
    expect(page.locator(f"#card-{found}")).to_be_visible()
    expect(page.locator(f"#card-{'8' * 24}")).to_have_count(0)


def test_a_card_that_no_longer_holds_says_so(visitor: Visitor) -> None:
    page = opened(visitor)
    visitor.site.announce("e" * 24)
    card = page.locator(f"#card-{'e' * 24}")
    expect(card).to_contain_text("红牌")
    visitor.site.announce("e" * 24, what="cleared", card=None, present=False)
    expect(card).to_contain_text("已消除")
    expect(page.locator(f"#card-{'e' * 24}")).to_have_count(1)


def test_a_place_shows_its_own_cards_only(visitor: Visitor) -> None:
    page = visitor.open("/?region=371403000000")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.mouse.move(5, 400)
    visitor.site.announce("f" * 24)  # of another county
    visitor.site.announce("0" * 23 + "f", region_code="371403101000")
    expect(page.locator(f"#card-{'0' * 23}f")).to_be_visible()
    expect(page.locator(f"#card-{'f' * 24}")).to_have_count(0)


def test_two_tabs_share_one_stream(visitor: Visitor) -> None:
    page = opened(visitor)
    other = visitor.context.new_page()
    other.goto(visitor.site.url)
    expect(other.locator("#live")).to_have_attribute("data-state", "live")
    expect(other.locator(".card-row").first).to_be_visible()
    visitor.site.announce("9" * 24)
    for tab in (page, other):
        expect(tab.locator(f"#card-{'9' * 24}")).to_be_attached()


def test_a_lost_link_is_said_and_caught_up(site: Site, browser: Browser) -> None:
    """Not a ``visitor``: a browser does complain when its server goes away."""
    port = free_port()
    page = browser.new_page(locale="zh-CN")
    page.context.add_cookies([{"name": COOKIE, "value": site.cookie, "url": f"http://127.0.0.1:{port}"}])
    with web_on(site, port):
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        expect(page.locator(".card-row").first).to_be_visible()
        page.mouse.move(5, 400)
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#lost")).to_contain_text("中断")
    site.announce("7" * 24)  # nobody is there to pass it on
    with web_on(site, port):
        expect(page.locator(f"#card-{'7' * 24}")).to_be_visible()
        expect(page.locator("#lost")).to_be_hidden()
        page.close()


def test_a_link_that_died_without_a_word_is_noticed(site: Site, browser: Browser) -> None:
    """Also where there is no SharedWorker. Its patience is made short here; the second stream is never answered."""
    page = browser.new_page(locale="zh-CN")
    page.add_init_script("delete window.SharedWorker")
    page.context.add_cookies([{"name": COOKIE, "value": site.cookie, "url": site.url}])
    told = []

    def impatient(route: Route) -> None:
        route.fulfill(body=route.fetch().text().replace("DEAF_MS = 40000", "DEAF_MS = 1500").replace("5000);", "100);"), content_type="text/javascript")

    def answer(route: Route) -> None:
        told.append(route.request.url)
        if len(told) == 1:
            route.fulfill(body="retry: 100000\n\nid: 1-1\n\n", content_type="text/event-stream")

    page.context.route("**/assets/live-worker.js", impatient)
    page.context.route("**/live/events*", answer)
    page.goto(f"{site.url}/wall")
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#lost")).to_contain_text("中断")
    assert page.evaluate(SIZE_PX, "#lost") == [40], "read from five metres"
    page.close()


def test_when_the_session_ends_the_page_is_left_and_the_wall_says_so(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.5)
    visitor = enter("leaving")
    page = opened(visitor)
    wall = visitor.context.new_page()
    wall.goto(f"{visitor.site.url}/wall")
    expect(wall.locator(".slide.shown")).to_be_visible()
    with visitor.site.database.engine("owner").begin() as conn:
        conn.execute(text("update access.session set ends_at = now() where account = 'leaving'"))
    expect(wall.locator("#lost")).to_contain_text("到期")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    assert wall.evaluate(SIZE_PX, "#lost") == [40]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_numbers_of_the_wall_are_read_from_five_metres_and_none_is_cut_off(visitor: Visitor, lang: str) -> None:
    visitor.choose(lang=lang)
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    page = visitor.open("/wall")
    expect(page.locator(".card-row").first).to_be_visible()
    for numbers in (".wall .asof", ".wall .tile .v", ".wall .places td.n", ".wall .places td.n a", ".wall .feeds td.n", ".wall .card-row .num"):
        sizes = page.evaluate(SIZE_PX, numbers)
        assert sizes, numbers
        assert min(sizes) >= 28, numbers
    assert page.evaluate("[...document.querySelectorAll('.wall .slide .panel > *, .wall .two > *')].every(one => one.scrollHeight <= one.clientHeight)")
    inside = "[...document.querySelectorAll('.wall .slide table')].every(one => one.getBoundingClientRect().bottom <= innerHeight && one.offsetWidth <= one.parentElement.clientWidth)"
    assert page.evaluate(inside), "a list longer than the screen would look like a short one"


def test_keys_and_time_turn_the_pictures_of_the_wall_and_the_space_bar_holds_them(visitor: Visitor) -> None:
    visitor.page.clock.install()
    page = visitor.open("/wall")
    titles = page.locator(".slide h2").all_text_contents()
    shown = page.locator(".slide.shown h2")
    assert len(titles) == 3
    expect(shown).to_have_text(titles[0])
    for key, place in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowRight", 0), ("ArrowLeft", 2)):
        page.keyboard.press(key)
        expect(shown).to_have_text(titles[place])
    page.clock.fast_forward(TURN_MS)
    expect(shown).to_have_text(titles[0])
    page.keyboard.press(" ")
    expect(page.locator("#slides")).to_have_attribute("data-held", "true")
    page.clock.fast_forward(10 * TURN_MS)
    expect(shown).to_have_text(titles[0])
    page.keyboard.press("ArrowRight")
    expect(shown).to_have_text(titles[1])
    page.keyboard.press(" ")
    expect(page.locator("#slides")).to_have_attribute("data-held", "false")
    page.clock.fast_forward(TURN_MS)
    expect(shown).to_have_text(titles[2])


def test_paused_lists_say_how_many_changes_wait(visitor: Visitor) -> None:
    page = visitor.open("/findings")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.click("#live")
    for n in (1, 2, 2):
        visitor.site.announce(f"d{n:023x}")
    expect(page.locator("#live")).to_contain_text("· 2")
    page.click("#live")
    expect(page.locator("#live")).not_to_contain_text("·")


def is_up(port: int) -> bool:
    try:
        return Client(port, None).get("/healthz").status == 200
    except OSError:
        return False


@contextmanager
def web_on(site: Site, port: int) -> Iterator[None]:
    """The web process on a port we know, so that it can come back there."""
    stop = threading.Event()
    settings = Settings.read(site.environ | {"AIDWATCH_PORT": str(port)})
    thread = threading.Thread(target=web.main, args=(settings, stop))
    thread.start()
    try:
        wait_for(lambda: is_up(port))
        yield
    finally:
        stop.set()
        thread.join(30)
