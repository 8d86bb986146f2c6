"""How good a forecast was: does it sort (AUC), is it true (calibration), and what is gained by following it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Shares = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Bin:
    """Forecasts alike: how many, the mean chance told, and the share that came true."""

    n: int
    told_share: float
    came_share: float


def auc(score: Shares, came: Truth) -> float | None:
    """Return the chance that of two cases, one of which came true, that one had the higher score; equal scores count half.

    None where all came true or none did. (Mann and Whitney's U over the number of pairs.)
    """
    hits, n = int(came.sum()), len(came)
    if hits in (0, n):
        return None
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((rank[came].sum() - hits * (hits + 1) / 2) / (hits * (n - hits)))


def calibration(told: Shares, came: Truth, bins: int = 10) -> list[Bin]:
    """Return groups of about equal size in the order of what was told, the lowest first; equal chances stay together."""
    _, place, counts = np.unique(told, return_inverse=True, return_counts=True)
    group = ((np.cumsum(counts) - counts / 2) / len(told) * bins).astype(int)[place]
    parts = (group == number for number in np.unique(group))
    return [Bin(int(part.sum()), float(told[part].mean()), float(came[part].mean())) for part in parts]


def calibration_error(groups: list[Bin]) -> float | None:
    """Return the mean gap between told and come true, each group by its size (0: true throughout); None without cases."""
    n = sum(group.n for group in groups)
    return sum(group.n * abs(group.told_share - group.came_share) for group in groups) / n if n else None


def brier(told: Shares, came: Truth) -> float | None:
    """Return the mean squared error of the chances (0 best; always telling the base rate b gives b · (1 - b))."""
    return float(((told - came) ** 2).mean()) if len(told) else None


def reached(score: Shares, came: Truth, share: float = 0.1) -> tuple[int, int, int]:
    """Return (cases in the first ``share`` by score, how many of these came true, how many came true in all)."""
    first = np.argsort(-score, kind="stable")[: int(np.ceil(share * len(score)))]
    return len(first), int(came[first].sum()), int(came.sum())
