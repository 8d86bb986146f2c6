"""What was planted and what must come of it: the answer sheet a run of aidwatch is marked against."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg.types.json import Json

from workers.simulator.book import Connection

Card = str  # notice | yellow | red


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding that must be there, or (look-alikes) must not.

    subject: contract fields that find the subject, such as ``{"application_id": "SQ…"}``; for a person
    ``person_id`` and for an account ``account_number``, since their keys are pseudonyms.
    item: likewise, where the rule has several findings on one subject. Of two people who may be one (D08) the finding is about
    whose pseudonym comes first, which nobody knows here: subject and item are the two.
    """

    rule: str
    subject_kind: str
    subject: dict[str, str]
    card: Card | None = None
    item: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """One thing planted. ``card`` of what is expected holds at ``as_of`` (Beijing wall clock)."""

    plant_id: str
    rule: str
    what: str
    as_of: datetime
    lawful: bool
    expected: tuple[Expected, ...]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Return the lines of the truth file: one for each finding expected or forbidden."""
        for each in self.expected:
            yield {
                "plant_id": self.plant_id,
                "rule": each.rule,
                "subject_kind": each.subject_kind,
                "subject": each.subject,
                "item": each.item,
                "card": each.card,
                "as_of": f"{self.as_of.isoformat()}+08:00",
                "lawful": self.lawful,
                "what": self.what,
            }


def keep(conn: Connection, truth: Truth) -> None:
    """Note it in the business database, in the transaction that plants it."""
    for row in truth.rows():
        conn.execute("insert into sim.truth (plant_id, body) values (%s, %s)", [truth.plant_id, Json(row)])


def kept(conn: Connection) -> list[dict[str, Any]]:
    """Return every line noted so far, oldest first."""
    return [row[0] for row in conn.execute("select body from sim.truth order by n").fetchall()]


def write_truth(conn: Connection, path: Path) -> int:
    """Write the truth file (JSON lines), whole, and return how many lines it has."""
    rows = kept(conn)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    fresh.replace(path)
    return len(rows)
