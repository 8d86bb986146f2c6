"""Money that was decided, listed and paid: every number is the list it opens, amounts are kept apart, what nobody reports is unknown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import inf
from typing import Any

import pytest
from sqlalchemy import Connection, text

from console.pages.funds_hints import far
from console.pages.funds_rows import execution
from console.queries import funds
from console.url import SHANGHAI, Filters
from monitors.catalogue import load
from monitors.indicators.budget import Execution, Limits
from monitors.indicators.reconciliation import unexplained_fen
from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import guest
from tests.console.records import numbers, put, reports, rows, told
from tests.console.world import NOW, World
from workers import money_statistics, reconciliation
from workers.asking import ask, local_parameters

HOME, TOWN, ELSEWHERE = "371402000000", "371402002000", "371424000000"
PATH, ROWS = "/funds", "funds-rows"
PARTS = ("funds-tiles", "funds-months", "funds-reconciled", "funds-returned", "funds-batches", "funds-budget", "funds-statistics")
MONTH = f"{NOW.astimezone(SHANGHAI):%Y-%m}"
EARLY = NOW - timedelta(days=300)


def benefit(world: World, key: str, region: str = TOWN, fen: int = 50_000, **more: Any) -> None:
    put(world, "benefit", benefit_id=key, region_code=region, household_id=f"H{key}", monthly_amount_fen=fen, start_period="2020-01",
        **{"programme": "dibao", "event_at": EARLY, "from_at": "1900-01-01T00:00:00+00:00", **more})  # fmt: skip


def line(world: World, key: str, of: str | None, fen: int = 50_000, status: str = "paid", *, ago: int = 1, region: str = TOWN, **more: Any) -> None:
    at = NOW - timedelta(days=ago)
    ends = {"paid": {"paid_at": at}, "returned": {"returned_at": at}}.get(status, {})
    told = {"programme": "dibao", "period": MONTH, "kind": "regular", "batch_id": f"L{region}", "household_id": f"H{of}", "judged_at": at, "submitted_at": at}
    put(world, "payment", payment_id=key, benefit_id=of, region_code=region, amount_fen=fen, status=status, **{**told, **ends, **more})


def city(world: World, database: Database) -> None:
    """Two counties' lists of a month, with something of everything, a budget, an order to pay back and a wrong benefit put right."""
    paid_out(world)
    with connect(database.url("worker"), name="test") as conn:
        reconciliation.recount(conn)
        money_statistics.refresh(conn)


def paid_out(world: World) -> None:
    with world.again() as now:
        reports(now, "payment", "payment_batch", "benefit", "budget", "recovery")
        now.calendar()
        now.conn.execute(text("select store.ensure_periods(array[:month])"), {"month": MONTH})
        for n in range(8):
            benefit(now, f"P{n}")
            line(now, f"p{n}", f"P{n}")
        for key, ago in (("new", 3), ("late", 25), ("long", 80)):
            benefit(now, key)
            line(now, f"r-{key}", key, status="returned", ago=ago)
        benefit(now, "less", fen=60_000)
        line(now, "l-less", "less")
        benefit(now, "left out")
        benefit(now, "far", ELSEWHERE)
        line(now, "l-far", "far", 55_000, region=ELSEWHERE)
        line(now, "l-none", None, 1_000)
        line(now, "l-lost", None, 700, region="999999999999")
        put(now, "payment_batch", batch_id=f"L{TOWN}", programme="dibao", region_code=TOWN, period=MONTH, lines=13, total_fen=651_000, closed_at=NOW)
        put(now, "payment_batch", batch_id=f"L{ELSEWHERE}", programme="dibao", region_code=ELSEWHERE, period=MONTH, lines=1, total_fen=55_000, closed_at=NOW)
        put(now, "payment_batch", batch_id="open", programme="dibao", region_code=HOME, period=MONTH, lines=1, total_fen=1)
        put(now, "budget", budget_id="G1", programme="dibao", region_code=HOME, year=int(MONTH[:4]), amount_fen=400_000)
        put(now, "recovery", recovery_id="Z1", benefit_id="P1", ordered_on=date(2026, 1, 5), amount_fen=90_000, recovered_fen=30_000)
        put(now, "recovery", recovery_id="Z2", benefit_id="far", ordered_on=date(2026, 1, 6), amount_fen=90_000, recovered_fen=0)
        wrong(now)
        now.finding("F03", "yellow", HOME, amount_at_risk_fen=50_000, evidence={"programme": "dibao"})


