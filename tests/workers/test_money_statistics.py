"""What is kept of the money of a place and month is what its payments say, and a hint is never louder than the rule."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitors.catalogue import load
from monitors.rule import Rule
from sql.connect import connect
from tests.conftest import Database
from tests.engine.events import event
from workers import money_statistics, reconciliation
from workers.asking import ask, local_parameters
from workers.intake import Intake
from workers.keys import Keys

KEYS = Keys(b"h" * 32, b"v" * 32)
CITY, COUNTY, TOWN, VILLAGE = "371400000000", "371402000000", "371402002000", "371402002001"
F15, F16 = (next(rule for rule in load().rules if rule.code == code) for code in ("F15", "F16"))


@pytest.fixture(scope="module")
def opened(shared_database: Database) -> Iterator[psycopg.Connection[Any]]:
    with connect(shared_database.url("worker"), name="test") as connection:
        take(connection, event("region", region_code=CITY, level="city"), event("region", region_code=COUNTY, level="county", parent_code=CITY),
             event("region", region_code=TOWN, level="township", parent_code=COUNTY), event("region", region_code=VILLAGE, level="village", parent_code=TOWN))  # fmt: skip
        yield connection


@pytest.fixture
def conn(opened: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    wipe(opened)
    return opened


def wipe(conn: psycopg.Connection[Any]) -> None:
    for table in ("payment", "standard"):
        conn.execute(f"delete from store.{table}")


def take(conn: psycopg.Connection[Any], *told: bytes) -> None:
    assert not Intake(conn, KEYS, "test").take([*told]).rejected


def paid(key: str, month: int, fen: int = 50_000, programme: str = "dibao", **more: Any) -> bytes:
    told = {"region_code": VILLAGE, "kind": "regular", "status": "paid", "submitted_at": "2026-01-05T09:00:00+08:00", **more}
    return event("payment", payment_id=key, benefit_id=f"B{key}", programme=programme, amount_fen=fen, period=period(month), **told)


def aid(key: str, month: int, fen: int, **more: Any) -> bytes:
    return paid(key, month, fen, "temporary_aid", kind="one_off", **more)


def period(month: int) -> str:
    return f"{2025 + month // 12}-{month % 12 + 1:02}"


def history(*persons: int, fen: int = 50_000) -> list[bytes]:
    return [paid(f"{month}-{n}", month, fen) for month, many in enumerate(persons) for n in range(many)]


def made(conn: psycopg.Connection[Any]) -> int:
    reconciliation.refresh(conn)
    return money_statistics.refresh(conn)


def kept(conn: psycopg.Connection[Any], kind: str, place: str = TOWN) -> dict[str, tuple[Any, ...]]:
    query = "select period, value, n, band, detail from watch.money_indicator where kind = %s and region_code = %s order by 1"
    return {row[0]: row[1:] for row in conn.execute(query, [kind, place])}


def asked(conn: psycopg.Connection[Any], rule: Rule) -> set[str]:
    with conn.transaction(force_rollback=True):
        return {one.identity.subject_key for one in ask(conn, rule, local_parameters(conn), {})}


def subject(month: str, programme: str = "dibao") -> str:
    return f"{TOWN}/{programme}/{month}"


def test_a_month_lies_beside_the_months_before_in_its_township(conn: psycopg.Connection[Any]) -> None:
    take(conn, *history(9, 10, 10, 11, 12, 10, 11, 30))
    assert made(conn) > 0
    people = kept(conn, "people")
    assert [band for _, _, band, _ in people.values()] == ["few"] * 6 + ["usual", "far"]
    value, n, _, detail = people[period(7)]
    assert (value, n, detail) == (pytest.approx(20 / 1.4826), 30, {"by": "mad", "middle": 10, "months": 7, "spread": 1.4826})
    assert kept(conn, "amount")[period(7)][:3] == (pytest.approx(20 / 1.4826), 1_500_000, "far")


def test_a_step_is_far_and_the_months_that_stay_there_are_usual(conn: psycopg.Connection[Any]) -> None:
    take(conn, *history(9, 10, 10, 11, 12, 10, 20, 20, 21))
    made(conn)
    assert [band for _, _, band, _ in kept(conn, "people").values()][6:] == ["far", "usual", "usual"]


def test_nothing_is_said_where_the_standard_changed_and_hardly_anybody_moved(conn: psycopg.Connection[Any]) -> None:
    take(conn, *history(10, 10, 10, 10, 10, 10, 20), *(paid(f"x{month}", month, programme="tekun") for month in range(7)), paid("x9", 6, 900_000, "tekun"))
    made(conn)
    query = "select programme, value, band from watch.money_indicator where kind = 'amount' and period = %s"
    assert set(conn.execute(query, [period(6)])) == {("dibao", math.inf, "far"), ("tekun", math.inf, "usual")}, "one person more is no sudden change, however much she got"
    take(conn, event("standard", standard_id="S", programme="dibao", region_code=COUNTY, monthly_amount_fen=60_000, valid_from=f"{period(6)}-01"))
    assert made(conn) == 4, "people and amount, taken away and written"
    told = dict(conn.execute("select kind, value from watch.money_indicator where programme = 'dibao' and band = 'standard'").fetchall())
    assert told == {"people": None, "amount": None}


@example(persons=[3, 3, 3, 3, 8, 8, 8, 8, 11], raised=1)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(persons=st.lists(st.sampled_from([3, 8, 9, 10, 10, 10, 11, 12, 17, 30]), min_size=8, max_size=15), raised=st.none() | st.integers(0, 14))
def test_a_hint_is_never_louder_than_rule_f15_and_as_loud_wherever_months_vary(conn: psycopg.Connection[Any], persons: list[int], raised: int | None) -> None:
    wipe(conn)
    take(conn, *history(*persons), *([standard(raised)] if raised is not None else []))
    made(conn)
    told, last = [kept(conn, kind) for kind in ("people", "amount")], len(persons) - 12
    far = {subject(month) for of in told for month, (_, _, band, _) in of.items() if band == "far" and month >= period(max(last, 0))}
    measured = {subject(month) for month in told[0] if all(of[month][3]["by"] != "mean" for of in told)}
    found = asked(conn, F15)
    assert far <= found
    assert far & measured == found & measured


def standard(month: int) -> bytes:
    return event("standard", standard_id=f"S{month}", programme="dibao", region_code=COUNTY, monthly_amount_fen=60_000, valid_from=f"{period(month)}-15")


def test_money_paid_before_a_raise_is_no_past_of_money_paid_after_it_for_hint_and_rule(conn: psycopg.Connection[Any]) -> None:
    persons = [9, 10, 11, 10, 9, 10, 11, 30, 10, 11, 9, 10, 11, 30]
    lines = [paid(f"{month}-{n}", month, 50_000 if month < 6 else 70_000) for month, many in enumerate(persons) for n in range(many)]
    take(conn, *lines, standard(6))
    made(conn)
    told = kept(conn, "amount")
    assert [told[period(month)][2] for month in (6, 7, 11, 12, 13)] == ["standard", "few", "few", "usual", "far"]
    assert told[period(13)][3]["middle"] == 11 * 70_000
    with conn.transaction(force_rollback=True):
        cards = {one.identity.subject_key: one.ladder.yellow_at is not None for one in ask(conn, F15, local_parameters(conn), {})}
    assert (cards[subject(period(7))], cards[subject(period(13))]) == (False, True), "a notice about people; money is judged again from the seventh month on"


def test_aid_of_one_size_is_what_rule_f16_finds(conn: psycopg.Connection[Any]) -> None:
    take(conn, *(aid(f"a{n}", 0, 60_000 if n < 7 else 10_100 + n) for n in range(10)), *(aid(f"b{n}", 1, 10_100 + n) for n in range(12)),
         *(aid(f"c{n}", 2, 60_000) for n in range(9)), aid("gone", 0, 5_000_000, status="returned"))  # fmt: skip
    made(conn)
    modal = kept(conn, "modal")
    assert {month: row[:3] for month, row in modal.items()} == {
        period(0): (0.7, 10, "one_size"), period(1): (pytest.approx(1 / 12), 12, "spread"), period(2): (None, 9, "few")}  # fmt: skip
    assert modal[period(0)][3] == {"modal_fen": 60_000, "modal_lines": 7, "round_lines": 0}
    assert asked(conn, F16) == {subject(period(0), "temporary_aid")}


def test_first_digits_are_told_by_county_and_year(conn: psycopg.Connection[Any]) -> None:
    take(conn, *(aid(f"d{n}", n % 12, round(10 ** (3 + 4 * (n + 0.5) / 400))) for n in range(400)), *(aid(f"e{n}", 12, 70_000) for n in range(301)),
         aid("f", 24, 1), aid("zero", 24, 0), aid("elsewhere", 24, 5, region_code="999999999999"))  # fmt: skip
    made(conn)
    told = kept(conn, "digits", COUNTY)
    assert {year: (n, band) for year, (_, n, band, _) in told.items()} == {"2025": (400, "close"), "2026": (301, "narrow"), "2027": (1, "few")}
    assert told["2026"][3] == {"counts": [0] * 6 + [301, 0, 0], "least_fen": 70_000, "most_fen": 70_000}
    assert kept(conn, "digits", "999999999999")["2027"][1] == 1, "what lies in no county on record stands for itself"


def test_only_what_differs_is_written(conn: psycopg.Connection[Any]) -> None:
    take(conn, *history(9, 10, 10, 11, 12, 10, 11, 30))
    made(conn)
    assert (made(conn), money_statistics.refresh(conn, again=True)) == (0, 0)
    take(conn, event("payment", payment_id="7-29", period=period(7), status="returned", region_code=VILLAGE, programme="dibao", kind="regular", amount_fen=50_000))
    assert made(conn) == 4, "people and amount of one month, taken away and written"
    wipe(conn)
    reconciliation.recount(conn)
    assert (made(conn) > 0, kept(conn, "people")) == (True, {})
