"""Capture against a real PostgreSQL: snapshot and stream give exactly the rows, and nothing is lost on the way.

One file, though long: its tests share one running business system, which is slow to make.
"""

import threading
from collections.abc import Iterator
from functools import partial

import psycopg
import pytest

from monitors.event import decode
from sql.settings import Settings
from tests.workers.business import SCHEMA, Business, Taker, business, capturing, line_mapping, wait_for
from workers.capture import Capture, follow, main
from workers.embedded.postgres import PostgresServer
from workers.mapping import MappingError
from workers.mapping_file import read_mapping
from workers.replication import CaptureError, lag_bytes


@pytest.fixture
def shop(pg_server: PostgresServer) -> Iterator[Business]:
    with business(pg_server) as made:
        yield made


def line(number: int, amount: str = "10.00", note: str = "张三") -> str:
    return f"insert into t_line values ({number}, 'C{number}', {amount}, '2026-01-02 09:30', '正常', 0, '{note}', '2026-01-03 08:00')"


def expected(shop: Business) -> dict[str, int]:
    """What must be known: every row that is not marked deleted, with its amount."""
    with shop.connect() as conn:
        rows = conn.execute("select 'payment:P' || id, (amount * 100)::int from t_line where gone = 0").fetchall()
    return {str(key): int(str(amount)) for key, amount in rows}


def known(taker: Taker) -> dict[str, int]:
    return {key: record["amount_fen"] for key, record in taker.state().items()}


def caught_up(shop: Business) -> bool:
    return shop.one("select count(*) from pg_replication_slots where slot_name = 'watch'") == 1 and shop.confirmed()


def test_snapshot_and_stream_together_give_exactly_the_rows(shop: Business) -> None:
    shop.run(*(line(n) for n in range(1, 8)))
    taker = Taker()
    with capturing(Capture(shop.url(), line_mapping()), taker):
        wait_for(lambda: caught_up(shop))
        assert known(taker) == expected(shop)
        shop.run(line(8), line(9), "update t_line set amount = 11.5 where id = 2", "delete from t_line where id = 3")
        shop.run("update t_line set gone = 1 where id = 4", "update t_line set id = 50 where id = 5")
        wait_for(lambda: caught_up(shop))
    assert known(taker) == expected(shop)
    assert "payment:P50" in known(taker)
    assert "payment:P5" not in known(taker)


def test_an_event_is_what_the_contract_wants(shop: Business) -> None:
    shop.run(line(1, "12.34"))
    taker = Taker()
    with capturing(Capture(shop.url(), line_mapping()), taker):
        wait_for(lambda: caught_up(shop))
    (event,) = taker.events
    assert event["source"] == "/test/fund"
    assert event["time"] == "2026-01-03T08:00:00+08:00"  # the row's own time: the past stays the past
    assert event["data"] == {
        "payment_id": "P1", "benefit_id": "C1", "amount_fen": 1234, "paid_at": "2026-01-02T09:30:00+08:00",
        "kind": "regular", "account_name": "张三",
    }  # fmt: skip
    assert decode(taker.batches[0][0]).key == "P1"


def test_changes_of_one_transaction_come_in_order_with_the_commits_time(shop: Business) -> None:
    taker = Taker()
    with capturing(Capture(shop.url(), line_mapping()), taker):
        wait_for(lambda: caught_up(shop))
        shop.run(line(1), "update t_line set amount = 20 where id = 1", "update t_line set amount = 30 where id = 1")
        wait_for(lambda: caught_up(shop))
    assert [event["data"]["amount_fen"] for event in taker.events] == [1000, 2000, 3000]
    assert len({event["time"] for event in taker.events}) == 1
    assert len({event["id"] for event in taker.events}) == 3


def test_a_rolled_back_change_never_happened(shop: Business) -> None:
    taker = Taker()
    with capturing(Capture(shop.url(), line_mapping()), taker):
        wait_for(lambda: caught_up(shop))
        with shop.connect() as conn:
            conn.execute("begin")
            conn.execute(line(1))
            conn.execute("rollback")
        shop.run(line(2))
        wait_for(lambda: caught_up(shop))
    assert [event["subject"] for event in taker.events] == ["P2"]


def test_what_was_taken_but_not_confirmed_comes_again_as_the_same_events(shop: Business) -> None:
    """The slot moves only after intake has committed: a failure in between repeats, it never loses."""
    first, second = Taker(), Taker()
    with capturing(Capture(shop.url(), line_mapping()), first):
        wait_for(lambda: caught_up(shop))
    shop.run(line(1))
    shop.run(line(2))
    failing = Taker(fail_after=0)
    with (
        pytest.raises(psycopg.OperationalError, match="away"),
        capturing(Capture(shop.url(), line_mapping()), failing) as thread,
    ):
        thread.join(20)
    with capturing(Capture(shop.url(), line_mapping()), second):
        wait_for(lambda: caught_up(shop))
    assert known(second) == expected(shop)


