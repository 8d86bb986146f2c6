"""What a rule would find against what stands: gained, lost, another card; which verdicts of people it would keep.

Pure: findings of both sides in, counts out. Only what holds is compared: what was put right meanwhile stands on neither side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from monitors.indicators import wilson
from monitors.ladder import Ladder
from monitors.reconcile import Identity
from monitors.words import SHANGHAI

EXAMPLES = 5  #: of each kind
KINDS = ("gained", "lost", "changed")
SIDES = ("all", "before", "after")  #: verdicts: every one; on what stands; on what the candidate would raise


class Side(NamedTuple):
    """One finding as one of the two rules has it."""

    card: str
    amount_fen: int | None
    ladder: Ladder

    @property
    def month(self) -> str:
        """The month it opened in; what has a card has a first rung."""
        first = self.ladder.first
        assert first is not None
        return f"{first.astimezone(SHANGHAI):%Y-%m}"


class Precision(NamedTuple):
    """How often people confirmed; ``share`` (0–1) is None where nobody has judged, then the interval is all of it."""

    confirmed: int
    judged: int
    share: float | None
    low: float
    high: float


def precision(verdicts: Mapping[str, int]) -> Precision:
    """Return the share confirmed with its Wilson interval (95 %) of verdicts by outcome."""
    confirmed, judged = verdicts.get("true", 0), sum(verdicts.values())
    return Precision(confirmed, judged, confirmed / judged if judged else None, *wilson.interval(confirmed, judged))


@dataclass
class Tally:
    """Findings of one code in one county; money in fen."""

    gained: int = 0
    lost: int = 0
    changed: int = 0
    same: int = 0
    gained_fen: int = 0
    lost_fen: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))


@dataclass
class Comparison:
    """The sum of what was compared so far. ``waiting``: findings left out because somebody is still to be asked about them."""

    places: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))  # code, county ('' = none)
    months: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: {side: Counter() for side in SIDES})
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    waiting: int = 0

    def add(self, identity: Identity, county: str, before: Side | None, after: Side | None, outcome: str | None) -> None:
        """Count one finding that one side has, both, or only a verdict of the past."""
        self._judge(before, after, outcome)
        kind = _kind(before, after)
        if kind is None:
            return
        tally = self.places[identity.rule, county]
        setattr(tally, kind, getattr(tally, kind) + 1)
        tally.gained_fen += (after.amount_fen or 0) if after and kind == "gained" else 0
        tally.lost_fen += (before.amount_fen or 0) if before and kind == "lost" else 0
        for place, side in enumerate((before, after)):
            if side:
                self.months[side.month][place] += 1
        if kind in KINDS and len(self.examples[kind]) < EXAMPLES:
            self.examples[kind].append({"rule": identity.rule, "subject_kind": identity.subject_kind, "subject_key": identity.subject_key,
                                        "item": identity.item, "was": before and before.card, "card": after and after.card})  # fmt: skip

    def _judge(self, before: Side | None, after: Side | None, outcome: str | None) -> None:
        if outcome:
            for side, counted in zip(SIDES, (True, before, after), strict=True):
                self.verdicts[side][outcome] += bool(counted)

    @property
    def total(self) -> Tally:
        return sum(self.places.values(), Tally())

    def told(self) -> dict[str, Any]:
        """Return it as JSON holds it: most affected counties first, months in order."""
        places = sorted(self.places.items(), key=lambda one: (-_moved(one[1]), one[0]))
        return {
            "waiting": self.waiting, "total": asdict(self.total),
            "places": [{"rule": rule, "county": county, **asdict(tally)} for (rule, county), tally in places],
            "months": [[month, *self.months.get(month, (0, 0))] for month in _every(self.months)],
            "verdicts": {side: dict(self.verdicts[side]) for side in SIDES}, "examples": self.examples,
        }  # fmt: skip


def _every(months: Iterable[str]) -> list[str]:
    """Every month from the first to the last: one without cards is a month, not a gap."""
    ordered = sorted(int(month[:4]) * 12 + int(month[5:]) - 1 for month in months)
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(ordered[0], ordered[-1] + 1)] if ordered else []


def _kind(before: Side | None, after: Side | None) -> str | None:
    if before is None or after is None:
        return "lost" if before else "gained" if after else None
    return "same" if before.card == after.card else "changed"


def _moved(tally: Tally) -> int:
    return tally.gained + tally.lost + tally.changed
