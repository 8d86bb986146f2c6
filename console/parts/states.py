"""The five states every list and chart can be in besides full: empty, loading, stale, cut, error."""

from datetime import datetime
from typing import Any

from dash import dcc, html

from console import format as shown
from console.i18n import t


def icon(name: str) -> html.I:
    """Return an icon that says nothing to a screen reader: the words beside it do."""
    return html.I(className=f"bi bi-{name}", **{"aria-hidden": "true"})


def empty(title: str, advice: str, action: Any = None) -> html.Div:
    """Return what stands where rows would be: that there are none, and what to change."""
    return html.Div([icon("inbox"), html.B(title), html.Span(advice), action], className="state empty", role="status")


def unreported(what: str) -> html.Div:
    """Return what stands where no source reports a kind of record: hatched, because nothing told is not nothing there."""
    said = html.Span([icon("question-diamond"), " ", html.B(t("Unknown: no source reports this.")), " ", what])
    return html.Div(said, className="banner stale hatched", role="status")


def loading(height: int, *, lines: int = 0) -> html.Div:
    """Return a skeleton of what will come, in its real size, so that nothing jumps."""
    if not lines:
        return html.Div(className="skeleton", style={"height": height}, **{"aria-hidden": "true"})
    bars = [
        html.Div(className="skeleton", style={"height": 14, "width": f"{92 - 9 * (n % 4)}%", "marginBottom": 12})
        for n in range(lines)
    ]
    return html.Div(bars, style={"minHeight": height, "paddingTop": 8}, **{"aria-hidden": "true"})


def stale(text: str, since: datetime | None) -> html.Div:
    """Return the banner over what cannot be known: since when, and why. Hatched, like the unknown on maps."""
    said = t("Unknown since {at}.", at=shown.minute(since)) if since else ""
    return html.Div(
        html.Span([icon("question-diamond"), f" {said} {text}"]), className="banner stale hatched", role="status"
    )


def cut(shown_rows: int, all_rows: int) -> html.Div:
    """Return the banner over a list that ends early: a cut list must never look like a short one."""
    text = t("First {shown} of {all}: narrow the filter or export.", shown=f"{shown_rows:,}", all=f"{all_rows:,}")
    return html.Div([icon("scissors"), html.Span(text)], className="banner cut", role="status")


def advice(text: str) -> html.Div:
    """Return a banner that says how to read what stands below."""
    return html.Div([icon("info-circle"), html.Span(text)], className="banner cut", role="note")


def silent(text: str) -> html.Div:
    """Return the banner over what is kept from the work lists: by whom, why and until when."""
    return html.Div([icon("bell-slash"), html.Span(text)], className="banner cut", role="status")


def error(error_id: str) -> html.Div:
    """Return what stands where an answer would be when asking failed."""
    return html.Div(
        [
            icon("exclamation-octagon"), html.B(t("This part could not be read.")),
            html.Span(t("Nothing was changed or lost; the other parts of the page still hold. Try again in a minute.")),
            html.Span(t("If it stays, give the administrator this number: {id}", id=error_id), className="id"),
        ],
        className="state error", role="alert",
    )  # fmt: skip


def closed() -> html.Div:
    """Return the page for an address that is not for this account."""
    return html.Div(
        [icon("lock"), html.B(t("This page is not for your role.")),
         html.Span(t("If you need it for your work, ask the security administrator.")), dcc.Link(t("Back to the start"), href="/")],
        className="state closed",
    )  # fmt: skip


def missing(path: str) -> html.Div:
    """Return the page for an address that leads nowhere."""
    return html.Div(
        [
            icon("signpost-split"), html.B(t("There is nothing at {path}.", path=path)),
            html.Span(t("It may lie outside your region, or the address was cut when it was copied.")),
            dcc.Link(t("Back to the overview"), href="/"),
        ],
        className="state missing",
    )  # fmt: skip
