"""Reconcile: what is written makes the findings equal to the answer, once, and leaves the rest alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitors.ladder import Ladder
from monitors.reconcile import Answer, Change, Identity, Known, reconcile

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
VERSION = 3


def answer(key: str = "A1", *, card: str = "yellow", since: timedelta = timedelta(days=-1), item: str = "", **more: object) -> Answer:
    ladder = Ladder(**{f"{card}_at": NOW + since})
    return Answer(Identity("T04", "application", key, item), None, ladder, 100, "371402001000", "U1", more)


def known(of: Answer, *, present: bool = True, stage: str = "open", version: int = VERSION) -> Known:
    return Known(of, version, of.ladder.card(NOW) if present else None, present, stage)


def whats(*args: object) -> list[str]:
    return [change.what for change in reconcile(*args).changes]  # type: ignore[arg-type]


def test_a_new_answer_opens() -> None:
    change = reconcile([], [answer()], NOW, VERSION).changes[0]
    assert (change.what, change.card, change.card_since) == ("opened", "yellow", NOW - timedelta(days=1))


def test_the_same_answer_again_writes_nothing() -> None:
    assert whats([known(answer())], [answer()], NOW, VERSION) == []


def test_another_card_is_told_with_what_it_was() -> None:
    change = reconcile([known(answer())], [answer(card="red")], NOW, VERSION).changes[0]
    assert (change.what, change.from_card, change.card) == ("card", "yellow", "red")


def test_other_values_or_another_version_only_refresh() -> None:
    assert whats([known(answer(days_used=31))], [answer(days_used=32)], NOW, VERSION) == ["refreshed"]
    assert whats([known(answer(), version=2)], [answer()], NOW, VERSION) == ["refreshed"]


def test_what_is_no_longer_said_is_cleared_once() -> None:
    assert whats([known(answer())], [], NOW, VERSION) == ["cleared"]
    assert whats([known(answer(), present=False)], [], NOW, VERSION) == []


def test_a_return_is_a_new_episode_only_after_people_had_ended_it() -> None:
    for stage, is_new in (("open", False), ("assigned", False), ("closed", True), ("dismissed", True)):
        change = reconcile([known(answer(), present=False, stage=stage)], [answer()], NOW, VERSION).changes[0]
        assert (change.what, change.is_new_episode) == ("returned", is_new)


def test_a_rung_ahead_is_no_finding_yet_but_is_looked_at_again() -> None:
    result = reconcile([], [answer(since=timedelta(days=2))], NOW, VERSION)
    assert result.changes == []
    assert result.rechecks == {("A1", ""): NOW + timedelta(days=2)}


def test_the_earliest_of_several_instants_of_a_subject_is_remembered() -> None:
    answers = [answer(item="a", since=timedelta(days=2)), answer(item="b", since=timedelta(days=1))]
    assert reconcile([], answers, NOW, VERSION).rechecks == {("A1", ""): NOW + timedelta(days=1)}


def test_the_identity_is_neither_version_nor_amount_nor_date() -> None:
    one, other = answer(days_used=1), answer(card="red", since=timedelta(days=-9))
    assert one.identity.finding_id == other.identity.finding_id
    assert one.identity.finding_id != answer(item="x").identity.finding_id
    assert len(one.identity.finding_id) == 24


answers = st.lists(
    st.builds(lambda key, card, days: answer(key, card=card, since=timedelta(days=days)), st.sampled_from("ABCD"),
              st.sampled_from(("notice", "yellow", "red")), st.integers(-3, 3)),
    unique_by=lambda one: one.identity,
)  # fmt: skip
knowns = st.lists(
    st.builds(lambda of, present, stage: known(of, present=present, stage=stage), answers.filter(bool).map(lambda a: a[0]), st.booleans(),
              st.sampled_from(("open", "closed"))),
    unique_by=lambda one: one.answer.identity,
)  # fmt: skip


def applied(before: list[Known], changes: list[Change]) -> list[Known]:
    """What is known after the changes were written."""
    held = {k.answer.identity: k for k in before}
    for change in changes:
        held[change.answer.identity] = Known(change.answer, VERSION, change.card, change.what != "cleared", change.from_stage or "open")
    return list(held.values())


@given(knowns, answers)
def test_once_written_the_findings_are_the_answer_and_nothing_is_left_to_write(before: list[Known], said: list[Answer]) -> None:
    before = [k for k in before if not k.present or k.ladder_card]
    after = applied(before, reconcile(before, said, NOW, VERSION).changes)
    assert {k.answer.identity for k in after if k.present} == {a.identity for a in said if a.ladder.card(NOW)}
    assert reconcile(after, said, NOW, VERSION).changes == []
