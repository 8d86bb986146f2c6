"""Ways through the procedure beside the prescribed path: skipped, turned round, repeated, unknown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitors.indicators.conformance import edges, judge, kind

PATH = ("APPLY", "ACCEPT", "VISIT", "OPINION", "DECIDE")
NEEDED = ("ACCEPT", "VISIT", "DECIDE")
traces = st.lists(st.sampled_from((*PATH, "WITHDRAW")), max_size=9)


def test_the_prescribed_order_fits_and_what_may_be_left_out_may() -> None:
    assert judge(PATH, PATH, NEEDED).fits is True
    assert judge(("ACCEPT", "VISIT", "DECIDE"), PATH, NEEDED).fits is True


def test_what_is_not_reached_yet_is_not_skipped() -> None:
    assert judge(("APPLY", "ACCEPT"), PATH, NEEDED).fits is True
    assert judge(("APPLY", "OPINION"), PATH, NEEDED).skipped == ("ACCEPT", "VISIT")


def test_deciding_before_looking_is_turned_round() -> None:
    judged = judge(("ACCEPT", "DECIDE", "VISIT"), PATH, NEEDED)
    assert (judged.reversed, judged.skipped, judged.fits) == (("DECIDE",), (), False)


def test_a_step_taken_again_in_its_place_is_kindly_read() -> None:
    judged = judge(("ACCEPT", "DECIDE", "VISIT", "DECIDE"), PATH, NEEDED)
    assert (judged.reversed, judged.repeated, judged.fits) == ((), ("DECIDE",), True)


def test_without_steps_or_without_a_path_nothing_is_known() -> None:
    assert judge((), PATH, NEEDED).fits is None
    assert judge(("ACCEPT",), None, ()).fits is None


@given(traces)
def test_every_step_lies_in_at_most_one_of_skipped_and_turned(trace: list[str]) -> None:
    judged = judge(trace, PATH, NEEDED)
    assert not set(judged.skipped) & set(trace)
    assert set(judged.reversed) | set(judged.repeated) <= set(trace)
    assert judged.fits is None or judged.fits == (not judged.skipped and not judged.reversed)


@given(traces)
def test_what_was_turned_round_shows_as_an_edge_that_leads_back(trace: list[str]) -> None:
    walked = [code for code in trace if code in PATH]
    if judge(walked, PATH, NEEDED).reversed:
        assert "back" in {kind(edge, PATH) for edge in edges(walked)}


@given(st.sets(st.sampled_from(PATH), min_size=1))
def test_steps_in_their_order_are_never_turned_round(taken: set[str]) -> None:
    trace = [code for code in PATH if code in taken]
    assert judge(trace, PATH, ()).fits is True
    assert {kind(edge, PATH) for edge in edges(trace)} <= {"along", "over"}
