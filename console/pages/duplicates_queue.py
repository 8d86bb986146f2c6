"""The merge queue: persons who are probably one human, for people to decide. Part of page Duplicates."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dash import Dash, Output, dcc, html

from console import format as shown
from console import words
from console.answering import Asked, Reading, answer
from console.i18n import marked, t, tn
from console.parts import panel, states
from console.parts.drawn import content, drawn
from console.queries import pairs
from sql.rights import Right

PATH, TITLE = "/duplicates/queue", marked("Merge queue")
OPENS_WITH: tuple[Right, ...] = ("read",)
WAITING, DECIDED = "pairs-waiting", "pairs-decided"


def href(left_key: str, right_key: str) -> str:
    """Return the address of one pair."""
    return f"{PATH}/{quote(left_key, safe='')}/{quote(right_key, safe='')}"


def layout(_path: str) -> html.Div:
    """Return the page with its lists still empty."""
    lists = [panel.chart_panel(name, title, drawn(f"{name}-table", states.loading(200, lines=6), className="wide-table"), twin=False)
             for name, title in ((WAITING, t("To be decided")), (DECIDED, t("Decided")))]  # fmt: skip
    return html.Div([
        panel.head(t(TITLE),
                   t("Who is probably one human under two numbers? Nothing is merged without a decision, and each can be undone.")),
        html.Div(lists, className="stack"),
    ])  # fmt: skip


def tell_waiting(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the pairs to decide."""
    found = pairs.waiting(asked.conn, decided=False)
    n = pairs.counts(asked.conn).waiting
    say = tn("{n} pair waits for a decision.", "{n} pairs wait for a decision.", n)
    if not found:
        return [say, states.empty(t("No pair waits here."), t("Persons are compared as they arrive, four times an hour.")), None]
    names = [t("Probability"), t("Name"), t("ID number"), t("Name"), t("ID number"), t("Found")]
    return [say, _cut(found), panel.table(names, [_row(row, shown.minute(row.found_at)) for row in found[: pairs.MOST]])]


def tell_decided(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the last decisions."""
    found, counts = pairs.waiting(asked.conn, decided=True), pairs.counts(asked.conn)
    say = t("{same} merged, {different} ruled out.", same=shown.count(counts.same), different=shown.count(counts.different))
    if not found:
        return [say, states.empty(t("Nothing has been decided here."), t("Open a pair above and compare its reasons.")), None]
    names = [t("Probability"), t("Name"), t("ID number"), t("Name"), t("ID number"), t("Decision")]
    return [say, _cut(found), panel.table(names, [_row(row, _decision(row)) for row in found[: pairs.MOST]])]


def _decision(row: Any) -> str:
    return f"{words.word(words.SAME, row.decision)} · {row.decided_by} · {shown.minute(row.decided_at)}"


def _cut(found: Any) -> Any:
    return states.cut(pairs.MOST, len(found)) if len(found) > pairs.MOST else None


def _row(row: Any, last: str) -> html.Tr:
    outside = t("outside your regions")
    told = [row.left_name or outside, row.left_number or shown.NOTHING, row.right_name or outside, row.right_number or shown.NOTHING]
    probability = dcc.Link(shown.share(row.probability), href=href(row.left_key, row.right_key))
    return html.Tr([html.Td(probability), *map(html.Td, told), html.Td(last)])


def register(app: Dash, reading: Reading) -> None:
    """Wire the page: each list is one question."""
    for name, tell in ((WAITING, tell_waiting), (DECIDED, tell_decided)):
        outputs = [Output(f"{name}-say", "children"), content(f"{name}-note"), content(f"{name}-table")]
        answer(app, reading, outputs, tell, here=lambda path: path == PATH, note=1)
