"""The ladder: at each instant the most severe rung reached, until it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitors.ladder import CARDS, Ladder

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
instants = st.none() | st.integers(0, 8).map(lambda n: MONDAY + timedelta(days=n))
ladders = st.builds(Ladder, instants, instants, instants, instants)
moments = st.integers(-1, 9).map(lambda n: MONDAY + timedelta(days=n))


def test_a_rung_holds_from_its_instant_on() -> None:
    ladder = Ladder(yellow_at=MONDAY)
    assert ladder.card(MONDAY - timedelta(microseconds=1)) is None
    assert ladder.card(MONDAY) == "yellow"


def test_the_most_severe_rung_counts_whatever_their_order() -> None:
    ladder = Ladder(notice_at=MONDAY + timedelta(days=2), red_at=MONDAY)
    assert ladder.card(MONDAY + timedelta(days=3)) == "red"


def test_nothing_holds_from_the_end_on() -> None:
    ladder = Ladder(red_at=MONDAY, until_at=MONDAY + timedelta(days=1))
    assert ladder.card(MONDAY) == "red"
    assert ladder.card(MONDAY + timedelta(days=1)) is None
    assert ladder.next_change(MONDAY + timedelta(days=1)) is None


def test_the_first_rung_is_when_it_opened_and_since_tells_the_present_card() -> None:
    ladder = Ladder(notice_at=MONDAY, yellow_at=MONDAY + timedelta(days=3))
    assert ladder.first == MONDAY
    assert ladder.since(MONDAY + timedelta(days=4)) == MONDAY + timedelta(days=3)


@given(ladders, moments, moments)
def test_nothing_changes_before_the_next_change(ladder: Ladder, now: datetime, later: datetime) -> None:
    change = ladder.next_change(now)
    if now <= later and (change is None or later < change):
        assert ladder.card(later) == ladder.card(now)


@given(ladders, moments)
def test_a_card_says_since_when_and_never_falls_while_it_lasts(ladder: Ladder, now: datetime) -> None:
    card, tomorrow = ladder.card(now), ladder.card(now + timedelta(days=1))
    assert (ladder.since(now) is None) == (card is None)
    if card and tomorrow:
        assert CARDS.index(tomorrow) >= CARDS.index(card)
