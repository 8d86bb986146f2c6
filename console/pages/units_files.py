"""The tables of page Units as files: scores of places and of units, with the sum to check them."""

from __future__ import annotations

from collections.abc import Callable

from console import format as shown
from console import words
from console.answering import Asked
from console.files.lists import Listed, sheet_of
from console.i18n import marked, t
from console.pages.units import PATH, question, score_of, scored_places, scored_units, sum_of
from console.parts.listing import Field
from console.queries.scores import Scored

__all__ = ["PATH"]


def scored(name: str, find: Callable[[Asked, int], list[Scored]]) -> Callable[[Asked, int], Listed]:
    """Return how a table of scores is listed."""

    def make(asked: Asked, most: int) -> Listed:
        rows = find(asked, most + 1)
        first = Field(t(name), lambda one: one.name or one.key or t("no unit named"), width=28)
        more = [(t("Who acts"), words.word(words.ADDRESSED, "U"))]
        return Listed(question(asked).but(rule=()), [first, *_fields()], rows, len(rows), more=more)

    return make


def _fields() -> list[Field]:
    return [
        Field(t("Score"), score_of, width=16), Field(t("How it comes about"), sum_of, width=40),
        Field(t("Confirmed"), lambda one: one.confirmed, "count", 9), Field(t("Not decided"), lambda one: one.undecided, "count", 9),
        Field(t("Given back"), lambda one: one.lifted, "count", 9),
        Field(t("Median time to answer"), lambda one: shown.span(one.answer_s) if one.answer_s is not None else "", width=14),
    ]  # fmt: skip


LISTS = {
    "places": (marked("By place"), scored(marked("Place"), scored_places)),
    "units": (marked("By unit"), scored(marked("Unit"), scored_units)),
}
sheet = sheet_of("units", marked("Units"), LISTS)
