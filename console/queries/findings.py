"""Questions about findings. Every answer starts from the same named ``matching`` statement (number = list), or from sums of the same.

One file, though long: half of it says what the answers hold.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, TextClause, text

from console import rulebook
from console.gate import viewer
from console.queries import tally
from console.url import KEPT, Filters
from sql.load import raw

MOST_ROWS = 10_000  # the list ends here and says so; files go further (console.files.serving)
BLOCK = 1_000
ORDERS = {  # the only orders there are; a column a browser names is looked up here, never put into SQL
    "card": "card_rank",
    "rule": "rule",
    "subject_kind": "subject_kind",
    "region": "region_code",
    "amount": "amount_at_risk_fen",
    "stage": "stage",
    "opened": "opened_at",
    "since": "card_since",
    "times": "times",
}


@dataclass(frozen=True)
class Row:
    """One finding as a list shows it."""

    finding_id: str
    rule: str
    rule_version: int
    subject_kind: str
    subject_key: str
    item: str
    period: str | None
    card: str | None
    ladder_card: str | None
    stale_since: datetime | None
    stage: str
    present: bool
    opened_at: datetime
    card_since: datetime | None
    cleared_at: datetime | None
    region_code: str | None
    unit_code: str | None
    amount_at_risk_fen: int | None
    times: int
    evidence: dict[str, Any] = field(hash=False)
    card_rank: int = 0
    is_silenced: bool = False


@dataclass(frozen=True)
class Totals:
    """How many findings, the money they add up to, and how many hang on a late source."""

    n: int
    amount_fen: int
    n_no_amount: int
    n_stale: int
    stale_since: datetime | None


@dataclass(frozen=True)
class Facet:
    """How many findings of one rule show one card, with or without money."""

    rule: str
    card: str | None
    money: bool
    n: int
    amount_fen: int


@dataclass(frozen=True)
class Place:
    """One region below the one looked at; ``seen`` is false where no household was ever reported."""

    region_code: str
    name: str
    level: str | None
    own: bool  # the place looked at itself: what lies in no smaller place
    n: int
    red: int
    yellow: int
    notice: int
    n_stale: int
    amount_fen: int
    seen: bool

    @property
    def unknown(self) -> bool:
        """Nothing found is not nothing wrong where no data came, or where it came too late."""
        return not self.seen if self.n else not self.seen or self.n_stale > 0


@dataclass(frozen=True)
class Unit:
    """One unit and its findings."""

    unit_code: str | None
    name: str | None
    n: int
    red: int
    yellow: int
    notice: int
    amount_fen: int


@dataclass(frozen=True)
class Recent:
    """A finding and when we last noticed something new about it."""

    row: Row
    noticed_at: datetime


@dataclass(frozen=True)
class DayCount:
    """Findings opened on a day that show one card now ("cleared" when none)."""

    day: date
    card: str
    n: int


@dataclass(frozen=True)
class Waiting:
    """One finding on the board: what it waits for, until when, and who answers."""

    row: Row
    waits: str
    due_at: datetime | None
    unit_code: str | None


@cache
def statement(name: str, order: str = "") -> TextClause:
    """Return a named statement of console_findings over ``matching``, with an order of ours after it."""
    return over(f"console_findings.{name}", order)


@cache
def over(name: str, order: str = "") -> TextClause:
    """Return a statement of any file over ``matching``."""
    return text(f"with matching as ({raw('console_findings.matching')}) {raw(name)} {order}")


@cache
def _of_sample(name: str, order: str) -> TextClause:
    population, drawn = raw("console_findings.matching"), raw("console_findings.drawn")
    return text(f"with population as ({population}), matching as ({drawn}) {raw(f'console_findings.{name}')} {order}")


def _listed(question: dict[str, Any], name: str, order: str = "") -> TextClause:
    """Return a statement about a list, which may be a sample of what answers the question."""
    return statement(name, order) if question["drawn"] is None else _of_sample(name, order)


def asked(filters: Filters, now: datetime, default_span: str | None = None) -> dict[str, Any]:
    """Return the parameters of ``matching``: one meaning of a question, for every statement."""
    opened_from, opened_to = filters.window(now, default_span)
    rules = rulebook.codes(filters.family, filters.rule)
    return {
        "present": filters.present if filters.present is not None or not filters.card else True,  # what has a card stands
        "rules": rules, "cards": list(filters.card) or None,
        "stages": list(filters.stages) or None, "subject_kind": filters.subject_kind,
        "subject_key": filters.subject_key, "unit": filters.unit, "programme": filters.programme,
        "opened_from": opened_from, "opened_to": opened_to, "since": filters.since, "amount": bool(filters.amount),
        "region": filters.region, "outcome": filters.outcome, "done": filters.done,
        "silenced": filters.silenced, "waits": filters.waits, "due_before": filters.due_before(now),
        "kept": KEPT.get(filters.due or ""), "apart": None, "ladder": None, "own": viewer().unit_code,
        "drawn": filters.drawn[0], "seed": filters.drawn[1],
    }  # fmt: skip


def totals(conn: Connection, question: dict[str, Any]) -> Totals:
    """Return how many findings answer the question, and their sum."""
    if (summed := tally.whole(conn, question)) is not None:
        return together(_by_rule(conn, summed).values())
    return Totals(**conn.execute(_listed(question, "totals"), question).mappings().one())


def counted(conn: Connection, question: dict[str, Any], most: int) -> int:
    """Return how many findings answer the question, at most ``most``: so many are counted, and no more."""
    return int(conn.execute(_listed(question, "counted"), question | {"most": most}).scalar_one())


def page(
    conn: Connection, question: dict[str, Any], *, order: Sequence[tuple[str, str]] = (), start: int = 0, end: int = 100
) -> list[Row]:
    """Return rows ``start`` to ``end`` in the order given as (column, "asc" | "desc"); newest first without one."""
    clause = f"order by {_order(order)} limit :limit offset :offset"
    bounds = {"limit": max(end - start, 0), "offset": max(start, 0)}
    rows = conn.execute(_listed(question, "page", clause), question | bounds)
    return [Row(**row) for row in rows.mappings()]


def blocks(conn: Connection, question: dict[str, Any], order: Sequence[tuple[str, str]], most: int) -> Iterator[list[Row]]:
    """Yield the first ``most`` rows of a question in an order as ``page`` takes it, in blocks, without holding them all."""
    clause = f"order by {_order(order)} limit :limit"
    rows = conn.execute(_listed(question, "page", clause), question | {"limit": most}, execution_options={"yield_per": BLOCK})
    for part in rows.mappings().partitions():
        yield [Row(**row) for row in part]


def _order(wanted: Sequence[tuple[str, str]]) -> str:
    parts = [_ordered(ORDERS[column], direction) for column, direction in wanted if column in ORDERS]
    if not any(part.startswith("opened_at") for part in parts):
        parts.append("opened_at desc")
    return ", ".join([*parts, "finding_id"])


def latest(conn: Connection, question: dict[str, Any], limit: int = 40) -> list[Recent]:
    """Return the findings something was last noticed about, newest first."""
    rows = conn.execute(statement("latest"), question | {"limit": limit}).mappings()
    return [Recent(Row(**{k: v for k, v in row.items() if k != "noticed_at"}), row["noticed_at"]) for row in rows]


def _ordered(column: str, direction: str) -> str:
    """Empty values come last, whichever way; opened_at is never empty, and saying so would cost its index."""
    last = "" if column == "opened_at" else " nulls last"
    return f"{column} {'desc' if direction == 'desc' else 'asc'}{last}"


def by_child(conn: Connection, question: dict[str, Any], parent: str) -> list[Place]:
    """Return the regions directly below ``parent`` with their findings, most first."""
    if (summed := tally.below(conn, question, parent)) is not None:
        rows = conn.execute(tally.statement("console_findings.by_child_tallied"), summed)
    else:
        rows = conn.execute(statement("by_child"), question | {"parent": parent})
    return [Place(**row) for row in rows.mappings()]


def by_unit(conn: Connection, question: dict[str, Any]) -> list[Unit]:
    """Return units with findings, most first; at most 200."""
    return [Unit(**row) for row in conn.execute(statement("by_unit"), question).mappings()]


def by_day(conn: Connection, question: dict[str, Any]) -> list[DayCount]:
    """Return findings by the day they opened and the card they show now."""
    return [DayCount(**row) for row in conn.execute(statement("by_day"), question).mappings()]


def by_card(conn: Connection, question: dict[str, Any]) -> dict[str, int]:
    """Return how many findings show which card."""
    return {row.card: row.n for row in conn.execute(statement("by_card"), question)}


def found_since(conn: Connection, question: dict[str, Any], since: datetime) -> dict[str, int]:
    """Return how many findings we first saw since an instant, by the card they show now."""
    rows = conn.execute(statement("found_since"), question | {"found_since": since})
    return {row.card: row.n for row in rows}


def by_rule(conn: Connection, question: dict[str, Any]) -> dict[str, Totals]:
    """Return the totals of each rule, most findings first."""
    if (summed := tally.whole(conn, question)) is not None:
        return _by_rule(conn, summed)
    return _totals(conn.execute(statement("by_rule"), question))


def _by_rule(conn: Connection, summed: dict[str, Any]) -> dict[str, Totals]:
    return _totals(conn.execute(tally.statement("console_findings.by_rule_tallied"), summed))


def _totals(rows: CursorResult[Any]) -> dict[str, Totals]:
    return {row["rule"]: Totals(**{name: value for name, value in row.items() if name != "rule"}) for row in rows.mappings()}


def together(parts: Iterable[Totals]) -> Totals:
    """Return the totals of several questions that share no finding."""
    held = list(parts)
    stale = [part.stale_since for part in held if part.stale_since]
    return Totals(
        sum(part.n for part in held), sum(part.amount_fen for part in held), sum(part.n_no_amount for part in held),
        sum(part.n_stale for part in held), min(stale, default=None),
    )  # fmt: skip


def waiting(conn: Connection, question: dict[str, Any], now: datetime) -> dict[str, tuple[int, int]]:
    """Return, for each thing findings wait for, how many do and how many of them are late."""
    if (summed := tally.whole(conn, question)) is None:
        return _waiting(conn, question, now)
    rows = conn.execute(tally.statement("console_findings.by_stage_tallied"), summed)
    told = {tally.WAITS[row.stage]: (row.n, 0) for row in rows if row.n and row.stage in tally.WAITS}
    if "reply" in told:
        late = _waiting(conn, question | {"stages": ["assigned"], "due_before": now}, now)
        told["reply"] = (told["reply"][0], late.get("reply", (0, 0))[1])
    if summed["stages"] is None or "verified" in summed["stages"]:  # what these wait for hangs on more than the stage
        told |= _waiting(conn, question | {"stages": ["verified"]}, now)
    return told


def _waiting(conn: Connection, question: dict[str, Any], now: datetime) -> dict[str, tuple[int, int]]:
    rows = conn.execute(statement("waiting"), question | {"now": now})
    return {row.waits: (row.n, row.late) for row in rows}


def board(conn: Connection, question: dict[str, Any], most: int) -> list[Waiting]:
    """Return the most urgent findings of a question, at most ``most``."""
    if question["waits"] == "assess" and question["ladder"] is None:  # nothing is due yet, so red cards come first: mostly enough
        red = board(conn, question | {"cards": ["red"], "ladder": "red", "stages": ["open"]}, most)
        if len(red) == most:
            return red
    own = ("waits", "due_at", "answering_unit")
    rows = conn.execute(statement("board"), question | {"most": most}).mappings()
    return [Waiting(Row(**{k: v for k, v in row.items() if k not in own}), *(row[name] for name in own)) for row in rows]


def waiting_by_unit(conn: Connection, question: dict[str, Any], now: datetime, most: int) -> Sequence[Any]:
    """Return units with what their findings wait for, the latest first; at most ``most``."""
    return conn.execute(statement("waiting_by_unit"), question | {"now": now, "most": most}).all()


def facets(conn: Connection, question: dict[str, Any]) -> list[Facet]:
    """Return totals by rule, card and money, from one pass."""
    if (summed := tally.whole(conn, question)) is not None:
        rows = conn.execute(tally.statement("console_findings.facets_tallied"), summed)
    else:
        rows = conn.execute(statement("facets"), question)
    return [Facet(**row) for row in rows.mappings()]
