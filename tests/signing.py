"""Accounts and sessions for tests: real rows, as the console makes them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy
from playwright.sync_api import Page

from sql import people
from sql.people import COOKIE

BUSINESS = ("supervisor", "auditor", "leader", "rule_owner")


def add_account(
    engine: sqlalchemy.Engine, name: str, roles: Sequence[str] = BUSINESS, regions: Sequence[str] = ("*",), *,
    unit_code: str | None = None, password_hash: str | None = None, must_change: bool = False, with_second_factor: bool = False,
) -> None:  # fmt: skip
    """Make an account unless it is there."""
    with engine.begin() as conn:
        if people.account(conn, name) is None:
            people.run(conn, "add_account", name=name, display_name=name.title(), password_hash=password_hash, roles=list(roles),
                       regions=list(regions), unit_code=unit_code, single_sign_on=None, must_change=must_change)  # fmt: skip
            if with_second_factor:
                people.run(conn, "set_second_factor", name=name, sealed=b"-", step=0)


def signed_in(
    engine: sqlalchemy.Engine, name: str = "chen", roles: Sequence[str] = BUSINESS, regions: Sequence[str] = ("*",), *, unit_code: str | None = None
) -> str:
    """Return the cookie of a new session, which shows that the account has passed what it must pass."""
    add_account(engine, name, roles, regions, unit_code=unit_code, with_second_factor=True)
    with engine.begin() as conn:
        found = people.account(conn, name)
        assert found is not None
        return people.begin_session(conn, found, second_factor=True, address=None, agent=None)


def enter(page: Page, url: str, engine: sqlalchemy.Engine) -> None:
    """Let a browser in as somebody who may see everything."""
    page.context.add_cookies([{"name": COOKIE, "value": signed_in(engine), "url": url}])
    engine.dispose()
