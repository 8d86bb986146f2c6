"""Overview: what needs people now, where, and what we cannot see."""

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from console import format as shown
from console import sentences, words
from console.answering import Asked, Reading, answer
from console.i18n import marked, t, tn
from console.parts import chart, feed, feeds, panel, states
from console.parts import map as county
from console.parts import places as place_tables
from console.parts import trend as days
from console.parts.drawn import content, drawn
from console.parts.tiles import Tile, tiles
from console.queries import data, findings, regions
from console.url import ACTIVE, SHANGHAI, Filters

PATH, TITLE, ICON = "/", marked("Overview"), "speedometer2"
TILES, ASOF, EXPORT = "overview-tiles", "overview-asof", "overview-export"
WHERE, TREND, FEEDS, FEED = "overview-where", "overview-trend", "overview-feeds", "overview-feed"
SPAN = "30d"
IMPORTANT = ("red", "yellow")


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
                       html.A([states.icon("download"), " ", t("Export")], id=EXPORT, href="/findings.csv", className="chip")),
            drawn(TILES, waiting, className="tiles"),
            html.Div(
                [
                    panel.chart_panel(WHERE, t("Open red and yellow cards by place"), where, twin=False),
                    panel.chart_panel(FEED, t("Live findings"), feed.feed_box(), twin=False),
                    panel.chart_panel(TREND, t("New findings per day"), _trend_picture()),
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


def active(filters: Filters) -> Filters:
    """Return the question for what somebody still has to act on, in the place and programme looked at."""
    return filters.scope().but(span=None, start=None, end=None, present=True, stage=ACTIVE)


def tell_tiles(asked: Asked) -> list[Any]:
    """Return the four numbers and the instant they hold for."""
    return [tiles(_tiles(asked)), t("As of {at}", at=shown.minute(asked.now)), asked.filters.href("/findings.csv")]


def _tiles(asked: Asked) -> list[Tile]:
    def ask(question: Filters) -> findings.Totals:
        return findings.totals(asked.conn, findings.asked(question, asked.now))

    acting = active(asked.filters)
    red, late = acting.but(card=("red",)), acting.but(family="timeliness", card=IMPORTANT)
    money = acting.but(amount=True)
    fresh = asked.filters.scope() if _dated(asked.filters) else asked.filters.scope().but(span=SPAN)
    all_n, red_n, late_n, sums, new = ask(acting).n, ask(red).n, ask(late).n, ask(money), ask(fresh)
    today, gone = ask(red.but(span="24h")).n, ask(fresh.but(present=False)).n
    return [
        Tile(t("Red cards to act on"), shown.count(red_n), t("{n} of them opened today", n=today), red, "red"),
        Tile(t("Over a time limit"), shown.count(late_n),
             t("{share} of {n} open findings", share=shown.share(late_n / all_n if all_n else 0), n=shown.count(all_n)), late, "yellow"),
        Tile(t("Money to verify"), shown.yuan_short(sums.amount_fen),
             tn("in {n} finding; a doubt, not a loss", "in {n} findings; a doubt, not a loss", sums.n), money),
        Tile(t("Newly found"), shown.count(new.n),
             t("{span}; {gone} cleared since", span=_span_name(asked.filters), gone=shown.count(gone)), fresh),
    ]  # fmt: skip


def _dated(filters: Filters) -> bool:
    return bool(filters.span or filters.start or filters.end)


def _span_name(filters: Filters) -> str:
    if filters.start or filters.end:
        return f"{filters.start or '…'} – {filters.end or '…'}"
    return t(words.RANGE[filters.span or SPAN])


def tell_where(asked: Asked) -> list[Any]:
    """Return sentence, note, map, legend and table of the places below the one looked at."""
    question = active(asked.filters).but(card=IMPORTANT)
    top = regions.root(asked.conn)
    parent = asked.filters.region or (top.region_code if top else "")
    asks = findings.asked(question, asked.now)
    below = findings.by_child(asked.conn, asks, parent)
    if not below:
        return [*_units(asked, asks, question)]
    counties = (
        below
        if asked.filters.region is None
        else findings.by_child(asked.conn, asks | {"region": None}, top.region_code if top else "")
    )
    steps = _steps(asked, counties, top.region_code if top else "")
    spots = [county.Spot(place.region_code, place.name, None if place.unknown else place.n) for place in counties]
    figure = county.county_map(spots, steps, _county_of(asked))
    say = sentences.places(below)
    table = place_tables.places_table(below, asked.filters, question, PATH)
    return [say, _stale_note(asked, question), figure.to_plotly_json(),
            county.legend(steps, unknown=any(spot.n is None for spot in spots)), table, say]  # fmt: skip


def _steps(asked: Asked, counties: list[findings.Place], root: str) -> county.Scale:
    """The scale of the whole, whatever programme is looked at: colours keep their meaning while one filters."""
    if asked.filters.programme is None:
        return county.scale(max((place.n for place in counties), default=0))
    whole = findings.asked(active(Filters()).but(card=IMPORTANT), asked.now)
    return county.scale(max((place.n for place in findings.by_child(asked.conn, whole, root)), default=0))


def _county_of(asked: Asked) -> str | None:
    way = regions.path(asked.conn, asked.filters.region)
    return next((region.region_code for region in way if region.level == "county"), None)


def _units(asked: Asked, asks: dict[str, Any], question: Filters) -> list[Any]:
    """The last step of the way down: no smaller places are known, so units stand in the table."""
    units = findings.by_unit(asked.conn, asks)
    say = tn("{n} unit has open cards here.", "{n} units have open cards here.", len(units))
    none = states.empty(t("No open cards here."), t("Go up one step, or choose another programme."))
    table = place_tables.units_table(units, question) if units else none
    return [say, _stale_note(asked, question), None, None, table, say]


def _stale_note(asked: Asked, question: Filters) -> Any:
    whole = findings.totals(asked.conn, findings.asked(question.but(card=()), asked.now))
    if not whole.n_stale:
        return None
    text = tn("{n} finding hangs on a late source and is shown as a notice only.",
              "{n} findings hang on a late source and are shown as notices only.", whole.n_stale)  # fmt: skip
    return states.stale(text, whole.stale_since)


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
    by_card = findings.by_card(asked.conn, findings.asked(scope.but(span="24h"), asked.now))
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
        return path == PATH

    figure = [Output({"type": "figure", "chart": name}, "data") for name in (WHERE, TREND)]
    answer(
        app, reading, [content(TILES), Output(ASOF, "children"), Output(EXPORT, "href")], tell_tiles, here=here, note=0
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
