"""The chance that a running clock passes its limit, and the state that will cause it, from the history of cases like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitors.indicators.survival import Outlook, Stays, outlook

ENOUGH = 30  #: cases of the past a chance must rest on
LONGEST = 260  #: days looked ahead: a year of working days


@dataclass(frozen=True)
class Running:
    """A clock as it stands: its state and the day that was entered, the day the clock began, the last day in time (``limit``)
    and the last day whose end it has seen.
    """

    state: int
    entered: int
    began: int
    limit: int
    seen: int


@dataclass(frozen=True)
class Chance:
    """``late_share``: the chance to run beyond the limit; ``cause``: the state most of those are in then, ``cause_share`` of them."""

    late_share: float
    cause: int
    cause_share: float
    cases: int


@dataclass
class History:
    """What became of clocks of one kind, nearest first: the same programme and path, the same programme, all.

    Where too few were in the same state for as long, the state is left aside and
    only the time since the clock began counts; where these are too few as well, nothing is told.
    """

    levels: Sequence[Stays]
    n_states: int
    _wholes: dict[int, Stays] = field(default_factory=dict)
    _known: dict[tuple[int, bool, int, int], Outlook] = field(default_factory=dict)

    def chance(self, clock: Running) -> Chance | None:
        """Return the chance of one clock; None: unknown, there is no history to tell it from."""
        for whole in (False, True):
            since = clock.began if whole else clock.entered
            stayed, ends = max(clock.seen - since + 1, 0), clock.limit - since + 1
            for level in range(len(self.levels)):  # the nearest that has enough
                seen = self._outlook(level, whole, 0 if whole else clock.state, stayed)
                if seen.like >= ENOUGH:
                    where, of_them = seen.where(ends)
                    cause = where if of_them and not whole else clock.state
                    return Chance(seen.running(ends), cause, of_them, seen.like)
        return None

    def _whole(self, level: int) -> Stays:
        if level not in self._wholes:
            self._wholes[level] = self.levels[level].whole()
        return self._wholes[level]

    def _outlook(self, level: int, whole: bool, state: int, stayed: int) -> Outlook:
        key = (level, whole, state, stayed)
        if key not in self._known:
            stays = self._whole(level) if whole else self.levels[level]
            self._known[key] = outlook(stays, state, stayed, stayed + LONGEST, 1 if whole else self.n_states)
        return self._known[key]
