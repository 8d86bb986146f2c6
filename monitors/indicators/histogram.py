"""Histograms of days that add up: the medians and P90 of a region are exact to the bin, whatever was summed.

Whole days to 60, because the longest limit of the law is 45 working days (民发〔2022〕83号 四(一)) and a red card follows
five days later; then 5, 10 and 30 days a bin. Fixed bins make summaries mergeable without loss of rank (Agarwal et al.,
Mergeable Summaries, PODS 2012). A histogram is kept as one whole number with twelve decimal digits for each bin, so that
the database's sum() merges them (docs/decisions/0013).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

EXACT = 60
#: The last day of each bin; one more bin is open.
BOUNDS: tuple[int, ...] = (*range(EXACT + 1), *range(65, 121, 5), *range(130, 241, 10), *range(270, 721, 30))
_ROOM: int = 10**12  #: cases one bin can count


def bin_of(days: int) -> int:
    """Return the bin of a length in days."""
    return bisect_left(BOUNDS, max(days, 0))


@dataclass(frozen=True)
class Histogram:
    """How many lengths fall into each bin, from the shortest; bins after the last filled one are left out."""

    counts: tuple[int, ...] = ()

    @classmethod
    def of(cls, lengths: Iterable[int]) -> Histogram:
        """Return the histogram of lengths in days."""
        return cls.unpacked(sum(_ROOM ** bin_of(days) for days in lengths))

    @classmethod
    def unpacked(cls, packed: int) -> Histogram:
        """Return a histogram from the number it is kept as."""
        counts = []
        while packed:
            packed, n = divmod(packed, _ROOM)
            counts.append(int(n))
        return cls(tuple(counts))

    @property
    def n(self) -> int:
        """How many lengths it holds."""
        return sum(self.counts)

    @property
    def days(self) -> int:
        """The sum of all lengths, each as the last day of its bin; exact while none is longer than 60 days."""
        return sum(n * last_day(place) for place, n in enumerate(self.counts))

    def quantile(self, share: float) -> int | None:
        """Return the last day of the bin in which the length of this rank lies (nearest rank); None when there is none.

        To 60 days it is the length itself, as ``percentile_disc`` of PostgreSQL gives it.
        """
        rank = share * self.n
        sums = accumulate(self.counts)
        return next((last_day(place) for place, below in enumerate(sums) if below and below >= rank), None)


def last_day(place: int) -> int:
    """Return the last day of a bin; of the open one the day after the last bound."""
    return BOUNDS[place] if place < len(BOUNDS) else BOUNDS[-1] + 1


def range_of(day: int) -> tuple[int, int | None]:
    """Return the first and last day of the bin that ends with ``day``; the open one has no last."""
    place = bin_of(day)
    first = BOUNDS[place - 1] + 1 if place else 0
    return first, BOUNDS[place] if place < len(BOUNDS) else None
