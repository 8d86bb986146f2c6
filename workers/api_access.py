"""Who is asking: bearer tokens, their scopes, their regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from sql.access import Grant, token_scopes
from sql.load import named
from workers.api_errors import Problem
from workers.api_services import Services


def services_of(request: Request) -> Services:
    """Return what the API stands on."""
    found: Services = request.app.state.services
    return found


Given = Annotated[Services, Depends(services_of)]


def need(scope: str) -> Callable[..., Grant]:
    """Return a dependency: the grant of the bearer, who must have ``scope``."""

    def granted(request: Request, services: Given) -> Grant:
        grant = bearer(request, services)
        if grant is None:
            raise Problem(HTTPStatus.UNAUTHORIZED, "send a valid token as 'Authorization: Bearer …'")
        if scope not in grant.scopes:
            raise Problem(HTTPStatus.FORBIDDEN, f"this token has no scope '{scope}'")
        return grant

    return granted


def bearer(request: Request, services: Services) -> Grant | None:
    """Return what the bearer of the request may do; None when it names nobody."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return None
    with services.engine.connect() as conn:
        return token_scopes(conn, token.strip(), services.settings.accepted_bootstrap_token)


def is_local(request: Request) -> bool:
    """Return whether the caller sits on this machine; what a proxy here forwards does not."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@contextmanager
def reading(services: Services, grant: Grant, region: str | None = None) -> Iterator[Connection]:
    """Give a read-only connection that shows what the bearer may see, under the row-level security the console reads under.

    Raises Problem (403) when a ``region`` is asked for that lies outside the bearer's: an empty list would look like health.
    """
    with services.reading_as(grant.viewer) as conn:
        if region is not None and not conn.execute(named("api.is_inside"), {"region": region}).scalar_one():
            raise Problem(HTTPStatus.FORBIDDEN, "region: lies outside the regions of this token")
        yield conn
