"""The frame around every page: navigation on the left, status at the bottom, the bar for a lost link."""

from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from console import __version__
from console import format as shown
from console.i18n import t
from console.parts.drawn import drawn
from console.parts.states import icon
from console.parts.topbar import topbar
from console.queries.data import Health, Now
from sql.people import Viewer


@dataclass(frozen=True)
class Entry:
    """One line of the navigation."""

    path: str
    title: str
    icon: str
    href: str
    n: int | None = None
    n_means: str = ""


def frame(viewer: Viewer) -> html.Div:
    """Return the application: frame, stores, and an empty place for the page."""
    return html.Div(
        [
            html.A(t("To the content"), href="#page", className="skip"),
            html.Div([icon("plug"), html.Span(id="lost-text")], id="lost", className="lost", hidden=True, role="alert"),
            topbar(viewer),
            html.Div(
                [
                    drawn("nav", role="navigation", **{"aria-label": t("Pages")}),
                    html.Button([icon("chevron-bar-left"), html.Span(t("Fold"), className="word")], id="fold", className="fold",
                                title=t("Fold or unfold the navigation")),
                ],
                className="side",
            ),
            html.Button(id="nav-shade", className="nav-shade", title=t("Close the menu")),
            html.Main(id="page", className="page", tabIndex="-1"),
            html.Footer(
                [drawn("status"), html.Span("", id="status-eye", className="eye"),
                 html.Span(f"aidwatch {__version__}", className="right")],
                className="status",
            ),
            html.Div(id="toasts", className="toasts", role="status"),
            *stores(),
        ],
        className="app",
    )  # fmt: skip


def stores() -> list[Any]:
    """Return the stores the browser's side writes; none of them holds state that the address should hold."""
    names = ("live-batch", "live-state", "pulse", "paused", "theme", "caption", "sink")
    return [dcc.Location(id="url", refresh="callback-nav"), *(dcc.Store(id=name) for name in names)]


def navigation(entries: list[Entry], path: str) -> list[Any]:
    """Return the links; the current page is marked, open cards are counted."""
    return [
        dcc.Link(
            [icon(entry.icon), html.Span(entry.title, className="word"), _count(entry)],
            href=entry.href, title=entry.title,
            className="current" if _is_here(entry.path, path) else "",
        )
        for entry in entries
    ]  # fmt: skip


def _is_here(entry: str, path: str) -> bool:
    return path == entry or (entry != "/" and path.startswith(entry.rstrip("s")))


def _count(entry: Entry) -> Any:
    if not entry.n:
        return None
    return html.Span(f"{entry.n:,}", className="n", title=entry.n_means)


def status(now: Now, health: Health, *, test: bool) -> list[Any]:
    """Return the left part of the status bar: how true what one sees is."""
    parts: list[Any] = [html.Span("TEST", className="test", title=t("A test deployment."))] if test else []
    held = " · " + t("test clock") if now.test_clock else ""
    parts.append(html.Span(t("As of {at}", at=shown.second(now.judged_at)) + held))
    return [*parts, _feeds(health), _drift(health)]


def _feeds(health: Health) -> html.Span:
    link = dcc.Link(_late(health), href="/data")
    return html.Span(link, className="warn" if health.n_late or health.n_rules_unknown else "")


def _late(health: Health) -> str:
    said = (
        t("{late} of {all} sources late", late=health.n_late, all=health.n_feeds)
        if health.n_feeds
        else t("no sources declared")
    )
    return said + " · " + t("{n} rules unknown", n=health.n_rules_unknown) if health.n_rules_unknown else said


def _drift(health: Health) -> html.Span:
    if health.drift is None:
        return html.Span(t("Check: not run yet"))
    if health.drift == 0:
        return html.Span(t("Check: incremental equals full ✓"), title=shown.minute(health.audited_at))
    return html.Span(t("Check: {n} findings differ from a full run", n=health.drift), className="warn")
