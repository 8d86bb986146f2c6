"""The lists behind the numbers of the projects page, on the screen and as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from console import words
from console.answering import Asked
from console.files.place import looked_at
from console.files.sheet import Sheet
from console.i18n import t, tn
from console.parts import listing, states
from console.parts.filter_bar import described
from console.parts.listing import Field
from console.parts.menu import removable
from console.parts.tiles import ROWS
from console.queries import projects, regions
from console.url import Filters

PATH = "/projects"
DEFAULT = "all"


def opens(scope: Filters, rows: str, n: int | None = None, **key: str) -> str:
    """Return the address of a list of this page."""
    return scope.but(rows=rows, said=n, **key).href(PATH) + ROWS


def of_project(project_id: str) -> dict[str, str]:
    """Return what narrows a question to one project."""
    return {"subject_kind": "project", "subject_key": project_id}


def of_provider(provider_id: str) -> dict[str, str]:
    """Return what narrows a question to the projects of one provider."""
    return {"subject_kind": "provider", "subject_key": provider_id}


def title(wanted: str) -> str:
    """Return what a list holds, in words; empty for a list there is not."""
    step, _, state = wanted.partition("-")
    if step in words.LOOP:
        return (
            t("{step}: {state}", step=t(words.LOOP[step]), state=words.word(words.LOOP_STATE, state)) if state in words.LOOP_STATE else ""
        )
    if step == "answers" and state in words.CHANNEL:
        return t("Valid answers by {channel}", channel=t(words.CHANNEL[state]))
    return t(words.PROJECT_LIST[wanted]) if wanted in words.PROJECT_LIST else ""


def tell_rows(asked: Asked) -> list[Any]:
    """Return sentence, note and rows of the list asked for."""
    wanted = asked.filters.rows or DEFAULT
    name = title(wanted)
    if not name:
        return [t("There is no such list."), states.empty(t("There is no such list."), t("Choose a number above.")), None]
    rows, n = projects.listed(asked.conn, projects.question(asked.filters, asked.now), wanted)
    agreed = listing.agrees(n, asked.filters.said if asked.filters.rows else None)
    say = [name, t(": "), tn("{n} row", "{n} rows", n), agreed, _narrowed(asked)]
    if not n:
        return [say, states.empty(t("Nothing here."), t("Choose a wider place, a longer time, or another number above.")), None]
    note = states.cut(len(rows), n) if n > len(rows) else None
    return [say, note, listing.table(fields(asked, wanted, rows), rows)]


def _narrowed(asked: Asked) -> Any:
    """Return the one project or provider the list is narrowed to, and the way out; the rest of the page is not narrowed."""
    key = asked.filters.subject_key
    return removable(key, asked.filters.but(subject_kind=None, subject_key=None).href(PATH) + ROWS) if key else None


def sheet(asked: Asked, most: int) -> Sheet:
    """Return the list asked for as a file, at most ``most`` rows."""
    wanted = asked.filters.rows if asked.filters.rows and title(asked.filters.rows) else DEFAULT
    rows, n = projects.listed(asked.conn, projects.question(asked.filters, asked.now), wanted, most)
    made, place = fields(asked, wanted, rows), looked_at(asked)
    head = [*described(asked.filters, place), (t("List"), title(wanted)), (t("Sum"), tn("{n} row", "{n} rows", n))]
    return Sheet("projects", t("Projects"), place, asked.now, head, listing.columns(made), listing.values(made, rows), n,
                 lambda: listing.people(made, rows))  # fmt: skip


def fields(asked: Asked, wanted: str, rows: Sequence[Any]) -> list[Field]:
    """Return the columns of a list."""
    named = regions.places(asked.conn, [row.region_code for row in rows])
    scope = asked.filters.scope()
    kind = wanted.partition("-")[0]
    make = {"answers": _answers, "orders": _orders, "payments": _payments, "providers": _providers}.get(kind, _projects)
    return make(scope, lambda row: named[row.region_code].full if row.region_code in named else row.region_code)


Place = Callable[[Any], str | None]


def _projects(scope: Filters, place: Place) -> list[Field]:
    def number(name: str, rows: str, of: Callable[[Any], int | None]) -> Field:
        return Field(name, of, "count", 9, lambda row: opens(scope, rows, of(row), **of_project(row.project_id)) if of(row) else None)

    def findings(row: Any) -> str | None:
        asks = Filters(family=projects.FAMILY, present=True, **of_project(row.project_id))
        return asks.but(said=row.findings).href("/findings") if row.findings else None

    steps = [Field(t(name), partial(_state, step), width=16) for step, name in words.LOOP.items()]
    return [
        Field(t("Project"), lambda row: row.name or row.project_id, width=30, href=lambda row: f"/dossier/project/{row.project_id}"),
        Field(t("Provider"), lambda row: row.provider or row.provider_id, width=26),
        Field(t("Place"), place, width=18),
        Field(t("Ends"), lambda row: row.contract_to, "day", 11),
        *steps,
        number(t("Answers"), "answers", lambda row: row.answers),
        Field(t("Satisfied"), lambda row: row.satisfied_share, "share", 9),
        number(t("Delivered"), "orders", lambda row: row.delivered),
        number(t("Signed for"), "orders-signed", lambda row: row.confirmed),
        Field(t("Planned"), lambda row: row.planned_units, "count", 9),
        number(t("Payments"), "payments", lambda row: row.payments),
        Field(t("Paid"), lambda row: row.paid_fen, "money"),
        Field(t("Price"), lambda row: row.price_fen, "money"),
        Field(t("Findings"), lambda row: row.findings, "count", 9, findings),
    ]


def _state(step: str, row: Any) -> str:
    return words.word(words.LOOP_STATE, getattr(row, step))


def _answers(_scope: Filters, place: Place) -> list[Field]:
    return [
        Field(t("Answer"), lambda row: row.response_id, width=18),
        *_where(place),
        Field(t("Phase"), lambda row: words.word(words.PHASE, row.phase)),
        Field(t("Channel"), lambda row: words.word(words.CHANNEL, row.channel or "unknown")),
        Field(t("Answered at"), lambda row: row.answered_at, "instant", 18),
        Field(t("Seconds"), lambda row: row.duration_s, "count", 9),
        Field(t("Score of 5"), lambda row: row.score, "count", 9),
    ]


def _orders(_scope: Filters, place: Place) -> list[Field]:
    return [
        Field(t("Service order"), lambda row: row.order_id, width=18),
        *_where(place),
        Field(t("Worker"), lambda row: row.worker_id, width=18),
        Field(t("Began"), lambda row: row.started_at, "instant", 18),
        Field(t("Ended"), lambda row: row.ended_at, "instant", 18),
        Field(t("Recorded"), lambda row: row.recorded_at, "instant", 18),
        Field(t("Signed"), lambda row: t("yes") if row.signed else t("no")),
    ]


def _payments(_scope: Filters, place: Place) -> list[Field]:
    return [
        Field(t("Payment"), lambda row: row.project_payment_id, width=18),
        *_where(place),
        Field(t("Paid at"), lambda row: row.paid_at, "instant", 18),
        Field(t("Amount"), lambda row: row.amount_fen, "money"),
    ]


def _where(place: Place) -> list[Field]:
    return [
        Field(t("Project"), lambda row: row.project_id, width=18, href=lambda row: f"/dossier/project/{row.project_id}"),
        Field(t("Place"), place, width=18),
    ]


def _providers(scope: Filters, place: Place) -> list[Field]:
    def number(name: str, rows: str, of: Callable[[Any], int | None]) -> Field:
        return Field(name, of, "count", 9, lambda row: opens(scope, rows, of(row), **of_provider(row.provider_id)) if of(row) else None)

    return [
        Field(t("Provider"), lambda row: row.name or row.provider_id, width=30),
        Field(t("Place"), place, width=18),
        number(t("Projects"), "all", lambda row: row.projects),
        number(t("Steps missing"), "step-late", lambda row: row.late),
        number(t("Answers"), "answers", lambda row: row.answers),
        Field(t("Satisfied"), lambda row: row.satisfied / row.answers if row.answers else None, "share", 9),
        Field(t("Delivered"), lambda row: row.delivered / row.planned if row.planned and row.delivered is not None else None, "share", 9),
        number(t("With findings"), "suspicious", lambda row: row.suspicious),
        Field(t("Barred"), _barred, width=24),
        Field(t("Reason"), lambda row: row.reason, width=36),
    ]


def _barred(row: Any) -> str | None:
    """Since when and until when, and where: a bar holds where it was given and nowhere else."""
    if not row.is_barred:
        return None
    return t("{since} to {until}, in {code}", since=row.barred_since, until=row.barred_until or "…", code=row.bar_region)