def course(world: World, database: Database) -> None:
    """A township's tekun over eight months, the last far off; temporary aid of one size in it, and of a county in all sizes."""
    with world.again() as now:
        reports(now, "payment", "payment_batch", "benefit")
        months = [f"{NOW.astimezone(SHANGHAI).replace(day=1) - timedelta(days=28 * back):%Y-%m}" for back in range(7, -1, -1)]
        for n in range(30):
            benefit(now, f"t{n}", fen=60_000, programme="tekun")
        for month, many in zip(months, (9, 10, 10, 11, 12, 10, 11, 30), strict=True):
            for n in range(many):
                line(now, f"t{month}-{n}", f"t{n}", programme="tekun", period=month)
        for n in range(12):
            line(now, f"s{n}", None, 60_000, programme="temporary_aid", kind="one_off", household_id=None)
        for n in range(400):
            line(now, f"b{n}", None, round(10 ** (3 + 4 * (n + 0.5) / 400)), programme="temporary_aid", kind="one_off", region=ELSEWHERE, household_id=None)
        now.conn.execute(text("insert into store.source_state(source, entity, last_at, events) values ('/again', 'payment', :at, 1)"), {"at": NOW})
    with connect(database.url("worker"), name="test") as conn:
        reconciliation.recount(conn)
        money_statistics.refresh(conn)


def wrong(world: World) -> None:
    """Benefits confirmed to be wrong: one ended and one reduced after the finding was shown, one ended before, one still paid."""
    shown, put_right = NOW - timedelta(days=60), NOW - timedelta(days=20)
    ended = f"{NOW.astimezone(SHANGHAI) - timedelta(days=40):%Y-%m}"
    for key, fen, end in (("ended", 50_000, ended), ("reduced", 40_000, None), ("paid on", 50_000, ended)):
        benefit(world, f"W {key}", to_at=NOW - timedelta(days=30))
        benefit(world, f"W {key}", fen=fen, from_at=NOW - timedelta(days=30), event_at=NOW - timedelta(days=30), end_period=end)
        line(world, f"w-{key}", f"W {key}", fen)
    world.conn.execute(text("delete from store.payment where payment_id = 'w-ended'"))
    benefit(world, "W before", end_period=ended)
    for key in ("ended", "reduced", "paid on", "before"):
        for code in ("F02", "E01"):  # two findings about one benefit prevent its loss once
            world.finding(code, None, HOME, subject_kind="benefit", subject_key=f"W {key}", raised_at=shown, outcome="true", stage="closed", rectified_at=put_right)


def test_every_number_of_the_page_opens_as_many_rows(database: Database, world: World) -> None:
    city(world, database)
    who = guest(database)
    for search in ("", f"?region={HOME}", "?range=90d", "?programme=dibao", f"?region={TOWN}"):
        seen = {(n, href) for part in PARTS for n, href in numbers(told(who, part, PATH, search), PATH)}
        assert len(seen) > 8, search
        for n, href in sorted(seen):
            assert rows(who, ROWS, href) == n, (search, href)
        for part in ("funds-months", "funds-tiles"):  # amounts and shares, which say how many rows they open
            opening = set(re.findall(rf"'href': '({PATH}\?[^']*said=(\d+)[^']*)'", str(told(who, part, PATH, search))))
            assert opening or search == f"?region={TOWN}", (part, search)
            for href, n in opening:
                assert rows(who, ROWS, href) == int(n), (part, href)


def test_the_classes_add_up_in_each_place_and_a_county_sees_its_own(conn: Connection, database: Database, world: World) -> None:
    city(world, database)
    for region in (None, HOME, TOWN, ELSEWHERE):
        held = funds.sums(conn, funds.question(conn, Filters(region=region), NOW))
        assert held["decided"].fen
        assert unexplained_fen(funds.fens(held)) == 0
    whole = funds.fens(funds.sums(conn, funds.question(conn, Filters(), NOW)))
    assert (whole["returned"], whole["listed_less"], whole["unlisted"], whole["listed_more"], whole["undecided"]) == (150_000, 10_000, 50_000, -5_000, -1_700)
    far = guest(database, name="far", roles=["supervisor"], regions=[ELSEWHERE])
    said = str(told(far, "funds-reconciled", PATH))
    assert "¥ 550.00" in said
    assert "left out" not in str(told(far, ROWS, PATH, "?rows=unlisted"))
    assert "999999999999" not in str(told(far, ROWS, PATH, "?rows=undecided"))


def test_what_the_bank_returned_is_told_by_its_clock(conn: Connection, database: Database, world: World) -> None:
    city(world, database)
    clocks = {row.benefit_id: row.clock for row in funds.returned(conn, funds.question(conn, Filters(), NOW))}
    assert clocks == {"new": "intime", "late": "late", "long": "long"}


