"""Every page is walked with nothing but the Tab key, pictures have their links in the table beside them, and no page is wider than a phone."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import Enter, Visitor
from tests.browser.everything import ADMINISTRATORS, READER, Addresses

STRIDE = 1 if os.environ.get("AIDWATCH_PROVE") == "1" else 3  # of the pages of a reader; all of them in the long form
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
STEP, MOST = 25, 900  #: presses between two looks, and of one walk
#: What one can act on and sees. The rows of the grid are its own matter: it is one stop, arrow keys move inside (below).
WATCH = """() => {
  const name = one => one.matches('.grid-box') ? 'the grid' : one.id || one.getAttribute('href') || one.getAttribute('title') || one.textContent.trim().slice(0, 40) || one.outerHTML.slice(0, 80);
  const ringed = one => { const style = getComputedStyle(one); return one.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1; };
  const seen = one => !one.disabled && !one.closest('[inert], .ag-root-wrapper') && one.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const all = () => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=button], [tabindex="0"], .grid-box')].filter(seen);
  const been = new Set(), walk = window.walk = {bare: [], round: 0};
  let first = null;
  document.addEventListener('focusin', ({target}) => {
    first = first || target;
    if (target === first) walk.round += 1;
    been.add(name(target)); been.add(name(target.closest('.grid-box') || target));
    if (!ringed(target)) setTimeout(() => { if (target === document.activeElement && !ringed(target)) walk.bare.push(name(target)); });  // the grid moves focus on
  });
  walk.unreached = () => all().map(name).filter(one => !been.has(one));
}"""
#: The addresses a click into a picture opens that are no link of its panel.
PICTURES = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
  const links = [...plot.closest('.panel').querySelectorAll('a[href]')].map(one => one.getAttribute('href'));
  return plot.data.flatMap(one => [one.customdata || []].flat(9)).filter(one => typeof one === 'string' && one.startsWith('/') && !links.includes(one));
})"""
FITS = """() => [document.documentElement, document.body, document.getElementById('page')].every(one => !one || one.scrollWidth <= one.clientWidth)"""

#: Sentences of panels that have less than half of their panel: the tools beside them took the rest.
SQUEEZED = """() => [...document.querySelectorAll('.panel > .panel-head .say')].filter(one => one.checkVisibility({visibilityProperty: true}) && one.textContent
  && one.clientWidth < one.closest('.panel').clientWidth / 2).map(one => one.closest('.panel').getAttribute('aria-label'))"""


def walk(page: Page) -> dict[str, Any]:
    """Press Tab until the first stop comes again; what one can act on and never got to, what showed no ring, whether it came round."""
    page.evaluate(WATCH)
    for _ in range(0, MOST, STEP):
        for _ in range(STEP):
            page.keyboard.press("Tab")
        if page.evaluate("walk.round > 1"):
            break
    return dict(page.evaluate("() => ({unreached: walk.unreached(), bare: walk.bare, caught: walk.round < 2})"))


def faults(visitor: Visitor, path: str) -> dict[str, Any]:
    """What is wrong with a page at a desk and on a phone."""
    visitor.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page = visitor.open(path)
    found = walk(page)
    if found["unreached"]:  # some of it was still being drawn
        found = walk(page)
    found["only by pointer"] = page.evaluate(PICTURES)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    try:
        page.wait_for_function(FITS, timeout=10_000)
    except Error:
        found["too wide"] = page.evaluate("document.getElementById('page').scrollWidth")
    found["squeezed"] = page.evaluate(SQUEEZED)
    return {what: told for what, told in found.items() if told}


def test_every_page_of_a_reader_is_reached_by_tab_and_fits_a_phone(enter: Enter, everything: Addresses) -> None:
    visitor = enter("keys", roles=READER)
    wrong = {path: faults(visitor, path) for path in (*everything.pages, *everything.forms)[::STRIDE]}
    assert {path: said for path, said in wrong.items() if said} == {}


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_every_page_of_an_administrator_is_reached_by_tab_and_fits_a_phone(enter: Enter, role: str) -> None:
    visitor = enter(f"keys-{role}", roles=[role], regions=[])
    wrong = {path: faults(visitor, path) for path in ADMINISTRATORS[role]}
    assert {path: said for path, said in wrong.items() if said} == {}


def test_the_way_in_is_reached_by_tab_and_fits_a_phone(enter: Enter) -> None:
    assert faults(enter("nobody", cookie="nobody"), "/sign-in") == {}


def test_tab_passes_the_grid_in_one_stop_and_arrow_keys_and_enter_open_a_row(enter: Enter, everything: Addresses) -> None:
    page = enter("keys", roles=READER).open("/findings?present=true")
    expect(page.locator(".ag-row .tag").first).to_be_visible()
    cell = page.locator(".ag-cell:focus")

    def into() -> None:
        page.locator(".ag-header-cell").last.focus()
        page.keyboard.press("Tab")
        expect(cell).to_have_count(1)

    into()
    page.keyboard.press("Tab")
    expect(cell).to_have_count(0)
    expect(page.locator(":focus")).to_have_attribute("href", "/data")  # in the status bar, behind the grid
    into()
    page.keyboard.press(" ")
    expect(page.locator("#findings-bulk")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    wanted = page.locator(".ag-row", has=cell).first.get_attribute("row-id")
    page.keyboard.press("Enter")
    expect(page.locator(".dossier")).to_be_visible()
    assert page.url.endswith(f"/finding/{wanted}")
