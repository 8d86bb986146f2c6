"""Questions about the rules: what became of what they flagged, how they are, and their local values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from console.queries import findings, tally
from console.url import Filters
from monitors.indicators import wilson
from sql.load import named

ENOUGH = 50  #: verdicts before a rule is judged by them (Q11)
TOO_LOW_SHARE = 0.2


@dataclass(frozen=True)
class Yield:
    """What became of the findings of one rule in one version; several together with ``+``."""

    flagged: int = 0
    present: int = 0
    handed_over: int = 0
    verified: int = 0
    confirmed: int = 0
    data_problem: int = 0
    exempt: int = 0
    corrected: int = 0
    confirmed_fen: int = 0
    verified_now: int = 0  # findings whose verdict stands; ``verified`` also counts verdicts on those that ended and came back
    confirmed_now: int = 0

    def __add__(self, other: "Yield") -> "Yield":
        return Yield(*(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))

    @property
    def precision(self) -> float | None:
        """The share of confirmed findings among those verified; None while none is."""
        return self.confirmed / self.verified if self.verified else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson.interval(self.confirmed, self.verified)

    @property
    def is_weak(self) -> bool:
        """Whether enough verdicts say that too few are confirmed: to be demoted to notices until it is mended."""
        return self.verified >= ENOUGH and (self.precision or 0.0) < TOO_LOW_SHARE


def yields(conn: Connection, asks: Filters, now: datetime) -> dict[str, dict[int, Yield]]:
    """Return the lead-yield ledger of a question: rule → version → what became of its findings, newest version first."""
    question = findings.asked(asks, now)
    summed = tally.whole(conn, question)
    flagged = tally.statement("console_rules.flagged_tallied") if summed else findings.over("console_rules.flagged")
    numbers: dict[tuple[str, int], dict[str, int]] = {}
    for statement, bound in ((flagged, summed or question), (named("console_rules.judged"), question)):
        for row in conn.execute(statement, bound).mappings():
            told = {name: value for name, value in row.items() if name not in ("rule", "version")}
            numbers.setdefault((row["rule"], row["version"]), {}).update(told)
    found: dict[str, dict[int, Yield]] = {}
    for rule, version in sorted(numbers, key=lambda key: (key[0], -key[1])):
        found.setdefault(rule, {})[version] = Yield(**numbers[rule, version])
    return found


def states(conn: Connection) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Return when each rule was last asked, and since when its answers are unknown."""
    return {row.code: (row.evaluated_at, row.unknown_since) for row in conn.execute(named("console_rules.states"))}


def parameters(conn: Connection, codes: Sequence[str]) -> Sequence[Any]:
    """Return the local values of parameters of rules; at most 500."""
    return conn.execute(named("console_rules.parameters"), {"codes": list(codes)}).all()
