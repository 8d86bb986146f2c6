"""Searches by a clear value: kept, told in the trail, and made events of (``workers.looks``) for rule P20."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from sql import people
from sql.load import named


@dataclass(frozen=True)
class Search:
    """Who searched by what and why; ``token_id`` for a program. The value stands as its pseudonym only."""

    name: str
    kind: str
    pseudonym: str
    purpose: str | None
    case_no: str | None = None
    token_id: str | None = None

    @property
    def who(self) -> str:
        return f"token {self.name}" if self.token_id else self.name

    @property
    def why(self) -> str:
        return " ".join(filter(None, (self.kind, self.purpose, self.case_no)))


def note(conn: Connection, search: Search, found: Sequence[Any], *, at_least: int = 0, address: str | None = None) -> None:
    """Keep a search and whom it found: ``found`` are records (``person_key``, ``person_id``) of one human or several.

    ``at_least`` so many were found whether or not there are records of them: a finding may be all that is shown of somebody.
    """
    humans, records = {one.person_key for one in found}, sorted({one.person_id for one in found})
    n = max(len(humans), at_least)
    conn.execute(named("search.note"), {
        "token_id": search.token_id, "name": search.name, "kind": search.kind, "pseudonym": search.pseudonym, "purpose": search.purpose,
        "case_no": search.case_no, "found": n, "person_id": records[0] if len(humans) == 1 else None, "person_ids": records,
    })  # fmt: skip
    people.note(conn, search.who, "searched", about=search.pseudonym, detail=f"{search.why}: {n}", address=address)