def test_the_clock_of_what_came_back_has_the_limits_of_the_place(conn: Connection, database: Database, world: World) -> None:
    """A county that pays again within twenty days and calls it long after sixty: rule F05 judges its findings so, and its page says so."""
    city(world, database)
    with world.again() as now:
        for name, days in (("limit", 20), ("red_days", 60)):
            put(now, "parameter", parameter_id=f"X-{name}", rule="F05", name=name, region_code=HOME, value=str(days), valid_from=date(2026, 1, 1))

    def clocks(region: str | None) -> dict[str, str]:
        return {row.benefit_id: row.clock for row in funds.returned(conn, funds.question(conn, Filters(region=region), NOW))}

    assert clocks(TOWN) == clocks(HOME) == {"new": "intime", "late": "intime", "long": "late"}
    assert clocks(None) == {"new": "intime", "late": "late", "long": "long"}
    assert "超过 20 个工作日" in str(told(guest(database), "funds-returned", PATH, f"?region={HOME}"))


def test_a_list_differs_from_its_head_or_agrees(conn: Connection, database: Database, world: World) -> None:
    city(world, database)
    found = {row.batch_id: (row.is_off, row.found_n, row.found_fen) for row in funds.batches(conn, funds.question(conn, Filters(), NOW), 9)}
    assert found["open"] == (False, 0, 0), "a list that is not closed is not judged"
    assert found[f"L{ELSEWHERE}"] == (False, 1, 55_000)
    assert found[f"L{TOWN}"][0] is True


def test_a_list_nobody_has_counted_yet_is_not_accused(conn: Connection, database: Database, world: World) -> None:
    city(world, database)
    with world.again() as now:
        now.conn.execute(text("insert into store.payment_batch select (jsonb_populate_record(null::store.payment_batch, to_jsonb(b) || "
                              "'{\"batch_id\": \"fresh\"}')).* from store.payment_batch b where batch_id = :like"), {"like": f"L{TOWN}"})  # fmt: skip
    found = {row.batch_id: (row.is_off, row.found_n) for row in funds.batches(conn, funds.question(conn, Filters(), NOW), 9)}
    assert found["fresh"] == (False, None)


def test_prevented_is_one_month_of_what_stopped_after_the_finding_and_once_for_each_benefit(conn: Connection, database: Database, world: World) -> None:
    city(world, database)
    rows_, n, fen = funds.listed(conn, funds.question(conn, Filters(), NOW), "prevented")
    assert {row.benefit_id: row.fen for row in rows_} == {"W ended": 50_000, "W reduced": 10_000}
    assert (n, fen) == (2, 60_000)


def test_amounts_are_kept_apart(database: Database, world: World) -> None:
    city(world, database)
    said = str(told(guest(database), "funds-tiles", PATH))
    for amount in ("¥ 2,100", "¥ 300", "¥ 600"):  # three returned, one left out, one short of a hundred; recovered; prevented
        assert f"'{amount}'" in said


def test_nothing_reported_is_unknown_and_not_zero(database: Database, world: World) -> None:
    who = guest(database)
    said = str(told(who, "funds-tiles", PATH)) + str(told(who, "funds-months", PATH)) + str(told(who, "funds-budget", PATH))
    assert "未知" in said
    assert "hatched" in said
    assert "¥ 0'" not in str(told(who, "funds-reconciled", PATH))


@pytest.mark.parametrize(("budget", "paid", "ended", "months", "projected", "verdict"), [
    (1_200, 300, 300, 3, 1_200, "in_order"), (1_200, 315, 315, 3, 1_260, "in_order"), (1_200, 316, 316, 3, 1_264, "over"),
    (1_200, 1_051, 1_051, 10, 1_261, "over"), (1_200, 1_201, 1_201, 12, 1_201, "overrun"), (1_200, 1_201, 100, 1, None, "overrun"),
    (1_200, 629, 629, 9, 839, "under"), (1_200, 630, 630, 9, 840, "in_order"), (1_200, 100, 100, 8, 150, "in_order"), (1_200, 0, 0, 9, 0, "under"),
    (1_200, 1_000, 300, 3, 1_200, "in_order"), (1_200, 600, 600, 2, None, "in_order"), (1_200, 0, 0, 0, None, "in_order"),
    (None, 100, 100, 3, 400, "unknown"), (0, 100, 100, 3, 400, "unknown"), (1_000, 100, 100, 7, 171, "in_order"),
])  # fmt: skip
def test_a_budget_is_projected_by_the_months_ended(budget: int | None, paid: int, ended: int, months: int, projected: int | None, verdict: str) -> None:
    done = Execution(budget, paid, ended, months)
    assert (done.projected_fen, done.verdict) == (projected, verdict)


def test_the_limits_of_a_budget_are_those_of_the_rule() -> None:
    (rule,) = load().by_code("F12")
    assert Limits() == Limits(*(rule.params[name] for name in ("limit", "least", "first_month", "under_month")))


