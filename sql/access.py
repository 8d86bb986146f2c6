"""What somebody may see: tokens of programs, stored as their hashes only, and the scope of a transaction."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Row

from sql.load import named
from sql.people import Viewer
from sql.rights import EVERY_REGION

SCOPES = ("ingest", "read", "reveal", "metrics", "admin")
#: As which role (sql.rights) a token of a scope reads: what the database shows it is what it shows such a person.
_READS_AS = {"read": "leader", "reveal": "auditor"}
_USE_NOTED_EVERY = timedelta(minutes=1)  # a row written at each request would cost more than it tells


@dataclass(frozen=True)
class Grant:
    """What a bearer may do; ``regions`` are codes seen with all below them, or EVERY_REGION."""

    token_id: str
    name: str
    scopes: frozenset[str]
    regions: tuple[str, ...]

    @property
    def viewer(self) -> Viewer:
        """Who reads with this token, for ``see_as``."""
        roles = frozenset(role for scope, role in _READS_AS.items() if scope in self.scopes)
        return Viewer(f"token {self.token_id}", self.name, roles, self.regions)


def token_scopes(conn: Connection, bearer: str, bootstrap: str | None = None) -> Grant | None:
    """Return what ``bearer`` grants now; None when it is unknown, expired or revoked.

    ``bootstrap`` is ``Settings.accepted_bootstrap_token``: it grants everything and is stored nowhere.
    """
    if bootstrap and hmac.compare_digest(bearer.encode(), bootstrap.encode()):
        return Grant("bootstrap", "bootstrap", frozenset(SCOPES), (EVERY_REGION,))
    found = conn.execute(named("access.valid_token"), {"sha256": _digest(bearer)}).one_or_none()
    if found is None:
        return None
    if found.last_used_at is None or datetime.now(UTC) - found.last_used_at > _USE_NOTED_EVERY:
        conn.execute(named("access.used_token"), {"token_id": found.token_id})
    return Grant(found.token_id, found.name, frozenset(found.scopes), tuple(found.regions))


def create_token(
    conn: Connection, name: str, scopes: Iterable[str], regions: Iterable[str], expires_at: datetime | None = None
) -> str:
    """Store a new token and return it; it cannot be shown again."""
    token = f"aidwatch_{secrets.token_urlsafe(32)}"
    row = {
        "token_id": secrets.token_hex(6),
        "name": name,
        "sha256": _digest(token),
        "scopes": sorted(scopes),
        "regions": sorted(regions),
        "expires_at": expires_at,
    }
    conn.execute(named("access.add_token"), row)
    return token


def revoke_token(conn: Connection, which: str) -> int:
    """Revoke the tokens with this id or name; return how many."""
    return conn.execute(named("access.revoke_token"), {"which": which}).rowcount


def list_tokens(conn: Connection) -> list[Row[tuple[object, ...]]]:
    """Return the first 1,000 tokens, without anything they could be used by."""
    return list(conn.execute(named("access.list_tokens")))


def see_as(conn: Connection, viewer: Viewer) -> None:
    """Bind the transaction to what a viewer may see; without it the database shows the console's role no findings at all."""
    may_read = viewer.may("read")
    bound = {
        "everywhere": may_read and viewer.sees_every_region,
        "regions": list(viewer.regions) if may_read else [],
        "unit": viewer.unit_code if "unit_handler" in viewer.roles else None,
    }
    conn.execute(named("access.see_as"), bound)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
