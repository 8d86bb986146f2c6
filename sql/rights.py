"""Which role may do what. Pages, calls and the access tests are made from this one table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

EVERY_REGION = "*"  #: as a region of an account or token: all there are
Right = Literal["read", "act", "answer", "reveal", "export", "rules", "system", "accounts", "trail"]

#: read: findings and what they rest on; act: triage, hand over, verify, close; answer: reply to cards handed over;
#: reveal: see a clear value, with a purpose; export: files; rules: propose versions and parameters;
#: system: sources, jobs, dead letters; accounts: who may sign in, and as what; trail: who did what here.
ROLES: dict[str, frozenset[Right]] = {
    "supervisor": frozenset({"read", "act", "reveal", "export"}),
    "auditor": frozenset({"read", "reveal", "export"}),
    "leader": frozenset({"read"}),
    "rule_owner": frozenset({"read", "rules"}),
    "unit_handler": frozenset({"read", "answer"}),  # of the own unit's cards only: access.scope
    "system_admin": frozenset({"system"}),
    "security_admin": frozenset({"accounts"}),
    "audit_admin": frozenset({"trail"}),
}
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})  # kept apart, and never without a second factor


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """Return what somebody with these roles may do; unknown roles give nothing."""
    return frozenset(right for role in roles for right in ROLES.get(role, frozenset()))
