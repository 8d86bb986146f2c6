"""The stream and its reader: what was pushed is taken once, whatever is killed on the way."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

import msgspec
import psycopg
import pytest
from sqlalchemy import text

from sql.connect import connect
from sql.settings import Settings
from tests.conftest import Database
from tests.workers.sending import process, raw, wait_for
from workers import ingest, keys, stream
from workers.lane import Lane, is_free
from workers.stream import Bus, Job


@pytest.fixture
def bus(settings: Settings) -> Iterator[Bus]:
    with closing(stream.connect_bus(settings)) as made:
        yield made


@contextmanager
def ingesting(settings: Settings) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=ingest.main, args=(settings, stop))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def count(database: Database, relation: str) -> int:
    with database.engine("owner").connect() as conn:
        ours = " where source = '/test'" if relation == "ledger.event" else ""
        return int(conn.execute(text(f"select count(*) from {relation}{ours}")).scalar_one())


def has_moved_on(database: Database, bus: Bus, before: int) -> bool:
    return count(database, "ledger.event") > before or is_empty(bus)


def is_empty(bus: Bus) -> bool:
    return sum(stream.events_backlog(bus)) == 0


def test_what_is_pushed_is_taken_and_leaves_the_stream(settings: Settings, database: Database, bus: Bus) -> None:
    ids = stream.push(bus, keys.ensure(settings), [raw(n) for n in range(20)])
    assert len(ids) == 1
    with ingesting(settings):
        wait_for(lambda: count(database, "store.household") == 20 and is_empty(bus))
    assert bus.xlen(stream.EVENTS) == 0


def test_entries_are_sealed_and_bounded(settings: Settings, bus: Bus) -> None:
    sealer = keys.ensure(settings)
    ids = stream.push(bus, sealer, [raw(n, address="某镇某村1号") for n in range(stream.ENTRY_EVENTS + 1)])
    assert len(ids) == 2
    lying = bus.xrange(stream.EVENTS)
    assert all(b"household" not in fields[b"d"] for _, fields in lying)
    assert bus.xlen(stream.EVENTS) == 2


def test_a_receipt_is_left_for_who_waits(settings: Settings, database: Database, bus: Bus) -> None:
    sealer, job = keys.ensure(settings), Job("j1")
    stream.push(bus, sealer, [raw(1), raw(1), b"{", raw(2)], job)
    with ingesting(settings):
        (receipt,) = wait_for(lambda: stream.receipts_of(bus, sealer, job)).values()
    told = msgspec.json.decode(receipt)
    assert (told["accepted"], told["duplicates"], [r["index"] for r in told["rejected"]]) == (2, 1, [2])


def test_a_receipt_nobody_fetches_is_forgotten_after_a_while(settings: Settings, database: Database, bus: Bus) -> None:
    job = Job("j1")
    stream.push(bus, keys.ensure(settings), [raw(1)], job)
    with ingesting(settings):
        wait_for(lambda: bus.exists(job.key))
    assert 0 < bus.ttl(job.key) <= stream.RESULTS_S


def test_an_entry_that_cannot_be_opened_becomes_a_dead_letter(settings: Settings, database: Database, bus: Bus) -> None:
    stranger = keys.Keys(b"x" * 32, b"y" * 32)
    stream.push(bus, stranger, [raw(1)])
    stream.push(bus, keys.ensure(settings), [raw(2)])
    with ingesting(settings):
        wait_for(lambda: count(database, "store.household") == 1 and is_empty(bus))
    with database.engine("owner").connect() as conn:
        assert "cannot be opened" in conn.execute(text("select reason from ledger.dead_letter")).scalar_one()


def test_a_killed_ingest_loses_nothing(
    settings: Settings, environ: dict[str, str], database: Database, bus: Bus
) -> None:
    sealer = keys.ensure(settings)
    n, rounds = 1_000, 4
    for part in range(rounds * 3):
        stream.push(bus, sealer, [raw(part * n + i) for i in range(n)])
    for _ in range(rounds):
        before = count(database, "ledger.event")
        with process("ingest", environ) as running:
            wait_for(partial(has_moved_on, database, bus, before))
            running.kill()
    with ingesting(settings):
        wait_for(lambda: is_empty(bus))
    assert count(database, "ledger.event") == rounds * 3 * n
    assert count(database, "store.household") == rounds * 3 * n


def test_what_a_lost_process_held_is_taken_over(settings: Settings, database: Database, bus: Bus) -> None:
    stream.ensure_group(bus)
    stream.push(bus, keys.ensure(settings), [raw(1)])
    assert stream.Consumer(bus, "a host that burnt down").new(1, 1)
    mine = stream.Consumer(bus, "mine")
    assert mine.abandoned(8, idle_s=30) == []
    (entry,) = wait_for(lambda: mine.abandoned(8, idle_s=0.01))
    mine.acknowledge([entry], {})
    assert is_empty(bus)


def test_while_the_database_is_away_events_wait(settings: Settings, database: Database, bus: Bus) -> None:
    sealer = keys.ensure(settings)
    with ingesting(settings):
        stream.push(bus, sealer, [raw(1)])
        wait_for(lambda: count(database, "store.household") == 1)
        with database.server.connect() as conn:
            conn.execute(f"alter database {database.name} with allow_connections false")
            conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [database.name])
            stream.push(bus, sealer, [raw(2)])
            wait_for(lambda: stream.events_backlog(bus).pending == 1)
            conn.execute(f"alter database {database.name} with allow_connections true")
        database.engine("owner").dispose()
        wait_for(lambda: count(database, "store.household") == 2 and is_empty(bus))


def test_an_event_that_fails_in_the_database_spoils_nothing_else(
    settings: Settings, database: Database, bus: Bus
) -> None:
    with database.engine("owner").begin() as conn:
        conn.execute(text("alter table store.household add check (household_id <> 'K7')"))
    job, sealer = Job("j2"), keys.ensure(settings)
    stream.push(bus, sealer, [raw(n) for n in range(20)], job)
    with ingesting(settings):
        (receipt,) = wait_for(lambda: stream.receipts_of(bus, sealer, job)).values()
    told = msgspec.json.decode(receipt)
    assert (told["accepted"], [r["index"] for r in told["rejected"]]) == (19, [7])
    assert count(database, "ledger.dead_letter") == 1


def test_processes_of_one_kind_have_different_names_and_keep_them(settings: Settings) -> None:
    with Lane(settings.home, "ingest") as first, Lane(settings.home, "ingest") as second:
        assert (first.short, second.short) == ("ingest-0", "ingest-1")
        assert not is_free(settings.home, "ingest")
    assert is_free(settings.home, "ingest")
    with Lane(settings.home, "ingest") as again:
        assert again.name == first.name


def test_the_chain_of_a_lane_has_no_gap_after_a_restart(settings: Settings, database: Database, bus: Bus) -> None:
    for n in range(2):
        stream.push(bus, keys.ensure(settings), [raw(n)])
        with ingesting(settings):
            wait_for(lambda: is_empty(bus))
    with connect(settings.database_url_for("worker"), name="test") as conn:
        assert chain(conn) == [1, 2]


def chain(conn: "psycopg.Connection[tuple[int]]") -> list[int]:
    return [n for (n,) in conn.execute("select n from ledger.batch where source = '/test' order by n")]
