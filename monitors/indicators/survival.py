"""In which state a case will be so many days from now, by what cases like it did before: Aalen–Johansen, landmarked.

A clock runs through states (the last step recorded) until it ends. Of the cases that entered a state and stayed as long as
the case at hand has, the share in each state after every further day is the product over the days of one minus the hazards;
whoever is still under way at the end of what is known counts until then and no longer (censoring). With one state it is the
estimator of Kaplan and Meier; with several, the state in which the limit finds those who miss it is the competing risk.

O. Aalen, S. Johansen, Scand. J. Statist. 5 (1978) 141–150; from a landmark also where the past matters:
H. Putter, C. Spitoni, Stat. Methods Med. Res. 27 (2018) 241–255.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
ENDED, UNSEEN = -1, -2  #: what comes after a stay: the clock ended; not known (censored)


@dataclass(frozen=True)
class Stays:
    """Stays of cases in states, each case's in their order, one after the other. Days are whole numbers on one scale.

    ``enter``, ``leave``: the days on which a stay begins and ends; the last stay of a case ends with its clock (``ends``
    true), or on the last day whose end is known (``ends`` false). ``case`` must be sorted.
    """

    case: Ints
    state: Ints
    enter: Ints
    leave: Ints
    ends: npt.NDArray[np.bool_]

    @cached_property
    def last(self) -> npt.NDArray[np.bool_]:
        """Whether a stay is the last one of its case that is known."""
        return np.append(self.case[1:] != self.case[:-1], True)[: len(self.case)]

    @cached_property
    def last_row(self) -> Ints:
        """The row of the last stay of each stay's case."""
        return np.flatnonzero(self.last)[np.cumsum(self.last) - self.last] if len(self.case) else self.case

    @cached_property
    def day_ends(self) -> Ints:
        """How many day-ends each stay was seen to last: its days, and one more where it was still going on."""
        return self.leave - self.enter + (self.last & ~self.ends)

    @cached_property
    def by_state(self) -> dict[int, Ints]:
        """The rows of each state."""
        order = np.argsort(self.state, kind="stable")
        states, starts = np.unique(self.state[order], return_index=True)
        return dict(zip(states.tolist(), np.split(order, starts[1:]), strict=True))

    def whole(self) -> Stays:
        """Return each case as one stay, in state 0: its clock from beginning to end."""
        last = self.last
        first = np.append(True, last[:-1])[: len(last)]
        return Stays(self.case[last], np.zeros(int(last.sum()), np.int64), self.enter[first], self.leave[last], self.ends[last])


def known_at(case: Ints, state: Ints, day: Ints, end: Ints, seen: int) -> Stays:
    """Return what was known once the day ``seen`` was over: steps until then, and of later ends only that they were not yet.

    One row for each step, sorted by case and order; ``end``: the day the case's clock ended, beyond all days where it runs.
    """
    kept = (day <= seen) & (day <= end)
    case, state, day, end = case[kept], state[kept], day[kept], end[kept]
    last = np.append(case[1:] != case[:-1], True)[: len(case)]
    return Stays(case, state, day, np.where(last, np.minimum(end, seen), np.append(day[1:], 0)[: len(day)]), last & (end <= seen))


@dataclass(frozen=True)
class Outlook:
    """``share[t, k]``: the chance to be in state k when ``stayed + t`` day-ends have passed since the state was entered.

    What is missing to one in a row has ended. ``like``: how many cases of the past stayed as long and were seen further.
    """

    stayed: int
    share: Shares
    like: int

    def running(self, ends: int) -> float:
        """Return the chance that the clock still runs when ``ends`` day-ends have passed since the state was entered."""
        return float(min(1.0, self.share[self._row(ends)].sum()))

    def where(self, ends: int) -> tuple[int, float]:
        """Return the state most of those still running are in then, and its share of them (0 where none is)."""
        row = self.share[self._row(ends)]
        total = float(row.sum())
        return int(row.argmax()), float(row.max()) / total if total else 0.0

    def _row(self, ends: int) -> int:
        return min(max(ends - self.stayed, 0), len(self.share) - 1)


def outlook(stays: Stays, state: int, stayed: int, horizon: int, n_states: int) -> Outlook:
    """Return what becomes of a case that entered ``state`` and is still there ``stayed`` day-ends later, up to ``horizon``.

    A stay of r days is still there after r day-ends: who enters and leaves on one day is gone at its end.
    """
    origin, row = _paths(stays, state, stayed)
    first = np.where(row == origin, 0, stays.enter[row] - stays.enter[origin] + 1)
    unseen = stays.last[row] & ~stays.ends[row]
    last = stays.leave[row] - stays.enter[origin] + unseen
    kept = last >= first  # states passed through within a day leave no trace at its end
    origin, first, last, unseen, of = origin[kept], first[kept], last[kept], unseen[kept], stays.state[row[kept]]
    to = np.where(np.append(origin[1:] == origin[:-1], False) if len(origin) else False, np.append(of[1:], ENDED)[: len(of)], ENDED)
    to = np.where(unseen, UNSEEN, to)
    return _product(first, last + (to != UNSEEN), of, to, (state, stayed, max(horizon, stayed), n_states))


def _paths(stays: Stays, state: int, stayed: int) -> tuple[Ints, Ints]:
    """Every stay in ``state`` of at least ``stayed`` day-ends, with itself and the stays after it: (origin, row)."""
    origins = stays.by_state.get(state, np.empty(0, np.int64))
    origins = origins[stays.day_ends[origins] >= stayed]
    length = stays.last_row[origins] - origins + 1
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    origin = np.repeat(origins, length)
    return origin, origin + offset


def _product(first: Ints, until: Ints, of: Ints, to: Ints, asked: tuple[int, int, int, int]) -> Outlook:
    """Count those at risk on each day and where they go, and multiply up from the landmark."""
    state, stayed, horizon, n = asked
    risk = np.zeros((horizon + 2, n))
    np.add.at(risk, (np.minimum(first, horizon + 1), of), 1)
    np.add.at(risk, (np.minimum(until, horizon + 1), of), -1)
    risk = risk.cumsum(axis=0)
    going = np.zeros((horizon + 1, n, n + 1))  # the last column: ended
    moved = (to != UNSEEN) & (until - 1 <= horizon)
    np.add.at(going, (until[moved] - 1, of[moved], to[moved]), 1)
    share = np.zeros((horizon - stayed + 1, n))
    share[0, state] = 1.0
    for t in range(stayed, horizon):
        hazard = going[t] / np.maximum(risk[t], 1)[:, None]
        now = share[t - stayed]
        share[t - stayed + 1] = now * (1 - hazard.sum(axis=1)) + now @ hazard[:, :n]
    return Outlook(stayed, np.maximum(share, 0.0), int(risk[stayed, state]))
