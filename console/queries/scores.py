"""Scores of units and places, from the same ``matching`` as every other number about findings."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection

from console.queries.findings import statement
from monitors.indicators.performance import FULL, RED, YELLOW, MeanScore, Score

MOST_SCORED = 200


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


def unit_scores(conn: Connection, question: dict[str, Any], most: int = MOST_SCORED + 1) -> list[Scored]:
    """Return the scores of units, the lowest first; at most ``most``."""
    return _scored(conn, "scores", Score, question | {"most": most})


def place_scores(conn: Connection, question: dict[str, Any], parent: str, most: int = MOST_SCORED + 1) -> list[Scored]:
    """Return the scores of the places directly below ``parent``, the lowest first; at most ``most``."""
    return _scored(conn, "place_scores", MeanScore, question | {"parent": parent, "most": most})


def _scored(conn: Connection, name: str, kind: type[Score] | type[MeanScore], question: dict[str, Any]) -> list[Scored]:
    rows = conn.execute(statement(name), question | {"full": FULL, "yellow": YELLOW, "red": RED}).mappings()
    own = {one.name for one in fields(kind)}

    def parted(row: Any, mine: bool) -> dict[str, Any]:
        return {name: value for name, value in row.items() if (name in own) == mine}

    return [Scored(score=kind(**parted(row, True)), **parted(row, False)) for row in rows]
