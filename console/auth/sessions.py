"""From a cookie to who is looking, and back: the only code that touches the session's cookie."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from flask import request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from sql import people
from sql.people import COOKIE, Account, Viewer

Acting = Callable[[], AbstractContextManager[Connection]]  #: one transaction in which the console may write


class Sealing(Protocol):
    """Encrypts what must be read again, under the vault's key; gives keys for other purposes; makes pseudonyms; signs evidence."""

    @property
    def hmac(self) -> bytes: ...
    @property
    def public_key(self) -> bytes: ...

    def seal(self, clear: bytes) -> bytes: ...
    def unseal(self, sealed: bytes) -> bytes: ...
    def derive(self, purpose: str) -> bytes: ...
    def sign(self, message: bytes) -> bytes: ...


def viewer(acting: Acting, *, renew: bool) -> Viewer | None:
    """Return who this request comes from; None for nobody. ``renew``: whether it shows that somebody is there."""
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    with acting() as conn:
        return people.viewer(conn, cookie, renew=renew)


def this() -> bytes:
    """Return under which hash the session of this request is kept."""
    return people.digest(request.cookies.get(COOKIE, ""))


def begin(conn: Connection, response: Response, who: Account, *, second_factor: bool) -> None:
    """Begin a session and give its cookie to the browser."""
    cookie = people.begin_session(conn, who, second_factor=second_factor, address=request.remote_addr, agent=request.user_agent.string)
    response.set_cookie(COOKIE, cookie, max_age=int(people.LASTS_S), httponly=True, secure=request.is_secure, samesite="Lax", path="/")


def end(conn: Connection, response: Response) -> None:
    people.run(conn, "end_session", sha256=this())
    response.delete_cookie(COOKIE, path="/", httponly=True, secure=request.is_secure, samesite="Lax")
