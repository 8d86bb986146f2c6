"""The clock of a case: what it did between its steps, the limits it ran under, and the same for who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from console.parts.clock import _runs
from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import ask, guest
from tests.workers.office import OTHER, WAY, Office, opened

OPEN = {code: day for code, day in WAY.items() if code != "DECIDE"}


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Iterator[Office]:
    with opened(shared_database) as found:
        found.case("A1", OPEN)
        found.case("A2", OPEN)
        found.tell(found.step("A2", "PAUSE", "2026-10-12", reason="supplement"), found.step("A2", "RESUME", "2026-10-19", reason="supplement"),
                   found.step("A2", "EXTEND", "2026-10-20", reason="difficult_investigation"))  # fmt: skip
        found.case("A3", WAY | {"SURVEY_START": "2026-10-09", "VISIT": "2026-10-10"})
        found.case("A4", {})
        yield found


def drawn(database: Database, case: str, **who: Any) -> str:
    return ask(guest(database, **who), "dossier-body", search="", path=f"/dossier/application/{case}")


def test_an_open_case_shows_until_when_and_how_its_limit_is_counted(office: Office, shared_database: Database) -> None:
    said = drawn(shared_database, "A1")
    assert "审核确认自 2026-11-11 起超期" in said, "the clock of this deployment stands on 2026-11-20"
    assert "30 个工作日；民发〔2021〕57号 第22条" in said
    assert "limit missed" in said
    assert "审核确认 ≤ 2026-11-10" in said


@pytest.mark.parametrize("more", [
    [],
    [("PAUSE", "2026-10-09", {"reason": "supplement"}), ("RESUME", "2026-10-19", {"reason": "supplement"})],
    [("EXTEND", "2026-10-20", {"reason": "difficult_investigation"})],
    [("EXTEND", "2026-10-20", {"reason": "other"})],
    [("PAUSE", "2026-10-09", {"reason": "other"}), ("RESUME", "2026-10-14", {"reason": "other"})],
], ids=["plain", "stopped", "extended", "extended without a cause", "stopped without a cause"])  # fmt: skip
def test_a_limit_that_was_kept_is_drawn_until_the_day_its_rule_gave_it_while_it_ran(
    office: Office, shared_database: Database, more: list[Any], request: pytest.FixtureRequest
) -> None:
    case = f"kept {request.node.callspec.id}".replace(" ", "-")
    office.case(case, OPEN)
    office.tell(*(office.step(case, code, day, **told) for code, day, told in more), office.step(case, "OPINION", "2026-10-20"))
    with connect(shared_database.url("worker"), name="look") as conn:
        ran_until = conn.execute("select coalesce(o.evidence ->> 'limit_on', f.evidence ->> 'limit_on') from (select 1) one "
                                    "left join watch.open_clock o on o.subject_key = %(case)s and o.rule = 'T04' "
                                    "left join watch.finding f on f.subject_key = %(case)s and f.rule = 'T04'", {"case": case}).fetchall()[0][0]  # fmt: skip
    office.tell(office.step(case, "DECIDE", "2026-10-26"))
    said = drawn(shared_database, case)
    assert '"className": "limit kept"' in said
    assert f"审核确认 ≤ {ran_until}" in said


def test_a_stopped_clock_and_an_extension_are_drawn_and_told(office: Office, shared_database: Database) -> None:
    said = drawn(shared_database, "A2")
    assert "45 个工作日；中止计时 5 天；2026-10-20 10:00 延期" in said
    assert "中止计时" in said
    assert '"className": "extended"' in said
    assert "剩余" in said, "the extended limit is still running"


def test_a_case_decided_late_says_so_at_the_step_that_was(office: Office, shared_database: Database) -> None:
    said = drawn(shared_database, "A3")
    assert "没有在计的时限" in said
    assert '"className": "tick late"' in said
    assert "经济状况调查启动超时" in said


def test_a_case_of_another_region_shows_no_clock(office: Office, shared_database: Database) -> None:
    assert "办件时钟" not in drawn(shared_database, "A1", name="far", roles=["supervisor"], regions=[OTHER])


def test_a_case_without_steps_has_no_clock_and_no_fault(office: Office, shared_database: Database) -> None:
    said = drawn(shared_database, "A4")
    assert "办件时钟" not in said
    assert "state error" not in said


def test_days_off_are_drawn_as_stretches() -> None:
    days = (date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 27), date(2026, 10, 1))
    assert list(_runs(days)) == [(days[0], days[2]), (days[3], days[3])]
    assert list(_runs(())) == []
