"""``/api/v1/status``, ``/api/v1/rules`` and ``/api/v1/indicators``: what is in force, how it stands, how it adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from monitors import catalogue
from monitors.indicators.histogram import Histogram
from monitors.rule import Rule
from sql import durations
from sql.access import Grant
from sql.load import named
from workers import status
from workers.api_access import Given, need, reading
from workers.api_errors import Json, Problem
from workers.api_findings import Word

INDICATORS: dict[str, tuple[str, ...]] = {  #: what each may be grouped by; the first is the default
    "findings_opened": ("day", "region", "rule", "card"), "step_durations": ("step", "region", "unit", "programme", "week"),
    "reconciliation": ("kind", "month", "region", "programme"), "amounts": ("kind",),
    "overlaps": ("pair", "effect"),
}  # fmt: skip
_BEIJING = ZoneInfo("Asia/Shanghai")
Reader = Annotated[Grant, Depends(need("read"))]
router = APIRouter()


@router.get("/status")
def read_status(services: Given, grant: Reader) -> Json:
    """Return feeds, backlog, last evaluation and drift."""
    with reading(services, grant) as conn:
        return Json(status.read_status(conn, services.bus))


@router.get("/rules")
def read_rules(services: Given, grant: Reader) -> Json:
    """Return the catalogue, its parameters in force, and what each rule last said of itself."""
    with reading(services, grant) as conn:
        states = {state["rule"]: state for state in status.rows(conn, "status.rules")}
        local: dict[str, list[status.Row]] = defaultdict(list)
        for row in status.rows(conn, "api.parameters"):
            local[row["rule"]].append(row)
        as_of = conn.execute(named("status.clock")).one().as_of
    items = [
        _rule(rule, code, states.get(code, {}), local[code]) for rule in catalogue.load().rules for code in rule.codes
    ]
    return Json({"as_of": as_of, "items": sorted(items, key=lambda one: (one["rule"], one["subject_kind"]))})


def _rule(rule: Rule, code: str, state: status.Row, local: list[status.Row]) -> dict[str, Any]:
    told = rule.codes[code]
    return {
        "rule": code, "file": rule.file, "version": rule.version, "family": rule.family, "title": told.title,
        "basis": told.basis, "subject_kind": rule.subject, "to": rule.to, "scope": rule.scope,
        "why": rule.why, "remedy": rule.remedy, "blind_to": rule.blind_to, "says": rule.says, "clears": rule.clears,
        "parameters": {"default": rule.params, "local": [row for row in local if row["name"] in rule.params]},
        "needs": rule.needed(code), "sha256": rule.sha256,
        **{name: state.get(name) for name in ("evaluated_at", "unknown_since", "stale_since")},
    }  # fmt: skip


class Asked(BaseModel):
    """Which part of an indicator; dates are days in Beijing, both inclusive."""

    model_config = ConfigDict(extra="forbid")

    region: Word | None = None
    programme: Word | None = None
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    group_by: Literal["day", "region", "rule", "card", "step", "unit", "programme", "week", "kind", "month", "pair", "effect"] | None = None


@router.get("/indicators/{name}")
def read_indicator(services: Given, grant: Reader, name: str, asked: Annotated[Asked, Query()]) -> Json:
    """Return the rows of one indicator."""
    if name not in INDICATORS:
        raise Problem(HTTPStatus.NOT_FOUND, "there is no such indicator", indicators=tuple(INDICATORS))
    by = asked.group_by or INDICATORS[name][0]
    if by not in INDICATORS[name]:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is not grouped by {by}", group_by=INDICATORS[name])
    with reading(services, grant, asked.region) as conn:
        items = _READ[name](conn, asked, by)
        as_of = conn.execute(named("status.clock")).one().as_of
    return Json({"name": name, "as_of": as_of, "group_by": by, "rows": items})


def _findings_opened(conn: Connection, asked: Asked, by: str) -> list[dict[str, Any]]:
    bound = {"region": asked.region, "programme": asked.programme, "group_by": by, "from": _midnight(asked.from_),
             "to": _midnight(asked.to and asked.to + timedelta(days=1))}  # fmt: skip
    found = conn.execute(named("api.findings_opened"), bound).mappings()
    return [{by: row["key"], **{k: v for k, v in row.items() if k != "key"}} for row in found]


def _step_durations(conn: Connection, asked: Asked, by: str) -> list[dict[str, Any]]:
    """Medians and P90 in days: of the bin the last day, which to 60 days is the length itself."""
    question = durations.question(conn, by, region=asked.region, programme=asked.programme, first=asked.from_, last=asked.to)
    return [{**({} if by == "step" else {by: row.key}), "step": row.step, "n": row.n, "limited": row.limited, "late": row.late,
             "again": row.again, **_days("working", row.working), **_days("calendar", row.calendar)}
            for row in durations.grouped(conn, question)]  # fmt: skip


def _reconciliation(conn: Connection, asked: Asked, by: str) -> list[dict[str, Any]]:
    """Fen and counts by class; by region those one level below, each with what lies below it."""
    places = durations.question(conn, "region", region=asked.region)["places"] if by == "region" else _whole(conn, asked.region)
    found = conn.execute(named("api.reconciliation"), _money(asked, places) | {"group_by": by})
    return [{**({} if by == "kind" else {by: row.key}), "kind": row.kind, "n": row.n, "amount_fen": row.fen} for row in found]


def _amounts(conn: Connection, asked: Asked, _by: str) -> list[dict[str, Any]]:
    found = conn.execute(named("api.amounts"), _money(asked, _whole(conn, asked.region)))
    return [{"kind": row.kind, "n": row.n, "amount_fen": row.fen} for row in found]


def _overlaps(conn: Connection, asked: Asked, by: str) -> list[dict[str, Any]]:
    """People who hold two benefits in a month of the time asked, this month where none is said: by pair and effect, or by effect alone."""
    places = _whole(conn, asked.region)
    last = _month(asked.to or conn.execute(named("status.clock")).one().as_of.astimezone(_BEIJING).date())
    bound = {"place": places[0] if len(places) == 1 else None, "programme": asked.programme,
             "first": _month(asked.from_) if asked.from_ else 0 if asked.to else last, "last": last}  # fmt: skip
    found = conn.execute(named("overlap.people" if len(places) == 1 else "overlap.people_of_places"), bound)
    held = [row for row in found if row.effect and row.n]
    if by == "pair":
        return [{"pair": f"{row.programme_a}/{row.programme_b}", "effect": row.effect, "people": row.n} for row in held if row.programme_b]
    total = (asked.programme or "", "")
    return [{"effect": row.effect, "people": row.n} for row in held if (row.programme_a, row.programme_b) == total]


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _money(asked: Asked, places: list[str]) -> dict[str, Any]:
    return {"places": places, "region": asked.region, "programme": asked.programme, "from": asked.from_, "to": asked.to}


def _whole(conn: Connection, region: str | None) -> list[str]:
    """The places that hold everything asked for; "" is everything, with what lies in no known place."""
    if region:
        return [region]
    return [""] if conn.execute(named("api.everywhere")).scalar_one() else list(conn.execute(named("steps.tops")).scalars())


def _days(kind: str, packed: Decimal) -> dict[str, int | None]:
    held = Histogram.unpacked(int(packed))
    return {f"median_{kind}_days": held.quantile(0.5), f"p90_{kind}_days": held.quantile(0.9)}


_READ: dict[str, Callable[[Connection, Asked, str], list[dict[str, Any]]]] = {
    "findings_opened": _findings_opened,
    "step_durations": _step_durations,
    "reconciliation": _reconciliation,
    "amounts": _amounts,
    "overlaps": _overlaps,
}


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), _BEIJING)
