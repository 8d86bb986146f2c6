"""The estimator of the forecast: the textbook's on small data, chances that are chances, censoring that hides nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.indicators.forecast import ENOUGH, History, Running
from monitors.indicators.survival import Stays, known_at, outlook

FAR = 10**6
Case = tuple[list[tuple[int, int]], int | None]  # steps (state, day) in order; the day its clock ends, None: it runs


def stays(cases: list[Case], seen: int = 1000) -> Stays:
    rows = [(n, state, day, FAR if end is None else end) for n, (steps, end) in enumerate(cases) for state, day in steps]
    case, state, day, end_day = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return known_at(case, state, day, end_day, seen)


def kaplan_meier(lengths: list[tuple[int, bool]], ends: int) -> float:
    """As on paper: the product over the days before the last one asked, of one minus ended by at risk."""
    left = 1.0
    for day in range(ends):
        risk = sum(1 for length, ended in lengths if length >= day)
        left *= 1 - sum(1 for length, ended in lengths if ended and length == day) / risk if risk else 1
    return left


def test_with_one_state_it_is_kaplan_and_meier_on_the_freireich_remissions() -> None:
    """6-MP arm of Freireich et al. (1963), weeks; + censored. The published curve: 0.857 at 6, 0.753 at 10, 0.627 at 16, 0.448 at 23."""
    ended, censored = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    one = Stays(np.arange(21), np.zeros(21, np.int64), np.zeros(21, np.int64), np.array(ended + censored),
                np.array([True] * 9 + [False] * 12))  # fmt: skip
    curve = outlook(one, 0, 0, 40, 1)
    for week, share in ((6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)):
        assert curve.running(week + 1) == pytest.approx(share, abs=0.0006)


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=25), st.integers(0, 14))
def test_with_one_state_it_is_kaplan_and_meier(lengths: list[tuple[int, bool]], ends: int) -> None:
    n = len(lengths)
    one = Stays(np.arange(n), np.zeros(n, np.int64), np.zeros(n, np.int64), np.array([length for length, _ in lengths]),
                np.array([ended for _, ended in lengths]))  # fmt: skip
    assert outlook(one, 0, 0, 20, 1).running(ends) == pytest.approx(kaplan_meier(lengths, ends))


@st.composite
def histories(draw: st.DrawFn, *, ended: bool = False) -> list[Case]:
    told: list[Case] = []
    for _ in range(draw(st.integers(1, 12))):
        days = sorted(draw(st.lists(st.integers(0, 15), min_size=1, max_size=5)))
        steps = [(draw(st.integers(0, 2)), day) for day in days]
        told.append((steps, draw(st.integers(days[-1], 20)) if ended or draw(st.booleans()) else None))
    return told


@given(histories(), st.integers(0, 2), st.integers(0, 4), st.integers(5, 25))
def test_chances_are_chances_and_what_has_ended_stays_ended(told: list[Case], state: int, stayed: int, seen: int) -> None:
    known = [(steps, end) for steps, end in told if steps[0][1] <= seen]
    if not known:
        return
    seen_ahead = outlook(stays(known, seen), state, stayed, 30, 3)
    total = seen_ahead.share.sum(axis=1)
    assert (seen_ahead.share >= 0).all()
    assert total[0] == pytest.approx(1)
    assert (np.diff(total) <= 1e-9).all()


@given(histories(ended=True), st.integers(0, 2), st.integers(0, 4), st.integers(0, 20))
def test_where_everything_is_known_it_is_counting(told: list[Case], state: int, stayed: int, ends: int) -> None:
    """Follow each visit by hand: still there after ``stayed`` day-ends; in which state after ``ends``?"""
    ends = max(ends, stayed)
    found = []
    for steps, end in told:
        for n, (of, day) in enumerate(steps):
            later = [*steps[n + 1 :], (-1, end)]
            if of == state and (later[0][1] or 0) - day >= stayed:
                found.append(next((s for s, d in reversed([(of, day - 1), *later]) if d is not None and d - day + 1 <= ends), of))
    curve = outlook(stays(told), state, stayed, 40, 3)
    assert curve.like == len(found)
    for k in range(3):
        assert not found or curve.share[ends - stayed, k] == pytest.approx(found.count(k) / len(found))


def test_a_case_still_open_counts_as_long_as_it_was_seen_and_no_longer() -> None:
    """Two ended after 2 days, one is open since 5: it was not late on day 2, and nothing is said of it after."""
    told: list[Case] = [([(0, 0)], 2), ([(0, 0)], 2), ([(0, 0)], None)]
    assert outlook(stays(told, seen=5), 0, 0, 10, 1).running(3) == pytest.approx(1 / 3)
    assert outlook(stays(told, seen=1), 0, 0, 10, 1).running(3) == 1.0, "on day 1 nobody had ended"


@given(histories(ended=True), st.integers(3, 18), st.integers(0, 2))
def test_nothing_of_later_days_is_known(told: list[Case], seen: int, state: int) -> None:
    """What happens after the day looked from, whatever it is, changes no forecast made on it."""
    until = [([(s, d) for s, d in steps if d <= seen], end if end is not None and end <= seen else None) for steps, end in told]
    kept = [(steps, end) for steps, end in until if steps]
    if kept:
        whole = stays([one for one, cut in zip(told, until, strict=True) if cut[0]], seen)
        assert (outlook(whole, state, 0, 30, 3).share == outlook(stays(kept, seen), state, 0, 30, 3).share).all()


def test_the_cause_is_where_those_who_are_late_stand_when_the_limit_passes() -> None:
    """From state 0 one in three ends in time; of the late, two wait in state 1 and one in state 2."""
    told: list[Case] = [*[([(0, 0)], 3)] * 30, *[([(0, 0), (1, 2)], 30)] * 40, *[([(0, 0), (2, 2)], 30)] * 20]
    chance = History([stays(told)], 3).chance(Running(state=0, entered=100, began=100, limit=110, seen=100))
    assert chance is not None
    assert chance.late_share == pytest.approx(2 / 3)
    assert chance.cause == 1
    assert chance.cause_share == pytest.approx(2 / 3)


def test_too_few_cases_of_a_kind_are_no_history() -> None:
    few, many = stays([([(0, 0)], 3)] * (ENOUGH - 1)), stays([([(0, 0)], 30)] * ENOUGH)
    clock = Running(state=0, entered=0, began=0, limit=10, seen=0)
    assert History([few], 1).chance(clock) is None
    nearest = History([few, many], 1).chance(clock)
    assert nearest is not None
    assert (nearest.late_share, nearest.cases) == (1.0, ENOUGH), "taken from the next wider kind"


def test_where_the_state_is_new_the_time_since_the_beginning_counts() -> None:
    told: list[Case] = [*[([(0, 0)], 5)] * 30, *[([(0, 0)], 20)] * 30]
    chance = History([stays(told)], 2).chance(Running(state=1, entered=8, began=0, limit=10, seen=9))
    assert chance is not None
    assert (chance.late_share, chance.cause) == (1.0, 1), "half had ended by day 5; the rest ran to day 20"


def test_who_is_past_the_limit_is_late() -> None:
    chance = History([stays([([(0, 0)], 50)] * 40)], 1).chance(Running(state=0, entered=0, began=0, limit=10, seen=20))
    assert chance is not None
    assert chance.late_share == 1.0
