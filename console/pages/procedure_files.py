"""The lists of page Procedure as files: ways, applications, order of work, places, programmes, units."""

from __future__ import annotations

from collections.abc import Callable

from console import format as shown
from console import rulebook, words
from console.answering import Asked
from console.files.lists import Listed, count, programme, sheet_of, whereabouts
from console.i18n import marked, t
from console.pages.procedure_lists import (
    FAULTS,
    PATH,
    alike,
    listed,
    meaning,
    parent_of,
    programme_of,
    steps_of,
    variants_of,
    wrong_of,
)
from console.parts.listing import Field
from console.queries import forecast, procedure
from console.queries.procedure import Line

__all__ = ["PATH"]
_BEGUN = marked("Begun")


def variants(asked: Asked, _most: int) -> Listed:
    """Return every way taken, the most frequent first."""
    rows = alike(variants_of(asked))
    fields: list[Field] = [
        Field(t("Way"), lambda way: steps_of(way.like.trace), width=60),
        Field(t("Beside the path"), lambda way: wrong_of(way.like), width=36),
        Field(t("Cases"), lambda way: way.n, "count", 9), Field(t("Late"), lambda way: way.n_late, "count", 9),
    ]  # fmt: skip
    return Listed(listed(asked), fields, rows, len(rows), t(_BEGUN))


def cases(asked: Asked, most: int) -> Listed:
    """Return the applications a number opened; those that left the path where none was asked for."""
    course = asked.filters.course or "broken"
    n, rows = procedure.cases(asked.conn, procedure.asked(asked.filters, asked.now), course, variants_of(asked), most)
    own = [
        Field(t("Path"), lambda row: words.value(row.path or ""), width=12), Field(t("Way"), lambda row: steps_of(row.trace), width=60),
        Field(t("Beside the path"), wrong_of, width=36),
        Field(t("Entered afterwards"), lambda row: shown.yes_no(row.backdated), width=9),
        Field(t("Late"), lambda row: shown.yes_no(row.late), width=9),
    ]  # fmt: skip
    first = [_application(), Field(t("Begun"), lambda row: row.begun_at, "day", 12)]
    return Listed(listed(asked), [*first, *whereabouts(asked, rows), programme(), *own], rows, n, t(_BEGUN),
                  [(t("Applications"), meaning(course))])  # fmt: skip


def _application() -> Field:
    return Field(t("Application"), lambda row: row.application_id, width=24)


def queue(asked: Asked, most: int) -> Listed:
    """Return the order of work: who is most likely to be late comes first."""
    question = forecast.asked(asked.filters, asked.now)
    made = forecast.told(asked.conn)
    rows = forecast.first(asked.conn, question, most) if made else []
    own = [
        Field(t("Time limit"), lambda row: f"{row.rule} {rulebook.title(row.rule)}", width=24),
        Field(t("Now at"), lambda row: words.word(words.STAGE_CODE, row.state), width=14),
        Field(t("Begun at"), lambda row: row.state_since, "day", 12),
        Field(t("Likely late at"), lambda row: words.word(words.STAGE_CODE, row.cause), width=14),
        Field(t("Working days left"), lambda row: row.days_left, "count", 9),
        Field(t("Chance of yellow"), lambda row: row.yellow_share if row.days_left >= 0 else None, "share", 10),
        Field(t("Chance of red"), lambda row: row.red_share, "share", 10), Field(t("Cases like it"), lambda row: row.cases, "count", 9),
    ]  # fmt: skip
    asks = listed(asked).but(span=None, start=None, end=None)
    n = forecast.totals(asked.conn, question).n if made else 0
    return Listed(asks, [_application(), *whereabouts(asked, rows), programme(), *own], rows, n)


def compared(by: str, name: str, parent: Callable[[Asked], str] = lambda _asked: "") -> Callable[[Asked, int], Listed]:
    """Return how the lines of a table by "place", "unit" or "programme" are listed, the worst first."""

    def said(line: Line) -> str:
        return programme_of(line.key, line.name) if by == "programme" else line.name or line.key or t("no unit named")

    def make(asked: Asked, most: int) -> Listed:
        rows = procedure.lines(asked.conn, procedure.asked(asked.filters, asked.now), by, parent(asked), most)
        return Listed(listed(asked), [Field(t(name), said, width=30), *_counts()], rows, rows[0].of if rows else 0, t(_BEGUN))

    return make


def _counts() -> list[Field]:
    return [
        Field(t("Applications"), lambda line: line.n, "count", 10), Field(t("Keep to the path"), lambda line: line.fit_share, "share", 10),
        *(count(t(said), fault) for fault, said in zip(FAULTS, _FAULTS, strict=True)),
    ]  # fmt: skip


_FAULTS = (marked("Left the path"), marked("A step skipped"), marked("A step too early"), marked("Repeated"), marked("Entered afterwards"),
           marked("Late"), marked("unknown"))  # fmt: skip
LISTS = {
    "variants": (marked("Ways taken"), variants), "cases": (marked("Applications"), cases), "queue": (marked("Order of work"), queue),
    "places": (marked("By place"), compared("place", marked("Place"), parent_of)),
    "programmes": (marked("By programme and path"), compared("programme", marked("Programme"))),
    "units": (marked("By unit"), compared("unit", marked("Unit"))),
}  # fmt: skip
sheet = sheet_of("procedure", marked("Procedure"), LISTS)
