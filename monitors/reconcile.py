"""What a rule says now against what is known: opened, changed, cleared, returned (design §6).

Pure: rows in, decisions out. The machine's columns only; what people wrote is not even read, except
for the stage, which decides whether a return is the same finding or a new episode.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from monitors.ladder import Ladder

ENDED = frozenset({"closed", "dismissed"})


class Identity(NamedTuple):
    """What makes a finding this finding: never version, amount or date."""

    rule: str
    subject_kind: str
    subject_key: str
    item: str

    @property
    def finding_id(self) -> str:
        return hashlib.sha256("\x1f".join(self).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Answer:
    """One row a rule returned."""

    identity: Identity
    period: str | None
    ladder: Ladder
    amount_at_risk_fen: int | None
    region_code: str | None
    unit_code: str | None
    evidence: Mapping[str, Any]

    def judged(self) -> tuple[Any, ...]:
        """Everything the machine says: two answers that agree in it are the same answer."""
        return (self.period, self.ladder, self.amount_at_risk_fen, self.region_code, self.unit_code, self.evidence)


@dataclass(frozen=True, slots=True)
class Known:
    """A finding as it stands in the database."""

    answer: Answer
    rule_version: int
    ladder_card: str | None
    present: bool
    stage: str


@dataclass(frozen=True, slots=True)
class Change:
    """One finding to be written. ``what`` is opened, card, refreshed, cleared or returned."""

    what: str
    answer: Answer
    card: str | None
    card_since: datetime | None
    from_card: str | None = None
    from_stage: str | None = None

    @property
    def is_new_episode(self) -> bool:
        return self.what == "returned" and self.from_stage in ENDED


@dataclass
class Changes:
    """What is to be written for one slice; ``rechecks`` maps (subject, period) to the next instant to look again."""

    changes: list[Change] = field(default_factory=list)
    rechecks: dict[tuple[str, str], datetime] = field(default_factory=dict)


def reconcile(known: Iterable[Known], answers: Iterable[Answer], now: datetime, version: int) -> Changes:
    """Compare a slice of known findings with all the answers of the same slice.

    What the rule no longer returns inside the slice is cleared; an answer whose first rung is ahead
    is only remembered for a recheck.
    """
    result = Changes()
    before = {k.answer.identity: k for k in known}
    standing = set()
    for answer in answers:
        _remember(result, answer, now)
        card = answer.ladder.card(now)
        if card is None:
            continue
        standing.add(answer.identity)
        change = _change(before.get(answer.identity), answer, card, now, version)
        if change:
            result.changes.append(change)
    for identity, old in before.items():
        if old.present and identity not in standing:
            result.changes.append(Change("cleared", old.answer, None, None, old.ladder_card, old.stage))
    return result


def _remember(result: Changes, answer: Answer, now: datetime) -> None:
    ahead = answer.ladder.next_change(now)
    if ahead is None:
        return
    slot = (answer.identity.subject_key, answer.period or "")
    result.rechecks[slot] = min(ahead, result.rechecks.get(slot, ahead))


def _change(old: Known | None, answer: Answer, card: str, now: datetime, version: int) -> Change | None:
    since = answer.ladder.since(now)
    if old is None:
        return Change("opened", answer, card, since)
    if not old.present:
        return Change("returned", answer, card, since, None, old.stage)
    if old.ladder_card != card:
        return Change("card", answer, card, since, old.ladder_card, old.stage)
    if old.answer.judged() != answer.judged() or old.rule_version != version:
        return Change("refreshed", answer, card, since, old.ladder_card, old.stage)
    return None
