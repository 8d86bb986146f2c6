"""Performance: points off for confirmed cards only, each number the list it opens, and a sum that can be checked."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.queries import findings, scores
from console.url import SHANGHAI, Filters
from monitors.indicators.performance import MeanScore, Score
from monitors.indicators.wilson import interval
from sql.access import see_as
from tests.conftest import Database
from tests.console.conftest import EVERYTHING
from tests.console.guests import ask, guest
from tests.console.records import reports, told
from tests.console.test_inquiries import linked, listed
from tests.console.test_steps import LATER, People
from tests.console.world import NOW, World

HOME, TOWN, OTHER_TOWN, ELSEWHERE = "371402000000", "371402002000", "371402003000", "371424000000"
PATH = "/units"
TODAY = NOW.astimezone(SHANGHAI)


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


def helped(world: World) -> None:
    """Cards closed in and out of time, doubts decided in every way in two townships, and citizens who got what was theirs."""
    with world.again() as now:
        for kept in (True, True, False, None):
            now.finding("T04", None, HOME, unit_code="U1", stage="closed", outcome="true", rectified_at=NOW, kept_due=kept)
        for town, outcomes in ((TOWN, ("not_true", "data_problem", "true", "exempt")), (OTHER_TOWN, ("true", "true"))):
            for n, outcome in enumerate(outcomes):
                doubt(now, town, outcome, days=n + 1)
        now.finding("O05", None, TOWN, subject_kind="household", subject_key="H-a", stage="closed", outcome="true", rectified_at=NOW)
        now.finding("O05", "notice", TOWN, subject_kind="household", subject_key="H-b", stage="verified", outcome="true")
        now.finding("F04", None, TOWN, subject_kind="benefit", subject_key="B-a", stage="closed", outcome="true", rectified_at=NOW)


def doubt(world: World, region: str, outcome: str | None, *, days: int = 1, **more: Any) -> str:
    """A doubt about a citizen that was shown ten days ago and decided so many days later."""
    raised = NOW - timedelta(days=10)
    decided = {"stage": "verified", "outcome": outcome, "decided_at": raised + timedelta(days=days)} if outcome else {}
    return world.finding("E01", "notice", region, ago=timedelta(days=12), subject_kind="person", subject_key=f"p{world.n}", raised_at=raised, **decided, **more)


def test_every_number_opens_as_many_rows(database: Database, world: World) -> None:
    judged(world)
    helped(world)
    who = guest(database)
    for part, least in (("units-tiles", 4), ("units-months", 2), ("units-units", 3), ("units-places", 3), ("units-fairness", 3)):
        for search in ("", f"?region={HOME}", "?range=30d"):
            found = list(linked(json.loads(ask(who, part, search=search, path=PATH))))
            assert len(found) >= least, (part, search)
            for number, href in found:
                assert listed(who, href) == number, (part, search, href)


def test_the_tiles_tell_cards_closed_in_time_and_citizens_helped(database: Database, world: World) -> None:
    judged(world)
    helped(world)
    tiles = dict(re.findall(r'"children": "([^"]+)", "className": "l".*?"children": "([^"]+)", "className": "v"', ask(guest(database), "units-tiles", search="", path=PATH)))
    assert (tiles["按期销号"], tiles["应救未救已救"], tiles["为群众纠正"]) == ("2", "1", "1")
    assert {tiles[name] for name in ("已追回", "欠发待补", "已补发")} == {"未知"}, "nobody reports money here"


def test_amounts_lead_to_the_same_lists_of_page_funds(database: Database, world: World) -> None:
    from tests.console.test_funds import city

    city(world, database)
    who = guest(database)
    hrefs = set(re.findall(r'"href": "(/funds[^"]+)"', ask(who, "units-tiles", search="", path=PATH)))
    assert {re.search(r"rows=([a-z]+)", href)[1] for href in hrefs} == {"owed", "arrears", "recovered", "prevented"}  # type: ignore[index]
    for href in hrefs:
        said = int(re.search(r"said=(\d+)", href)[1]) if "said=" in href else 0  # type: ignore[index]
        assert f'"{said} 条"' in json.dumps(told(who, "funds-rows", "/funds", "?" + href.partition("?")[2].partition("#")[0]), ensure_ascii=False), href


def test_where_nobody_compares_with_registers_who_was_left_out_is_unknown(database: Database, world: World) -> None:
    def tile() -> str:
        return re.search(r'"应救未救已救".*?"children": "([^"]+)", "className": "v"', ask(guest(database, name=f"p{world.n}"), "units-tiles", search="", path=PATH))[1]  # type: ignore[index]

    assert tile() == "未知"
    with world.again() as now:
        reports(now, "register")
        now.n += 1
    assert tile() == "0"


def month(back: int) -> datetime:
    """The tenth of a month so many months ago."""
    n = TODAY.year * 12 + TODAY.month - 1 - back
    return datetime(n // 12, n % 12 + 1, 10, tzinfo=SHANGHAI)


def test_the_score_by_month_falls_where_and_when_a_card_opened_that_was_confirmed(database: Database, world: World) -> None:
    with world.again() as now:
        now.unit("U1", "一镇政府", TOWN, "township_office")
        now.unit("U2", "二镇政府", OTHER_TOWN, "township_office")
        now.unit("U3", "远县民政局", ELSEWHERE, "county_civil_affairs")
        for back, outcome in ((2, "true"), (2, "true"), (3, "not_true"), (4, None), (14, "true")):
            at = month(back)
            now.finding("T04", "red", TOWN, ago=NOW - at, unit_code="U1", outcome=outcome, stage="verified" if outcome else "open", red_at=at)
    with database.engine("console").connect() as conn:
        see_as(conn, EVERYTHING)
        asked = findings.asked(Filters(rule=("T04",)), NOW) | {"now": NOW}
        city, *below = scores.courses(conn, asked, "371400000000")
    then, others = f"{month(2):%Y-%m}", [f"{month(back):%Y-%m}" for back in (1, 3, 4)]
    assert (city.own, city.units, city.score(then)) == (True, 3, (80 + 100 + 100) / 3)
    by_place = {one.key: one for one in below}
    assert (by_place[HOME].score(then), by_place[HOME].confirmed(then)) == (90, 2)
    assert by_place[ELSEWHERE].score(then) == 100
    assert [by_place[HOME].score(other) for other in others] == [100, 100, 100], "what is open or given back takes nothing"
    cells = re.findall(r'"children": \["([\d.]+)", " · ", {[^}]*"children": "(\d+)"', ask(guest(database), "units-months", search=f"?region={HOME}", path=PATH))
    assert cells == [("90", "2"), ("80", "2")], "the county's two units and the township's one"


def test_a_card_of_two_places_takes_its_points_once_from_what_holds_both(database: Database, world: World) -> None:
    with world.again() as now:
        now.unit("U1", "一镇政府", TOWN, "township_office")
        finding = now.finding("T04", "red", TOWN, unit_code="U1", outcome="true", stage="verified", red_at=NOW)
        for town in (TOWN, OTHER_TOWN):
            now.lies_in(finding, town)
    with database.engine("console").connect() as conn:
        see_as(conn, EVERYTHING)
        county, *towns = scores.courses(conn, findings.asked(Filters(rule=("T04",), region=HOME), NOW) | {"now": NOW}, HOME)
    at = f"{(NOW - timedelta(days=1)).astimezone(SHANGHAI):%Y-%m}"
    assert (county.score(at), county.confirmed(at)) == (90, 1)
    assert {one.key: one.confirmed(at) for one in towns if one.confirmed(at)} == {TOWN: 1, OTHER_TOWN: 1}


def test_fairness_tells_by_township_what_was_not_founded_with_its_interval_and_how_long_it_took(database: Database, world: World) -> None:
    helped(world)
    with database.engine("console").connect() as conn:
        see_as(conn, EVERYTHING)
        whole, towns = scores.fairness(conn, findings.asked(Filters(rule=("E01",)), NOW))
    assert (whole.decided, whole.unfounded) == (6, 2)
    assert [(one.key, one.decided, one.unfounded) for one in towns] == [(TOWN, 4, 2), (OTHER_TOWN, 2, 0)]
    assert towns[0].took_s == 2.5 * 86_400
    assert towns[0].interval == interval(2, 4)
    said = ask(guest(database), "units-fairness", search="", path=PATH)
    low, high = interval(2, 6)
    assert f"33.3 % 查无实据（{100 * low:.1f} %–{100 * high:.1f} %）" in said
    standing = re.search(r'"children": "目前有 (\d+) 条群众疑点待核实。", "href": "([^"]+)"', said)
    assert standing
    assert listed(guest(database, name="again"), standing[2]) == int(standing[1]) > 0


def test_what_speaks_for_the_citizen_is_no_suspicion(database: Database, world: World) -> None:
    with world.again() as now:
        now.finding("O05", "notice", TOWN, subject_kind="household", subject_key="H-a", stage="dismissed", outcome="not_true", decided_at=NOW)
    assert "不可知" not in ask(guest(database), "units-units", search="", path=PATH)
    assert "误疑多少尚不可知" in ask(guest(database), "units-fairness", search="", path=PATH)


def test_of_other_regions_fairness_and_months_tell_nothing(database: Database, world: World) -> None:
    helped(world)
    far = guest(database, name="far", regions=[ELSEWHERE])
    assert "误疑多少尚不可知" in ask(far, "units-fairness", search="", path=PATH)
    assert HOME not in ask(far, "units-months", search="", path=PATH)
    assert TOWN not in ask(far, "units-fairness", search=f"?region={HOME}", path=PATH)


@pytest.mark.parametrize("rows", ["units", "places", "months", "fairness"])
def test_each_list_leaves_as_a_file(database: Database, world: World, rows: str) -> None:
    judged(world)
    helped(world)
    answer = guest(database, roles=["auditor"]).client.get(f"/units.csv?rows={rows}", buffered=True)
    text_ = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert {"units": "100 − 5 × 1", "places": "德城区", "months": f"{TODAY:%Y-%m}", "fairness": "0.5000"}[rows] in text_


def test_cards_that_hang_on_a_late_source_are_said_on_units_and_inquiries(database: Database, world: World) -> None:
    for name, part, path in (("a", "units-tiles", PATH), ("b", "inquiries-tiles", "/inquiries")):
        assert "banner stale" not in ask(guest(database, name=name), part, search="", path=path)
    with world.again() as now:
        now.needs("timeliness.deadline_missed", "T04", "slow", "stage", NOW - timedelta(days=90))
    for name, part, path in (("c", "units-tiles", PATH), ("d", "inquiries-tiles", "/inquiries")):
        assert "banner stale" in ask(guest(database, name=name), part, search="", path=path)


def test_whether_every_date_was_kept_outlives_the_closing(database: Database, world: World) -> None:
    people = People(database, world)

    def closed(*, late: bool) -> str:
        finding = people.finding()
        people.does("li", "hand_over", finding, unit="U1", due=LATER)
        if late:
            people.machine(finding, due_at=NOW - timedelta(days=1))
        people.does("handler", "reply", finding)
        people.does("wang", "verify", finding, outcome="not_true")
        assert people.does("li", "close", finding) == 303
        return finding

    kept, missed = closed(late=False), closed(late=True)
    assert [people.row(one).kept_due for one in (kept, missed)] == [True, False]
    assert people.row(kept).due_at is None
    assert people.row(kept).decided_at is not None
    who = guest(database)
    assert [listed(who, f"/findings?stage=closed&due={due}") for due in ("kept", "missed")] == [1, 1]
    people.does("li", "reopen", missed)
    assert (people.row(missed).kept_due, people.row(missed).decided_at) == (None, None)


def test_a_card_handed_on_after_its_date_has_missed_it(database: Database, world: World) -> None:
    people = People(database, world)
    finding = people.finding()
    people.does("li", "hand_over", finding, unit="U1", due=LATER)
    people.machine(finding, due_at=NOW - timedelta(days=1))
    people.does("li", "hand_over", finding, unit="U2", due=LATER)
    people.does("other", "reply", finding)
    assert people.row(finding).kept_due is False


def test_units_of_the_table_lead_to_their_own_file(database: Database, world: World) -> None:
    judged(world)
    who = guest(database)
    assert '"href": "/dossier/unit/U1"' in ask(who, "units-units", search="", path=PATH)
    page = ask(who, "dossier-body", search="", path="/dossier/unit/U1")
    for piece in ("黄河涯镇政府", "100 − 5 × 1 − 10 × 1 = 85", "/finding/", "在跑时限"):
        assert piece in page, piece
    found = list(linked(json.loads(page)))
    assert len(found) >= 3
    for number, href in found:
        assert listed(who, href) == number, href


def test_a_handler_has_the_score_of_the_own_unit_only(database: Database, world: World) -> None:
    judged(world)
    with world.again() as now:
        now.unit("U2", "另一镇政府", HOME, "township_office")
    who = guest(database, name="handler", roles=["unit_handler"], regions=[HOME], unit_code="U1")
    assert "85 ÷ 1 = 85" in ask(who, "units-places", search="", path=PATH)


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
