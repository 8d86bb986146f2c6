"""Sources: which are late, since when, and how old their data is."""

from collections.abc import Sequence
from datetime import datetime

from dash import html

from console import format as shown
from console.i18n import t
from console.queries.data import Feed


def feeds_table(feeds: Sequence[Feed], now: datetime) -> html.Table:
    """Return sources, late ones first, with what is wrong in words."""
    rows = [
        html.Tr(
            [
                html.Td([feed.department, " ", html.Span(feed.source or feed.feed_id, className="code")]),
                html.Td(state(feed, now), className="n" + _tone(feed)),
            ]
        )
        for feed in feeds
    ]
    return html.Table(html.Tbody(rows), className="rows feeds")


def _tone(feed: Feed) -> str:
    return " warn" if feed.stale_since else ""


def state(feed: Feed, now: datetime) -> str:
    """Return how a source does: silent for how long, its data how old, or when it last sent."""
    if feed.silent_since:
        return t("silent for {time}", time=shown.span((now - feed.silent_since).total_seconds()))
    if feed.stale_since:
        return t("data is {time} old", time=shown.span((now - feed.stale_since).total_seconds()))
    if feed.last_at is None:
        return t("nothing yet")
    return t("{time} ago", time=shown.span((now - feed.last_at).total_seconds()))
