"""How long steps take: exact to the day, kept as the facts are corrected, equal to a full count, and the same bins everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.indicators.histogram import BOUNDS, EXACT, Histogram, bin_of, last_day, range_of
from sql.connect import connect
from tests.conftest import Database
from tests.engine.events import event
from tests.workers.office import CITY, COUNTY, KEYS, OTHER, TOWN, WAY, Office, opened
from workers import durations
from workers.intake import Intake


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with opened(database) as found:
        yield found


def test_a_step_lasts_from_the_one_before_in_working_and_calendar_days(office: Office) -> None:
    office.case("A1")
    told = office.passages("A1")
    assert told["ACCEPT"] == ("APPLY", 1, 1, False, False)
    assert told["SURVEY_START"][:3] == ("ACCEPT", 2, 2)
    assert told["OPINION"][:3] == ("VISIT", 5, 12), "the holidays of October are no working days, Saturday the 10th is one"
    assert told["WHOLE"] == ("ACCEPT", 9, 20, False, False)
    assert told["VISIT"][3] is None, "no limit of its own: neither late nor in time"


def test_a_region_and_a_period_are_sums_of_the_same_histograms(office: Office) -> None:
    office.case("A1")
    office.case("A2", region=OTHER, unit="U2", programme="tekun")
    for place, n in ((CITY, 2), (COUNTY, 2), (TOWN, 1), (OTHER, 1), ("", 2)):
        assert office.cells(region_code=place)["OPINION"][0] == n, place
    assert office.cells(region_code=COUNTY, programme="tekun")["OPINION"][0] == 1
    assert office.cells(region_code=OTHER, unit_code="U2", programme="tekun")["OPINION"][3] == Histogram.of([5])
    weeks = office.conn.execute("select distinct week from watch.duration where to_stage = 'OPINION'").fetchall()
    assert weeks == [(date(2026, 10, 5),)], "the week in which it ended"


def test_late_is_what_the_rule_found_and_the_share_knows_how_many_had_a_limit(office: Office) -> None:
    office.case("A1")
    office.case("A2", WAY | {"SURVEY_START": "2026-10-09", "VISIT": "2026-10-10"})
    office.case("A3", programme="old_age")
    assert office.passages("A2")["SURVEY_START"][3:] == (True, False), "three working days were given, seven were taken"
    assert office.cells()["SURVEY_START"][:3] == (3, 2, 1), "old_age has no such limit"
    office.tell(office.step("A2", "SURVEY_START", "2026-09-24"))
    assert office.cells()["SURVEY_START"][:3] == (3, 2, 0), "corrected: no longer late"


def test_a_step_taken_again_is_counted_as_such(office: Office) -> None:
    office.case("A1")
    office.tell(office.step("A1", "VISIT", "2026-10-09", nth=2))
    rows = office.conn.execute("select from_stage, to_stage, again from watch.passage where application_id = 'A1' and again").fetchall()
    assert rows == [("VISIT", "VISIT", True)]


def test_a_correction_moves_what_it_changes_and_a_deletion_takes_it_away(office: Office) -> None:
    office.case("A1")
    office.tell(event("application", at="2026-11-06T10:00:00+08:00", application_id="A1", programme="dibao", path="standard", region_code=OTHER, unit_code="U1"))
    assert not office.cells(region_code=TOWN)
    assert office.cells(region_code=OTHER)["OPINION"][0] == 1
    office.tell(event("stage", at="2026-11-06T10:00:00+08:00", deleted="A1/VISIT/1"))
    assert office.passages("A1")["OPINION"][:2] == ("SURVEY_START", 6)
    office.tell(event("application", at="2026-11-07T10:00:00+08:00", deleted="A1"))
    assert not office.cells()


def test_a_new_calendar_counts_the_days_anew(office: Office) -> None:
    office.case("A1")
    office.tell(event("workday", at="2026-11-06T10:00:00+08:00", day_id="CN/2026-09-23", calendar="CN", day="2026-09-23", working=False))
    assert office.passages("A1")["SURVEY_START"][1] == 1
    assert office.cells()["SURVEY_START"][3] == Histogram.of([1])


def test_a_place_that_moves_in_the_tree_takes_its_cases_with_it(office: Office) -> None:
    office.case("A1")
    office.tell(event("region", at="2026-11-06T10:00:00+08:00", region_code=TOWN, name="t", level="township", parent_code=CITY))
    assert not office.cells(region_code=COUNTY)
    assert office.cells(region_code=CITY)["OPINION"][0] == 1


def test_a_running_limit_is_known_until_it_is_met(office: Office) -> None:
    open_way = {code: day for code, day in WAY.items() if code != "DECIDE"}
    office.case("A1", open_way)
    query = "select rule, evidence ->> 'to_stage', evidence ->> 'limit_on', region_code from watch.open_clock where subject_key = 'A1'"
    assert office.conn.execute(query).fetchall() == [("T04", "DECIDE", "2026-11-10", TOWN)]
    office.tell(office.step("A1", "DECIDE", "2026-10-12"))
    assert office.conn.execute(query).fetchall() == []


def test_a_full_count_finds_no_drift_and_mends_what_somebody_broke(office: Office) -> None:
    for n in range(5):
        office.case(f"A{n}", WAY | {"VISIT": f"2026-09-{26 + n}"})
    assert durations.recount(office.conn, piece=2)["drift"] == 0, "in pieces of two cases"
    before = office.cells()
    office.conn.execute("update watch.passage set working_days = 40 where application_id = 'A1' and to_stage = 'VISIT'")
    office.conn.execute("update watch.duration set n = n + 1 where to_stage = 'OPINION' and region_code = ''")
    office.conn.execute("insert into watch.passage select 'gone', nth, from_stage, to_stage, from_at, at, week, region_code, unit_code, programme, "
                        "working_days, calendar_days, late, again from watch.passage where application_id = 'A1'")  # fmt: skip
    run = durations.recount(office.conn, piece=2)
    assert run["drift"] > 0
    assert office.cells() == before
    assert durations.recount(office.conn)["drift"] == 0
    kept = office.conn.execute("select passages, drift from watch.duration_run order by id").fetchall()
    assert kept[-1] == (run["passages"], 0)
    assert kept[-2][1] == run["drift"]


def test_what_is_still_waiting_is_no_drift(office: Office) -> None:
    office.case("A1")
    Intake(office.conn, KEYS, "late").take([office.step("A1", "VISIT", "2026-09-29")])
    assert durations.recount(office.conn)["drift"] == 0, "the evaluator has not looked at it yet"
    assert office.passages("A1")["VISIT"][1] == 2, "and yet it is counted as the facts say"


def test_the_full_count_sees_a_change_nobody_remembered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durations, "note", lambda conn, touched: None)
    office.case("A1")
    assert durations.recount(office.conn)["drift"] > 0
    assert office.cells()["OPINION"][0] == 1


def test_two_at_once_do_not_count_a_case_twice(office: Office) -> None:
    office.case("A1")
    office.conn.execute("insert into watch.duration_due(application_id) values ('A1'), ('A1')")
    with connect(office.url, name="other") as other, other.transaction():
        other.execute("select pg_advisory_xact_lock(hashtext('aidwatch durations'))")
        assert durations.work_off(office.conn) == 0, "somebody else is at it"
    assert durations.work_off(office.conn) == 1
    assert office.cells()["OPINION"][0] == 1


lengths = st.lists(st.integers(-3, 900), max_size=60)


@given(lengths)
def test_a_quantile_is_the_bin_of_the_length_of_that_rank(found: list[int]) -> None:
    histogram = Histogram.of(found)
    assert histogram.n == len(found)
    for share in (0.5, 0.9):
        if not found:
            assert histogram.quantile(share) is None
            continue
        exact = sorted(found)[max(0, -(-int(share * 10) * len(found) // 10) - 1)]
        assert histogram.quantile(share) == last_day(bin_of(exact))
        if 0 <= exact <= EXACT:
            assert histogram.quantile(share) == exact


@given(lengths, lengths)
def test_histograms_add_up(some: list[int], more: list[int]) -> None:
    def packed(found: list[int]) -> int:
        return sum(10 ** (12 * bin_of(days)) for days in found)

    assert Histogram.unpacked(packed(some) + packed(more)) == Histogram.of(some + more)


def test_the_database_has_the_same_bins(office: Office) -> None:
    rows = office.conn.execute("select d, watch.day_bin(d) from generate_series(-5, 1000) d").fetchall()
    assert [(d, bin_of(d)) for d, _ in rows] == rows
    assert range_of(62) == (61, 65)
    assert range_of(60) == (60, 60)
    assert range_of(last_day(len(BOUNDS))) == (721, None)
