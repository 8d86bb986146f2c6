"""The live feed: cards as data; the browser draws them, so that an arriving card costs the server nothing."""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from console import format as shown
from console import rulebook
from console.i18n import language, t
from console.queries.findings import Recent
from console.queries.regions import Named
from console.url import Filters


def feed_box() -> html.Div:
    """Return the empty feed with the line behind which new cards wait while somebody reads."""
    return html.Div(
        [
            html.Button(id="overview-feed-new", className="new", hidden=True),
            html.Div(id="overview-feed-list", className="cards", role="list", **{"aria-label": t("Live findings")}),
            dcc.Store(id="overview-feed-rows"), dcc.Store(id="overview-feed-left"), dcc.Store(id="overview-feed-waiting"),
        ],
        id="overview-feed", className="feed",
    )  # fmt: skip


def rows(recent: list[Recent], places: dict[str, Named]) -> list[dict[str, Any]]:
    """Return findings as the browser draws them."""
    return [
        {
            "id": one.row.finding_id, "card": one.row.card, "code": one.row.rule,
            "title": rulebook.title(one.row.rule, one.row.subject_kind),
            "place": _place(one, places), "line": rulebook.why(one.row),
            "amount": shown.yuan_short(one.row.amount_at_risk_fen) if one.row.amount_at_risk_fen else "",
            "at": one.noticed_at.isoformat(), "href": f"/finding/{one.row.finding_id}",
        }
        for one in recent
    ]  # fmt: skip


def _place(one: Recent, places: dict[str, Named]) -> str:
    found = places.get(one.row.region_code or "")
    return found.full if found else (one.row.region_code or "")


def payload(
    cards: list[dict[str, Any]], filters: Filters, names: dict[str, str], only: list[str] | None, clock: dict[str, Any]
) -> dict[str, Any]:
    """Return what the browser needs to go on by itself: the cards, names of places, and what belongs here.

    ``only`` are the regions of the question (None: all). A question the stream cannot answer is ``still``:
    then cards come from SQL alone, some seconds later.
    """
    return {
        "rows": cards, "question": f"{filters.scope().search()} {language()}", "places": names,
        "only": None if only is None else dict.fromkeys(only, 1), "still": filters.programme is not None, "clock": clock,
    }  # fmt: skip


def register(app: Dash) -> None:
    """Let the browser merge the stream into the feed."""
    app.clientside_callback(
        ClientsideFunction("aidwatch", "feed"),
        Output("overview-feed-new", "children"), Output("overview-feed-new", "hidden"),
        Output("overview-feed-waiting", "data"),
        Input("live-batch", "data"), Input("overview-feed-rows", "data"), Input("overview-feed-new", "n_clicks"),
        Input("overview-feed-left", "data"), Input("paused", "data"),
    )  # fmt: skip
