"""How good a forecast was: sorting by hand, truth by groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.indicators import scoring

pairs = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=30)


def split(told: list[tuple[int, bool]]) -> tuple[scoring.Shares, scoring.Truth]:
    return np.array([score / 6 for score, _ in told]), np.array([came for _, came in told])


@given(pairs)
def test_auc_is_the_share_of_pairs_in_the_right_order(told: list[tuple[int, bool]]) -> None:
    hits, misses = ([score for score, came in told if came is wanted] for wanted in (True, False))
    right = [1.0 if a > b else 0.5 if a == b else 0.0 for a in hits for b in misses]
    assert scoring.auc(*split(told)) == (pytest.approx(sum(right) / len(right)) if right else None)


@given(pairs, st.integers(1, 10))
def test_groups_hold_every_forecast_once(told: list[tuple[int, bool]], bins: int) -> None:
    groups = scoring.calibration(*split(told), bins)
    assert sum(group.n for group in groups) == len(told)
    assert sum(group.n * group.came_share for group in groups) == pytest.approx(sum(came for _, came in told))
    assert [group.told_share for group in groups] == sorted(group.told_share for group in groups)


def test_chances_that_come_true_have_no_error_and_their_opposites_all() -> None:
    came = np.array([True] * 10 + [False] * 10)
    for told, error in ((came.astype(float), 0.0), (1 - came.astype(float), 1.0)):
        assert scoring.calibration_error(scoring.calibration(told, came)) == pytest.approx(error)
        assert scoring.brier(told, came) == pytest.approx(error)


def test_the_first_tenth_is_rounded_up() -> None:
    told, came = np.linspace(0, 1, 11), np.array([False] * 9 + [True] * 2)
    assert scoring.reached(told, came) == (2, 2, 2)
    assert scoring.reached(-told, came) == (2, 0, 2)
