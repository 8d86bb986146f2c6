"""Bought services: every number is the list it opens, what nobody reports is unknown, and an interval decides, not a share."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from console.i18n import speaking
from console.pages.projects_measures import verdict
from console.queries import projects
from console.url import SHANGHAI, Filters
from monitors.indicators.wilson import interval
from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import ask, guest
from tests.console.records import numbers, put, reports, rows, told
from tests.console.test_inquiries import linked, listed
from tests.console.world import NOW, World
from workers import remade

HOME, TOWN, ELSEWHERE = "371402000000", "371402002000", "371424000000"
PATH, ROWS = "/projects", "projects-rows"
TODAY = NOW.astimezone(SHANGHAI).date()
PARTS = ("projects-tiles", "projects-loop", "projects-satisfied", "projects-channels", "projects-delivery", "projects-where", "projects-providers")
SOURCES = ("project", "service_order", "project_payment", "survey_response", "provider_bar")


def day(ago: int) -> date:
    return TODAY - timedelta(days=ago)


def project(world: World, key: str, region: str, *, began: int, lasts: int = 364, provider: str = "V1", **more: object) -> None:
    """A project that began so many days ago and does all its steps in time, unless told otherwise."""
    steps = {"needs_survey_on": day(began + 20), "needs_survey_samples": 60, "midterm_evaluated_on": day(began - 170),
             "final_evaluated_on": day(began - lasts), "feedback_samples": 40}  # fmt: skip
    put(world, "project", project_id=key, name=f"{key}服务", service_code="助餐", provider_id=provider, region_code=region, price_fen=10_000_000,
        planned_units=100, contract_from=day(began), contract_to=day(began - lasts), **{**steps, **more})  # fmt: skip


def answers(world: World, key: str, n: int, satisfied: int, channel: str | None = "sms", phase: str = "final") -> None:
    for place in range(n):
        put(world, "survey_response", response_id=f"{key}-{channel}-{phase}-{place}", project_id=key, phase=phase, channel=channel, score=5 if place < satisfied else 2, answered_at=NOW)


def orders(world: World, key: str, done: int, signed: int) -> None:
    for place in range(done + 3):
        put(world, "service_order", order_id=f"{key}-{place}", project_id=key, status="done" if place < done else "planned", started_at=NOW - timedelta(days=place),
            signature_hash="s" if place < signed else None)  # fmt: skip


def city(world: World) -> None:
    """What is bought, and two findings about it, one of which has cleared."""
    bought(world)
    with world.again() as now:
        now.finding("J04", "yellow", HOME, subject_kind="project", subject_key="unasked", evidence={})
        now.finding("J08", None, HOME, subject_kind="project", subject_key="fine", evidence={})


def bought(world: World) -> None:
    """Projects of every state in two counties, two providers, one of them barred at home."""
    with world.again() as now:
        reports(now, *SOURCES)
        put(now, "provider", provider_id="V1", name="惠民社工中心", region_code=HOME)
        put(now, "provider", provider_id="V2", name="邻里社工中心", region_code=ELSEWHERE)
        put(now, "provider_bar", bar_id="B1", provider_id="V1", region_code=HOME, from_date=day(30), to_date=day(-900), reason="满意率低于50%")
        project(now, "fine", HOME, began=200)
        project(now, "unasked", TOWN, began=250, needs_survey_on=None)
        project(now, "midless", HOME, began=250, midterm_evaluated_on=None)
        project(now, "over", HOME, began=450, final_evaluated_on=None, feedback_samples=3)
        project(now, "dark", HOME, began=100, midterm_evaluated_on=None, needs_survey_on=None, final_evaluated_on=None, feedback_samples=None,
                absent=["midterm_evaluated_on", "needs_survey_on", "final_evaluated_on", "feedback_samples"])  # fmt: skip
        project(now, "far", ELSEWHERE, began=100, provider="V2", final_evaluated_on=None, feedback_samples=None)
        for key, n, satisfied in (("fine", 40, 36), ("unasked", 30, 9), ("midless", 30, 14), ("over", 29, 2), ("far", 31, 20)):
            answers(now, key, n, satisfied)
        answers(now, "fine", 5, 4, channel=None)
        answers(now, "fine", 7, 0, phase="needs")
        for key, done, signed, paid in (("fine", 50, 48, 5_000_000), ("unasked", 10, 10, 4_000_000), ("far", 5, 4, 0)):
            orders(now, key, done, signed)
            put(now, "project_payment", project_payment_id=f"Z-{key}", project_id=key, amount_fen=paid, paid_at=NOW)


def test_every_number_of_the_page_opens_as_many_rows(database: Database, world: World) -> None:
    city(world)
    who = guest(database)
    for search in ("", f"?region={HOME}", "?range=365d", "?subject_kind=provider&subject_key=V2"):
        seen = {(n, href) for part in PARTS for n, href in numbers(told(who, part, PATH, search), PATH)}
        assert len(seen) > 25, search
        for n, href in sorted(seen):
            assert rows(who, ROWS, href) == n, (search, href)
    for n, href in linked([told(who, part, PATH) for part in (*PARTS, ROWS)]):
        assert listed(who, href) == n, href


def test_sums_made_by_the_clock_say_what_counting_says_until_records_come(conn: Connection, database: Database, world: World) -> None:
    city(world)
    sums = text("select project_id, delivered, confirmed, payments, paid_fen, answers, satisfied from seen.project_tally order by 1")
    counted = conn.execute(sums).all()
    with connect(database.url("worker"), name="project_sum") as worker:
        assert remade.refresh(worker, remade.PROJECTS) == len(counted) == 6
        assert conn.execute(sums).all() == counted
        with world.again() as now:
            now.conn.execute(text("delete from store.service_order where order_id = 'fine-0'"))
            now.conn.execute(text("delete from store.project where project_id = 'dark'"))
        assert remade.refresh(worker, remade.PROJECTS) == 0, "no event said so"
        assert remade.refresh(worker, remade.PROJECTS, again=True) == 2
    kept = {row.project_id: row.delivered for row in conn.execute(sums)}
    assert kept == {row.project_id: row.delivered - (row.project_id == "fine") for row in counted if row.project_id != "dark"}


def test_the_steps_are_judged_by_their_dates_and_what_was_never_told_is_unknown(conn: Connection, world: World) -> None:
    city(world)
    asks = projects.question(Filters(), NOW)
    state = {row.project_id: (row.needs, row.midterm, row.final, row.feedback) for row in projects.listed(conn, asks, "all")[0]}
    assert state["fine"] == ("done", "done", "done", "done")
    assert state["unasked"][0] == state["midless"][1] == "late"
    assert state["over"][2:] == ("late", "late"), "three people asked are not thirty"
    assert state["dark"] == ("unknown",) * 4
    assert state["far"][2:] == ("ahead", "ahead")
    counts = projects.tags(conn, asks)
    assert (counts["all"], counts["step-late"], counts["needs-unknown"]) == (6, 3, 1)


def test_a_project_with_too_few_answers_is_not_judged_and_needs_surveys_do_not_count(conn: Connection, world: World) -> None:
    city(world)
    asks = projects.question(Filters(), NOW)
    names = {name: {row.project_id for row in projects.listed(conn, asks, name)[0]} for name in ("below-half", "too-few", "below-target", "content")}
    assert names == {"below-half": {"unasked", "midless"}, "too-few": {"over", "dark"}, "below-target": {"far"}, "content": {"fine"}}
    fine = next(row for row in projects.satisfied(conn, asks, 9) if row.project_id == "fine")
    assert (fine.answers, fine.satisfied) == (45, 40)


@pytest.mark.parametrize(("answers", "satisfied", "said"), [
    (29, 0, "答卷过少"), (30, 9, "整个区间低于 50%"), (30, 10, "不确定"), (30, 14, "不确定"), (30, 15, "不低于 50%"), (1000, 470, "不确定"), (1000, 469, "整个区间低于 50%"),
])  # fmt: skip
def test_a_bar_is_spoken_of_only_where_the_whole_interval_lies_below_half(answers: int, satisfied: int, said: str) -> None:
    with speaking("zh"):
        assert said in verdict(answers, satisfied)


def test_the_interval_shown_is_wilsons(database: Database, world: World) -> None:
    city(world)
    assert interval(9, 30) == pytest.approx((0.1667, 0.4788), abs=1e-4)  # Newcombe 1998, method 3
    said = ask(guest(database), "projects-satisfied", search="", path=PATH)
    assert "16.7 % – 47.9 %" in said


def test_what_no_source_reports_is_unknown_and_not_zero(database: Database, world: World) -> None:
    who = guest(database)
    said = ask(who, "projects-tiles", search="", path=PATH)
    assert said.count('"未知"') == 3, "findings are ours: they are known"
    assert "没有数据来源报送" in ask(who, "projects-loop", search="", path=PATH)
    with world.again() as now:
        reports(now, "project")
        project(now, "alone", HOME, began=200)
        put(now, "provider", provider_id="V1", name="惠民社工中心", region_code=HOME)
    for part in ("projects-satisfied", "projects-channels", "projects-delivery", "projects-providers"):
        assert "没有数据来源报送" in ask(who, part, search="", path=PATH), part
    with database.engine("owner").begin() as owner:
        owner.exec_driver_sql("select set_config('aidwatch.ranges', '{(,)}', true)")
        row = projects.listed(owner, projects.question(Filters(), NOW), "all")[0][0]
    assert (row.delivered, row.paid_fen, row.answers) == (None, None, None)
    assert "服务机构 1 家；今日在禁入期内：未知" in ask(who, "projects-providers", search="", path=PATH)


def test_a_place_from_which_no_project_is_reported_is_unknown(database: Database, world: World) -> None:
    city(world)
    places = told(guest(database), "projects-where", PATH)
    assert '"className": "n unknown"' in str(places).replace("'", '"')


def test_a_bar_holds_in_its_place_and_is_told_with_its_end_and_reason(database: Database, world: World) -> None:
    city(world)
    said = ask(guest(database), ROWS, search="?rows=providers-barred", path=PATH)
    assert "惠民社工中心" in said
    assert f"{day(30)} 至 {day(-900)}，限 {HOME}" in said
    assert "邻里社工中心" not in said
    assert "惠民社工中心" not in ask(guest(database, name="far", regions=[ELSEWHERE]), ROWS, search="?rows=providers-barred", path=PATH)


def test_a_county_sees_its_own_projects_and_what_hangs_on_them(database: Database, world: World) -> None:
    city(world)
    far = guest(database, name="far", roles=["auditor"], regions=[ELSEWHERE])
    for part in (*PARTS, ROWS):
        for search in ("", f"?region={HOME}", "?rows=answers&subject_kind=project&subject_key=fine", "?rows=orders", "?rows=payments", "?rows=providers"):
            said = ask(far, part, search=search, path=PATH)
            assert not [key for key in ("fine", "unasked", "midless", "惠民社工中心") if f"{key}服务" in said or f"{key}-" in said or "惠民" in said], (part, search)
    assert [rows(far, ROWS, f"{PATH}?rows={name}") for name in ("all", "answers", "orders", "payments", "providers")] == [1, 31, 5, 1, 1]
    home = guest(database, name="home", roles=["auditor"], regions=[HOME])
    assert [rows(home, ROWS, f"{PATH}?rows={name}") for name in ("all", "answers-unknown", "orders-signed", "payments")] == [5, 5, 58, 2]


def test_a_list_there_is_not_says_so_and_a_file_holds_the_list(database: Database, world: World) -> None:
    city(world)
    who = guest(database)
    assert "没有这个清单" in ask(who, ROWS, search="?rows=everything", path=PATH)
    lines = who.client.get(f"{PATH}.csv?rows=step-late", buffered=True).get_data(as_text=True).splitlines()
    assert sum(any(f"{key}服务" in line for key in ("unasked", "midless", "over")) for line in lines) == 3
    assert not any("fine服务" in line for line in lines)


def test_a_citizens_number_where_a_key_belongs_is_masked(database: Database, world: World) -> None:
    with world.again() as now:
        project(now, "one", HOME, began=200)
        put(now, "service_order", order_id="O1", project_id="one", status="done", started_at=NOW, worker_id="11010519491231002X")
    who = guest(database)
    said = ask(who, ROWS, search="?rows=orders", path=PATH) + who.client.get(f"{PATH}.csv?rows=orders", buffered=True).get_data(as_text=True)
    assert said.count("110***************") == 2
    assert "11010519491231002X" not in said