def test_page_and_rule_count_a_budget_alike_by_what_arrives_in_its_year(conn: Connection, world: World, database: Database) -> None:
    """Arrears of the year before are this year's money, what arrives next year is not; a county's own limit holds on both."""
    year, arrives = NOW.astimezone(SHANGHAI).year, ((1, 5, 30_000), (2, 9, 15_000), (4, 9, 20_000), (8, 9, 5_000), (11, 9, 65_000))
    with world.again() as now:
        reports(now, "payment", "budget")
        now.calendar()
        put(now, "budget", budget_id="G1", programme="dibao", region_code=HOME, year=year, amount_fen=120_000)
        put(now, "parameter", parameter_id="X1", rule="F12", name="least", region_code=HOME, value="80", valid_from=date(2020, 1, 1))
        months = [f"{year - 1}-12", *(f"{year}-{month:02}" for month, _, _ in arrives[1:]), f"{year + 1}-01"]
        now.conn.execute(text("delete from store.payment"))
        for month, (at, day, fen) in zip(months, (*arrives, (13, 5, 90_000)), strict=True):
            line(now, month, None, fen, period=month, paid_at=datetime(year + at // 13, at % 12 or 12, day, tzinfo=SHANGHAI))
    with connect(database.url("worker"), name="test") as worker:
        reconciliation.recount(worker)
        with worker.transaction(force_rollback=True):
            found = ask(worker, load().by_code("F12")[0], local_parameters(worker), {})
    for nth in range(1, 13):
        first = datetime(year, nth, 1, tzinfo=SHANGHAI)
        (row,) = funds.budgets(conn, {"region": HOME, "programme": None, "year": year, "today": first.date()})
        cards = {str(one.evidence["what"]) for one in found if one.ladder.card(first) and one.evidence["what"] != "OVERRUN"}
        wanted = {"over": {"PROJECTED_OVER"}, "under": {"PROJECTED_UNDER"}}.get(replace(execution(row), paid_fen=0).verdict, set())
        assert cards == wanted, first
    (row,) = funds.budgets(conn, {"region": HOME, "programme": None, "year": year, "today": date(year + 1, 3, 1)})
    assert (row.paid_fen, row.ended_fen, row.months, row.under_percent, execution(row).verdict) == (135_000, 135_000, 12, 80, "overrun")
    (overrun,) = (one for one in found if one.evidence["what"] == "OVERRUN")
    assert (overrun.ladder.yellow_at, overrun.evidence["paid_fen"]) == (datetime(year, 11, 10, tzinfo=SHANGHAI), 135_000)


def test_statistics_are_hints_and_lead_to_what_the_rules_found(database: Database, world: World) -> None:
    course(world, database)
    who = guest(database)
    said = str(told(who, "funds-statistics", PATH))
    assert "极度偏高（z 13.5）" in said, "thirty people beside ten, spread 1.4826"
    assert "与期望比例接近" in said
    assert "不表示怀疑任何人" in said
    assert f"/findings?region={TOWN}&rule=F15" in said
    assert "rule=F18" in said
    for wanted, n in (("hints-months", 1), ("hints-aid", 1), ("hints-digits", 2)):
        assert rows(who, ROWS, f"{PATH}?rows={wanted}") == n, wanted
    assert rows(who, ROWS, f"{PATH}?rows=hints-digits&region={TOWN}") == 1, "of a township the year of its county is told"
    assert "极度偏高（z 13.5）" in who.client.get(f"{PATH}.csv?rows=hints-months", buffered=True).get_data(as_text=True)


def test_statistics_keep_to_the_place_of_the_reader(database: Database, world: World) -> None:
    course(world, database)
    other = guest(database, name="far", roles=["supervisor"], regions=[ELSEWHERE])
    assert rows(other, ROWS, f"{PATH}?rows=hints-months") == 0
    assert rows(other, ROWS, f"{PATH}?rows=hints-digits") == 1


def test_what_cannot_be_judged_is_unknown_and_not_usual(database: Database, world: World) -> None:
    assert "尚未计算" in str(told(guest(database), "funds-statistics", PATH))
    city(world, database)
    said = str(told(guest(database, name="later"), "funds-statistics", PATH))
    assert "这里没有可判断的月份" in said
    assert said.count("hatched") == 3
    assert "没有明显偏离" not in said


@pytest.mark.parametrize(("z", "said"), [
    (None, "无法判断"), (0.0, "与往月相近（z 0.0）"), (3.5, "与往月相近（z 3.5）"), (-3.6, "明显偏低（z -3.6）"), (7.1, "极度偏高（z 7.1）"), (-inf, "减少；往月完全相同"),
])  # fmt: skip
def test_how_far_a_month_lies_is_said_in_words(z: float | None, said: str) -> None:
    assert far(z) == said