def test_a_redelivered_change_has_the_same_id_time_and_body(shop: Business) -> None:
    with capturing(Capture(shop.url(), line_mapping()), Taker()):
        wait_for(lambda: caught_up(shop))
    shop.run("select pg_copy_logical_replication_slot('watch', 'again')")
    shop.run(line(1), line(2), "update t_line set amount = 7 where id = 2", "delete from t_line where id = 1")
    takers = []
    for slot in ("watch", "again"):
        takers.append(Taker())
        with capturing(Capture(shop.url(), line_mapping(slot)), takers[-1]):
            wait_for(partial(shop.confirmed, slot))
    assert takers[0].events == takers[1].events
    assert len(takers[0].events) == 4


def test_a_snapshot_cut_short_starts_again_and_misses_nothing(shop: Business) -> None:
    shop.run(*(line(n) for n in range(1, 30)))
    failing = Taker(fail_after=0)
    with (
        pytest.raises(psycopg.OperationalError, match="away"),
        capturing(Capture(shop.url(), line_mapping()), failing) as thread,
    ):
        thread.join(20)
    assert shop.one("select count(*) from pg_replication_slots where slot_name = 'watch'") == 0
    shop.run(line(99))
    taker = Taker()
    with capturing(Capture(shop.url(), line_mapping()), taker):
        wait_for(lambda: caught_up(shop))
    assert known(taker) == expected(shop)


def test_an_unchanged_row_keeps_its_id_from_snapshot_to_snapshot(shop: Business) -> None:
    shop.run(line(1), line(2))
    ids = []
    for slot in ("watch", "later"):
        taker = Taker()
        with capturing(Capture(shop.url(), line_mapping(slot)), taker):
            wait_for(partial(shop.streams, slot))
        ids.append({event["subject"]: event["id"] for event in taker.events})
        shop.run("update t_line set amount = 5 where id = 2")
    assert ids[0]["P1"] == ids[1]["P1"]
    assert ids[0]["P2"] != ids[1]["P2"]


def test_a_large_value_left_alone_is_not_taken_for_an_empty_one(shop: Business) -> None:
    """PostgreSQL does not send it again; with the full replica identity the old row has it."""
    shop.run(
        "alter table t_line replica identity full",
        "alter table t_line alter note set storage external",
        line(1, note="大" * 9000),
    )
    taker = Taker()
    with capturing(Capture(shop.url(), line_mapping()), taker):
        wait_for(lambda: caught_up(shop))
        shop.run("update t_line set amount = 2 where id = 1")
        wait_for(lambda: caught_up(shop))
    assert taker.events[-1]["data"]["account_name"] == "大" * 9000


def test_the_log_of_unwatched_tables_is_not_held_back(shop: Business) -> None:
    with capturing(Capture(shop.url(), line_mapping()), Taker()):
        wait_for(lambda: caught_up(shop))
        shop.run("create table other (n int)", "insert into other select generate_series(1, 1000)")
        wait_for(lambda: caught_up(shop))
        with shop.connect() as conn:
            assert lag_bytes(conn, "watch") == 0
            assert lag_bytes(conn, "nobody") is None


def test_a_value_that_fits_nowhere_is_handed_on_and_capture_goes_on(
    shop: Business, caplog: pytest.LogCaptureFixture
) -> None:
    taker, capture = Taker(), Capture(shop.url(), line_mapping())
    with capturing(capture, taker):
        wait_for(lambda: caught_up(shop))
        shop.run("insert into t_line values (1, 'C1', 1, now(), '新类型', 0, 'x', now())", line(2))
        wait_for(lambda: caught_up(shop))
    assert taker.events[0]["data"]["kind"] == "新类型"  # intake refuses it, with its original among the dead letters
    assert [event["subject"] for event in taker.events] == ["P1", "P2"]
    assert capture.counts["faults"] == 1
    assert "t_line.kind: '新类型' is not in its value map" in caplog.text


def test_a_column_added_meanwhile_changes_nothing(shop: Business) -> None:
    taker = Taker()
    with capturing(Capture(shop.url(), line_mapping()), taker):
        wait_for(lambda: caught_up(shop))
        shop.run(line(1))
        shop.run("alter table t_line add column extra text default 'x'", "update t_line set amount = 3 where id = 1")
        wait_for(lambda: caught_up(shop))
    assert known(taker) == {"payment:P1": 300}


