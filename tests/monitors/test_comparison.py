"""What a changed rule would find against what stands: every finding is counted once, on the side it is on."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.catalogue import load
from monitors.comparison import EXAMPLES, Comparison, Side, precision
from monitors.ladder import CARDS, Ladder
from monitors.parameter import ParameterError, with_values, written
from monitors.reconcile import Identity

AT = datetime(2026, 3, 31, 20, tzinfo=UTC)  # in Shanghai it is April already
OUTCOMES = ("true", "not_true", "data_problem", "exempt")
identities = st.builds(Identity, st.sampled_from(("D02", "D03")), st.just("person"), st.sampled_from("abcdefgh"), st.just(""))
sides = st.builds(Side, st.sampled_from(CARDS), st.none() | st.integers(0, 10**7),
                  st.integers(0, 200).map(lambda n: Ladder(notice_at=AT - n * timedelta(days=1))))  # fmt: skip
findings = st.dictionaries(identities, sides)
verdicts = st.dictionaries(identities, st.sampled_from(OUTCOMES))


def county(identity: Identity) -> str:
    return "" if identity.subject_key == "a" else f"county {ord(identity.subject_key) % 3}"


def compared(before: dict[Identity, Side], after: dict[Identity, Side], judged: dict[Identity, str] | None = None) -> Comparison:
    made, told = Comparison(), judged or {}
    for one in before.keys() | after.keys() | told.keys():
        made.add(one, county(one), before.get(one), after.get(one), told.get(one))
    return made


@given(findings, findings)
def test_each_finding_is_gained_lost_changed_or_the_same(before: dict[Identity, Side], after: dict[Identity, Side]) -> None:
    total, both = compared(before, after).total, before.keys() & after.keys()
    assert (total.gained, total.lost) == (len(after.keys() - before.keys()), len(before.keys() - after.keys()))
    assert total.changed == sum(before[one].card != after[one].card for one in both)
    assert total.same == len(both) - total.changed
    assert total.gained_fen == sum(after[one].amount_fen or 0 for one in after.keys() - before.keys())
    assert total.lost_fen == sum(before[one].amount_fen or 0 for one in before.keys() - after.keys())


@given(findings, findings)
def test_the_other_way_round_gains_what_was_lost(before: dict[Identity, Side], after: dict[Identity, Side]) -> None:
    one, other = compared(before, after).total, compared(after, before).total
    assert (one.gained, one.lost, one.gained_fen, one.lost_fen) == (other.lost, other.gained, other.lost_fen, other.gained_fen)
    assert (one.changed, one.same) == (other.changed, other.same)


@given(findings, findings)
def test_months_and_places_add_up_to_what_stands_on_each_side(before: dict[Identity, Side], after: dict[Identity, Side]) -> None:
    made = compared(before, after)
    told = made.told()
    assert [sum(month[side] for month in told["months"]) for side in (1, 2)] == [len(before), len(after)]
    assert len(told["months"]) <= 8, "two hundred days"
    assert all(later[0] > month[0] and (int(later[0][5:]) - int(month[0][5:])) % 12 == 1 for month, later in itertools.pairwise(told["months"]))
    assert sum(place["gained"] for place in told["places"]) == made.total.gained
    assert Counter((place["rule"], place["county"]) for place in told["places"]) == Counter({(one.rule, county(one)) for one in before | after})
    assert all(len(examples) <= EXAMPLES for examples in told["examples"].values())


@given(findings, findings, verdicts)
def test_a_verdict_counts_for_each_side_that_has_its_finding(
    before: dict[Identity, Side], after: dict[Identity, Side], judged: dict[Identity, str]
) -> None:
    said = compared(before, after, judged).verdicts
    for side, having in (("all", judged.keys()), ("before", before.keys()), ("after", after.keys())):
        assert +said[side] == Counter(outcome for one, outcome in judged.items() if one in having), side
        assert precision(said[side]).judged == sum(said[side].values())


def test_a_card_opened_in_the_month_it_was_in_shanghai() -> None:
    one = Identity("D02", "person", "b", "")
    assert compared({one: Side("red", None, Ladder(red_at=AT))}, {}).told()["months"] == [["2026-04", 1, 0]]


def test_precision_is_unknown_where_nobody_has_judged_and_has_wilsons_interval_elsewhere() -> None:
    assert precision({}) == (0, 0, None, 0.0, 1.0)
    some = precision({"true": 9, "not_true": 20, "exempt": 7})
    assert (some.confirmed, some.judged, some.share) == (9, 36, 0.25)
    assert (round(some.low, 4), round(some.high, 4)) == (0.1375, 0.4107)


RULE = load().by_code("P01")[0]


@pytest.mark.parametrize(("name", "text", "value"), [
    ("limit", " 72 ", 72), ("limit", "-1", -1), ("pub_exempt", "tekun， orphan、dibao", ["tekun", "orphan", "dibao"]), ("pub_exempt", "", []),
])  # fmt: skip
def test_a_value_is_read_in_the_type_of_the_default(name: str, text: str, value: object) -> None:
    assert with_values(RULE, {name: text}).params == {**RULE.params, name: value}


@pytest.mark.parametrize(("name", "text"), [
    ("limit", "72.5"), ("limit", "many"), ("limit", ""), ("limit", "١٢"), ("limit", "1234567890"), ("limit", "1_0"), ("pub_exempt", "a\0b"),
    ("pub_exempt", "x" * 501), ("lmit", "72"),
])  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(ParameterError) as refused:
        with_values(RULE, {name: text})
    assert refused.value.name == name


def test_every_shipped_default_can_be_typed_as_it_is_shown() -> None:
    for rule in load().rules:
        assert with_values(rule, {name: written(value) for name, value in rule.params.items()}).params == rule.params
