"""One pair of the merge queue: both records masked, why they are alike (the waterfall), what was decided, and the way to decide."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlencode

import plotly.graph_objects as go
from dash import Dash, Output, dcc, html

from console import format as shown
from console import words
from console.answering import Asked, Reading, answer, may
from console.auth.paths import PAIR
from console.i18n import marked, t
from console.pages import dossier, duplicates_queue
from console.parts import chart, panel, states
from console.parts.drawn import content, drawn
from console.queries import pairs, regions
from sql.rights import Right

PATH, TITLE = f"{duplicates_queue.PATH}/", marked("Pair")
OPENS_WITH: tuple[Right, ...] = ("read",)
SIDES, REASONS, STORY = "pair-sides", "pair-reasons", "pair-story"


def layout(_path: str) -> html.Div:
    """Return the page with its parts still empty."""
    picture = html.Div(chart.graph(REASONS, height=300), className="picture")
    waterfall = html.Div([picture, drawn(f"{REASONS}-table", className="twin wide-table")])
    sides, story = (drawn(f"{name}-table", states.loading(160, lines=5), className="wide-table") for name in (SIDES, STORY))
    return html.Div([
        panel.head(t("Are these one human?"), t("Compare both records and the reasons; then decide.")),
        html.Div([panel.chart_panel(SIDES, t("Both records"), sides, twin=False),
                  panel.chart_panel(REASONS, t("Why they are alike"), waterfall, picture=True),
                  panel.chart_panel(STORY, t("Decisions"), story, twin=False)], className="stack"),
    ])  # fmt: skip


def _found(asked: Asked) -> Any | None:
    left_key, _, right_key = asked.path.removeprefix(PATH).partition("/")
    return pairs.pair(asked.conn, unquote(left_key)[:96], unquote(right_key)[:96])


def tell_sides(asked: Asked) -> list[Any]:
    """Return sentence, note and the two records beside each other."""
    found = _found(asked)
    if found is None:
        return [None, states.missing(asked.path), None]
    told = pairs.sides(asked.conn, found)
    both = [told.get(found.left_person_id), told.get(found.right_person_id)]
    places = regions.places(asked.conn, [one.region_code for one in both if one])
    outside = t("outside your regions")
    rows = [html.Tr([html.Th(name), *(html.Td(told_of(one) if one else outside) for one in both)]) for name, told_of in _lines(places)]
    share, weight = shown.share(found.probability), f"{found.weight:.1f}"
    say = t("Probability {share}; prior and reasons add up to {weight} bits.", share=share, weight=weight)
    return [say, None, html.Div([html.Table(html.Tbody(rows), className="rows"), _ways(found)])]


def _lines(places: Any) -> list[tuple[str, Any]]:
    def place(one: Any) -> str:
        named = places.get(one.region_code)
        return f"{named.full if named else one.region_code or shown.NOTHING} {one.address_mask or ''}"

    return [
        (t("Name"), lambda one: one.name_mask or shown.NOTHING), (t("ID number"), lambda one: one.id_number_mask or shown.NOTHING),
        (t("The number's own check"), lambda one: shown.NOTHING if one.id_valid is None else t("holds") if one.id_valid else t("fails")),
        (t("Born"), lambda one: one.born or shown.NOTHING),
        (t("Sex"), lambda one: words.word(words.SEX, one.sex) if one.sex else shown.NOTHING),
        (t("Phone"), lambda one: one.phone_mask or shown.NOTHING), (t("Place"), place),
        (t("Dossier"), lambda one: dcc.Link(shown.short_key(one.person_key), href=dossier.href("person", one.person_key))),
    ]  # fmt: skip


def _ways(found: Any) -> Any:
    """The ways to decide, for those who may and who see both records."""
    if not may(("act",)):
        return html.P(t("A supervisor decides."), className="q")
    if not found.whole:
        return html.P(t("One record is outside your regions: somebody who sees both decides."), className="q")
    ways = [said for said in pairs.DECISIONS if said != found.decision]
    told = {"left": found.left_key, "right": found.right_key}
    links = [html.A(words.word(words.DECIDE, said), href=f"{PAIR}?{urlencode({**told, 'said': said})}", className="tool") for said in ways]
    return html.Div(links, className="actions")


def tell_reasons(asked: Asked) -> list[Any]:
    """Return sentence, note, waterfall, its table and its label."""
    found = _found(asked)
    if found is None:
        return [None, None, chart.blank(), None, ""]
    steps = [(t("Chance without looking"), "", found.prior_weight), *((_name(one), _level(one), one["weight"]) for one in found.reasons)]
    most = max(found.reasons, key=lambda one: one["weight"])
    say = t("{name} speaks most for one human; each bit doubles the odds.", name=_name(most))
    total = html.Tr([html.Td(t("Together")), html.Td(""), html.Td(f"{found.weight:+.1f}", className="n")])
    rows = [html.Tr([html.Td(name), html.Td(level), html.Td(f"{weight:+.1f}", className="n")]) for name, level, weight in steps]
    table = panel.table([t("Reason"), t("Likeness"), t("Weight in bits")], [*rows, total], numbers=1)
    return [say, None, waterfall(steps, found.weight), table, say]


def waterfall(steps: list[tuple[str, str, float]], total: float) -> go.Figure:
    """Return how the weight comes together, step by step; up speaks for one human, down against."""
    figure = go.Figure(layout=chart.base(margin={"l": 8, "r": 8, "t": 8, "b": 8}, xaxis=chart.axis(type="category"),
                                         yaxis=chart.axis(showgrid=True, gridcolor="var(--line)")))  # fmt: skip
    weights = [weight for _, _, weight in steps]
    figure.add_trace(go.Waterfall(
        x=[f"{name}<br>{level}" for name, level, _ in steps] + [t("Together")], y=[*weights, total],
        measure=["relative"] * len(steps) + ["total"], text=[f"{weight:+.1f}" for weight in (*weights, total)], textposition="outside",
        hovertemplate="%{x} %{text}<extra></extra>", cliponaxis=False, connector={"line": {"color": "var(--line)"}},
        increasing={"marker": {"color": "var(--accent)"}}, decreasing={"marker": {"color": "var(--neutral)"}},
        totals={"marker": {"color": "var(--text)"}},
    ))  # fmt: skip
    return figure


def _name(reason: dict[str, Any]) -> str:
    return words.word(words.COMPARED, reason["comparison"])


def _level(reason: dict[str, Any]) -> str:
    return words.word(words.LIKENESS, reason["level"])


def tell_story(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the decisions."""
    found = _found(asked)
    if found is None:
        return [None, None, None]
    told = pairs.story(asked.conn, found)
    say = t("Both numbers stand for one human now.") if found.merged else t("The numbers stand for two.")
    if not told:
        return [say, states.empty(t("Nobody has decided yet."), ""), None]
    rows = [html.Tr([html.Td(shown.minute(row.at)), html.Td(words.word(words.SAME, row.decision)), html.Td(row.by_whom),
                     html.Td(row.note, className="wrap")]) for row in told]  # fmt: skip
    return [say, None, panel.table([t("When"), t("Decision"), t("Who"), t("In words")], rows)]


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each panel is one question."""

    def here(path: str) -> bool:
        return path.startswith(PATH)

    def told(name: str) -> list[Output]:
        return [Output(f"{name}-say", "children"), content(f"{name}-note")]

    for name, tell in ((SIDES, tell_sides), (STORY, tell_story)):
        answer(app, reading, [*told(name), content(f"{name}-table")], tell, here=here, note=1)
    figure, label = Output({"type": "figure", "chart": REASONS}, "data"), Output(f"{REASONS}-picture", "aria-label")
    answer(app, reading, [*told(REASONS), figure, content(f"{REASONS}-table"), label], tell_reasons, here=here, note=1)
