"""The lists of page Timeliness as files: steps by place, the cases behind a number, limits that are running."""

from __future__ import annotations

from console import format as shown
from console import rulebook, words
from console.answering import Asked
from console.files.lists import Listed, programme, sheet_of, whereabouts
from console.i18n import marked, t
from console.pages.timeliness_heat import ITSELF, PATH, Below, below_of, weights
from console.parts.listing import Field
from console.queries import steps
from console.url import Filters
from sql.durations import FIRST, LAST

__all__ = ["PATH"]


def _scope(asked: Asked) -> Filters:
    """What every list here heeds; weeks are said by themselves."""
    return asked.filters.scope().but(unit=asked.filters.unit, span=None, start=None, end=None)


def _weeks(asked: Asked) -> tuple[str, str]:
    whole = steps.question(asked.conn, asked.filters, asked.now, "step")
    first, last = whole["first"], whole["last"]
    return t("Whole weeks"), f"{first if first > FIRST else '…'} – {last if last < LAST else '…'}"


def by_place(asked: Asked, _most: int) -> Listed:
    """Return each step of each place below, as the matrix has them in rows and cells."""
    below = below_of(asked)
    weight, order = weights(below.found), {code: n for n, code in enumerate(words.STEP_OF_CASE)}
    rows = sorted(below.found, key=lambda one: (-weight[one.key], one.key, order.get(one.step, len(order))))
    return Listed(_scope(asked), _lengths(below), rows, len(rows), more=[_weeks(asked)])


def _lengths(below: Below) -> list[Field]:
    def days(name: str, share: float) -> Field:
        return Field(name, lambda one: shown.days(one.working.quantile(share)), width=12)

    late: Field = Field(t("Share late"), lambda one: one.late_share, "share", 10)
    return [
        Field(t("Unit") if below.by == "unit" else t("Place"), lambda one: below.names[one.key].removeprefix(ITSELF), width=24),
        Field(t("Step"), lambda one: words.word(words.STEP_OF_CASE, one.step), width=22),
        Field(t("Cases"), lambda one: one.n, "count", 10), days(t("Median, working days"), 0.5), days(t("P90, working days"), 0.9),
        Field(t("With a limit"), lambda one: one.limited, "count", 10), Field(t("Late"), lambda one: one.late, "count", 10), late,
        Field(t("Repeated"), lambda one: one.again, "count", 10),
    ]  # fmt: skip


def cases(asked: Asked, most: int) -> Listed:
    """Return the cases behind the step the address names, the whole way where it names none; the slowest first."""
    found = steps.cases(asked.conn, asked.filters, asked.now, most)
    step = words.word(words.STEP_OF_CASE, asked.filters.step or steps.WHOLE)
    asks = _scope(asked).but(due="late" if asked.filters.due == "late" else None)
    own = [
        Field(t("From"), lambda row: words.word(words.STAGE_CODE, row.from_stage), width=18),
        Field(t("Begun at"), lambda row: row.from_at, "instant", 18),
        Field(t("Ended at"), lambda row: row.at, "instant", 18), Field(t("Working days"), lambda row: row.working_days, "count", 9),
        Field(t("Calendar days"), lambda row: row.calendar_days, "count", 9),
        Field(t("Late"), lambda row: t("late") if row.late else "", width=8),
    ]  # fmt: skip
    return Listed(asks, [_case(), programme(), *whereabouts(asked, found.rows), *own], found.rows, found.n,
                  more=[(t("Step"), step), _weeks(asked)])  # fmt: skip


def queue(asked: Asked, most: int) -> Listed:
    """Return limits that are running, the next to end first, whatever time is looked at."""
    found = steps.queue(asked.conn, asked.filters, asked.now, steps.queue_classes(asked.conn, asked.filters, asked.now), most)
    left = [(t("Time left"), words.word(words.LEFT, asked.filters.left))] if asked.filters.left else []
    own = [
        Field(t("Until"), lambda row: words.word(words.STAGE_CODE, row.evidence.get("to_stage")), width=18),
        Field(t("Last day"), lambda row: row.evidence.get("limit_on") or shown.minute(row.yellow_at), width=16),
        Field(t("Working days left"), lambda row: row.left_days, "count", 9),
        Field(t("Time left"), lambda row: words.word(words.LEFT, row.left_class), width=24),
    ]  # fmt: skip
    limit: list[Field] = [
        _case(), Field(t("Rule"), lambda row: row.rule, width=7),
        Field(t("Time limit"), lambda row: rulebook.title(row.rule, "application"), width=24),
        Field(t("Programme"), lambda row: words.word(words.PROGRAMME, row.evidence.get("programme")), width=16),
    ]  # fmt: skip
    return Listed(_scope(asked), [*limit, *whereabouts(asked, found.rows), *own], found.rows, found.n, more=left)


def _case() -> Field:
    return Field(t("Case"), lambda row: row.application_id, width=24)


LISTS = {
    "queue": (marked("Limits that are running, by days left"), queue), "places": (marked("Steps by place"), by_place),
    "cases": (marked("Cases behind the number"), cases),
}  # fmt: skip
sheet = sheet_of("timeliness", marked("Timeliness"), LISTS)
