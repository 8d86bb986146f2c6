"""Overview: what needs people now, where, and what we cannot see."""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from console import sentences
from console.answering import Asked, Reading, answer
from console.i18n import marked, t
from console.pages.overview_numbers import SPAN, tell_tiles
from console.pages.overview_places import tell_where
from console.parts import chart, feed, feeds, panel, states
from console.parts import trend as days
from console.parts.drawn import content, drawn
from console.queries import data, findings, regions
from console.url import SHANGHAI, Filters
from sql.rights import Right

WALL = "/wall"  #: where the same parts stand on a wall
PATH, TITLE, ICON = "/", marked("Overview"), "speedometer2"
OPENS_WITH: tuple[Right, ...] = ("read",)
TILES, ASOF, EXPORT = "overview-tiles", "overview-asof", "overview-export"
WHERE, TREND, FEEDS, FEED = "overview-where", "overview-trend", "overview-feeds", "overview-feed"


def layout(_path: str) -> html.Div:
    """Return the page with skeletons in place of what is read."""
    waiting = [html.Div(states.loading(70), className="tile") for _ in range(4)]
    where = html.Div(
        [html.Div([chart.graph(WHERE), drawn(f"{WHERE}-legend")], className="picture-box"),
         drawn(f"{WHERE}-table", states.loading(300, lines=9))],
        className="two",
    )  # fmt: skip
    return html.Div(
        [
            panel.head(t(TITLE), t("What needs checking by people now, where, and which data we cannot see."),
                       html.Span(id=ASOF, className="asof"),
                       dcc.Link([states.icon("tv"), " ", t("Wall")], href=WALL, className="chip to-wall"),
                       drawn(EXPORT, className="files")),
            drawn(TILES, waiting, className="tiles"),
            html.Div(
                [
                    panel.chart_panel(WHERE, t("Open red and yellow cards by place"), where, twin=False, picture=True),
                    panel.chart_panel(FEED, t("Live findings"), feed.feed_box(), twin=False),
                    panel.chart_panel(TREND, t("New findings per day"), _trend_picture(), picture=True),
                    panel.chart_panel(FEEDS, t("Arrival of data"), drawn(f"{FEEDS}-table", states.loading(90, lines=3)), twin=False),
                ],
                className="overview",
            ),
        ]
    )  # fmt: skip


def _trend_picture() -> html.Div:
    return html.Div(
        [
            html.Div([chart.graph(TREND, height=150), days.legend()], className="picture"),
            drawn(f"{TREND}-table", className="twin"),
        ]
    )


def tell_trend(asked: Asked) -> list[Any]:
    """Return sentence, note, bars and table of new findings per day."""
    scope = asked.filters.scope()
    first, last = scope.window(asked.now, SPAN)
    counts = findings.by_day(asked.conn, findings.asked(scope, asked.now, SPAN))
    begin = (
        first.date() if first else min((count.day for count in counts), default=asked.now.astimezone(SHANGHAI).date())
    )
    end = (last - days.DAY).date() if last else asked.now.astimezone(SHANGHAI).date()
    range_ = days.days(begin, max(begin, end))[-400:]
    say = sentences.trend(counts, range_)
    return [say, None, days.trend(counts, range_).to_plotly_json(), days.table(counts, range_, scope), say]


def tell_feeds(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the sources."""
    found = data.feeds(asked.conn)
    if not found:
        advice = t("Send a feed record for each source; until then silence cannot be told from health.")
        return [sentences.feeds(found), None, states.empty(t("No sources declared."), advice)]
    more = dcc.Link(t("All {n} sources", n=len(found)), href="/data") if len(found) > 6 else None
    return [sentences.feeds(found), None, html.Div([feeds.feeds_table(found[:6], asked.now), more])]


def tell_feed(asked: Asked) -> list[Any]:
    """Return sentence, note and the cards of the live feed as data for the browser."""
    scope = asked.filters.scope().but(span=None, start=None, end=None)
    recent = findings.latest(asked.conn, findings.asked(scope.but(present=True), asked.now))
    midnight = Filters(span="24h").window(asked.now)[0] or asked.now
    by_card = findings.found_since(asked.conn, findings.asked(scope, asked.now), midnight)
    named = regions.places(asked.conn, [one.row.region_code for one in recent])
    clock = {"now": asked.now.isoformat(), "frozen": asked.clock.test_clock}
    fresh = feed.payload(feed.rows(recent, named), asked.filters, regions.names(asked.conn),
                         regions.within(asked.conn, asked.filters.region), clock)  # fmt: skip
    return [sentences.today(by_card), _no_cards() if not recent else None, fresh]


def _no_cards() -> html.Div:
    return states.empty(
        t("No open cards in this place."),
        t("New ones appear here by themselves. Choose a wider place or all programmes to see more."),
    )


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question."""

    def outputs(name: str, *more: Output) -> list[Output]:
        return [Output(f"{name}-say", "children"), content(f"{name}-note"), *more]

    def here(path: str) -> bool:
        return path in (PATH, WALL)

    figure = [Output({"type": "figure", "chart": name}, "data") for name in (WHERE, TREND)]
    answer(
        app, reading, [content(TILES), Output(ASOF, "children"), content(EXPORT)], tell_tiles, here=here, note=0
    )
    where = [figure[0], content(f"{WHERE}-legend"), content(f"{WHERE}-table"), Output(f"{WHERE}-picture", "aria-label")]
    answer(app, reading, outputs(WHERE, *where), tell_where, here=here, note=1)
    trend = [figure[1], content(f"{TREND}-table"), Output(f"{TREND}-picture", "aria-label")]
    answer(app, reading, outputs(TREND, *trend), tell_trend, here=here, note=1)
    answer(app, reading, outputs(FEEDS, content(f"{FEEDS}-table")), tell_feeds, here=here, note=1)
    answer(app, reading, outputs(FEED, Output("overview-feed-rows", "data")), tell_feed, here=here, note=1)
    feed.register(app)
    app.clientside_callback(
        ClientsideFunction("aidwatch", "drill"), Output("url", "search", allow_duplicate=True),
        Input({"type": "graph", "chart": WHERE}, "clickData"), State("url", "search"), prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("aidwatch", "open_day"),
        Output("url", "pathname", allow_duplicate=True), Output("url", "search", allow_duplicate=True),
        Input({"type": "graph", "chart": TREND}, "clickData"), State("url", "search"), prevent_initial_call=True,
    )  # fmt: skip
