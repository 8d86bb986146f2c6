"""The console as one Dash application: frame, pages, headers. ``workers/web`` mounts it beside the API."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, html
from sqlalchemy import Connection

from console import format as shown
from console import gate, headers
from console.actions import channels, letters, limits, pairs, refused, reveal, samples, search, steps, trials, views
from console.answering import Asked, Reading, answer, may
from console.auth import administration, sign_in, single_sign_on
from console.auth.sessions import Acting, Sealing
from console.evidence import serving as evidence
from console.files import serving, typeset
from console.files.place import looked_at
from console.i18n import t
from console.index import Console
from console.pages import (
    accounts,
    data_files,
    dossier,
    dossier_files,
    duplicates,
    duplicates_pair,
    duplicates_queue,
    duplicates_rows,
    eligibility,
    eligibility_rows,
    finding,
    findings,
    findings_sheet,
    funds,
    funds_rows,
    inquiries,
    inquiries_files,
    notifications,
    outreach,
    outreach_rows,
    overview,
    procedure,
    procedure_files,
    projects,
    projects_rows,
    rule,
    rules,
    rules_files,
    timeliness,
    timeliness_files,
    trail,
    trail_files,
    units,
    units_files,
    wall,
)
from console.pages import data as data_page
from console.pages.overview_numbers import active
from console.parts import chart, drawn, frame, states, topbar
from console.parts.filter_bar import described
from console.queries import data, regions
from console.queries import findings as found
from console.queries import views as kept_views
from console.url import SHANGHAI
from sql.people import Viewer
from sql.settings import Settings

#: Those in the navigation, in its order.
PAGES: tuple[ModuleType, ...] = (
    overview, timeliness, procedure, duplicates, eligibility, funds, projects, outreach, findings, inquiries, units, rules, data_page,
    notifications, accounts, trail,
)  # fmt: skip
INNER: tuple[ModuleType, ...] = (finding, dossier, rule, wall, duplicates_queue, duplicates_pair)  # those one gets to by a click
FILES: tuple[ModuleType, ...] = (  # those whose lists may be taken out; the trail has readers of its own
    findings_sheet, duplicates_rows, eligibility_rows, funds_rows, projects_rows, outreach_rows, timeliness_files, procedure_files,
    inquiries_files, units_files, rules_files, data_files, dossier_files,
)  # fmt: skip
#: Pages of a place, a programme and a time.
PLACED = (
    overview.PATH, timeliness.PATH, procedure.PATH, duplicates.PATH, eligibility.PATH, funds.PATH, projects.PATH, outreach.PATH,
    findings.PATH, inquiries.PATH, units.PATH, rules.PATH, wall.PATH,
)  # fmt: skip
ASSETS = Path(__file__).parents[1] / "assets"
ReadingAs = Callable[[Viewer], AbstractContextManager[Connection]]
NOT_OURS_TO_LOAD = r"live-worker\.js|mode\.js|.*\.svg|__init__.*"


def create_app(
    reading_as: ReadingAs, acting: Acting, keys: Sealing, settings: Settings, ring: Callable[[], None] = lambda: None,
    painted: Callable[[float], None] = lambda _seconds: None,
) -> Dash:  # fmt: skip
    """Return the application.

    ``reading_as(viewer)`` gives a read-only connection that sees what the viewer may, with a time limit on statements;
    ``acting()`` a transaction that may write; ``keys`` encrypt the secrets of second factors;
    ``ring()`` tells the jobs that a trial of a rule waits (without it the clock finds it within a minute);
    ``painted(seconds)`` counts how long a finding took from its commit to a screen.
    """

    def reading() -> AbstractContextManager[Connection]:
        return reading_as(gate.viewer())

    app = Console(
        __name__, pages_folder="", use_pages=False, assets_folder=str(ASSETS),
        assets_ignore=NOT_OURS_TO_LOAD, assets_path_ignore=["vendor", "geo"],
        serve_locally=True, suppress_callback_exceptions=True, update_title=None, title="aidwatch", enable_mcp=False,
        external_scripts=[{"src": "/assets/vendor/date-fns/zh-CN.min.js"}], external_stylesheets=[], compress=False,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )  # fmt: skip
    app.server.config["PAGE_PATHS"] = frozenset(page.PATH for page in (*PAGES, *INNER))  # a page may ask whether another is there
    gate.guard(app.server, acting)
    app.server.secret_key = keys.derive("console session")  # of the short-lived cookie of single sign-on
    app.server.config.update(SESSION_COOKIE_NAME="aidwatch_sso", SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    sign_in.serve(app.server, acting, keys, painted, with_single_sign_on=single_sign_on.is_offered(settings))
    single_sign_on.serve(app.server, acting, settings)
    administration.serve(app.server, acting)
    reveal.serve(app.server, acting, keys)
    steps.serve(app.server, acting)
    letters.serve(app.server, acting)
    pairs.serve(app.server, acting)
    channels.serve(app.server, acting, keys)
    views.serve(app.server, acting)
    search.serve(app.server, acting, keys)
    trials.serve(app.server, acting, ring)
    limits.serve(app.server, acting)
    refused.serve(app.server, acting, keys)
    samples.serve(app.server, acting)
    app.layout = lambda: frame.frame(gate.viewer())
    _register_frame(app, reading, settings)
    for page in (*PAGES, *INNER):
        page.register(app, reading)
    chart.register(app)
    drawn.register(app)
    for page in FILES:
        serving.serve(app.server, reading, acting, page.PATH, page.sheet)
    serving.serve(app.server, reading, acting, trail.PATH, trail_files.sheet, trail.OPENS_WITH)
    evidence.serve(app.server, reading, acting, keys)
    app.server.register_error_handler(TimeoutError, typeset.busy)
    # Now, not at the first request: that one would be slow, and the hashes need every callback.
    app._setup_server()  # type: ignore[no-untyped-call]
    headers.harden(app.server, app.csp_hashes())
    return app


def page_at(path: str) -> html.Div:
    """Return the layout of the page at an address, or that there is none."""
    for page in PAGES:
        if path.rstrip("/") == page.PATH.rstrip("/"):
            return page.layout(path) if may(page.OPENS_WITH) else states.closed()
    inner = next((page for page in INNER if path == page.PATH or (page.PATH.endswith("/") and path.startswith(page.PATH))), None)
    if inner is None or path in (finding.PATH, dossier.PATH, rule.PATH, duplicates_pair.PATH):
        return states.missing(path)
    return inner.layout(path) if may(inner.OPENS_WITH) else states.closed()


def _register_frame(app: Dash, reading: Reading, settings: Settings) -> None:
    def everywhere(_path: str) -> bool:
        return True

    @app.callback(Output("page", "children"), Input("url", "pathname"))
    def show(path: str | None) -> html.Div:
        return page_at(path or "/")

    def tell_status(asked: Asked) -> list[Any]:
        return [frame.status(asked.clock, data.health(asked.conn), test=settings.test), caption(asked)]

    answer(app, reading, [drawn.content("nav")], tell_navigation, here=everywhere, note=None, follows_path=True, needs=())
    answer(
        app,
        reading,
        [drawn.content("scope")],
        tell_scope,
        here=everywhere,
        note=None,
        follows_path=True,
        follows_data=False,
    )
    told = [drawn.content("status"), Output("caption", "data")]
    answer(app, reading, told, tell_status, here=everywhere, note=None, needs=())
    _register_browser(app)


def tell_navigation(asked: Asked) -> list[Any]:
    """Return the links to what one may open, each with the place, programme and time looked at, and the count of open cards."""
    scope, acting = asked.filters.scope(), active(asked.filters)
    entries = [
        frame.Entry(page.PATH, t(page.TITLE), page.ICON, acting.href(page.PATH), _open_cards(asked), t("Open findings here"))
        if page is findings
        else frame.Entry(page.PATH, t(page.TITLE), page.ICON, scope.href(page.PATH))
        for page in PAGES
        if may(page.OPENS_WITH)
    ]
    return [frame.navigation(entries, asked.path)]


def caption(asked: Asked) -> dict[str, str]:
    """Return what a picture saved from a page says below itself: place, filters and as of."""
    place = looked_at(asked)
    lines = [(t("As of"), shown.second(asked.now)), *described(asked.filters, place)]
    said = " · ".join(name + t(": ") + told for name, told in lines)
    return {"said": said, "place": place, "at": f"{asked.now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"}


def _open_cards(asked: Asked) -> int:
    return found.totals(asked.conn, found.asked(active(asked.filters), asked.now)).n


def tell_scope(asked: Asked) -> list[Any]:
    """Return place, programme and time. On a finding's own page they lead back to the list."""
    path = asked.path if asked.path in PLACED else findings.PATH
    top = regions.root(asked.conn)
    way = regions.path(asked.conn, asked.filters.region)
    here = asked.filters.region or (top.region_code if top else "")
    kept = kept_views.of(asked.conn, gate.viewer().name) if may(("read",)) else []
    shown = topbar.scope(path, asked.filters, way, top, regions.children(asked.conn, here))
    return [[*shown, topbar.views(kept, asked.path, asked.filters)]]


def _register_browser(app: Dash) -> None:
    """Things of the frame that need no server."""

    def js(name: str) -> ClientsideFunction:
        return ClientsideFunction("aidwatch", name)

    app.clientside_callback(js("theme"), Output("theme", "data"), Input("theme-button", "n_clicks"))
    app.clientside_callback(js("pause"), Output("paused", "data"), Input("live", "n_clicks"), prevent_initial_call=True)
    app.clientside_callback(js("fold"), Output("sink", "data"), Input("fold", "n_clicks"), prevent_initial_call=True)
    app.clientside_callback(
        js("language"),
        Output("sink", "data", allow_duplicate=True),
        Input("language", "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        js("menu"), Output("sink", "data", allow_duplicate=True), Input("menu-button", "n_clicks"),
        Input("nav-shade", "n_clicks"), Input("url", "pathname"), prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        js("live"), Output("live", "children"), Output("live", "data-state"), Output("live", "aria-pressed"),
        Output("lost", "hidden"), Output("lost-text", "children"), Input("live-state", "data"), Input("paused", "data"),
        Input("overview-feed-waiting", "data", allow_optional=True),
    )  # fmt: skip
