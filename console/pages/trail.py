"""The trail: who signed in, who was refused, who changed which account. For the audit administrator alone."""

from typing import Any

from dash import Dash, Output, html

from console import format as shown
from console import words
from console.answering import Asked, Reading, answer
from console.i18n import marked, t, tn
from console.parts import panel, states
from console.parts.drawn import content, drawn
from sql import people
from sql.rights import Right

PATH, TITLE, ICON = "/trail", marked("Trail"), "clock-history"
OPENS_WITH: tuple[Right, ...] = ("trail",)
LIST, MOST = "trail-list", 200


def layout(_path: str) -> html.Div:
    """Return the page with its panel still empty."""
    body = drawn(f"{LIST}-table", states.loading(320, lines=12), className="wide-table")
    said = t("Who did what to get in, to administer, to look at clear values and to remove them. Nothing here can be changed.")
    return html.Div([panel.head(t(TITLE), said),
                     panel.chart_panel(LIST, t(TITLE), body, twin=False)])  # fmt: skip


def tell(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the newest lines."""
    found = people.rows(asked.conn, "trail", before=None)
    refused = sum(one.what in ("refused", "locked") for one in found)
    said = tn("{n} refusal among the newest {all} lines.", "{n} refusals among the newest {all} lines.", refused, all=len(found))
    note = states.cut(MOST, found[0].id) if len(found) == MOST else None
    names = [t("When"), t("Who"), t("What"), t("About"), t("Details"), t("From")]
    return [said, note, panel.table(names, [_line(one) for one in found])]


def _line(one: Any) -> html.Tr:
    cells = [shown.second(one.at), one.who, words.word(words.ACT, one.what), one.about, _detail(one), one.address]
    return html.Tr([html.Td(cell) for cell in cells], className="warn" if one.what in ("refused", "locked") else "")


def _detail(one: Any) -> Any:
    """Details as words: what a run of retention removed is kept as ``kind n, kind n``."""
    if one.what != "retention":
        return one.detail
    removed = (part.split() for part in one.detail.split(", "))
    return t(", ").join(f"{words.word(words.KEPT, kind)} {n}" for kind, n in removed)


def register(app: Dash, reading: Reading) -> None:
    """Wire the page."""
    outputs = [Output(f"{LIST}-say", "children"), content(f"{LIST}-note"), content(f"{LIST}-table")]
    answer(app, reading, outputs, tell, here=lambda path: path == PATH, note=1, needs=OPENS_WITH)
