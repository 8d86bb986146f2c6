"""The performance score of a unit, and of a place as the mean of its units: points off for confirmed cards.

Printed as a sum anybody can check. The published municipal scheme takes 5 points for a yellow and 10 for a red card from 100,
at least 0, and gives them back when the card proves wrong (domain §5.3, §10 E5). Only what people confirmed takes points here;
what is still open makes a range.
"""

from __future__ import annotations

from dataclasses import dataclass

FULL, YELLOW, RED = 100, 5, 10


@dataclass(frozen=True)
class Score:
    """Confirmed and undecided cards of one unit in one period."""

    confirmed_yellow: int = 0
    confirmed_red: int = 0
    open_yellow: int = 0
    open_red: int = 0

    @property
    def now(self) -> int:
        """The score as far as it is known."""
        return max(0, FULL - YELLOW * self.confirmed_yellow - RED * self.confirmed_red)

    @property
    def at_worst(self) -> int:
        """The score if every open card is confirmed."""
        return max(0, FULL - YELLOW * (self.confirmed_yellow + self.open_yellow) - RED * (self.confirmed_red + self.open_red))


@dataclass(frozen=True)
class MeanScore:
    """The scores of the units of one place in one period, added up; a unit without a card there has the full score."""

    units: int = 0
    units_below: int = 0
    score_sum: int = 0
    worst_sum: int = 0
    lowest: int | None = None

    @property
    def now(self) -> float | None:
        """The mean as far as it is known; None where no unit is known."""
        return self.score_sum / self.units if self.units else None

    @property
    def at_worst(self) -> float | None:
        """The mean if every open card is confirmed."""
        return self.worst_sum / self.units if self.units else None
