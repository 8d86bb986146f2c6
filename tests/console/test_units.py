"""Performance: points off for confirmed cards only, each number the list it opens, and a sum that can be checked."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from console.queries import findings, scores
from console.url import Filters
from monitors.indicators.performance import MeanScore, Score
from tests.conftest import Database
from tests.console.guests import ask, guest
from tests.console.test_inquiries import linked, listed
from tests.console.world import NOW, World

HOME = "371402000000"


def judged(world: World) -> None:
    """Cards of two units in every outcome; one of an old day, one about a citizen."""
    with world.again() as now:
        now.unit("U1", "黄河涯镇政府", HOME, "township_office")
        for card, outcome, days in (("yellow", "true", 1), ("red", "true", 1), ("yellow", "not_true", 1), ("yellow", None, 1), ("red", None, 1),
                                    ("yellow", "true", 200)):  # fmt: skip
            at = NOW - timedelta(days=1)
            now.finding("T04", card, HOME, ago=timedelta(days=days), unit_code="U1", stage="verified" if outcome else "open", outcome=outcome,
                        yellow_at=at, red_at=at if card == "red" else None)  # fmt: skip
        now.finding("E01", "red", HOME, unit_code="U1", outcome="true", stage="verified", red_at=NOW, subject_kind="person", subject_key="p" * 32)


def test_the_score_takes_points_for_confirmed_cards_and_says_the_sum(database: Database, world: World) -> None:
    judged(world)
    told = ask(guest(database), "units-units", search="", path="/units")
    assert "100 − 5 × 1 − 10 × 1 = 85" in told
    assert "85（若未定的均属实：60）" in told, "two of these cards and the red one of the story are open"


def test_every_number_opens_as_many_rows(database: Database, world: World) -> None:
    judged(world)
    who = guest(database)
    for part in ("units-units", "units-places"):
        numbers = list(linked(json.loads(ask(who, part, search="", path="/units"))))
        assert len(numbers) >= 3
        for number, href in numbers:
            assert listed(who, href) == number, href


def test_a_place_has_the_mean_of_its_units_and_counts_what_lies_in_it(database: Database, world: World) -> None:
    judged(world)
    with world.again() as now:
        now.unit("U2", "另一镇政府", HOME, "township_office")
    with database.engine("owner").connect() as conn:
        asked = findings.asked(Filters(rule=("T04",)), NOW) | {"now": NOW}
        by_place = {one.key: one for one in scores.place_scores(conn, asked, "371400000000")}
        assert by_place[HOME].confirmed == 3
        assert by_place[HOME].score == MeanScore(units=2, units_below=1, score_sum=180, worst_sum=165, lowest=80)
        assert sum(one.undecided for one in by_place.values()) == findings.totals(conn, findings.asked(Filters(rule=("T04",), outcome="undecided"), NOW)).n


def test_a_place_with_many_cards_does_not_sink_by_its_size(database: Database, world: World) -> None:
    with world.again() as now:
        for n in range(30):
            now.unit(f"U{n}", f"单位{n}", HOME, "township_office")
            now.finding("T04", "red", HOME, unit_code=f"U{n}", outcome="true", stage="verified", red_at=NOW)
    told = ask(guest(database), "units-places", search="", path="/units")
    assert "2,700 ÷ 30 = 90" in told


@given(st.builds(Score, *(st.integers(0, 40) for _ in range(4))))
def test_no_score_is_below_nothing_and_open_cards_never_better_it(score: Score) -> None:
    assert 0 <= score.at_worst <= score.now <= 100
    assert score.at_worst == score.now or score.open_yellow + score.open_red > 0