def test_a_role_with_replication_and_select_is_enough(shop: Business) -> None:
    shop.run(
        "do $$ begin if not exists (select from pg_roles where rolname = 'reader') then"
        " create role reader login replication; end if; end $$",
        "grant select on t_line to reader", line(1),
    )  # fmt: skip
    taker = Taker()
    with capturing(Capture(shop.url("reader"), line_mapping()), taker):
        wait_for(lambda: caught_up(shop))
        shop.run(line(2))
        wait_for(lambda: caught_up(shop))
    assert known(taker) == expected(shop)


def test_a_missing_publication_names_the_statement_to_run(shop: Business) -> None:
    shop.run(
        "do $$ begin if not exists (select from pg_roles where rolname = 'reader') then"
        " create role reader login replication; end if; end $$",
        "grant select on t_line to reader", "drop publication watch",
    )  # fmt: skip
    with pytest.raises(CaptureError, match='create publication "watch" for table "t_line"'):
        Capture(shop.url("reader"), line_mapping()).run(Taker(), threading.Event())


def test_a_publication_without_a_mapped_table_is_refused(pg_server: PostgresServer) -> None:
    another = "create table t_more (id int); alter publication watch set table t_more"
    refusal = pytest.raises(CaptureError, match="alter publication watch add table t_line")
    with business(pg_server, SCHEMA + another) as shop, refusal:
        Capture(shop.url(), line_mapping()).run(Taker(), threading.Event())


def test_a_business_database_still_being_set_up_is_waited_for(pg_server: PostgresServer) -> None:
    with business(pg_server, "select 1") as shop:
        with pytest.raises(CaptureError, match="has no table t_line"):
            Capture(shop.url(), line_mapping()).run(Taker(), threading.Event())
        taker, capture, stop = Taker(), Capture(shop.url(), line_mapping()), threading.Event()
        thread = threading.Thread(target=follow, args=(lambda: capture.run(taker, stop), stop))
        thread.start()
        shop.run(SCHEMA, line(1))
        wait_for(lambda: known(taker) == expected(shop))
        stop.set()
        thread.join(20)


def test_a_mapping_of_a_column_that_is_not_there_is_refused_by_name(shop: Business) -> None:
    table = {"name": "t_line", "entity": "payment", "source": "/x", "fields": {"payment_id": "id", "amount_fen": "sum"}}
    mapping = read_mapping({"publication": "watch", "slot": "watch", "table": [table]}, "bad.toml")
    with pytest.raises(
        MappingError, match=r"bad\.toml: table t_line: amount_fen: the table has no column 'sum'; it has id, case_no"
    ):
        Capture(shop.url(), mapping).run(Taker(), threading.Event())


def test_capture_comes_back_after_a_lost_connection(shop: Business) -> None:
    taker, capture, stop = Taker(), Capture(shop.url(), line_mapping()), threading.Event()
    thread = threading.Thread(target=follow, args=(lambda: capture.run(taker, stop), stop))
    thread.start()
    try:
        wait_for(lambda: caught_up(shop))
        shop.run(line(1))
        shop.run("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = 'watch'")
        shop.run(line(2))
        wait_for(lambda: known(taker) == expected(shop))
    finally:
        stop.set()
        thread.join(20)


def test_a_slot_the_server_gave_up_is_replaced_by_reading_everything_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    conf = {
        "max_slot_wal_keep_size": "1MB",
        "fsync": "off",
        "max_wal_size": "32MB",
        "min_wal_size": "32MB",
        "shared_buffers": "16MB",
    }
    with PostgresServer(tmp_path_factory.mktemp("lost"), conf=conf) as server, business(server) as shop:
        taker = Taker()
        with capturing(Capture(shop.url(), line_mapping()), Taker()):
            wait_for(lambda: caught_up(shop))
        shop.run(line(1))
        shop.run("create table filler (t text)")
        for _ in range(3):
            shop.run(
                "insert into filler select repeat('x', 1000) from generate_series(1, 20000)", "select pg_switch_wal()"
            )
        with shop.connect() as conn:
            conn.execute("checkpoint")
        assert shop.one("select wal_status from pg_replication_slots") == "lost"
        with capturing(Capture(shop.url(), line_mapping()), taker):
            wait_for(lambda: caught_up(shop))
        assert known(taker) == expected(shop)


def test_without_a_business_database_the_process_idles(settings: Settings) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=main, args=(settings, stop))
    thread.start()
    thread.join(0.2)
    assert thread.is_alive()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
