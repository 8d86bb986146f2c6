"""``/api/v1/findings``: lists, one finding with its history, and the search by a clear number."""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection

from monitors.identifiers import scrub
from monitors.tokens import Tokeniser
from sql import lookups
from sql.access import Grant
from sql.load import named
from workers.api_access import Given, need, reading
from workers.api_errors import Json, Problem
from workers.explaining import explained

Word = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Card = Literal["notice", "yellow", "red"]
Stage = Literal["open", "assigned", "replied", "verified", "closed", "dismissed"]
ITEM = (
    "rule", "rule_version", "subject_kind", "subject_key", "item", "card", "ladder_card", "stale_since", "stage", "present",
    "opened_at", "card_since", "cleared_at", "region_code", "unit_code", "amount_at_risk_fen", "evidence",
)  # fmt: skip
router = APIRouter()
log = logging.getLogger(__name__)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Filters(BaseModel):
    """Which findings. ``rule``, ``card`` and ``stage`` may be given several times."""

    model_config = ConfigDict(extra="forbid")

    rule: Annotated[list[Word], BeforeValidator(_listed)] = Field(default=[], max_length=200)
    card: Annotated[list[Card], BeforeValidator(_listed)] = []
    stage: Annotated[list[Stage], BeforeValidator(_listed)] = []
    subject_kind: Word | None = None
    subject_key: Word | None = None
    region: Word | None = None
    present: bool | None = None
    since: AwareDatetime | None = Field(default=None, description="changed at or after")
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: Word | None = Field(default=None, description="'next' of the page before")


class Search(Filters):
    """Filters, and a clear ID number; it is sent in a body because addresses are logged everywhere."""

    id_number: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    purpose: Word | None = None


class Finding(BaseModel):
    """One finding as it is shown; ``card`` is lowered to notice while a source it needs is stale."""

    id: str
    rule: str
    rule_version: int
    subject_kind: str
    subject_key: str
    item: str
    card: Card | None
    ladder_card: Card | None
    stale_since: datetime | None
    stage: Stage
    present: bool
    opened_at: datetime
    card_since: datetime | None
    cleared_at: datetime | None
    region_code: str | None
    unit_code: str | None
    amount_at_risk_fen: int | None
    evidence: dict[str, Any]
    basis: list[str]
    explanation: dict[str, str]


class Page(BaseModel):
    """A page of findings, newest first; ``next`` is None on the last one."""

    as_of: datetime
    items: list[Finding]
    next: str | None


@router.get("/findings", responses={200: {"model": Page}})
def list_findings(
    services: Given, grant: Annotated[Grant, Depends(need("read"))], asked: Annotated[Filters, Query()]
) -> Json:
    """List findings, newest first."""
    with reading(services, grant, asked.region) as conn:
        return Json(read_page(conn, asked))


@router.post("/findings/search", responses={200: {"model": Page}})
def search(services: Given, grant: Annotated[Grant, Depends(need("reveal"))], asked: Search) -> Json:
    """List the findings about the person with this ID number. Every call is kept, with its pseudonym, and judged by rule P20."""
    pseudonym = Tokeniser(services.keys.hmac, date.today).pseudonym("id_number", asked.id_number)
    wanted = asked.model_copy(update={"subject_kind": "person", "subject_key": pseudonym})
    with reading(services, grant, asked.region) as conn:
        page = read_page(conn, wanted)
        found = conn.execute(named("api.person_of"), {"pseudonym": pseudonym}).all()
    purpose = scrub(asked.purpose.strip()) if asked.purpose else None
    with services.engine.connect() as conn:
        noted = lookups.Search(grant.name, "id_number", pseudonym, purpose, token_id=grant.token_id)
        lookups.note(conn, noted, found, at_least=min(len(page["items"]), 1))
    log.info("findings of one person looked up by token %s", grant.token_id)
    return Json(page)


@router.get("/findings/{finding_id}", responses={200: {"model": Finding}})
def one_finding(services: Given, grant: Annotated[Grant, Depends(need("read"))], finding_id: Word) -> Json:
    """Return one finding and what happened to it."""
    with reading(services, grant) as conn:
        found = _select(conn, Filters(limit=1), finding_id)
        if not found:
            raise Problem(HTTPStatus.NOT_FOUND, "there is no such finding, or it lies outside your regions")
        history = [dict(row) for row in conn.execute(named("api.history"), {"finding_id": finding_id}).mappings()]
    return Json({**item(found[0]), "history": history})


def read_page(conn: Connection, asked: Filters) -> dict[str, Any]:
    """Return one page as the contract shows it."""
    found = _select(conn, asked)
    as_of = conn.execute(named("status.clock")).one().as_of
    following = _cursor(found[asked.limit - 1]) if len(found) > asked.limit else None
    return {"as_of": as_of, "items": [item(row) for row in found[: asked.limit]], "next": following}


def item(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one finding as the contract shows it."""
    told = explained(row)
    return {
        "id": row["finding_id"],
        **{name: row[name] for name in ITEM},
        "basis": told.basis,
        "explanation": told.sentences,
    }


def _select(conn: Connection, asked: Filters, finding_id: str | None = None) -> list[Mapping[str, Any]]:
    """Return up to one row more than asked for, so that the end can be told."""
    after_at, after_id = _place(asked.cursor) if asked.cursor else (None, None)
    bound = {
        **asked.model_dump(include={"subject_kind", "subject_key", "region", "present", "since"}),
        **{name: getattr(asked, name) or None for name in ("rule", "card", "stage")},
        "finding_id": finding_id, "after_at": after_at, "after_id": after_id, "limit": asked.limit + 1,
    }  # fmt: skip
    return list(conn.execute(named("api.findings"), bound).mappings())  # type: ignore[arg-type]


def _cursor(row: Mapping[str, Any]) -> str:
    place = msgspec.json.encode([row["opened_at"], row["finding_id"]])
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(place, type=tuple[datetime, str])
    except (ValueError, msgspec.MsgspecError):
        raise Problem(
            HTTPStatus.BAD_REQUEST, "cursor: is not one this API gave out; send 'next' of the page before"
        ) from None
