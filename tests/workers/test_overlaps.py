"""Who holds two benefits at once is counted exactly for any time and place, and the matrix of the place and month says what it means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitors.catalogue import load
from sql.connect import connect
from tests.conftest import Database
from tests.engine.events import event
from workers import overlaps
from workers.asking import ask
from workers.intake import Intake
from workers.keys import Keys

CITY, COUNTY, TOWN, OTHER = "371400000000", "371402000000", "371402002000", "371424000000"
KEYS, PROGRAMMES = Keys(b"h" * 32, b"v" * 32), ("dibao", "old_age", "tekun")
FIRST = 2026 * 12
COUNTED = """select coalesce(sum(n), 0) from watch.overlap_count where region_code = %s and programme_a = %s and programme_b = %s and effect = %s
    and from_month <= %s and to_month >= %s"""


@pytest.fixture(scope="module")
def opened(shared_database: Database) -> Iterator[psycopg.Connection[Any]]:
    with connect(shared_database.url("worker"), name="test") as connection:
        take(connection, event("region", region_code=CITY, level="city"), event("region", region_code=COUNTY, level="county", parent_code=CITY),
             event("region", region_code=TOWN, level="township", parent_code=COUNTY), event("region", region_code=OTHER, level="county", parent_code=CITY),
             *(event("person", person_id=f"P{n}") for n in range(3)), rule("1", "dibao", "tekun", "exclusive"), rule("2", "old_age", "tekun", "coexist"))  # fmt: skip
        yield connection


@pytest.fixture
def conn(opened: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    wipe(opened)
    return opened


def wipe(conn: psycopg.Connection[Any]) -> None:
    with conn.transaction():
        for table in ("benefit", "household_member", "household"):
            conn.execute(f"delete from store.{table}")
        conn.execute("delete from store.exclusion where exclusion_id not in ('1', '2')")


def take(conn: psycopg.Connection[Any], *told: bytes) -> None:
    assert not Intake(conn, KEYS, "test").take([*told]).rejected


def rule(key: str, one: str, other: str, effect: str, **more: Any) -> bytes:
    return event("exclusion", exclusion_id=key, programme_a=one, programme_b=other, effect=effect, **{"region_code": None, "basis": None, "valid_from": None, "valid_to": None, **more})


def period(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


def benefit(key: str, programme: str, first: int, last: int | None, *, person: str | None = "P0", region: str = TOWN, household: str = "H") -> bytes:
    return event("benefit", benefit_id=key, programme=programme, region_code=region, person_id=person, household_id=household, monthly_amount_fen=1_000,
                 start_period=period(FIRST + first), end_period=None if last is None else period(FIRST + last))  # fmt: skip


def counted(conn: psycopg.Connection[Any], place: str, pair: tuple[str, str], effect: str = "", first: int = 0, last: int = 11) -> int:
    (n,) = conn.execute(COUNTED, [place, *pair, effect, FIRST + last, FIRST + first]).fetchone() or (0,)
    return int(n)


SPELL = st.tuples(st.sampled_from(["P0", "P1", "P2"]), st.sampled_from(PROGRAMMES), st.integers(0, 9), st.integers(0, 3), st.sampled_from([TOWN, OTHER]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells=st.lists(SPELL, max_size=9))
def test_people_are_counted_once_in_any_time_and_place_however_often_they_hold_both(conn: psycopg.Connection[Any], spells: list[tuple[str, str, int, int, str]]) -> None:
    wipe(conn)
    take(conn, *(benefit(f"B{n}", programme, first, first + more, person=person, region=place) for n, (person, programme, first, more, place) in enumerate(spells)))
    overlaps.refresh(conn, again=True)
    for places, code in (({TOWN, OTHER}, ""), ({TOWN, OTHER}, CITY), ({TOWN}, COUNTY), ({OTHER}, OTHER)):
        for a, b in (("dibao", "dibao"), ("dibao", "tekun"), ("old_age", "tekun")):
            for first, last in ((0, 12), (2, 4), (5, 5)):
                want = {one[0] for n, one in enumerate(spells) for other in spells[n + 1 :] if one[0] == other[0] and sorted((one[1], other[1])) == [a, b]
                        and {one[4], other[4]} & places and max(one[2], other[2], first) <= min(one[2] + one[3], other[2] + other[3], last)}  # fmt: skip
                assert counted(conn, code, (a, b), "", first, last) == len(want), (code, a, b, first, last)


def test_the_nearest_row_of_the_matrix_decides_and_a_new_one_begins_with_its_month(conn: psycopg.Connection[Any]) -> None:
    take(conn, rule("local", "tekun", "dibao", "coexist", region_code=COUNTY, valid_from="2026-03-02", valid_to="2026-06-30"),
         benefit("A", "dibao", 0, None), benefit("B", "tekun", 0, 9), benefit("C", "dibao", 0, 9, person="P1", region=OTHER),
         benefit("D", "tekun", 0, 9, person="P1", region=OTHER), benefit("E", "dibao", 0, None, person="P2"), benefit("F", "old_age", 0, None, person="P2"))  # fmt: skip
    overlaps.refresh(conn, again=True)
    found = conn.execute("select benefit_a, effect, from_month - %s, to_month - %s from watch.overlap order by 1, 3", [FIRST, FIRST]).fetchall()
    assert found == [("A", "exclusive", 0, 2), ("A", "coexist", 3, 5), ("A", "exclusive", 6, 9), ("C", "exclusive", 0, 9),
                     ("E", "open", 0, (9999 - 2026) * 12 + 11)]  # fmt: skip
    pair = ("dibao", "tekun")
    assert [counted(conn, CITY, pair, effect, 4, 4) for effect in ("", "exclusive", "coexist")] == [2, 1, 1]
    assert counted(conn, CITY, pair) == 2, "a human whose rule changed is one human"


ROW = st.tuples(st.sampled_from(["exclusive", "coexist", "top_up"]), st.sampled_from([None, CITY, COUNTY, TOWN, OTHER]),
                st.none() | st.integers(-2, 13), st.none() | st.integers(-2, 13), st.sampled_from(["01", "15"]))  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=5), first=st.integers(0, 9), more=st.none() | st.integers(0, 4))
def test_the_rule_and_the_page_agree_which_months_a_matrix_of_any_places_and_dates_excludes(
    conn: psycopg.Connection[Any], rows: list[tuple[str, str | None, int | None, int | None, str]], first: int, more: int | None
) -> None:
    wipe(conn)
    ends = None if more is None else first + more
    take(conn, benefit("B1", "dibao_margin", -5, None), benefit("B2", "old_age", first, ends),
         *(rule(f"R{n}", "old_age", "dibao_margin", effect, region_code=place, valid_from=day(start, of), valid_to=day(end, of))
           for n, (effect, place, start, end, of) in enumerate(rows)))  # fmt: skip
    overlaps.refresh(conn, again=True)
    query = "select min(from_month), max(to_month) from watch.overlap where benefit_a = 'B1' and benefit_b = 'B2' and effect = 'exclusive'"
    page = conn.execute(query).fetchone()
    asked = [answer.evidence for answer in ask(conn, load().by_code("D06")[0], {}, {}) if answer.identity.rule == "D06"]
    told: list[tuple[int | None, int | None]] = [(number(one["first_period"]), number(one["last_period"] or "9999-12")) for one in asked]
    assert (told or [(None, None)]) == [page]


def day(month: int | None, of: str) -> str | None:
    return None if month is None else f"{period(FIRST + month)}-{of}"


def number(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:]) - 1


def test_members_counted_hold_what_their_household_holds_while_they_belong_to_it(conn: psycopg.Connection[Any]) -> None:
    take(conn, event("household", household_id="H", region_code=TOWN),
         *(event("household_member", member_id=f"M{n}", household_id="H", person_id=f"P{n}", counted=n < 2, from_date="2026-01-01", to_date="2026-04-30" if n else None) for n in range(3)),
         benefit("A", "dibao", 0, None, person=None), *(benefit(f"T{n}", "tekun", 5 * (n == 1), None, person=f"P{n}") for n in range(3)))  # fmt: skip
    overlaps.refresh(conn, again=True)
    people = conn.execute("select distinct i.person_id from watch.overlap o join store.identity i using (person_key)").fetchall()
    assert people == [("P0",)], "P1 had left before, P2 is not counted"


def test_nothing_is_made_again_while_nothing_arrives_and_what_ends_goes(conn: psycopg.Connection[Any]) -> None:
    take(conn, benefit("A", "dibao", 0, None), benefit("B", "tekun", 0, None))
    assert overlaps.refresh(conn) > 0
    assert overlaps.refresh(conn) == 0
    assert overlaps.refresh(conn, again=True) == 0, "only what differs is written"
    take(conn, event("benefit", at="2026-11-10T09:00:00+08:00", benefit_id="B", programme="tekun", person_id="P0", region_code=TOWN, household_id="H", start_period="2025-01", end_period="2025-02"))
    assert overlaps.refresh(conn) > 0
    assert conn.execute("select count(*) from watch.overlap").fetchone() == (0,)
    assert conn.execute("select count(*) from watch.overlap_count").fetchone() == (0,)


def test_two_numbers_that_people_say_are_one_human_make_the_overlaps_anew_without_an_event(conn: psycopg.Connection[Any], shared_database: Database) -> None:
    take(conn, benefit("X", "dibao", 0, None, person="P1"), benefit("Y", "tekun", 0, None, person="P2"))
    overlaps.refresh(conn)
    assert conn.execute("select count(*) from watch.overlap").fetchone() == (0,)
    with shared_database.engine("owner").begin() as own:  # what access.decide_pair writes
        own.exec_driver_sql("insert into watch.pair_decision (left_key, right_key, decision, by_whom, note) values ('P1', 'P2', 'same', 'li', '')")
        own.exec_driver_sql("update store.identity set person_key = (select person_key from store.identity where person_id = 'P1') where person_id = 'P2'")
    assert overlaps.refresh(conn) > 0
    assert conn.execute("select benefit_a, benefit_b from watch.overlap").fetchone() == ("X", "Y")
