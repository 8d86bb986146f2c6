"""Decision, list and bank are compared to the fen: each difference has one class, and the classes add up, whatever happens."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitors.indicators.reconciliation import CLASSES, LISTING, PAYING, unexplained_fen
from sql.connect import connect
from tests.conftest import Database
from tests.engine.events import event
from workers import reconciliation
from workers.intake import Intake
from workers.keys import Keys

KEYS = Keys(b"h" * 32, b"v" * 32)
CITY, COUNTY, TOWN, OTHER = "371400000000", "371402000000", "371402002000", "371424000000"
MONTH, EARLY, LATER = "2026-03", "2026-01-01T09:00:00+08:00", "2026-03-15T09:00:00+08:00"


@pytest.fixture(scope="module")
def opened(shared_database: Database) -> Iterator[psycopg.Connection[Any]]:
    with connect(shared_database.url("worker"), name="test") as connection:
        take(connection, event("region", region_code=CITY, level="city"), event("region", region_code=COUNTY, level="county", parent_code=CITY),
             event("region", region_code=TOWN, level="township", parent_code=COUNTY), event("region", region_code=OTHER, level="county", parent_code=CITY))  # fmt: skip
        yield connection


@pytest.fixture
def conn(opened: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    wipe(opened)
    reconciliation.refresh(opened)
    return opened


def take(conn: psycopg.Connection[Any], *told: bytes) -> None:
    assert not Intake(conn, KEYS, "test").take([*told]).rejected


def benefit(key: str, fen: int = 50_000, *, at: str = EARLY, **more: Any) -> bytes:
    told = {"programme": "dibao", "region_code": TOWN, "household_id": f"H{key}", "start_period": "2026-01", "end_period": None, **more}
    return event("benefit", at=at, benefit_id=key, monthly_amount_fen=fen, **told)


def line(key: str, of: str | None, fen: int = 50_000, status: str = "paid", kind: str = "regular", *, day: int = 10, period: str = MONTH, **more: Any) -> bytes:
    at = f"2026-03-{day:02}T10:00:00+08:00"
    ends: dict[str, Any] = {"paid": {"paid_at": at}, "returned": {"returned_at": at}}.get(status, {})
    told = {"programme": "dibao", "region_code": TOWN, "batch_id": "L1", "household_id": f"H{of}", "submitted_at": f"2026-03-{day:02}T09:00:00+08:00", **more}
    return event("payment", at=at, payment_id=key, benefit_id=of, amount_fen=fen, status=status, kind=kind, period=period, **ends, **told)


def closed(key: str = "L1", region: str = TOWN, **more: Any) -> bytes:
    return event("payment_batch", batch_id=key, region_code=region, programme="dibao", **{"period": MONTH, "closed_at": "2026-03-10T17:00:00+08:00", **more})


def classes(conn: psycopg.Connection[Any], region: str = "", period: str = MONTH) -> dict[str, int]:
    """The sums of a place and month that are not nothing."""
    query = "select kind, sum(fen)::bigint from watch.reconciled where region_code = %s and period = %s group by 1"
    return {kind: int(fen) for kind, fen in conn.execute(query, [region, period]) if fen}


def differences(conn: psycopg.Connection[Any], period: str = MONTH) -> dict[str, int]:
    reconciliation.refresh(conn)
    return {name: fen for name, fen in classes(conn, period=period).items() if name in CLASSES}


CASES: dict[str, tuple[list[bytes], dict[str, int]]] = {
    "paid as decided": ([benefit("A"), line("1", "A")], {}),
    "left off a closed list": ([benefit("A"), closed()], {"unlisted": 50_000}),
    "no list closed yet": ([benefit("A"), event("payment_batch", batch_id="L1", region_code=TOWN, programme="dibao", period=MONTH)], {"unlisted_yet": 50_000}),
    "only another county has closed its list": ([benefit("A"), closed("L2", OTHER)], {"unlisted_yet": 50_000}),
    "decided after the list was closed": ([benefit("A", at=LATER), closed()], {"unlisted_yet": 50_000}),
    "decided after the list was closed, and not in the next": ([benefit("A", at=LATER), closed(), closed("L2", period="2026-04", closed_at="2026-04-10T17:00:00+08:00")],
                                                               {"unlisted": 50_000}),
    "no list of the month here, arrears of others": ([benefit("A"), benefit("B"), line("1", "B", kind="arrears"), closed(period="2026-04")], {}),
    "less than decided": ([benefit("A"), line("1", "A", 40_000)], {"listed_less": 10_000}),
    "more than decided": ([benefit("A"), line("1", "A", 60_000)], {"listed_more": -10_000}),
    "nobody decided it": ([line("1", "A")], {"undecided": -50_000}),
    "before the first month": ([benefit("A", start_period="2026-04"), line("1", "A")], {"undecided": -50_000}),
    "after the last month": ([benefit("A", end_period="2026-02"), line("1", "A")], {"after_end": -50_000}),
    "the end was recorded after the line": ([benefit("A"), benefit("A", at="2026-03-20T09:00:00+08:00", end_period="2026-02"), line("1", "A")], {}),
    "a gradual exit": ([benefit("A", end_period="2026-02", gradual_exit_from="2026-03"), line("1", "A", 30_000)], {}),
    "property was found: no gradual exit": ([benefit("A", end_period="2026-02", stop_reason="property", gradual_exit_from="2026-03"), line("1", "A", 30_000)],
                                             {"after_end": -30_000}),
    "a gradual exit that is over": ([benefit("A", end_period="2025-09", start_period="2025-01", gradual_exit_from="2025-09"), line("1", "A")], {"after_end": -50_000}),
    "the bank has not answered": ([benefit("A"), line("1", "A", status="submitted")], {"no_answer": 50_000}),
    "returned": ([benefit("A"), line("1", "A", status="returned")], {"returned": 50_000}),
    "returned where nothing was due": ([benefit("A", end_period="2026-02"), line("1", "A", status="returned")], {"after_end": -50_000, "reversed": 50_000}),
    "returned and paid again": ([benefit("A"), line("1", "A", status="returned"), line("2", "A", day=20)], {"listed_again": -50_000, "repaid": 50_000}),
    "returned and paid again as arrears": ([benefit("A"), line("1", "A", status="returned"), line("2", "A", kind="arrears", day=20)],
                                           {"listed_again": -50_000, "repaid": 50_000}),
    "returned and on its way again": ([benefit("A"), line("1", "A", status="returned"), line("2", "A", status="submitted", day=20)],
                                      {"listed_again": -50_000, "returned": 50_000, "no_answer": 50_000}),
    "reversed": ([benefit("A"), line("1", "A", status="reversed")], {"reversed": 50_000}),
    "paid twice": ([benefit("A"), line("1", "A"), line("2", "A")], {"paid_twice": -50_000}),
    "underpaid and made up": ([benefit("A"), line("1", "A", 40_000), line("2", "A", 10_000, kind="arrears", day=20)], {"listed_less": 10_000, "arrears": -10_000}),
    "paid late as arrears": ([benefit("A"), closed(), line("1", "A", kind="arrears", day=28)], {}),
    "adjusted": ([benefit("A"), line("1", "A", 60_000), line("2", "A", -10_000, kind="adjustment")], {"listed_more": -10_000, "adjustment": 10_000}),
    "only adjusted": ([benefit("A"), closed(), line("2", "A", -10_000, kind="adjustment")], {"unlisted": 50_000, "adjustment": 10_000}),
    "one-off aid": ([line("1", None, 200_000, kind="one_off", programme="temporary_aid"), line("2", None, 90_000, kind="one_off", programme="temporary_aid")], {}),
    "one-off aid returned and paid again": ([line("1", None, kind="one_off", status="returned"), line("2", None, kind="one_off", day=20)],
                                            {"listed_again": -50_000, "repaid": 50_000}),
    "told after the line": ([benefit("A", at="2026-06-01T09:00:00+08:00"), line("1", "A", 30_000)], {}),
    "raised after the line": ([benefit("A"), line("1", "A"), benefit("A", 60_000, at="2026-03-20T09:00:00+08:00")], {}),
    "raised before the line": ([benefit("A"), benefit("A", 60_000, at="2026-03-02T09:00:00+08:00"), line("1", "A")], {"listed_less": 10_000}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_difference_has_its_class(conn: psycopg.Connection[Any], name: str) -> None:
    told, wanted = CASES[name]
    take(conn, *told)
    assert differences(conn) == wanted
    assert unexplained_fen(classes(conn)) == 0


def test_every_class_has_a_case() -> None:
    assert {one for _, wanted in CASES.values() for one in wanted} == set(CLASSES)


def test_a_place_holds_what_lies_below_it_and_a_benefit_counts_where_it_was_decided(conn: psycopg.Connection[Any]) -> None:
    take(conn, benefit("A"), line("1", "A", 40_000, region_code=OTHER), benefit("B", region_code=OTHER), line("2", "B", 45_000), line("3", None, 5, region_code=None))
    reconciliation.refresh(conn)
    assert classes(conn, TOWN) == classes(conn, COUNTY) == {"decided": 50_000, "listed": 40_000, "paid": 40_000, "listed_less": 10_000, "owed": 10_000}
    assert classes(conn, OTHER)["listed_less"] == 5_000
    assert classes(conn, CITY)["listed_less"] == 15_000
    assert classes(conn)["undecided"] == -5, "what lies nowhere is part of everything"


def test_what_is_owed_to_citizens_is_what_neither_reached_them_nor_is_on_its_way(conn: psycopg.Connection[Any]) -> None:
    take(conn, closed(), benefit("none"), benefit("less"), line("1", "less", 30_000), benefit("back"), line("2", "back", status="returned"),
         benefit("again"), line("3", "again", status="returned"), line("4", "again", status="submitted"),
         benefit("offset"), line("5", "offset"), line("6", "offset", -20_000, kind="adjustment"),
         benefit("waits", region_code=OTHER), benefit("over", 10), line("7", "over"))  # fmt: skip
    reconciliation.refresh(conn)
    query = "select benefit_id, fen from watch.difference where class = 'owed'"
    assert dict(conn.execute(query).fetchall()) == {"none": 50_000, "less": 20_000, "back": 50_000}
    assert classes(conn)["owed"] == 120_000


def test_only_months_whose_records_changed_are_made_anew(conn: psycopg.Connection[Any]) -> None:
    take(conn, benefit("A"), line("1", "A"), line("2", "A", period="2026-02", submitted_at="2026-02-10T09:00:00+08:00"))
    assert (reconciliation.refresh(conn), reconciliation.refresh(conn)) == (2, 0)
    take(conn, benefit("A", 60_000, at="2026-03-15T09:00:00+08:00"))
    assert reconciliation.refresh(conn) == 1, "February was listed before, and has ended"
    take(conn, line("1", "A", period="2026-02", day=11))
    assert reconciliation.refresh(conn) == 2, "a line that moves leaves one month and comes into another"
    assert classes(conn, period=MONTH) == {}, "nothing is kept of a month without records"
    take(conn, event("payment", deleted="1", at="2026-04-01T09:00:00+08:00"))
    assert reconciliation.refresh(conn) == 1
    take(conn, event("payment_batch", batch_id="L1", region_code=TOWN, programme="dibao", period=MONTH))
    assert reconciliation.refresh(conn) == 2, "its own month, and the one before, of which it may bring what was decided too late"


def test_a_list_handed_in_late_is_judged_anew_when_a_decision_before_it_comes_later_still(conn: psycopg.Connection[Any]) -> None:
    take(conn, benefit("A"), line("1", "A", 60_000, period="2026-02"))
    assert differences(conn, "2026-02") == {"listed_more": -10_000}
    take(conn, benefit("A", 60_000, at="2026-03-05T09:00:00+08:00"))
    assert differences(conn, "2026-02") == {}


def test_a_night_mends_what_is_wrong_and_tells_of_it(conn: psycopg.Connection[Any]) -> None:
    take(conn, benefit("A"), line("1", "A"))
    reconciliation.refresh(conn)
    kept = classes(conn)
    assert reconciliation.recount(conn)["drift"] == 0
    conn.execute("update watch.reconciled set fen = fen + 1 where kind = 'paid'")
    assert reconciliation.recount(conn)["drift"] > 0
    assert classes(conn) == kept


FEN = st.sampled_from([1, 10_000, 49_999, 50_000, 50_001, 123_457])
LINES = st.lists(st.tuples(
    st.sampled_from(["A", "B", "C", None, "unknown"]), FEN, st.sampled_from(["paid", "paid", "submitted", "returned", "reversed"]),
    st.sampled_from(["regular", "regular", "arrears", "adjustment", "one_off"]), st.integers(1, 28), st.sampled_from([MONTH, MONTH, "2026-02"]),
    st.sampled_from([TOWN, COUNTY, OTHER, None])), max_size=14)  # fmt: skip
VERSIONS = st.lists(st.tuples(
    st.sampled_from("ABC"), FEN, st.integers(1, 28), st.sampled_from(["2026-01", "2026-03", "2026-04"]), st.sampled_from([None, None, "2026-02", "2026-03"]),
    st.sampled_from([None, None, "2026-02"]), st.sampled_from([TOWN, OTHER, None])), max_size=7)  # fmt: skip


@settings(max_examples=600 if os.environ.get("AIDWATCH_PROVE") == "1" else 25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, VERSIONS, st.booleans(), st.integers(0, 13))
def test_whatever_happens_the_classes_part_the_differences_and_add_up(
    conn: psycopg.Connection[Any], lines: list[Any], versions: list[Any], is_closed: bool, later: int
) -> None:
    """Random decisions, lists, returns, second payments, reversals; some lines come after the first look, in any order."""
    wipe(conn)
    decided = [benefit(key, fen, at=f"2026-{2 + n % 2:02}-{day:02}T09:00:00+08:00", start_period=start, end_period=end, gradual_exit_from=out, region_code=place)
               for n, (key, fen, day, start, end, out, place) in enumerate(versions)]  # fmt: skip
    paid = [line(f"P{n}", of, -fen if kind == "adjustment" and n % 2 else fen, status, kind, day=day, period=period, region_code=place, household_id=f"H{fen}")
            for n, (of, fen, status, kind, day, period, place) in enumerate(lines)]  # fmt: skip
    take(conn, *decided[: later % 4], *paid[:later], *([closed()] if is_closed else []))
    reconciliation.refresh(conn)
    take(conn, *decided[later % 4 :], *paid[later:])
    reconciliation.refresh(conn)
    for period in (MONTH, "2026-02"):
        here = [one for one in lines if one[5] == period]
        fen = classes(conn, period=period)
        amounts = [-one[1] if one[3] == "adjustment" and n % 2 else one[1] for n, one in enumerate(lines) if one[5] == period]
        assert fen.get("listed", 0) == sum(amounts), "every line is counted once"
        assert fen.get("paid", 0) == sum(amount for amount, one in zip(amounts, here, strict=True) if one[2] == "paid")
        assert fen.get("decided", 0) - fen.get("listed", 0) == sum(fen.get(name, 0) for name in LISTING)
        assert fen.get("listed", 0) - fen.get("paid", 0) == sum(fen.get(name, 0) for name in PAYING)
        assert unexplained_fen(fen) == 0
    rows = conn.execute("select period, class, payment_id, benefit_id, fen from watch.difference where class <> all(array['owed', 'unknown'])").fetchall()
    for names in (LISTING, PAYING):
        held = Counter((period, payment or benefit) for period, name, payment, benefit, _ in rows if name in names)
        assert set(held.values()) <= {1}, "no line and no benefit is in two classes of one step"
    listed = Counter[tuple[str, str]]()
    for period, name, _, _, amount in rows:
        listed[period, name] += amount
    assert {key: fen for key, fen in listed.items() if fen} == {(period, name): fen for period in (MONTH, "2026-02")
            for name, fen in classes(conn, period=period).items() if name in CLASSES}, "a number is the sum of the lines it opens"  # fmt: skip
    assert reconciliation.recount(conn)["drift"] == 0, "made step by step, or at once: the same"


def wipe(conn: psycopg.Connection[Any]) -> None:
    tables = ("payment", "payment_held", "benefit", "benefit_held", "payment_batch", "payment_batch_held")
    for table in tables:
        conn.execute(f"delete from store.{table}")
    conn.execute("delete from watch.counted")  # so that the next look looks
