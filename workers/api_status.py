"""``/api/v1/status``, ``/api/v1/rules`` and ``/api/v1/indicators``: what is in force, how it stands, how it adds up."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from monitors import catalogue
from monitors.rule import Rule
from sql.access import Grant
from sql.load import named
from workers import status
from workers.api_access import Given, need, reading
from workers.api_errors import Json, Problem
from workers.api_findings import Word

INDICATORS = ("findings_opened",)
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
        "needs": rule.needs, "sha256": rule.sha256,
        **{name: state.get(name) for name in ("evaluated_at", "unknown_since", "stale_since")},
    }  # fmt: skip


class Asked(BaseModel):
    """Which part of an indicator; dates are days in Beijing, both inclusive."""

    model_config = ConfigDict(extra="forbid")

    region: Word | None = None
    programme: Word | None = None
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    group_by: Literal["day", "region", "rule", "card"] = "day"


@router.get("/indicators/{name}")
def read_indicator(services: Given, grant: Reader, name: str, asked: Annotated[Asked, Query()]) -> Json:
    """Return the rows of one indicator."""
    if name not in INDICATORS:
        raise Problem(HTTPStatus.NOT_FOUND, "there is no such indicator", indicators=INDICATORS)
    bound = {"region": asked.region, "programme": asked.programme, "group_by": asked.group_by, "from": _midnight(asked.from_),
             "to": _midnight(asked.to and asked.to + timedelta(days=1))}  # fmt: skip
    with reading(services, grant, asked.region) as conn:
        found = conn.execute(named(f"api.{name}"), bound).mappings()
        items = [{asked.group_by: row["key"], **{k: v for k, v in row.items() if k != "key"}} for row in found]
        as_of = conn.execute(named("status.clock")).one().as_of
    return Json({"name": name, "as_of": as_of, "group_by": asked.group_by, "rows": items})


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), _BEIJING)
