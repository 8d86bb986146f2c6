"""The simulated business system: a lawful city, planted faults, and a life of its own.

One file, though long: its tests share one running business system, which is slow to make.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import uscc

from monitors.event import decode
from monitors.identifiers import citizen
from tests.workers.business import Business, Taker, business, capturing, wait_for
from workers.capture import Capture
from workers.embedded.postgres import PostgresServer
from workers.mapping_file import load_mapping
from workers.simulator import identity, workdays
from workers.simulator.city import city
from workers.simulator.everyday import EVERYDAY
from workers.simulator.history import is_loaded, load_history
from workers.simulator.live import Live, beijing_now, everyday, write_due
from workers.simulator.months import add_months, last_day, months_from
from workers.simulator.payrun import pay_town, unpaid_towns
from workers.simulator.plants import LOOK_ALIKES, PLANTS, NoGroundError, look_alike, plant
from workers.simulator.plants.ground import Ground
from workers.simulator.truth import kept, write_truth

NOW = datetime(2026, 11, 22, 15, 30)  # noqa: DTZ001 - Beijing wall clock
RULES = ["T02", "T03", "T04", "T06", "T07", "T05", "T09", "T10", "T11", "T21", "P01", "P02", "P04", "P10", "P16", "D01", "D02", "D07", "D08", "E01", "E02", "F01", "F02", "F03", "F06", "F20", "J04", "J08", "Q01"]  # fmt: skip


@pytest.fixture(scope="module")
def clean(pg_server: PostgresServer) -> Iterator[Business]:
    """A city in which nobody does anything wrong. Tests must leave it as it is."""
    with business(pg_server, "select 1") as made:
        with made.connect() as conn:
            load_history(conn, 700, 7, NOW, plants=0)
        yield made


@pytest.fixture
def town(clean: Business) -> Iterator[psycopg.Connection[Any]]:
    """The clean city in a transaction that is taken back."""
    with clean.connect() as conn, conn.transaction(force_rollback=True):
        yield conn


def rows(conn: psycopg.Connection[Any], query: str, **values: object) -> list[tuple[Any, ...]]:
    return conn.execute(query, values).fetchall()


# What numbers are made of


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1920, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_every_id_number_passes_the_check_and_its_mistyped_form_does_not(born: date, order: int) -> None:
    number = identity.id_number("371402", born, order)
    seen = citizen(number, NOW.date())
    assert (seen.fault, seen.birth_date, seen.sex) == (None, born, "M" if order % 2 else "F")
    assert citizen(identity.with_wrong_check(number), NOW.date()).fault == "checksum"


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_credit_codes_and_cards_pass_their_checks(rng: Random) -> None:
    code = identity.credit_code(rng, "371402")
    assert uscc.is_valid(code)
    assert not code.isdigit()  # else it could be taken for somebody's ID number
    assert luhn.is_valid(identity.card_number(rng))


def test_working_days_follow_the_published_calendar() -> None:
    assert workdays.plus(date(2026, 9, 30), 1) == date(2026, 10, 8)  # over the national holiday
    assert workdays.plus(date(2026, 10, 9), 1) == date(2026, 10, 10)  # a Saturday worked in exchange
    assert workdays.between(date(2026, 1, 1), date(2026, 12, 31)) == 248
    assert workdays.minus(date(2026, 10, 8), 1) == date(2026, 9, 30)
    assert workdays.at_or_before(date(2026, 10, 7)) == date(2026, 9, 30)


def test_months_count_over_the_year() -> None:
    assert months_from("202611", "202702") == ["202611", "202612", "202701", "202702"]
    assert add_months("202601", -1) == "202512"
    assert last_day("202402") == date(2024, 2, 29)


# The city


def table_of(households: int, seed: int, table: str) -> list[dict[str, Any]]:
    return [row for book in city(households, seed, NOW) for row in book.rows[table]]


def test_a_seed_gives_the_same_city_and_another_seed_another() -> None:
    def picture(seed: int) -> str:
        return json.dumps(
            [{**book.rows, "sim.due": None} for book in city(150, seed, NOW)], default=str, ensure_ascii=False
        )

    assert picture(1) == picture(1)
    assert picture(1) != picture(2)


@pytest.mark.parametrize("households", [0, 1, 137, 500])
def test_a_city_has_as_many_households_as_were_asked_for(households: int) -> None:
    assert len(table_of(households, 3, "t_jt")) == households


def test_a_city_of_two_thousand_has_a_past_of_about_a_hundred_thousand_rows() -> None:
    total = sum(len(each) for book in city(2000, 1, NOW) for table, each in book.rows.items() if table != "sim.due")
    assert 90_000 < total < 125_000


def test_everybody_has_a_number_of_their_own_that_passes_the_check() -> None:
    people = table_of(600, 5, "t_ry")
    assert all(citizen(person["sfzh"], NOW.date()).fault is None for person in people)
    assert len({person["sfzh"] for person in people}) == len(people)
    assert all(person["sfzh"][6:14] == person["csrq"].strftime("%Y%m%d") for person in people)


def test_nothing_in_the_past_lies_in_the_future(clean: Business) -> None:
    tables = clean.one("select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'").split()
    for table in tables:
        assert clean.one(f"select count(*) from {table} where gxsj > '{NOW}'") == 0, table


def test_the_clean_city_has_nothing_planted(clean: Business) -> None:
    assert clean.one("select count(*) from sim.truth") == 0


def test_clues_of_the_clean_city_are_followed_up_in_time_or_still_young(clean: Business) -> None:
    with clean.connect() as conn:
        clues = rows(conn, "select tssj::date, hysj::date from t_xs")
    assert len(clues) > 15
    assert any(answered is None for _, answered in clues)
    for pushed, answered in clues:
        assert workdays.between(pushed, answered or NOW.date()) <= 8, (pushed, answered)


def test_a_household_keeps_its_colour_and_is_visited_as_often_as_it_asks(clean: Business) -> None:
    with clean.connect() as conn:
        last = rows(conn, "select jtbh, count(distinct fxdj), max(fxdj), max(tfsj)::date from t_tf group by jtbh")
    days = {"红": 7, "橙": 30, "黄": 90}
    assert {colour for _, _, colour, _ in last} == set(days)
    assert all(kinds == 1 and (NOW.date() - day).days <= days[colour] for _, kinds, colour, day in last)


def test_budgets_of_the_clean_city_are_neither_exceeded_nor_left_unused_and_no_money_waits(clean: Business) -> None:
    with clean.connect() as conn:
        used = rows(conn, "select y.je, (select sum(je) from t_ff_mx m where m.zt = '已发放' and m.jzlx = y.jzlx and left(m.qhdm, 6) = left(y.qhdm, 6) "
                          "and extract(year from dzsj) = y.nd) from t_ys y")
        waits = rows(conn, "select min(p.spsj) - z.dzsj from t_zb z left join t_ff_pc p on p.jzlx = z.jzlx and left(p.qhdm, 6) = left(z.qhdm, 6) "
                           "and p.spsj >= z.dzsj group by z.zbbh, z.dzsj")
        asked_back = rows(conn, "select jdrq, coalesce(jarq, jdrq), fqbz, sje = yje from t_zj")
    assert len(used) > 20
    assert all(0.75 < spent / budget * 12 / 11 < 1.03 for budget, spent in used)
    assert len(waits) > 40
    assert all(wait and wait < timedelta(days=15) for (wait,) in waits)
    assert asked_back
    assert all((closed - ordered).days < 90 and (plan == "是") != in_full for ordered, closed, plan, in_full in asked_back)


def steps(conn: psycopg.Connection[Any]) -> dict[str, dict[str, datetime]]:
    found: dict[str, dict[str, datetime]] = {}
    for case, step, at in rows(conn, "select sqbh, hjdm, fssj from t_jz_hj"):
        found.setdefault(case, {})[step] = at
    return found


LIMITS = (
    (("低保", "低保边缘"), "受理", ("启动调查", "入户调查", "核对委托"), 3), ((), "核对委托", ("核对开始",), 3),
    (("低保",), "县级接收", ("审核确认",), 10), (("特困",), "受理", ("初审意见",), 15), ((), "审核确认", ("告知",), 3),
)  # fmt: skip


def test_every_step_of_every_case_is_taken_in_time(town: psycopg.Connection[Any]) -> None:
    kinds = dict(rows(town, "select sqbh, jzlx from t_jz_sq"))
    for case, at in steps(town).items():
        for programmes, start, ends, limit in LIMITS:
            if start in at and (not programmes or kinds[case] in programmes) and kinds[case] != "临时救助":
                reached = [at[end] for end in (*ends, "审核确认", "撤回") if end in at and at[end] > at[start]]
                until = min(reached, default=NOW)
                assert workdays.between(at[start].date(), until.date()) <= limit, (case, start)


def test_every_case_is_decided_well_within_its_limit(town: psycopg.Connection[Any]) -> None:
    """Those still open too: none may come near its limit before it is finished."""
    paths = dict(rows(town, "select sqbh, bllj from t_jz_sq"))
    for case, at in steps(town).items():
        if "受理" in at:
            used = workdays.between(at["受理"].date(), at.get("审核确认", at.get("撤回", NOW)).date())
            assert used < (17 if paths[case] == "委托下放" else 27), case


def test_publicity_runs_seven_full_days_before_every_decision_that_needs_it(town: psycopg.Connection[Any]) -> None:
    agreed = rows(
        town, "select s.sqbh, s.jzlx from t_jz_sq s join t_jz_hj h using (sqbh) where hjdm = '审核确认' and jg = '同意'"
    )
    all_steps = steps(town)
    published = [all_steps[case] for case, kind in agreed if kind in ("低保", "特困", "低保边缘")]
    assert len(published) > 200
    for at in published:
        assert at["公示结束"] - at["公示开始"] >= timedelta(days=7)
        assert at["初审意见"] <= at["公示开始"]
        assert at["公示结束"] <= at["审核确认"]


def test_every_benefit_rests_on_a_decision_and_an_authorised_check(town: psycopg.Connection[Any]) -> None:
    unfounded = """
    select count(*) from t_bz b where not exists (select from t_jz_hj h where h.sqbh = b.sqbh and hjdm = '受理')
      or not exists (select from t_jz_hj h where h.sqbh = b.sqbh and hjdm = '审核确认' and jg = '同意')
      or not exists (select from t_hd d where d.sqbh = b.sqbh and sqsz = '已授权')
    """
    assert rows(town, unfounded) == [(0,)]


def test_every_batch_adds_up_and_is_paid_before_pay_day(town: psycopg.Connection[Any]) -> None:
    differing = """
    select count(*) from t_ff_pc p where (bs, zje) <> (select count(*), sum(je) from t_ff_mx m where m.pcbh = p.pcbh)
    """
    assert rows(town, differing) == [(0,)]
    late = "select count(*) from t_ff_mx where fflx = '正常' and to_char(dzsj, 'YYYYMMDD') > ny || '10'"
    assert rows(town, late) == [(0,)]


def test_every_difference_is_standard_less_income_times_persons(town: psycopg.Connection[Any]) -> None:
    wrong = """
    select m.mxbh from t_ff_mx m join t_bz b using (bzbh) join t_jt h on h.jtbh = b.jtbh
    join lateral (select z.ybz from t_bzbz z where z.qhdm = left(b.qhdm, 6) and z.cxlb = h.cxlb
        and to_char(z.zxrq, 'YYYYMM') <= m.ny order by z.zxrq desc limit 1) s on true
    join lateral (select d.hsrjsr from t_hd d where d.jtbh = b.jtbh and d.hdsj < m.tjsj order by d.hdsj desc limit 1) d on true
    where b.jzlx = '低保' and m.fflx = '正常' and m.je <> (s.ybz - d.hsrjsr) * b.bzrs + b.fjje
    """
    paid = "select count(*) from t_ff_mx m join t_bz b using (bzbh) where b.jzlx = '低保' and m.fflx = '正常'"
    assert rows(town, wrong) == []
    assert rows(town, paid)[0][0] > 2000


def test_nobody_is_counted_in_two_households_or_paid_after_death(town: psycopg.Connection[Any]) -> None:
    assert rows(town, "select rybh from t_jtcy group by rybh having count(*) > 1") == []
    paid = """
    select count(*) from t_gx_sw d join t_ry r using (sfzh) join t_ff_mx m on m.skr = r.rybh
    where m.fflx = '正常' and m.ny > to_char(d.swrq, 'YYYYMM')
    """
    assert rows(town, paid) == [(0,)]
    assert rows(town, "select count(*) > 0 from t_gx_sw") == [(True,)]


# What capture makes of it


def test_the_city_arrives_whole_and_every_event_keeps_the_contract(clean: Business) -> None:
    taker, slot = Taker(), "select active from pg_replication_slots where slot_name = 'aidwatch'"
    capture = Capture(clean.url("aidwatch_capture"), load_mapping("minzheng"))
    with capturing(capture, taker):
        wait_for(lambda: bool(clean.one(slot)), limit_s=60)
    events = [decode(event) for batch in taker.batches for event in batch]
    arrived = Counter(event.entity for event in events)
    for table, entity in (("t_jz_hj", "stage"), ("t_ff_mx", "payment"), ("t_ry", "person"), ("t_bz", "benefit")):
        assert arrived[entity] == clean.one(f"select count(*) from {table}")
    assert capture.counts["faults"] == 0
    first = {entity: next(n for n, event in enumerate(events) if event.entity == entity) for entity in arrived}
    order = ["region", "person", "household", "income_check", "application", "benefit", "household_member", "payment"]
    assert sorted(order, key=lambda entity: first[entity]) == order


# What is planted


def test_every_rule_has_a_plant_and_a_look_alike() -> None:
    assert sorted(PLANTS) == sorted(LOOK_ALIKES) == sorted(RULES)


@pytest.mark.parametrize("past", [False, True])
@pytest.mark.parametrize("rule", RULES)
def test_a_plant_says_what_must_come_of_it(town: psycopg.Connection[Any], rule: str, past: bool) -> None:
    truth = plant(town, rule, Random(rule), NOW, past=past)
    assert rule in {each.rule for each in truth.expected}
    assert not truth.lawful
    assert all(each.card in ("notice", "yellow", "red") for each in truth.expected)
    assert all(value for each in truth.expected for value in each.subject.values())
    assert kept(town) == list(truth.rows())


@pytest.mark.parametrize("rule", RULES)
def test_a_look_alike_names_subjects_that_must_stay_silent(town: psycopg.Connection[Any], rule: str) -> None:
    truth = look_alike(town, rule, Random(rule), NOW)
    assert truth.lawful
    assert {(each.rule, each.card) for each in truth.expected} == {(rule, None)}


def test_plants_do_not_stand_on_each_other(town: psycopg.Connection[Any]) -> None:
    subjects = [
        json.dumps(each.subject)
        for n in range(2) for rule in RULES for each in plant(town, rule, Random(f"{rule}{n}"), NOW).expected[:1]
    ]  # fmt: skip
    assert len(set(subjects)) == len(subjects)


def test_a_plant_that_finds_no_ground_leaves_nothing_behind(town: psycopg.Connection[Any]) -> None:
    town.execute("delete from t_ff_mx")
    with pytest.raises(NoGroundError, match="the city has only 0 of the 1 rows needed"):
        plant(town, "F01", Random(1), NOW)
    assert kept(town) == []
    assert rows(town, "select count(*) from sim.used") == [(0,)]


def test_batches_add_up_after_every_plant(town: psycopg.Connection[Any]) -> None:
    for rule in ("F01", "F02", "F03", "F06", "F20", "D02", "E01"):
        plant(town, rule, Random(rule), NOW)
    test_every_batch_adds_up_and_is_paid_before_pay_day_ignoring_dates(town)


def test_every_batch_adds_up_and_is_paid_before_pay_day_ignoring_dates(town: psycopg.Connection[Any]) -> None:
    differing = (
        "select pcbh from t_ff_pc p where (bs, zje) <> (select count(*), sum(je) from t_ff_mx m where m.pcbh = p.pcbh)"
    )
    assert rows(town, differing) == []


def test_the_truth_file_is_rewritten_whole(town: psycopg.Connection[Any], tmp_path: Path) -> None:
    truth = plant(town, "D01", Random(1), NOW)
    file = tmp_path / "home" / "truth.jsonl"
    assert write_truth(town, file) == 2
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines == list(truth.rows())
    assert [line["rule"] for line in lines] == ["D01", "D07"]
    assert lines[0]["as_of"] == "2026-11-22T15:30:00+08:00"


# A life of its own


@pytest.mark.parametrize("change", EVERYDAY, ids=lambda change: change.__name__)
def test_everyday_changes_are_written(town: psycopg.Connection[Any], change: Any) -> None:
    """Each finds the city it needs; what it writes fits the tables."""
    ground = Ground(town, Random(3), NOW)
    change(ground)
    ground.flush()


def test_everyday_changes_plant_nothing(town: psycopg.Connection[Any]) -> None:
    for _ in range(60):
        everyday(town, Random(9), NOW)
    assert kept(town) == []


def test_steps_of_open_cases_are_written_when_they_come_due(town: psycopg.Connection[Any]) -> None:
    (waiting, first) = rows(town, "select count(*), min(at) from sim.due")[0]
    assert waiting > 0
    assert write_due(town, first - timedelta(seconds=1)) == 0
    while write_due(town, NOW + timedelta(days=60)):
        pass
    assert rows(town, "select count(*) from sim.due") == [(0,)]
    open_benefits = "select count(*) from t_bz b where not exists (select from t_jz_hj h where h.sqbh = b.sqbh and hjdm = '审核确认')"
    assert rows(town, open_benefits) == [(0,)]


def test_the_pay_run_pays_every_township_once_when_its_day_has_come(town: psycopg.Connection[Any]) -> None:
    assert unpaid_towns(town, NOW) == []
    later = NOW + timedelta(days=28)
    towns = unpaid_towns(town, later)
    assert len(towns) > 100
    for code in towns:
        pay_town(town, code, later)
    assert unpaid_towns(town, later) == []
    running = (
        "select count(*) from t_bz where jsny is null and qsny <= '202612' and jzlx not in ('低保边缘', '刚性支出')"
    )
    assert rows(town, "select count(*) from t_ff_mx where ny = '202612'") == rows(town, running)
    assert rows(town, "select count(*) from t_ff_mx where yhzh is null") == [(0,)]
    test_every_batch_adds_up_and_is_paid_before_pay_day_ignoring_dates(town)


def test_a_city_is_loaded_once(clean: Business) -> None:
    with clean.connect() as conn:
        assert is_loaded(conn)


def test_the_live_city_plants_within_seconds_and_stops_when_told(pg_server: PostgresServer, tmp_path: Path) -> None:
    stop, truth_file = threading.Event(), tmp_path / "truth.jsonl"
    with business(pg_server, "select 1") as made, made.connect() as conn:
        load_history(conn, 300, 2, beijing_now(), plants=0)
        live = Live(conn, 20, Random(1), truth_file, first_plant_s=0.2)
        thread = threading.Thread(target=live.run, args=(stop,))
        thread.start()
        wait_for(truth_file.exists)
        stop.set()
        thread.join(20)
        assert not thread.is_alive()
        assert made.one("select count(*) from sim.truth") > 0
