"""Fills parts of a page from the database: whenever the address changes, and when something arrived.

One read-only transaction per part. A part that cannot be read says so, with a number, and takes no other
part of the page with it.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import Dash, Input, Output, State, no_update
from sqlalchemy import Connection

from console.gate import viewer
from console.i18n import language
from console.parts import states
from console.queries import data
from console.shared import Shared
from console.url import Filters, parse
from sql.rights import Right

log = logging.getLogger(__name__)
Reading = Callable[[], AbstractContextManager[Connection]]  #: bound to what the viewer of this request may see


@dataclass(frozen=True)
class Asked:
    """One question of one page: the address it came from, the connection to answer it on, and what time it is."""

    conn: Connection
    path: str
    filters: Filters
    clock: data.Now

    @property
    def now(self) -> datetime:
        return self.clock.judged_at


Build = Callable[[Asked], Sequence[Any]]
SHARED_S = 0.8  # so long an answer is good for all who ask the same: shorter than a browser waits after a change


def answer(  # noqa: PLR0913 – what a part of a page is, named
    app: Dash, reading: Reading, outputs: Sequence[Output], build: Build, *, here: Callable[[str], bool],
    note: int | None, follows_path: bool = False, follows_data: bool = True, needs: tuple[Right, ...] = ("read",),
) -> None:  # fmt: skip
    """Let ``build`` fill ``outputs`` on pages for which ``here(path)`` holds.

    A page is laid out anew when the path changes; the frame is not, so what stands in it ``follows_path``.
    ``note`` is the place among the outputs where an error is said; None where nothing can be said. Who has none of
    the rights it ``needs`` gets nothing, whatever the browser asks; none named: whoever is signed in.
    """
    at = Input("url", "pathname") if follows_path else State("url", "pathname")
    pulse = Input("pulse", "data") if follows_data else State("pulse", "data")
    shared = Shared(SHARED_S)

    @app.callback(list(outputs), Input("url", "search"), pulse, at)
    def fill(search: str | None, _pulse: int | None, path: str | None) -> Sequence[Any]:
        if not here(path or "/") or not may(needs):
            return [no_update] * len(outputs)

        def ask() -> list[Any]:
            with reading() as conn:
                return list(build(Asked(conn, path or "/", parse(search), data.now(conn))))

        try:  # what one may see depends on who one is, so answers are shared between sessions of one user only
            found: list[Any] = shared.get((path, search, language(), viewer()), ask)
        except Exception:  # said on the page and counted in the log; the rest of the page goes on
            return failed(len(outputs), note)
        return found


def may(rights: tuple[Right, ...]) -> bool:
    """Return whether who looks has one of these rights, or none is needed."""
    return not rights or any(viewer().may(right) for right in rights)


def failed(n: int, note: int | None) -> list[Any]:
    """Log the error at hand under a new number and return ``n`` outputs, one of which says it."""
    error_id = secrets.token_hex(4)
    log.exception("part of a page failed, error %s", error_id)
    return [states.error(error_id) if place == note else no_update for place in range(n)]
