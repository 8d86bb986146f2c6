"""The correction loop holds for whatever people try, in whatever order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitors import lifecycle
from monitors.lifecycle import OUTCOMES, STEPS, Standing, refusal, steps_at

STANDINGS = st.builds(
    Standing, stage=st.sampled_from(["open", "assigned", "replied", "verified", "closed", "dismissed"]),
    card=st.sampled_from([None, "notice", "yellow", "red"]), present=st.booleans(), is_stale=st.booleans(), about_citizen=st.booleans(),
    acknowledged=st.booleans(), told=st.booleans(), explained=st.booleans(), heard_days=st.integers(0, 20),
    assigned_by=st.sampled_from([None, "li", "wang"]), verified_by=st.sampled_from([None, "li", "wang"]),
    outcome=st.sampled_from([None, *OUTCOMES]), rectified=st.booleans(), one_source=st.booleans(),
)  # fmt: skip


@given(STANDINGS, st.sampled_from(["li", "wang"]), st.booleans())
def test_nobody_closes_alone_what_is_red_or_confirmed(now: Standing, who: str, past_fact: bool) -> None:
    closes = refusal(STEPS["close"], now, who, past_fact=past_fact) is None
    if closes and (now.card == "red" or now.outcome == "true"):
        assert now.verified_by != who
    if closes and now.outcome == "true":
        assert now.rectified
        assert past_fact or not (now.present or now.is_stale)


@given(STANDINGS, st.sampled_from(["li", "wang"]))
def test_no_citizen_is_confirmed_unheard(now: Standing, who: str) -> None:
    if refusal(STEPS["verify"], now, who, outcome="true") is None and now.about_citizen:
        assert now.explained or (now.told and now.heard_days >= 10)
    assert refusal(STEPS["verify"], now, who, outcome="not_true") is None, "a doubt can be lifted at any time"


@given(STANDINGS, st.sampled_from(["li", "wang"]), st.booleans())
def test_nothing_is_confirmed_on_one_register_alone(now: Standing, who: str, against: bool) -> None:
    if refusal(STEPS["verify"], now, who, outcome="true", seconded=against) is None and now.one_source:
        assert against


@given(STANDINGS, st.sampled_from(list(STEPS.values())), st.sampled_from(["li", "wang"]))
def test_every_refusal_has_its_words(now: Standing, step: lifecycle.Step, who: str) -> None:
    assert refusal(step, now, who, outcome="true") in (None, *lifecycle.REFUSALS)


def test_from_every_stage_there_is_a_way_to_the_end() -> None:
    for stage in ("open", "assigned", "replied", "verified"):
        seen, ahead = set(), {stage}
        while ahead:
            now = ahead.pop()
            seen.add(now)
            ahead |= {step.to for step in steps_at(now, ("act", "answer")) if step.to} - seen
        assert "closed" in seen, stage


def test_a_unit_answers_and_does_not_judge_itself() -> None:
    own = {step.name for stage in ("open", "assigned", "replied", "verified") for step in steps_at(stage, ("read", "answer"))}
    assert own == {"acknowledge", "tell", "explain", "reply", "rectify", "annotate"}


def test_a_closed_finding_can_only_be_noted_or_opened_again() -> None:
    assert {step.name for step in steps_at("closed", ("act",))} == {"annotate", "reopen"}
    now = Standing(stage="verified", card="red", present=False, is_stale=False, about_citizen=False, outcome="exempt", verified_by="li")
    assert refusal(STEPS["close"], now, "li") == lifecycle.COLLEAGUE_CLOSES
    assert refusal(STEPS["close"], replace(now, card="yellow"), "li") is None
