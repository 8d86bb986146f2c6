"""Does a way through the procedure keep to the prescribed path: what it skipped, what it turned round, what it did again.

Read kindly, as rule P10 is: a step counts as too early only if every time it was taken lies before the first time of one that
comes earlier. What a way has not reached yet it has not skipped.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Judged:
    """What one way is like; ``fits`` None: unknown, as no step is on record or no path is prescribed."""

    fits: bool | None
    skipped: tuple[str, ...] = ()
    reversed: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()


def judge(trace: Sequence[str], stages: Sequence[str] | None, required: Collection[str]) -> Judged:
    """Return how ``trace`` (steps as taken) keeps to ``stages`` (the order prescribed); ``required`` ones may not be skipped."""
    order = list(dict.fromkeys(stages or ()))
    if not trace or not order:
        return Judged(None)
    first = {code: trace.index(code) for code in order if code in trace}
    last = {code: len(trace) - 1 - list(reversed(trace)).index(code) for code in first}
    reached = max((place for place, code in enumerate(order) if code in first), default=-1)
    skipped = tuple(code for code in order[:reached] if code in required and code not in first)
    turned = tuple(code for place, code in enumerate(order) if code in first
                   and any(last[code] < first[before] for before in order[:place] if before in first))  # fmt: skip
    repeated = tuple(code for code in order if trace.count(code) > 1)
    return Judged(not skipped and not turned, skipped, turned, repeated)


def edges(trace: Sequence[str]) -> list[tuple[str, str]]:
    """Return which step followed which, each pair once; one that follows itself is a repetition."""
    return list(dict.fromkeys(pairwise(trace)))


def kind(edge: tuple[str, str], order: Sequence[str]) -> str:
    """Return what an edge is beside the prescribed order: "along", "over" (steps between left out), "back" or "off" (leaves the path)."""
    if not set(edge) <= set(order):
        return "off"
    step = order.index(edge[1]) - order.index(edge[0])
    return "along" if step == 1 else "over" if step > 1 else "back"
