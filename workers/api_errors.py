"""What the API says when it cannot do what it was asked: JSON with a reason and an id to quote, nothing else.

The reasons of a wrong call name the parameter, never its value: a number sent in the wrong place must not
come back in an answer or in a log.
"""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any

import msgspec
import psycopg
import redis
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from workers.stream import BusAwayError
from workers.taking import DatabaseAwayError

_AWAY: tuple[type[Exception], ...] = (
    DatabaseAwayError, OperationalError, InterfaceError, PoolTimeoutError, psycopg.OperationalError, redis.RedisError, BusAwayError,
)  # fmt: skip
log = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 - it is an answer, not a fault of ours
    """An answer other than the one asked for."""

    def __init__(self, status: int, reason: str, **more: Any) -> None:
        super().__init__(reason)
        self.status, self.reason, self.more = status, reason, more

    def headers(self) -> dict[str, str]:
        found = {"Retry-After": str(self.more["retry_after_s"])} if "retry_after_s" in self.more else {}
        return found | ({"WWW-Authenticate": "Bearer"} if self.status == HTTPStatus.UNAUTHORIZED else {})


class Json(Response):
    """An answer as JSON; instants as RFC 3339 in UTC."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return msgspec.json.encode(content)


def install(api: FastAPI) -> None:
    """Make every fault an answer of the same shape."""
    api.add_exception_handler(Problem, _problem)
    api.add_exception_handler(RequestValidationError, _wrong_call)
    api.add_exception_handler(HTTPException, _plain)
    for away in _AWAY:
        api.add_exception_handler(away, _away)
    api.add_exception_handler(Exception, _surprise)


def answer(status: int, reason: str, headers: dict[str, str] | None = None, **more: Any) -> Json:
    """Return the error answer."""
    body = {"error": reason, "id": secrets.token_hex(6), **more}
    return Json(body, status_code=status, headers=headers)


def _problem(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Problem)
    return answer(fault.status, fault.reason, fault.headers(), **fault.more)


def _wrong_call(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    said = [
        f"{'.'.join(str(part) for part in one['loc'][1:]) or one['loc'][0]}: {one['msg']}" for one in fault.errors()
    ]
    return answer(HTTPStatus.BAD_REQUEST, "; ".join(said)[:1000])


def _plain(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    return answer(fault.status_code, str(fault.detail), dict(fault.headers or {}))


def _away(_request: Request, fault: Exception) -> Response:
    said = answer(
        HTTPStatus.SERVICE_UNAVAILABLE, "the database or the bus cannot be reached; send again", {"Retry-After": "2"}
    )
    log.warning("%s: answered 503", type(fault).__name__)
    return said


def _surprise(request: Request, fault: Exception) -> Response:
    said = answer(HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong here; quote the id when you report it")
    log.error("%s %s failed: %s", request.method, request.scope.get("path"), type(fault).__name__, exc_info=fault)
    return said
