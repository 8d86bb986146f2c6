"""Questions about the data itself: what time it is, which sources are late, what was refused."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from sql.load import named

MOST_LETTERS = 100


@dataclass(frozen=True)
class Now:
    """The instant findings are judged at; ``test_clock`` when a test deployment holds it still."""

    judged_at: datetime
    real_at: datetime
    test_clock: bool


@dataclass(frozen=True)
class Feed:
    """A declared source and whether it is late."""

    feed_id: str
    source: str | None
    department: str | None
    interval_s: int | None
    expected_from: datetime | None
    last_at: datetime | None
    as_of: date | None
    events: int | None
    silent_since: datetime | None
    stale_since: datetime | None


@dataclass(frozen=True)
class Source:
    """What one source sent of one entity."""

    source: str
    entity: str
    kind: str
    last_at: datetime
    as_of: date | None
    events: int


@dataclass(frozen=True)
class Reporting:
    """Which kinds of record any source reports, and what is late among those sources."""

    entities: frozenset[str]
    stale_since: datetime | None
    late: tuple[str, ...]  # sources


@dataclass(frozen=True)
class Letter:
    """A refused record: where it came from and why, never what it said; ``n`` of all that are open."""

    id: int
    at: datetime
    source: str | None
    event_id: str | None
    index_in_batch: int | None
    reason: str
    tries: int
    n: int


@dataclass(frozen=True)
class RuleState:
    """What a rule last said of itself."""

    code: str
    title_zh: str
    title_en: str
    family: str
    version: int
    evaluated_at: datetime | None
    unknown_since: datetime | None
    parked_error: str | None
    stale_since: datetime | None


@dataclass(frozen=True)
class Health:
    """The status bar's row."""

    n_feeds: int
    n_late: int
    n_rules_unknown: int
    drift: int | None
    audited_at: datetime | None


def now(conn: Connection) -> Now:
    """Return what time it is for judging, and really."""
    return Now(**conn.execute(named("console_data.now")).mappings().one())


def feeds(conn: Connection) -> list[Feed]:
    """Return declared sources, late ones first; at most 200."""
    return [Feed(**row) for row in conn.execute(named("console_data.feeds")).mappings()]


def sources(conn: Connection) -> list[Source]:
    """Return what arrived from whom; at most 500 rows."""
    return [Source(**row) for row in conn.execute(named("console_data.sources")).mappings()]


def reporting(conn: Connection, wanted: Collection[str]) -> Reporting:
    """Return which of the entities ``wanted`` are reported by anybody, and which of those sources are late."""
    told = [one for one in sources(conn) if one.entity in wanted]
    speaking = {one.source for one in told}
    late = [feed for feed in feeds(conn) if feed.stale_since and feed.source in speaking]
    since = min((feed.stale_since for feed in late if feed.stale_since), default=None)
    return Reporting(frozenset(one.entity for one in told), since, tuple(sorted(str(feed.source) for feed in late)))


def counted_at(conn: Connection, name: str) -> datetime | None:
    """Return when a computation last ran; None before it did."""
    at: datetime | None = conn.execute(named("console_data.counted_at"), {"name": name}).scalar_one_or_none()
    return at


def dead_letters(conn: Connection, most: int = MOST_LETTERS + 1) -> list[Letter]:
    """Return refused records that are open, newest first, at most ``most``; each says how many there are."""
    return [Letter(**row) for row in conn.execute(named("console_data.dead_letters"), {"most": most}).mappings()]


def letter(conn: Connection, number: int) -> Any:
    """Return one refused record with its original, encrypted (a row of console_data.letter); None when there is none."""
    return conn.execute(named("console_data.letter"), {"id": number}).one_or_none()


def send_again(conn: Connection, number: int, who: str) -> bool:
    """Ask for a refused record to be taken again; return whether it is still open."""
    return conn.execute(named("console_data.send_again"), {"id": number, "who": who}).rowcount > 0


def set_aside(conn: Connection, number: int, who: str, why: str) -> bool:
    """Close a refused record; return whether it was still open."""
    return conn.execute(named("console_data.set_aside"), {"id": number, "who": who, "why": why}).rowcount > 0


def rule_states(conn: Connection) -> list[RuleState]:
    """Return every rule's state by code."""
    return [RuleState(**row) for row in conn.execute(named("console_data.rule_states")).mappings()]


def health(conn: Connection) -> Health:
    """Return what the status bar says."""
    return Health(**conn.execute(named("console_data.health")).mappings().one())
