"""First digits: the law fits itself, a uniform die does not, and what cannot be judged says so."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.indicators.digits import BANDS, EXPECTED, LEAST_N, Digits, counted, first, judge

FEN = st.integers(1, 10**12)
WIDE = (100, 1_000_000)


@given(FEN, st.integers(0, 6))
def test_the_unit_does_not_change_the_digit(fen: int, power: int) -> None:
    assert first(fen * 10**power) == first(fen)
    assert 1 <= first(fen) <= 9


@given(st.lists(st.integers(-5, 10_000)), st.randoms(use_true_random=False))
def test_every_amount_above_zero_is_counted_once_in_any_order(amounts: list[int], random: Random) -> None:
    assert sum(counted(amounts)) == sum(fen > 0 for fen in amounts)
    assert counted(random.sample(amounts, len(amounts))) == counted(amounts)


@given(st.integers(100_000, 10_000_000))
def test_the_law_fits_itself(n: int) -> None:
    assert judge([round(share * n) for share in EXPECTED], *WIDE).band == "close"


@given(st.integers(LEAST_N, 100_000))
def test_even_digits_are_off(each: int) -> None:
    found = judge([each] * 9, *WIDE)
    assert found.band == "off"
    assert found.distance == pytest.approx(0.0597, abs=0.0005)


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_sums_that_grow_by_themselves_follow_the_law(seed: int) -> None:
    draw = Random(seed)
    amounts = [int(10 ** draw.uniform(3, 7)) for _ in range(20_000)]
    assert judge(counted(amounts), min(amounts), max(amounts)).band in ("close", "acceptable")


@given(st.lists(st.integers(0, 100_000), min_size=9, max_size=9).filter(lambda counts: sum(counts) >= LEAST_N), st.integers(2, 9))
def test_the_distance_is_one_of_shares(counts: list[int], times: int) -> None:
    found, more = judge(counts, *WIDE).distance, judge([times * one for one in counts], *WIDE).distance
    assert more == pytest.approx(found)
    assert found is not None
    assert 0 <= found <= 2 / 9


def test_what_cannot_be_judged_says_why() -> None:
    assert judge([33] * 9, *WIDE) == Digits(None, "few", 297)
    assert judge([0] * 9, None, None) == Digits(None, "few", 0)
    assert judge([100] * 9, 100, 9_999) == Digits(None, "narrow", 900)
    assert judge([100] * 9, 100, 10_000).band == "off"


def test_the_bands_are_those_of_nigrini() -> None:
    assert [top for top, _ in BANDS[:3]] == [0.006, 0.012, 0.015]
    assert sum(EXPECTED) == pytest.approx(1)
