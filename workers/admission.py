"""Who may listen to live changes, and to which: asked at connect, on return, and at each heartbeat (design §11.26)."""

from __future__ import annotations

import asyncio
from http.cookies import CookieError, SimpleCookie
from typing import Any

from sql import people
from sql.load import named
from sql.people import COOKIE, Viewer
from workers.live import Admit, Message, Sees, Where


def admitting(acting: Any, reading_as: Any) -> Admit:
    """Return the gate of the live stream: by the session's cookie, and by what its account may see."""

    def sees(cookie: str) -> Sees | None:
        with acting() as conn:
            viewer = people.viewer(conn, cookie, renew=False)
        if viewer is None:
            return None
        if not viewer.may("read"):  # an administrator's page is live too: its link is alive, there is nothing to hear
            return lambda _: False
        return _sees(viewer, _places(viewer, reading_as))

    async def admit(scope: Message) -> Sees | None:
        cookie = _cookie(scope)
        return await asyncio.to_thread(sees, cookie) if cookie else None

    return admit


def _places(viewer: Viewer, reading_as: Any) -> frozenset[str] | None:
    """The regions of a viewer; None for all of them."""
    if viewer.sees_every_region:
        return None
    with reading_as(viewer) as conn:
        return frozenset(conn.execute(named("access.here")).scalars())


def _sees(viewer: Viewer, places: frozenset[str] | None) -> Sees:
    unit = viewer.unit_code if "unit_handler" in viewer.roles else None

    def may_see(where: Where) -> bool:
        return (places is None or where.region_code in places) and (unit is None or where.unit_code == unit)

    return may_see


def _cookie(scope: Message) -> str | None:
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    try:
        found = SimpleCookie(sent).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None
