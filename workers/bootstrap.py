"""The first administrator and the first API token, made once per deployment."""

from dataclasses import dataclass

import sqlalchemy

from sql import people
from sql.access import SCOPES, create_token
from sql.accounts import hashed, new_password
from sql.rights import ADMINISTRATORS, EVERY_REGION
from sql.settings import Settings

ADMINISTRATOR = "admin"
FIRST = {ADMINISTRATOR: ["security_admin"]}
DEMO = {
    ADMINISTRATOR: ["supervisor", "auditor", "leader", "rule_owner"], "supervisor": ["supervisor"], "auditor": ["auditor"],
    "leader": ["leader"], "security": ["security_admin"], "system": ["system_admin"], "audit": ["audit_admin"],
}  # fmt: skip


@dataclass(frozen=True)
class Bootstrap:
    """What to print once; None where it was printed at an earlier start and cannot be shown again."""

    password: str | None
    token: str | None
    others: tuple[str, ...] = ()  # accounts of a demonstration with the same password


def ensure(settings: Settings, *, demo: bool = False) -> Bootstrap:
    """Make the administrator and a token with every scope, unless the administrator is there.

    The administrator of a deployment makes accounts and sees no cards (三员分立); in a demonstration, where nobody is
    real, it sees everything instead, and one account for each other role has the same password.
    """
    engine = sqlalchemy.create_engine(settings.database_url_for("owner"), poolclass=sqlalchemy.NullPool)
    with engine.begin() as conn:
        if people.account(conn, ADMINISTRATOR) is not None:
            return Bootstrap(None, settings.accepted_bootstrap_token)
        password = new_password()
        stored = hashed(password)
        for name, roles in (DEMO if demo else FIRST).items():
            regions = [] if ADMINISTRATORS & set(roles) else [EVERY_REGION]
            people.run(conn, "add_account", name=name, display_name=None, password_hash=stored, roles=roles, regions=regions,
                       unit_code=None, single_sign_on=None, must_change=not demo)  # fmt: skip
        token = settings.accepted_bootstrap_token or create_token(conn, "bootstrap", SCOPES, [EVERY_REGION])
        return Bootstrap(password, token, tuple(DEMO)[1:] if demo else ())
