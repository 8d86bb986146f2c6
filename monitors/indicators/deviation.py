"""How far a month lies from the months before it, and whether many got the same sum: robust, and honest where nothing can be said.

Robust z = (x - median) / spread, with spread = 1.4826 · MAD, the median absolute deviation from the median; beyond 3.5 a value is
taken for an outlier (B. Iglewicz, D. C. Hoaglin, How to Detect and Handle Outliers, ASQC 1993: 0.6745 · (x - median) / MAD).
Where more than half of the months were alike MAD is 0; then spread = 1.2533 · MeanAD, the mean absolute deviation from the
median (as the authors propose). Where all were alike nothing measures a change: z is infinite, whatever it is, or 0.
Rules F15 and F16 judge the same in SQL; docs/decisions/0014 says why.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

LIMIT = 3.5  #: robust z
LEAST_SHARE = 0.10  #: of the median: so much a month must differ (rule F15)
LEAST_PERSONS = 5  #: so many people must be more or fewer (rule F15)
LEAST_MONTHS, MOST_MONTHS = 6, 12  #: months before that are compared with
MODAL_SHARE, ROUND_SHARE, LEAST_LINES = 0.60, 0.95, 10  #: rule F16; lines of a month
ROUND_FEN = 50_000  #: what counts as a round sum of temporary aid

Measured = Literal["mad", "mean", "alike", "few"]
_MAD, _MEAN_AD = 1.4826, 1.2533


@dataclass(frozen=True)
class Deviation:
    """A value beside those before it; ``z``, ``middle`` and ``spread`` (in units of the value) None: too few to say."""

    z: float | None
    by: Measured
    middle: float | None = None
    spread: float | None = None
    n: int = 0

    def is_far(self, value: float) -> bool | None:
        """Return whether the value lies beyond the limit and by a tenth of the median; None: unknown."""
        if self.z is None or self.middle is None:
            return None
        return abs(self.z) > LIMIT and abs(value - self.middle) >= LEAST_SHARE * self.middle


def judge(value: float, past: Sequence[float]) -> Deviation:
    """Return how far ``value`` lies from ``past``, the values of up to twelve months before, in any order."""
    if len(past) < LEAST_MONTHS:
        return Deviation(None, "few", n=len(past))
    middle = median(past)
    by, spread = _spread([abs(one - middle) for one in past])
    if spread:
        return Deviation((value - middle) / spread, by, middle, spread, len(past))
    return Deviation(math.copysign(math.inf, value - middle) if value != middle else 0.0, by, middle, spread, len(past))


def is_moved(persons: int, middle: float, before: int) -> bool:
    """Return whether enough people came or went: beside the median of the past, and (环比) since the month ``before``, a tenth of it."""
    since = abs(persons - before)
    return min(abs(persons - middle), since) >= LEAST_PERSONS and since >= LEAST_SHARE * before


def _spread(off: Sequence[float]) -> tuple[Measured, float]:
    """Return what stands for a standard deviation, from distances to the median, and by which of the two it was measured."""
    if mad := median(off):
        return "mad", _MAD * mad
    mean = sum(off) / len(off)
    return ("mean", _MEAN_AD * mean) if mean else ("alike", 0.0)


def is_one_size(lines: int, modal_lines: int, round_lines: int) -> bool | None:
    """Return whether a month's temporary aid is mostly of one amount, or nearly all of round sums; None: too few lines to say."""
    if lines < LEAST_LINES:
        return None
    return modal_lines > MODAL_SHARE * lines or round_lines > ROUND_SHARE * lines
