"""Budget execution: what was paid of a year's budget line, and where the year ends if it goes on like this (domain F12).

Paid is counted by benefit month, so that arrears paid in January for December belong to the year they were due in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OVER, UNDER = 1.05, 0.70  #: of the budget, projected to the year's end; the second is judged from month 9 on
JUDGED_FROM = 9
Verdict = Literal["overrun", "over", "under", "in_order", "unknown"]


@dataclass(frozen=True)
class Execution:
    """A budget line in fen, what was paid in its first ``months`` benefit months (1-12; None: nothing was paid yet)."""

    budget_fen: int | None
    paid_fen: int
    months: int | None

    @property
    def projected_fen(self) -> int | None:
        """What the year comes to if the months to come cost what those paid did on average, to the fen, halves up."""
        return (2 * self.paid_fen * 12 + self.months) // (2 * self.months) if self.months else None

    @property
    def share(self) -> float | None:
        """Paid of the budget; None without a budget."""
        return self.paid_fen / self.budget_fen if self.budget_fen else None

    @property
    def projected_share(self) -> float | None:
        """The same at the end of the year."""
        return self.projected_fen / self.budget_fen if self.budget_fen and self.projected_fen is not None else None

    @property
    def verdict(self) -> Verdict:
        """Overrun already; else projected over or under; compared as whole numbers, so that the limit itself is in order."""
        if self.budget_fen is None or (self.projected_fen is None and self.budget_fen >= 0 and not self.paid_fen):
            return "unknown"
        if self.paid_fen > self.budget_fen:
            return "overrun"
        projected = self.projected_fen or 0
        if projected * 100 > self.budget_fen * round(OVER * 100):
            return "over"
        if (self.months or 0) >= JUDGED_FROM and projected * 100 < self.budget_fen * round(UNDER * 100):
            return "under"
        return "in_order"
