"""Programme by programme: how many people hold both, and whether they may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from console import words
from console.answering import Asked
from console.i18n import t, tn, together
from console.pages.duplicates_rows import PATH, months, opens
from console.parts import heat, states
from console.parts.chart import blank
from console.queries import data, overlaps
from console.queries.overlaps import Mark, Pair
from console.url import Filters
from monitors.entities import PROGRAMMES

MATRIX = "duplicates-matrix"
REPORTED = ("benefit", "household_member", "person")
BOUNDS = (0, 9, 99, 999, 9_999)  # people
SIGN = {"exclusive": "●", "top_up": "△", "coexist": "○", "open": "?"}


def notes(asked: Asked) -> list[Any] | None:
    """Return what one must know to read the page: late sources, nothing reported, nothing counted yet."""
    told, made_at = data.reporting(asked.conn, REPORTED), overlaps.made_at(asked.conn)
    late = states.stale(t("Late: {sources}. What came after that is not in these numbers.", sources=t(", ").join(told.late)),
                        told.stale_since) if told.late else None
    missing = [entity for entity in REPORTED if entity not in told.entities]
    unseen = states.unreported(t("Overlaps are counted from the records {names}.", names=t(", ").join(missing))) if missing else None
    unmade = None if made_at else states.stale(t("Overlaps have not been counted yet; it is done every few minutes."), None)
    return [note for note in (late, unseen, unmade) if note] or None


def tell_matrix(asked: Asked) -> list[Any]:
    """Return sentence, note, table, picture and legend of the matrix."""
    if overlaps.made_at(asked.conn) is None:
        say = t("How many people hold two benefits at once is not known yet.")
        return [say, notes(asked), None, blank(), None, say]
    asks = overlaps.question(asked.conn, asked.filters, asked.now)
    people, said = overlaps.people(asked.conn, asks), overlaps.marks(asked.conn, asks)
    matrix = _matrix(people, said, asked.filters.scope())
    say = _say(asked, people, said, months(asks))
    names = ["0", "1–9", "10–99", "100–999", "1,000–9,999", "≥ 10,000"]
    foot = [html.Td(_key(), colSpan=len(matrix.columns) + 1, className="wrap")]
    legend = html.Div([heat.legend(names, t("empty: no rule decides, and nobody holds both")), html.P(_key(), className="say")])
    return [say, notes(asked), heat.table(t("Programme"), matrix, {}, foot), heat.heat_map(matrix), legend, say]


def _matrix(people: Mapping[tuple[str, str, str], int], said: Mapping[Pair, Mark], scope: Filters) -> heat.Matrix:
    names = [(programme, words.word(words.PROGRAMME, programme)) for programme in PROGRAMMES]
    cells: dict[tuple[str, str], heat.Cell] = {}
    for wanted, (a, b) in overlaps.PAIRS.items():
        n, mark = people.get((a, b, ""), 0), said.get((a, b), Mark())
        if (n or mark.effect != "open") and (scope.programme is None or scope.programme in (a, b)):
            text = f"{SIGN[mark.effect]}{'*' if mark.differs else ''} {n:,}"
            cells[a, b] = cells[b, a] = heat.Cell(n, text, opens(scope, wanted, n) if n else "")
    return heat.Matrix(names, names, cells, BOUNDS)


def _key() -> str:
    kinds = [f"{sign} {words.word(words.EFFECT, effect)}" for effect, sign in SIGN.items()]
    return t(", ").join([*kinds, t("* a place below decides otherwise")])


def _say(asked: Asked, people: Mapping[tuple[str, str, str], int], said: Mapping[Pair, Mark], when: str) -> str:
    n = people.get((asked.filters.programme or "", "", "exclusive"), 0)
    counted = tn("{n} person holds benefits that exclude each other ({when}).",
                 "{n} people hold benefits that exclude each other ({when}).", n, when=when)  # fmt: skip
    held = {pair: people.get((*pair, "exclusive"), 0) for pair in said}
    if not n or not max(held.values(), default=0):
        return counted
    worst = max(held, key=lambda pair: held[pair])
    pair = " × ".join(words.word(words.PROGRAMME, one) for one in worst)
    return together(counted, t("Most: {pair}, {n}.", pair=pair, n=f"{held[worst]:,}"))


__all__ = ["PATH", "tell_matrix"]
