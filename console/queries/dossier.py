"""Questions about one finding: itself, its history, its subject's events, and what else was found there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from console.queries.findings import Row
from monitors.entities import ENTITIES
from sql.load import named, raw

MOST_EVENTS = 200
MOST_KIN = 50


@dataclass(frozen=True)
class Finding:
    """One finding with everything the page says about it."""

    finding_id: str
    rule: str
    rule_version: int
    subject_kind: str
    subject_key: str
    item: str
    card: str | None
    ladder_card: str | None
    stale_since: datetime | None
    stage: str
    present: bool
    opened_at: datetime
    card_since: datetime | None
    cleared_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    region_code: str | None
    unit_code: str | None
    amount_at_risk_fen: int | None
    times: int
    episode: int
    period: str | None
    notice_at: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None
    until_at: datetime | None
    is_silenced: bool
    silenced_until: datetime | None
    silenced_by: str | None
    silence_reason: str | None
    assignee: str | None
    due_at: datetime | None
    note: str | None
    outcome: str | None
    outcome_reason: str | None
    stage_at: datetime | None
    raised_at: datetime
    acknowledged_at: datetime | None
    assigned_at: datetime | None
    assigned_by: str | None
    told_at: datetime | None
    explained_at: datetime | None
    replied_at: datetime | None
    verified_at: datetime | None
    verified_by: str | None
    rectified_at: datetime | None
    closed_at: datetime | None
    evidence: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Subject:
    """What a dossier is about."""

    subject_kind: str
    subject_key: str
    finding_id: str = ""  # of the finding one comes from
    evidence: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Step:
    """One thing that happened to a finding."""

    at: datetime
    known_at: datetime
    what: str
    from_card: str | None
    to_card: str | None
    from_stage: str | None
    to_stage: str | None
    by_whom: str
    note: str | None
    said: dict[str, str] | None = field(hash=False)


@dataclass(frozen=True)
class Event:
    """One event of the ledger, its sensitive fields masked."""

    entity: str
    key: str
    op: str
    occurred_at: datetime
    known_at: datetime
    source: str
    body: dict[str, Any] | None = field(hash=False)


@dataclass(frozen=True)
class Look:
    """Somebody looked at a clear value, or searched by one (``is_search``): which kind, when and why, as far as they said."""

    at: datetime
    who: str
    kind: str
    purpose: str | None
    case_no: str | None
    is_search: bool = False


@dataclass(frozen=True)
class Timeline:
    """The events of a subject, newest first; ``cut`` when there are more than are shown."""

    events: tuple[Event, ...]
    cut: bool


def one(conn: Connection, finding_id: str) -> Finding | None:
    """Return the finding, or None when there is none (or none that may be seen)."""
    row = conn.execute(named("console_finding.one"), {"finding_id": finding_id}).mappings().one_or_none()
    return Finding(**row) if row else None


def history(conn: Connection, finding_id: str) -> list[Step]:
    """Return what happened to the finding, first to last."""
    rows = conn.execute(named("console_finding.history"), {"finding_id": finding_id})
    return [Step(**row) for row in rows.mappings()]


def regions(conn: Connection, finding_id: str) -> list[str]:
    """Return every region the finding lies in, where it lies in several."""
    return list(conn.execute(named("console_finding.regions"), {"finding_id": finding_id}).scalars())


def exists(conn: Connection, subject: Subject) -> bool:
    """Return whether there is such a subject, and it may be seen."""
    return bool(conn.execute(named("console_dossier.exists"), {"kind": subject.subject_kind, "key": subject.subject_key}).scalar_one())


def unit(conn: Connection, code: str) -> Any:
    """Return a unit (unit_code, name, region_code); None where no source reports it."""
    return conn.execute(named("console_dossier.unit"), {"key": code}).one_or_none()


def members(conn: Connection, of: Sequence[str]) -> Sequence[Any]:
    """Return who lives or lived in households (rows of console_dossier.members); at most 100."""
    return conn.execute(named("console_dossier.members"), {"households": list(of)}).all()


def benefits(conn: Connection, subject: Subject, of: Sequence[str]) -> Sequence[Any]:
    """Return the benefits of a subject and of households, with what was paid; at most 50."""
    asked = {"households": list(of), "kind": subject.subject_kind, "key": subject.subject_key}
    return conn.execute(named("console_dossier.benefits"), asked).all()


def looks_at(
    conn: Connection, subject: Subject, of: Sequence[str], finding_ids: Sequence[str], known: datetime | None = None
) -> list[Look]:
    """Return who looked at clear values of these findings or found the subject by one, before ``known``, newest first; at most 100."""
    asked = {"kind": subject.subject_kind, "key": subject.subject_key, "households": list(of), "finding_ids": list(finding_ids),
             "known": known}  # fmt: skip
    return [Look(**row) for row in conn.execute(named("console_dossier.looks"), asked).mappings()]


def households(conn: Connection, finding: Finding | Subject) -> list[str]:
    """Return the households the finding's subject belongs to."""
    asked = {"kind": finding.subject_kind, "key": finding.subject_key}
    return list(conn.execute(named("console_finding.households"), asked).scalars())


def kin(conn: Connection, finding: Finding | Subject, of: Sequence[str], known: datetime | None = None) -> list[Row]:
    """Return other findings on the subject and on the households ``of``; one more than is shown when cut.

    Before ``known``: those we had by then, with the card and the stage they had, without amount and evidence, which are not kept of then.
    """
    asked = {"kind": finding.subject_kind, "key": finding.subject_key, "households": list(of), "known": known}
    statement = "console_finding.kin_then" if known else "console_finding.kin"
    rows = conn.execute(text(f"{raw('console_finding.of_subject')} {raw(statement)}"), asked | {"finding_id": finding.finding_id})
    return [Row(**row) for row in rows.mappings()]


def looks(conn: Connection, finding_id: str) -> list[Look]:
    """Return who looked at clear values of a finding, newest first; at most 100."""
    return [Look(**row) for row in conn.execute(named("reveal.looks"), {"finding_id": finding_id}).mappings()]


def timeline(
    conn: Connection, finding: Finding | Subject, of: Sequence[str], most: int = MOST_EVENTS, known: datetime | None = None
) -> Timeline:
    """Return the events of the subject and of the records the evidence names that were known before ``known``, at most ``most``."""
    rows = story(conn, "console_finding.timeline", finding, of, most + 1, known)
    return Timeline(tuple(Event(**row) for row in rows[:most]), len(rows) > most)


def story(
    conn: Connection, statement: str, finding: Finding | Subject, of: Sequence[str], most: int = 0, known: datetime | None = None
) -> Sequence[RowMapping]:
    """Return what ``statement`` says of the records of the subject, of its households and of what the evidence names.

    ``most`` bounds its rows and ``known`` says before which instant we must have known of them, where it asks.
    """
    named_records = referred(finding.evidence)
    asked = {
        "kind": finding.subject_kind, "key": finding.subject_key, "households": list(of),
        "entities": [entity for entity, _ in named_records], "keys": [key for _, key in named_records], "most": most, "known": known,
    }  # fmt: skip
    return conn.execute(text(f"{raw('console_finding.referred')} {raw(statement)}"), asked).mappings().all()


def referred(evidence: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the records that evidence columns name by their key, as (entity, key)."""
    by_key = {entity.key: name for name, entity in ENTITIES.items()}
    found = []
    for column, value in evidence.items():
        entity = by_key.get(column.removesuffix("s") if isinstance(value, list) else column)
        if entity:
            found += [(entity, str(key)) for key in (value if isinstance(value, list) else [value]) if key]
    return found[:200]
