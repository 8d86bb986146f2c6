"""The lists of page Units as files: scores of places and of units with the sum to check them, scores by month, verdicts by township."""

from __future__ import annotations

from collections.abc import Callable

from console import format as shown
from console import words
from console.answering import Asked
from console.files.lists import Listed, sheet_of
from console.i18n import marked, t
from console.pages import units_fairness
from console.pages.units_months import courses, months_of
from console.pages.units_months import question as of_months
from console.pages.units_rows import PATH, question, score_of, scored_places, scored_units, sum_of
from console.parts.listing import Field
from console.queries.scores import Scored

__all__ = ["PATH"]


def scored(name: str, find: Callable[[Asked, int], list[Scored]]) -> Callable[[Asked, int], Listed]:
    """Return how a table of scores is listed."""

    def make(asked: Asked, most: int) -> Listed:
        rows = find(asked, most + 1)
        first = Field(t(name), lambda one: one.name or one.key or t("no unit named"), width=28)
        return Listed(question(asked.filters).but(rule=()), [first, *_fields()], rows, len(rows), more=_who("U"))

    return make


def _who(to: str) -> list[tuple[str, str]]:
    return [(t("Who acts"), words.word(words.ADDRESSED, to))]


def _fields() -> list[Field]:
    return [
        Field(t("Score"), score_of, width=16), Field(t("How it comes about"), sum_of, width=40),
        Field(t("Confirmed"), lambda one: one.confirmed, "count", 9), Field(t("Not decided"), lambda one: one.undecided, "count", 9),
        Field(t("Given back"), lambda one: one.lifted, "count", 9),
        Field(t("Median time to answer"), lambda one: shown.span(one.answer_s) if one.answer_s is not None else "", width=14),
    ]  # fmt: skip


def months(asked: Asked, _most: int) -> Listed:
    """Return a row for each place and month."""
    rows = [(one, month) for one in courses(asked) if one.units or one.months for month in months_of(asked)]
    fields = [
        Field(t("Place"), lambda row: row[0].name, width=22), Field(t("Month"), lambda row: row[1], width=10),
        Field(t("Score"), lambda row: shown.points(row[0].score(row[1])), width=10),
        Field(t("Confirmed"), lambda row: row[0].confirmed(row[1]), "count", 10),
    ]  # fmt: skip
    return Listed(of_months(asked).but(rule=()), fields, rows, len(rows), more=_who("U"))


def fairness(asked: Asked, _most: int) -> Listed:
    """Return the verdicts by township."""
    _, rows = units_fairness.verdicts(asked)
    return Listed(units_fairness.doubts(asked.filters).but(rule=()), units_fairness.fields(asked), rows, len(rows), more=_who("S"))


LISTS = {
    "places": (marked("By place"), scored(marked("Place"), scored_places)),
    "units": (marked("By unit"), scored(marked("Unit"), scored_units)),
    "months": (marked("Score by month"), months),
    "fairness": (marked("Fairness"), fairness),
}
sheet = sheet_of("units", marked("Units"), LISTS)
