"""Scores of units and places, and how fair doubts about citizens were, from the same ``matching`` as every other number about findings."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection

from console.queries.findings import over, statement
from monitors.indicators import wilson
from monitors.indicators.performance import FULL, RED, YELLOW, MeanScore, Score

MOST_SCORED = 200
EVERYTHING = "*"
_POINTS = {"full": FULL, "yellow": YELLOW, "red": RED}


@dataclass(frozen=True)
class Scored:
    """One place or unit: its cards by what people found, the score they make, and the median time to answer."""

    key: str | None
    name: str | None
    score: Score | MeanScore
    confirmed: int
    undecided: int
    lifted: int
    answer_s: float | None


@dataclass(frozen=True)
class Course:
    """A place and its mean score month by month: units, points they lost, cards confirmed. ``own``: the place asked about itself."""

    key: str
    name: str
    own: bool
    units: int
    months: dict[str, tuple[int, int, int]]  # units from elsewhere that lost points there, points lost, cards confirmed

    def score(self, month: str) -> float | None:
        """The mean of the units; None where no unit is known."""
        others, points, _ = self.months.get(month, (0, 0, 0))
        return FULL - points / (self.units + others) if self.units + others else None

    def confirmed(self, month: str) -> int:
        return self.months.get(month, (0, 0, 0))[2]


@dataclass(frozen=True)
class Fair:
    """Verdicts on doubts about citizens in one place: how many there are, how many were not founded, the median time until them."""

    key: str
    name: str | None
    decided: int
    unfounded: int
    took_s: float | None

    @property
    def share(self) -> float:
        return self.unfounded / self.decided if self.decided else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson.interval(self.unfounded, self.decided)


def unit_scores(conn: Connection, question: dict[str, Any], most: int = MOST_SCORED + 1) -> list[Scored]:
    """Return the scores of units, the lowest first; at most ``most``."""
    return _scored(conn, "scores", Score, question | {"most": most})


def place_scores(conn: Connection, question: dict[str, Any], parent: str, most: int = MOST_SCORED + 1) -> list[Scored]:
    """Return the scores of the places directly below ``parent``, the lowest first; at most ``most``."""
    return _scored(conn, "place_scores", MeanScore, question | {"parent": parent, "most": most})


def _scored(conn: Connection, name: str, kind: type[Score] | type[MeanScore], question: dict[str, Any]) -> list[Scored]:
    rows = conn.execute(statement(name), question | _POINTS).mappings()
    own = {one.name for one in fields(kind)}

    def parted(row: Any, mine: bool) -> dict[str, Any]:
        return {name: value for name, value in row.items() if (name in own) == mine}

    return [Scored(score=kind(**parted(row, True)), **parted(row, False)) for row in rows]


def courses(conn: Connection, question: dict[str, Any], parent: str) -> list[Course]:
    """Return ``parent`` and the places directly below it with what confirmed cards took by month; ``question`` as for ``place_scores``."""
    rows = conn.execute(over("console_units.months"), question | _POINTS | {"parent": parent, "outcome": "confirmed"})
    found: dict[str, Course] = {}
    for row in rows:
        one = found.setdefault(row.key, Course(row.key, row.name or row.key, row.own, row.units, {}))
        if row.month:
            one.months[row.month] = (row.others, row.points, row.confirmed)
    return list(found.values())


def fairness(conn: Connection, question: dict[str, Any]) -> tuple[Fair, list[Fair]]:
    """Return the verdicts of a question together, and by township, those first whose share not founded is surely highest."""
    rows = [Fair(**row) for row in conn.execute(over("console_units.fairness"), question | {"outcome": "verified"}).mappings()]
    towns = [one for one in rows if one.key != EVERYTHING]
    return next(one for one in rows if one.key == EVERYTHING), sorted(towns, key=lambda one: (-one.interval[0], -one.decided, one.key))


def kept(conn: Connection, question: dict[str, Any]) -> tuple[int, int]:
    """Return how many of the cards on which a date was set kept every date, and how many had one."""
    row: Sequence[int] = conn.execute(over("console_units.kept"), question).one()
    return row[0], row[1]
