"""Robust deviations do not depend on units, origin or order, and a few wild months do not move them."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitors.catalogue import load
from monitors.indicators import deviation
from monitors.indicators.deviation import LEAST_MONTHS, LIMIT, MOST_MONTHS, Deviation, is_one_size, judge

VALUE = st.integers(0, 10_000_000)
PAST = st.lists(VALUE, min_size=LEAST_MONTHS, max_size=MOST_MONTHS)


def z(value: float, past: list[int]) -> float:
    found = judge(value, past).z
    assert found is not None
    return found


@given(VALUE, PAST, st.integers(-1_000_000, 1_000_000))
def test_moving_everything_changes_nothing(value: int, past: list[int], by: int) -> None:
    assert z(value + by, [one + by for one in past]) == pytest.approx(z(value, past))


@given(VALUE, PAST, st.integers(1, 1_000))
def test_another_unit_changes_nothing(value: int, past: list[int], unit: int) -> None:
    assert z(value * unit, [one * unit for one in past]) == pytest.approx(z(value, past))
    assert judge(value * unit, [one * unit for one in past]).is_far(value * unit) == judge(value, past).is_far(value)


@given(VALUE, PAST, st.randoms(use_true_random=False))
def test_the_order_of_the_months_changes_nothing(value: int, past: list[int], random: Random) -> None:
    assert judge(value, random.sample(past, len(past))) == judge(value, past)


@given(VALUE, PAST)
def test_what_mirrors_a_month_lies_as_far_on_the_other_side(value: int, past: list[int]) -> None:
    middle = judge(value, past).middle or 0
    assert z(2 * middle - value, past) == pytest.approx(-z(value, past))


@given(st.lists(st.integers(90, 110), min_size=11, max_size=11), VALUE)
def test_one_wild_month_before_hides_nothing(past: list[int], wild: int) -> None:
    assume(len(set(past)) > 5)
    assert judge(1_000, [*past, wild]).is_far(1_000)


@given(VALUE, st.lists(VALUE, max_size=LEAST_MONTHS - 1))
def test_too_few_months_are_unknown_and_not_usual(value: int, past: list[int]) -> None:
    found = judge(value, past)
    assert (found, found.is_far(value)) == (Deviation(None, "few", n=len(past)), None)


def test_the_spread_is_the_median_else_the_mean_distance_else_nothing() -> None:
    assert judge(107, [98, 99, 100, 100, 101, 102]) == Deviation(pytest.approx(7 / 1.4826), "mad", 100, 1.4826, 6)  # type: ignore[arg-type]
    assert judge(120, [100, 100, 100, 100, 100, 112]) == Deviation(pytest.approx(20 / (1.2533 * 2)), "mean", 100, 1.2533 * 2, 6)  # type: ignore[arg-type]
    assert judge(101, [100] * 6) == Deviation(math.inf, "alike", 100, 0.0, 6)
    assert judge(99, [100] * 6).z == -math.inf
    assert judge(100, [100] * 6).z == 0
    assert judge(101, [100] * 6).is_far(101) is False, "beyond any measure, and still too little to speak of"
    assert judge(110, [100] * 6).is_far(110) is True


@pytest.mark.parametrize(("persons", "middle", "before", "moved"), [(15, 10, 10, True), (14, 10, 10, False), (16, 10, 16, False), (16, 10, 12, False),
                                                                    (105, 95, 100, False), (110, 95, 100, True), (5, 10, 12, True), (10, 10, 20, False)])
def test_people_must_have_come_or_gone_since_the_month_before_too(persons: int, middle: float, before: int, moved: bool) -> None:
    assert deviation.is_moved(persons, middle, before) is moved


@pytest.mark.parametrize(("told", "verdict"), [((9, 9, 9), None), ((10, 6, 0), False), ((10, 7, 0), True), ((40, 1, 38), False), ((40, 1, 39), True)])
def test_aid_of_one_size(told: tuple[int, int, int], verdict: bool | None) -> None:
    assert is_one_size(*told) is verdict


def test_hints_and_rules_have_the_same_limits() -> None:
    params = {rule.code: rule.params for rule in load().rules if rule.code in ("F15", "F16")}
    assert params["F15"] == {"limit": LIMIT, "share_percent": deviation.LEAST_SHARE * 100, "least_persons": deviation.LEAST_PERSONS,
                             "least_months": LEAST_MONTHS}  # fmt: skip
    assert params["F16"] == {"limit": deviation.MODAL_SHARE * 100, "round_percent": deviation.ROUND_SHARE * 100, "least": deviation.LEAST_LINES}
