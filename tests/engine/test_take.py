"""What a batch leaves in ledger, facts and marks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sql.connect import connect
from sql.take import forget_ids
from tests.conftest import Database
from tests.engine.events import event
from tests.engine.running import until
from workers.intake import Intake
from workers.keys import Keys
from workers.replay import digests

KEYS = Keys(b"h" * 32, b"v" * 32)
EARLY, NOON, LATE = "2026-11-05T08:00:00+08:00", "2026-11-05T12:00:00+08:00", "2026-11-05T20:00:00+08:00"


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("worker"), name="test") as conn:
        yield conn


@pytest.fixture
def intake(conn: psycopg.Connection) -> Intake:
    return Intake(conn, KEYS, "test")


def rows(conn: psycopg.Connection, query: str) -> list[tuple[Any, ...]]:
    return conn.execute(query).fetchall()


def payment(key: str = "Q1", **data: Any) -> bytes:
    envelope: dict[str, Any] = {name: data.pop(name) for name in ("at", "event_id", "source", "sequence") if name in data}
    record: dict[str, Any] = {"payment_id": key, "benefit_id": "B1", "period": "2026-10", "amount_fen": 100} | data
    return event("payment", **envelope, **record)


def test_the_same_event_twice_has_no_effect(conn: psycopg.Connection, intake: Intake) -> None:
    once = payment(event_id="same")
    assert intake.take([once, once]).duplicates == 1
    before = digests(conn)
    assert intake.take([once]).duplicates == 1
    assert digests(conn) == before
    assert rows(conn, "select count(*) from ledger.event where source = '/test'") == [(1,)]


def test_the_same_instant_written_in_another_offset_is_the_same_event(intake: Intake) -> None:
    intake.take([payment(event_id="same", at="2026-11-05T10:00:00+08:00")])
    assert intake.take([payment(event_id="same", at="2026-11-05T02:00:00Z")]).duplicates == 1


def test_a_register_as_of_a_day_still_to_come_does_not_look_fresh(conn: psycopg.Connection, intake: Intake) -> None:
    told = [event("register", record_id=f"R{as_of}", kind="vehicle", as_of=as_of) for as_of in ("2026-11-01", "2062-11-01")]
    assert intake.take(told).accepted == 2
    assert rows(conn, "select as_of::text, events from store.source_state where kind = 'vehicle'") == [("2026-11-01", 2)]


def test_an_older_event_after_a_newer_one_changes_nothing(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([payment(at=NOON, amount_fen=200)])
    marks = rows(conn, "select count(*) from ledger.mark")
    receipt = intake.take([payment(at=EARLY, amount_fen=100)])
    assert (receipt.accepted, receipt.superseded) == (1, 1)
    assert rows(conn, "select amount_fen from store.payment") == [(200,)]
    assert rows(conn, "select count(*) from ledger.mark") == marks


def test_a_reused_id_is_rejected_with_a_reason_and_kept_as_a_dead_letter(conn: psycopg.Connection, intake: Intake) -> None:
    receipt = intake.take([payment(event_id="one"), payment("Q2", event_id="one"), payment("Q3")])
    assert receipt.accepted == 2
    assert [(r["index"], r["id"]) for r in receipt.rejected] == [(1, "one")]
    assert "id reused" in receipt.rejected[0]["reason"]
    ((sealed,),) = rows(conn, "select original_encrypted from ledger.dead_letter")
    assert b'"Q2"' in KEYS.unseal(sealed)


def test_an_event_whose_id_was_forgotten_is_still_known_to_the_ledger(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([payment(f"Q{n}", event_id=f"old-{n}", at=NOON) for n in range(5)])
    assert forget_ids(conn, datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert forget_ids(conn, datetime(2100, 1, 1, tzinfo=UTC), at_once=1_000) >= 5
    assert rows(conn, "select count(*) from ledger.seen") == [(0,)]
    before = digests(conn)
    again = intake.take([payment("Q1", event_id="old-1", at=NOON), payment("Q9", event_id="old-9", at=NOON)])
    assert (again.duplicates, again.accepted) == (1, 1)
    changed = intake.take([payment("Q2", event_id="old-2", at=NOON, amount_fen=1)])
    assert "id reused" in changed.rejected[0]["reason"]
    assert rows(conn, "select count(*) from ledger.event where event_id like 'old-%'") == [(6,)]
    assert digests(conn) != before, "what is new is still taken"


def test_equal_times_are_ordered_by_sequence_within_a_source_and_by_arrival_between_sources(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([payment(sequence=9, amount_fen=9), payment(sequence=3, amount_fen=3)])
    assert rows(conn, "select amount_fen from store.payment") == [(9,)]
    intake.take([payment(source="/other", amount_fen=5)])
    assert rows(conn, "select amount_fen from store.payment") == [(5,)]


def test_a_deletion_beats_what_happened_at_the_same_time_and_an_older_upsert_does_not_resurrect(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([payment(at=NOON), event("payment", deleted="Q1", at=NOON), payment(at=EARLY), payment(at=NOON)])
    assert rows(conn, "select count(*) from store.payment") == [(0,)]
    intake.take([payment(at=LATE, amount_fen=7)])
    assert rows(conn, "select amount_fen from store.payment") == [(7,)]


def test_a_correction_that_changes_the_month_takes_the_old_row_away_and_marks_both(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([payment(at=EARLY, period="2026-09", benefit_id="OLD", account_number="6222020111122220000")])
    conn.execute("delete from ledger.mark")
    intake.take([payment(at=NOON, period="2026-10", benefit_id="NEW", account_number="6222020111122220018")])
    assert rows(conn, "select period, benefit_id from store.payment") == [("2026-10", "NEW")]
    ((columns, periods),) = rows(conn, "select columns, periods from ledger.mark")
    assert sorted(columns["benefit_id"]) == ["NEW", "OLD"]
    assert len(columns["account_key"]) == 2
    assert periods == ["2026-09", "2026-10"]


def test_a_deletion_marks_what_the_record_pointed_to(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([payment(at=EARLY)])
    conn.execute("delete from ledger.mark")
    intake.take([event("payment", deleted="Q1", at=NOON)])
    ((columns, periods),) = rows(conn, "select columns, periods from ledger.mark")
    assert (columns["benefit_id"], periods) == (["B1"], ["2026-10"])


def test_every_version_of_a_benefit_is_kept_with_its_interval(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([event("benefit", benefit_id="B1", at=EARLY, covered_persons=1)])
    intake.take([event("benefit", benefit_id="B1", at=NOON, covered_persons=2), event("benefit", benefit_id="B1", at=LATE, covered_persons=3)])
    found = rows(conn, "select covered_persons, extract(year from from_at), from_at = lag(to_at) over (order by from_at), to_at is null "
                       "from store.benefit order by from_at")  # fmt: skip
    assert found == [(1, 1900, None, False), (2, 2026, True, False), (3, 2026, True, True)]


def test_a_sensitive_value_is_nowhere_but_in_the_vault(database: Database, intake: Intake) -> None:
    number, name, phone = "371402199003071230", "张三丰", "13812345678"
    intake.take([event("person", person_id="P1", id_type="resident_id", id_number=number, name=name, phone=phone),
                 event("stage", stage_id="S1", application_id="A1", note=f"call {phone}, card {number}"),
                 event("clue", clue_id="C1", response="x", unknown_field={"tel": phone, "deep": [int(phone)]})])  # fmt: skip
    with connect(database.url("owner"), name="test") as owner:
        tables = rows(owner, "select schemaname || '.' || tablename from pg_tables where schemaname in ('ledger','store','watch','vault')")
        for (table,) in tables:
            for (text,) in rows(owner, f"select t::text from {table} t"):
                assert not any(clear in text for clear in (number, name, phone)), table


def test_a_person_who_changes_the_id_number_is_marked_under_both_pseudonyms(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([event("person", person_id="P1", at=EARLY, id_number="371402199003071230")])
    conn.execute("delete from ledger.mark")
    intake.take([event("person", person_id="P1", at=NOON, id_number="371402198505052346")])
    ((columns,),) = rows(conn, "select columns from ledger.mark")
    numbers = {key for key in columns["person_key"] if not key.startswith("person:")}
    assert len(numbers) == 2


def test_a_person_who_comes_back_with_another_number_is_marked_under_the_former_one(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([event("person", person_id="P1", at=EARLY, id_number="371402199003071230")])
    intake.take([event("person", deleted="P1", at=NOON)])
    ((former,),) = rows(conn, "select person_key from store.identity where person_id = 'P1'")
    conn.execute("delete from ledger.mark")
    intake.take([event("person", person_id="P1", at=LATE, id_number="371402198505052346")])
    ((columns,),) = rows(conn, "select columns from ledger.mark")
    assert former in columns["person_key"]


@pytest.mark.parametrize(("function", "month"), [("ledger.ensure_months", "2031-05"), ("store.ensure_periods", "2031-06")])
def test_of_two_takers_that_meet_a_new_month_one_makes_its_partition_and_the_other_goes_on(
    conn: psycopg.Connection, database: Database, function: str, month: str
) -> None:
    with connect(database.url("worker"), name="other") as other, ThreadPoolExecutor(1) as pool:
        for before in ("2030-01", "2030-02"):  # a session that has done it before remembers more of the catalogue
            other.execute(f"select {function}(%s)", [[before]])
        with conn.transaction():
            conn.execute(f"select {function}(%s)", [[month]])
            waits = pool.submit(other.execute, f"select {function}(%s)", [[month]])
            blocked = "select count(*) from pg_stat_activity where application_name like %s and wait_event_type = 'Lock'"
            until(lambda: conn.execute(blocked, ["%other%"]).fetchone() == (1,), "the other taker waiting")
        waits.result(timeout=10)


def test_a_fifteen_digit_number_and_its_eighteen_digit_form_are_one_human(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([event("person", person_id="P1", id_number="110105491231002"), event("person", person_id="P2", id_number="11010519491231002x")])
    assert rows(conn, "select count(distinct person_key) from store.identity") == [(1,)]


def test_absent_is_unknown_and_null_is_known_to_be_empty(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([event("benefit", benefit_id="B1", application_id=None), event("benefit", benefit_id="B2")])
    assert rows(conn, "select benefit_id, application_id_known from facts.benefit order by 1") == [("B1", True), ("B2", False)]


def test_the_ledger_cannot_be_changed_by_the_worker(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([payment()])
    for statement in ("update ledger.event set key = 'x'", "delete from ledger.event", "truncate ledger.event"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement)


def test_containment_of_regions_follows_the_parent_not_the_digits(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([event("region", region_code="371471000000", parent_code="371402000000"), event("region", region_code="371402000000", parent_code=None)])
    assert ("371471000000", "371402000000", 1) in rows(conn, "select region_code, ancestor_code, depth from facts.region_path")
    assert rows(conn, "select o.from_n < i.from_n and i.to_n <= o.to_n from store.region_order o, store.region_order i "
                      "where o.region_code = '371402000000' and i.region_code = '371471000000'") == [(True,)]  # fmt: skip


def test_the_hash_chain_of_a_lane_can_be_recomputed(conn: psycopg.Connection, intake: Intake) -> None:
    import hashlib

    intake.take([payment("Q1"), payment("Q2")])
    intake.take([payment("Q3")])
    previous = b""
    for batch_id, digest in rows(conn, "select batch_id, hash from ledger.batch where lane = 'test' order by n"):
        own = b"".join(h for (h,) in rows(conn, f"select hash from ledger.event where batch_id = {batch_id} order by arrival"))
        previous = hashlib.sha256(previous + own).digest()
        assert previous == digest


_change = st.tuples(st.integers(1, 3), st.integers(0, 5), st.booleans(), st.integers(0, 4), st.sampled_from(["/a", "/b"]))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_change, min_size=1, max_size=14), st.randoms(use_true_random=False))
@pytest.mark.usefixtures("_template")
def test_how_a_history_is_cut_into_batches_does_not_change_the_facts(pg_server: Any, changes: list[Any], cuts: random.Random) -> None:
    """Versions, tombstones and order come out the same one by one, at once, and cut anywhere."""
    events = [event(entity, event_id=f"c{n}", source=source, at=f"2026-11-05T{8 + hour:02}:00:00+08:00", sequence=n if source == "/a" else None,
                    **({"deleted": f"X{key}"} if deleted and n else _record(entity, key, n)))
              for entity in ("benefit", "payment") for n, (key, hour, deleted, _, source) in enumerate(changes)]  # fmt: skip
    events = [e.replace(b'"id": "c', b'"id": "%d' % n) for n, e in enumerate(events)]
    found = []
    for size in (1, len(events), cuts.randint(2, 5)):
        with pg_server.connect() as admin:
            admin.execute("drop database if exists cut with (force)")
            admin.execute("create database cut template aidwatch_template owner aidwatch_owner strategy file_copy")
        with connect(pg_server.url("cut", "aidwatch_worker"), name="test") as conn:
            intake = Intake(conn, KEYS, "test")
            for start in range(0, len(events), size):
                intake.take(events[start : start + size])
            found.append([rows(conn, "select benefit_id, covered_persons, from_at, to_at from store.benefit order by 1, 3"),
                          rows(conn, "select payment_id, amount_fen, period from store.payment order by 1"),
                          rows(conn, "select key, at, source, sequence, deleted, month from store.benefit_held order by 1")])  # fmt: skip
    assert found[0] == found[1] == found[2]


def _record(entity: str, key: int, n: int) -> dict[str, Any]:
    if entity == "benefit":
        return {"benefit_id": f"X{key}", "covered_persons": n}
    return {"payment_id": f"X{key}", "amount_fen": n, "period": f"2026-{1 + n % 3:02}"}
