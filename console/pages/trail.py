"""The trail: who signed in, who was refused, who changed which account. For the audit administrator alone."""

from collections.abc import Sequence
from typing import Any

from dash import Dash, Output, dcc, html

from console import format as shown
from console import words
from console.answering import Asked, Reading, answer
from console.files.serving import offer
from console.i18n import marked, t, tn
from console.parts import panel, states, topbar
from console.parts.drawn import content, drawn
from console.parts.menu import menu, removable
from console.queries import trail
from console.url import Filters
from sql.rights import Right

PATH, TITLE, ICON = "/trail", marked("Trail"), "clock-history"
OPENS_WITH: tuple[Right, ...] = ("trail",)
LIST, BAR, MOST = "trail-list", "trail-bar", 200
REFUSED = ("refused", "locked")


def layout(_path: str) -> html.Div:
    """Return the page with its panel still empty."""
    body = drawn(f"{LIST}-table", states.loading(320, lines=12), className="wide-table")
    said = t("Who did what to get in, to administer, to look at clear values and to remove them. Nothing here can be changed.")
    return html.Div([panel.head(t(TITLE), said), drawn(BAR, className="filters"),
                     panel.chart_panel(LIST, t(TITLE), body, twin=False, files=True)])  # fmt: skip


def heeded(filters: Filters) -> Filters:
    """Return what of an address the trail heeds; another question begins at its newest line."""
    return Filters(who=filters.who, what=filters.what, span=filters.span, start=filters.start, end=filters.end)


def tell(asked: Asked) -> list[Any]:
    """Return filters, sentence, note and table of the lines asked for, 200 at a time."""
    found = trail.lines(asked, MOST + 1, asked.filters.before)
    here, rows = heeded(asked.filters), found[:MOST]
    bar = _bar(here)
    if not rows:
        none = states.empty(t("No line answers this question."), t("Take a filter away, or choose a longer time."))
        return [bar, t("Nothing here."), none, None]
    names = [t("When"), t("Who"), t("What"), t("About"), t("Details"), t("From address")]
    table = panel.table(names, [_line(one, here) for one in rows])
    return [bar, _say(rows), None, [table, _pages(asked.filters, rows[-1].id if len(found) > MOST else None)]]


def _say(rows: Sequence[Any]) -> str:
    refused = sum(one.what in REFUSED for one in rows)
    return tn("{n} refusal among {all} lines, {first} to {last}.", "{n} refusals among {all} lines, {first} to {last}.", refused,
              all=len(rows), first=shown.minute(rows[-1].at), last=shown.minute(rows[0].at))  # fmt: skip


def _pages(filters: Filters, last: int | None) -> html.Div:
    """The way to older lines, and back to the newest."""
    newest = dcc.Link(t("Newest lines"), href=filters.but(before=None).href(PATH), className="chip") if filters.before else None
    older = dcc.Link(t("Older lines"), href=filters.but(before=last).href(PATH), className="chip") if last else None
    return html.Div([newest, older], className="offers")


def _bar(here: Filters) -> list[Any]:
    """The filters: an act, a time, and a name, which is typed or chosen in a line."""
    every = (t("All acts"), here.but(what=None).href(PATH), here.what is None)
    acts = sorted((t(said), here.but(what=act).href(PATH), act == here.what) for act, said in words.ACT.items())
    reset = dcc.Link(t("Take all filters away"), href=PATH, className="chip quiet") if here != Filters() else None
    chosen = words.word(words.ACT, here.what) or None
    return [menu(t("All acts"), [every, *acts], chosen=chosen), topbar.ranges(PATH, here), _name(here), reset]


def _name(here: Filters) -> Any:
    if here.who:
        return removable(t("Who: {name}", name=here.who), here.but(who=None).href(PATH))
    kept = topbar.kept(here)
    label = html.Label([t("Who"), dcc.Input(type="text", name="who", value="")])
    show = html.Button(t("Show"), type="submit", className="chip")
    return html.Form([*kept, label, show], action=PATH, method="GET", className="by-name")


def _line(one: Any, here: Filters) -> html.Tr:
    who = dcc.Link(one.who, href=here.but(who=one.who).href(PATH), className="over link")
    cells = [shown.second(one.at), who, act_of(one), one.about, detail_of(one), one.address]
    return html.Tr([html.Td(cell) for cell in cells], className="warn" if one.what in REFUSED else "")


def act_of(one: Any) -> str:
    """Return what was done, in words."""
    return words.word(words.ACT, one.what)


def detail_of(one: Any) -> str:
    """Return details as words: what a run of retention removed is kept as ``kind n, kind n``."""
    if one.what != "retention":
        return one.detail or ""
    removed = (part.split() for part in one.detail.split(", "))
    return t(", ").join(f"{words.word(words.KEPT, kind)} {n}" for kind, n in removed)


def register(app: Dash, reading: Reading) -> None:
    """Wire the page."""
    outputs = [content(BAR), Output(f"{LIST}-say", "children"), content(f"{LIST}-note"), content(f"{LIST}-table")]
    answer(app, reading, outputs, tell, here=lambda path: path == PATH, note=2, needs=OPENS_WITH)
    offer(app, reading, PATH, {LIST: "lines"}, OPENS_WITH)
