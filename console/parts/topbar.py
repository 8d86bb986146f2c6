"""The slim bar at the top: place (which is also the way up), programme, time, live, language, colours, user."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash import dcc, html

from console import words
from console.auth.paths import PASSWORD, SEARCH, SECOND_FACTOR, SIGN_OUT, VIEWS
from console.i18n import language, t
from console.parts.drawn import drawn
from console.parts.menu import menu
from console.parts.states import icon
from console.queries.regions import Region
from console.url import RANGES, Filters
from monitors.entities import PROGRAMMES
from sql.people import Viewer

#: What a page looks at where the address says no time.
USUAL = {"/": "30d", "/timeliness": "90d", "/units": "90d", "/funds": "365d", "/duplicates": "month"}


def topbar(viewer: Viewer) -> html.Header:
    """Return the bar; place, programme and time are filled in by the address."""
    other = t("Switch to Chinese") if language() == "en" else t("Switch to English")
    return html.Header(
        [
            html.Button(icon("list"), id="menu-button", className="icon-button menu-button", title=t("Menu")),
            dcc.Link(t("Social assistance watch"), href="/", className="brand"),
            drawn("scope", className="scope"),
            html.Div(
                [
                    html.Button("● " + t("Connecting"), id="live", className="live", n_clicks=0,
                                title=t("Pause or resume live updates"), **{"data-state": "connecting", "aria-pressed": "false"}),
                    html.A(icon("search"), href=SEARCH, className="icon-button", title=t("Search"), accessKey="s",
                           **{"aria-label": t("Search")}) if viewer.may("read") else None,
                    html.Button("中 / EN", id="language", className="icon-button", title=other),
                    html.Button(icon("moon"), id="theme-button", className="icon-button", title=t("Light or dark")),
                    _account(viewer),
                ],
                className="tools",
            ),
        ],
        className="top",
    )  # fmt: skip


def _account(viewer: Viewer) -> html.Details:
    """Return who is signed in, and the ways to change the account and to leave. Forms: they work without a callback."""
    roles = t(", ").join(words.word(words.ROLE, role) for role in sorted(viewer.roles))
    return html.Details(
        [
            html.Summary([icon("person"), html.Span(viewer.display_name, className="word")], className="chip", title=t("Account")),
            html.Div(
                [html.Div(roles, className="dropdown-header"), html.A(t("New password"), href=PASSWORD, className="dropdown-item"),
                 html.A(t("Second factor"), href=SECOND_FACTOR, className="dropdown-item"),
                 html.Form(html.Button(t("Sign out"), type="submit", className="dropdown-item"), action=SIGN_OUT, method="POST")],
                className="dropdown-menu show",
            ),
        ],
        className="chip-menu account", id="account",
    )  # fmt: skip


def scope(path: str, filters: Filters, way: list[Region], root: Region | None, below: list[Region]) -> list[Any]:
    """Return the part of the bar that follows the address."""
    return [_crumbs(path, filters, way, root, below), _programmes(path, filters), ranges(path, filters)]


def views(saved: Sequence[Any], path: str, filters: Filters) -> html.Details:
    """Return the menu of saved views, one's own first, and the way to keep the one at hand."""
    here = filters.href(path)
    items: list[Any] = [
        dcc.Link([html.Span("✓" if one.address == here else "", className="tick"), one.name], href=one.address, className="dropdown-item",
                 title=t("shared by {who}", who=one.account) if one.is_shared else None)
        for one in saved
    ]  # fmt: skip
    save = html.A([icon("bookmark-plus"), " ", t("Save this view")], href=f"{VIEWS}?{urlencode({'at': here})}", className="dropdown-item")
    return html.Details([html.Summary([icon("bookmark"), html.Span(t("Views"), className="word")], className="chip", title=t("Views")),
                         html.Div([*items, save], className="dropdown-menu show")], className="chip-menu")  # fmt: skip


def _crumbs(path: str, filters: Filters, way: list[Region], root: Region | None, below: list[Region]) -> html.Nav:
    top = root.name if root else t("No region known yet")
    steps: list[Any] = [dcc.Link(top, href=filters.but(region=None, unit=None).href(path))]
    inner = [region for region in way if root is None or region.region_code != root.region_code]
    inner = [region for region in inner if region.level not in ("province", "city") or root is None]
    for region in inner:
        here = {"aria-current": "location"} if region.region_code == filters.region else {}
        steps += [html.Span("▸", className="sep"),
                  html.Span(dcc.Link(region.name, href=filters.but(region=region.region_code, unit=None).href(path)), **here)]  # fmt: skip
    if below:
        choices = [
            (region.name, filters.but(region=region.region_code, unit=None).href(path), False) for region in below
        ]
        steps += [html.Span("▸", className="sep"), menu(_all_below(below), choices)]
    return html.Nav(steps, className="crumbs", **{"aria-label": t("Place")})


def _all_below(below: list[Region]) -> str:
    return {
        "county": t("All counties"), "township": t("All townships"), "village": t("All villages"),
    }.get(below[0].level or "", t("All"))  # fmt: skip


def _programmes(path: str, filters: Filters) -> Any:
    every = (t("All programmes"), filters.but(programme=None).href(path), filters.programme is None)
    choices = [
        (t(words.PROGRAMME[code]), filters.but(programme=code).href(path), code == filters.programme)
        for code in PROGRAMMES
    ]
    chosen = t(words.PROGRAMME[filters.programme]) if filters.programme else None
    return menu(t("All programmes"), [every, *choices], chosen=chosen)


def ranges(path: str, filters: Filters) -> Any:
    """Return the menu of times, with two dates of one's own."""
    fixed = filters.start or filters.end
    unsaid = USUAL.get(path)
    usual = t(words.RANGE[unsaid]) if unsaid else t("All time")
    every = (usual, filters.but(span=None, start=None, end=None).href(path), not filters.span and not fixed)
    choices = [
        (
            t(words.RANGE[span]),
            filters.but(span=span, start=None, end=None).href(path),
            span == filters.span and not fixed,
        )
        for span in RANGES
        if span != unsaid
    ]
    said = t(words.RANGE[filters.span]) if filters.span else None
    if fixed:
        said = f"{filters.start or '…'} – {filters.end or '…'}" if filters.start != filters.end else str(filters.start)
    return menu(usual, [every, *choices], chosen=said, more=_dates(path, filters))


def kept(filters: Filters) -> list[dcc.Input]:
    """Return what a plain form sends along, so that the rest of the question stays."""
    return [dcc.Input(type="hidden", name=name, value=value) for name, value in parse_qsl(filters.search().lstrip("?"))]


def _dates(path: str, filters: Filters) -> html.Form:
    """Two dates of one's own: a plain form, whose answer is the same page at another address."""
    return html.Form([
        *kept(filters.but(span=None, start=None, end=None)),
        html.Label([t("From"), dcc.Input(type="date", name="from", value=filters.start.isoformat() if filters.start else "")]),
        html.Label([t("Until"), dcc.Input(type="date", name="to", value=filters.end.isoformat() if filters.end else "")]),
        html.Button(t("Show"), type="submit", className="chip on"),
    ], action=path, method="GET", className="dates")  # fmt: skip
