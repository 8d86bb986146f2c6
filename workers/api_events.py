"""``POST /api/v1/events``: the body is read no further than allowed, and answered when its events are durable."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from sql.access import Grant
from workers.api_access import Given, need
from workers.api_errors import Json, Problem
from workers.api_services import Services
from workers.intake import Receipt, split
from workers.taking import Raw

LARGEST = 16 * 2**20  #: bytes of a body
DRAINED = (
    64 * 2**20
)  #: of a larger one, so much is read and dropped: most senders read no answer before they have sent all
BODY_S = 60.0  #: how long a body may take to arrive
AT_ONCE = 32  #: bodies held at the same time; further senders wait before theirs is read
MEDIA_TYPES = ("application/cloudevents+json", "application/cloudevents-batch+json", "application/x-ndjson")

router = APIRouter()


class Refused(BaseModel):
    """One event that was not taken, and what to send instead."""

    index: int
    id: str | None
    reason: str


class Answer(BaseModel):
    """What became of a delivery."""

    accepted: int
    duplicates: int
    rejected: list[Refused]


def require_room(services: Given) -> None:
    """Ask senders to wait while the supervision is too far behind; before their bodies are read."""
    if services.backlog.is_over():
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "the supervision is behind; send again later", retry_after_s=5)


def _documented() -> dict[str, Any]:
    content = {
        MEDIA_TYPES[0]: {"schema": {"$ref": "/api/v1/contract#/json_schema/event"}},
        MEDIA_TYPES[1]: {"schema": {"type": "array", "items": {"$ref": "/api/v1/contract#/json_schema/event"}}},
        MEDIA_TYPES[2]: {"schema": {"type": "string", "description": "one event per line"}},
    }
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/events", status_code=HTTPStatus.ACCEPTED, responses={202: {"model": Answer}}, openapi_extra=_documented()
)
async def take_events(
    request: Request,
    services: Given,
    _grant: Annotated[Grant, Depends(need("ingest"))],
    _ready: Annotated[None, Depends(require_room)],
) -> Json:
    """Take events; what cannot be taken is named with its place and a reason, the rest is taken all the same."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise Problem(HTTPStatus.BAD_REQUEST, f"Content-Type must be one of {', '.join(MEDIA_TYPES)}")
    async with _slots(request):
        body = await _body(request)
        receipt = await to_thread.run_sync(_take, services, body, media_type, limiter=_threads(request))
    answer = {"accepted": receipt.accepted, "duplicates": receipt.duplicates, "rejected": receipt.rejected}
    return Json(answer, status_code=HTTPStatus.ACCEPTED)


def _take(services: Services, body: bytes, media_type: str) -> Receipt:
    return services.doors.take(_events(body, media_type))


def _events(body: bytes, media_type: str) -> list[Raw]:
    try:
        return list(split(body, media_type))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        said = "a JSON array of CloudEvents" if media_type == MEDIA_TYPES[1] else "one CloudEvent as JSON"
        raise Problem(HTTPStatus.BAD_REQUEST, f"the body is not {said}: {_position(fault)}") from None


def _position(fault: Exception) -> str:
    """What a decoder says about a body, without the body's content."""
    return str(fault) if isinstance(fault, msgspec.MsgspecError) else type(fault).__name__


async def _body(request: Request) -> bytes:
    try:
        async with asyncio.timeout(BODY_S):
            return await _read(request)
    except TimeoutError:
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, f"the body did not arrive within {BODY_S:.0f} s") from None
    except ClientDisconnect:
        raise Problem(HTTPStatus.BAD_REQUEST, "the connection was closed before the body was complete") from None


async def _read(request: Request) -> bytes:
    """Return the body; one that is too large is dropped while it arrives, never held."""
    if _announces_too_much(request):
        raise _too_large()
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > DRAINED:
            break
        if size > LARGEST:
            parts.clear()
        else:
            parts.append(part)
    if size > LARGEST:
        raise _too_large()
    return b"".join(parts)


def _announces_too_much(request: Request) -> bool:
    """Whether the sender says that it will send too much, and can be told before it does."""
    declared = request.headers.get("content-length", "")
    limit = LARGEST if "100-continue" in request.headers.get("expect", "").lower() else DRAINED
    return declared.isdecimal() and int(declared) > limit


def _too_large() -> Problem:
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body may have {LARGEST // 2**20} MiB; send smaller batches")


def _slots(request: Request) -> asyncio.Semaphore:
    state = request.app.state
    if not hasattr(state, "slots"):
        state.slots = asyncio.Semaphore(AT_ONCE)
    found: asyncio.Semaphore = state.slots
    return found


def _threads(request: Request) -> CapacityLimiter:
    """A thread for each body; made here because it belongs to the running event loop."""
    state = request.app.state
    if not hasattr(state, "threads"):
        state.threads = CapacityLimiter(AT_ONCE)
    found: CapacityLimiter = state.threads
    return found
