"""Budget execution: what was paid of a year's budget line, and where the year ends if it goes on like this: as rule F12 judges it.

A budget pays what arrives in its year, whatever month it is for: arrears paid in January for December are January's money. A projection
stands on months that have ended, and is made from the third on: the first run of a year may pay for two months.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Verdict = Literal["overrun", "over", "under", "in_order", "unknown"]


class Limits(NamedTuple):
    """Parameters of rule F12: per cent of the budget projected to the year's end, and the months from which each is judged."""

    over_percent: float = 105
    under_percent: float = 70
    first_month: int = 3
    under_month: int = 9


DEFAULT = Limits()


@dataclass(frozen=True)
class Execution:
    """A budget line in fen: what was paid of it so far, and of that in the first ``months`` of the year (0-12), which have ended."""

    budget_fen: int | None
    paid_fen: int
    ended_fen: int
    months: int
    limits: Limits = DEFAULT

    @property
    def projected_fen(self) -> int | None:
        """What the year comes to if the months to come cost what those ended did on average, to the fen, halves up; None: too early."""
        if self.months < self.limits.first_month or not self.months:
            return None
        return (2 * self.ended_fen * 12 + self.months) // (2 * self.months)

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
        """Overrun already; else projected over or under; compared before anything is rounded, so that the limit itself is in order."""
        if self.budget_fen is None or self.budget_fen <= 0:
            return "unknown"
        if self.paid_fen > self.budget_fen:
            return "overrun"
        if self.months < self.limits.first_month:
            return "in_order"
        year, whole = self.ended_fen * 12 * 100, self.budget_fen * self.months
        if year > self.limits.over_percent * whole:
            return "over"
        return "under" if self.months >= self.limits.under_month and year < self.limits.under_percent * whole else "in_order"
