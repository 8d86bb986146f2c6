"""Questions about the trials of a rule: what people had worked out, and one more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sql.load import named


@dataclass(frozen=True)
class Trial:
    """One trial: ``state`` is queued, running, done, failed or lost; ``result`` as monitors.comparison tells it."""

    id: int
    rule_version: int
    who: str
    asked_at: datetime
    given: Mapping[str, str]
    begun_at: datetime | None
    ended_at: datetime | None
    fault: str | None
    result: Mapping[str, Any] | None
    state: str


def of(conn: Connection, file: str) -> Sequence[Trial]:
    """Return the last trials of a rule file, newest first, at most 20; none for who does not see every region."""
    return [Trial(**row) for row in conn.execute(named("console_trial.of"), {"file": file}).mappings()]


def ask(conn: Connection, file: str, version: int, who: str, given: Mapping[str, str]) -> bool:
    """Keep a trial for the job; False while another of this rule is under way."""
    row = {"file": file, "version": version, "who": who, "given": json.dumps(given, ensure_ascii=False)}
    return bool(conn.execute(named("console_trial.ask"), row).rowcount)
