"""First digits of amounts against Benford's law: a hint where to look, never a finding.

Many sums that come about by themselves begin with digit d in log10(1 + 1/d) of all cases (F. Benford, The law of anomalous numbers,
Proc. Am. Philos. Soc. 78 (1938) 551–572). The distance is the mean absolute deviation of the nine shares, with the bands of
M. J. Nigrini, Benford's Law (Wiley 2012), for first digits. Sums with a floor, a ceiling or fixed grades depart from it by nature,
as graded aid does: a large distance says that sums were not drawn freely, and nothing about why.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Band = Literal["close", "acceptable", "marginal", "off", "few", "narrow"]
DIGITS = range(1, 10)
EXPECTED = tuple(math.log10(1 + 1 / digit) for digit in DIGITS)  #: shares, 0-1
BANDS: tuple[tuple[float, Band], ...] = ((0.006, "close"), (0.012, "acceptable"), (0.015, "marginal"), (math.inf, "off"))
LEAST_N = 300  #: amounts; below, chance alone looks like a departure
LEAST_RATIO = 100  #: largest amount by smallest: two orders of magnitude


@dataclass(frozen=True)
class Digits:
    """How first digits lie beside the law; ``distance`` (a share) None: cannot be judged, and ``band`` says why."""

    distance: float | None
    band: Band
    n: int


def first(fen: int) -> int:
    """Return the first digit of an amount above zero; the unit of the amount does not matter."""
    return int(str(fen)[0])


def counted(amounts_fen: Sequence[int]) -> list[int]:
    """Return how many amounts begin with 1, 2 … 9; amounts that are not above zero are left out."""
    found = [first(fen) for fen in amounts_fen if fen > 0]
    return [found.count(digit) for digit in DIGITS]


def judge(counts: Sequence[int], least_fen: int | None, most_fen: int | None) -> Digits:
    """Return the distance of nine counts from the law; least and most are the smallest and largest of the amounts."""
    n = sum(counts)
    if n < LEAST_N or least_fen is None or most_fen is None:
        return Digits(None, "few", n)
    if most_fen < LEAST_RATIO * least_fen:
        return Digits(None, "narrow", n)
    distance = sum(abs(count / n - share) for count, share in zip(counts, EXPECTED, strict=True)) / len(EXPECTED)
    return Digits(distance, next(band for top, band in BANDS if distance <= top), n)
