"""What was refused can be sent again, as it is or corrected, or set aside; nothing is lost, and the trail says who did what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from monitors.catalogue import load
from monitors.errors import SupervisionError
from monitors.refused import masked
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from tests.conftest import Database
from tests.engine.events import event
from workers import cli, dead
from workers.evaluator import Evaluator
from workers.intake import Intake
from workers.keys import Keys, ensure

NUMBER, PHONE = "11010519491231002X", "13800000000"
PERSON: dict[str, Any] = {"person_id": "P1", "id_type": "resident_id", "id_number": NUMBER, "name": "张三丰", "phone": PHONE}


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("worker"), name="test") as made:
        yield made


@pytest.fixture
def intake(database: Database, settings: Settings) -> Iterator[Intake]:
    with connect(database.url("worker"), name="intake") as own:
        yield Intake(own, ensure(settings), "test")


@pytest.fixture
def letter(conn: psycopg.Connection, intake: Intake) -> int:
    """A person whose sex is none."""
    assert intake.take([event("person", **PERSON, sex="X", event_id="one")]).rejected
    return dead.letters(conn)[0].id


def run(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    status = cli.main(["dead", *words, "--format", "json"])
    told = capsys.readouterr()
    assert not any(clear in told.out + told.err for clear in (NUMBER, "张三丰", PHONE))
    return status, json.loads(told.out) if told.out else told.err


def trail(conn: psycopg.Connection) -> list[tuple[Any, ...]]:
    return conn.execute("select what, about, detail from access.trail where what like 'letter%' order by id").fetchall()


def count(conn: psycopg.Connection) -> tuple[int, int]:
    """Open letters, and all of them."""
    row = conn.execute("select count(*) filter (where repaired_at is null), count(*) from ledger.dead_letter").fetchone()
    assert row is not None
    assert conn.execute(raw("status.dead_letters")).fetchone() == row[:1]
    return row[0], row[1]


def test_a_corrected_event_takes_the_place_of_its_letter(
    conn: psycopg.Connection, letter: int, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:  # fmt: skip
    file = tmp_path / "corrected.json"
    file.write_bytes(event("person", **PERSON, sex="Y"))
    status, ((told),) = run(environ, monkeypatch, capsys, "replay", str(letter), "--file", str(file))
    assert (status, told["became"]) == (1, "refused")
    assert "data.sex" in told["reason"]
    file.write_bytes(event("person", **PERSON, sex="F", event_id="one"))
    assert run(environ, monkeypatch, capsys, "replay", str(letter), "--file", str(file)) == (0, [{"id": letter, "became": "accepted", "reason": None}])
    assert conn.execute("select sex from store.person").fetchall() == [("F",)]
    assert count(conn) == (0, 1), "the letter is closed and still there"
    assert [what for what, about, _ in trail(conn) if about == str(letter)] == ["letter_sent"] * 2
    assert trail(conn)[1][2] == "corrected · accepted"
    status, said = run(environ, monkeypatch, capsys, "replay", str(letter))
    assert status == 1
    assert "is closed: accepted by cli:" in said


def test_what_is_refused_again_stays_the_same_letter_with_its_new_reason(conn: psycopg.Connection, intake: Intake, letter: int) -> None:
    told = dead.again(conn, intake, letter, "chen")
    assert (told.became, "data.sex" in (told.reason or "")) == ("refused", True)
    assert count(conn) == (1, 1)
    assert (dead.letters(conn)[0].tries, dead.letters(conn)[0].outcome) == (1, None)
    assert trail(conn) == [("letter_sent", str(letter), f"as it is · refused · {told.reason}")]


def test_what_was_refused_for_its_time_is_taken_once_that_has_come(conn: psycopg.Connection, intake: Intake, database: Database) -> None:
    intake.take([event("household", household_id="H1", at="2199-03-01T00:00:00+08:00")])
    (found,) = dead.letters(conn)
    assert "more than one day ahead" in found.reason
    with connect(database.url("owner"), name="clock") as owner:
        owner.execute("insert into watch.clock values (true, '2199-03-01')")
    assert dead.again(conn, intake, found.id, "chen").became == "accepted"
    assert conn.execute("select count(*) from store.household").fetchone() == (1,)


def test_an_event_that_was_taken_meanwhile_closes_its_letter_too(conn: psycopg.Connection, intake: Intake, letter: int) -> None:
    right = event("person", **PERSON, sex="M", event_id="one")
    intake.take([right])
    assert dead.again(conn, intake, letter, "chen", right).became == "repeated"
    assert dead.letters(conn) == []
    assert [one.outcome for one in dead.letters(conn, every=True)] == ["repeated"]


def test_a_reused_id_stays_refused_and_makes_no_second_letter(conn: psycopg.Connection, intake: Intake) -> None:
    intake.take([event("household", household_id="H1", event_id="one"), event("household", household_id="H2", event_id="one")])
    (found,) = dead.letters(conn)
    assert "id reused" in (dead.again(conn, intake, found.id, "chen").reason or "")
    assert count(conn) == (1, 1)
    assert dead.again(conn, intake, found.id, "chen", event("household", household_id="H2", event_id="two")).became == "accepted"


def test_an_event_of_another_source_or_our_own_does_not_correct_a_letter(conn: psycopg.Connection, intake: Intake, letter: int) -> None:
    other = dead.again(conn, intake, letter, "chen", event("person", **PERSON, source="/other"))
    assert "corrects some other event" in (other.reason or "")
    local = intake.take([event("person", **PERSON, source="/local")])
    assert local.rejected
    assert "reserved" in (dead.again(conn, intake, dead.letters(conn)[0].id, "chen").reason or "")
    assert conn.execute("select count(*) from ledger.event where entity = 'person'").fetchone() == (0,)


def test_a_letter_sealed_with_another_key_stays_and_says_so(conn: psycopg.Connection, intake: Intake, database: Database) -> None:
    with connect(database.url("worker"), name="other") as own:
        Intake(own, Keys(b"h" * 32, b"x" * 32), "other").take([b"not json"])
    (found,) = dead.letters(conn)
    assert "cannot be opened" in (dead.again(conn, intake, found.id, "chen").reason or "")
    assert count(conn) == (1, 1)


def test_what_was_asked_on_the_page_is_taken_by_the_evaluator_and_settle_waits_for_it(
    conn: psycopg.Connection, intake: Intake, letter: int, database: Database,
) -> None:  # fmt: skip
    intake.take([event("household", household_id="H1", at="2199-03-01T00:00:00+08:00")])
    with connect(database.url("owner"), name="clock") as owner:
        owner.execute("insert into watch.clock values (true, '2199-03-01')")
        owner.execute("update ledger.dead_letter set asked_at = now(), asked_by = 'chen'")
    assert unsettled(conn)
    evaluator = Evaluator(conn, intake, load(), lambda: 0)
    while evaluator.step():
        pass
    assert not unsettled(conn)
    assert [(one.id == letter, one.tries, one.outcome, one.repaired_by) for one in dead.letters(conn, every=True)] == [
        (False, 1, "accepted", "chen"), (True, 1, None, None)]  # fmt: skip


def unsettled(conn: psycopg.Connection) -> bool:
    row = conn.execute(raw("status.unsettled")).fetchone()
    assert row is not None
    return bool(row[-1])


def test_letters_are_listed_shown_masked_and_set_aside_with_a_reason(
    conn: psycopg.Connection, letter: int, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    status, listed = run(environ, monkeypatch, capsys, "list")
    assert (status, [(one["id"], one["source"], one["event_id"]) for one in listed]) == (0, [(letter, "/test", "one")])
    _, shown = run(environ, monkeypatch, capsys, "show", str(letter))
    assert shown["original"] | {"data.id_number": "1101*************X", "data.name": "张**", "data.phone": "138****0000", "data.sex": "X"} == shown["original"]
    for wrong in (["set-aside", str(letter), "--reason", "no"], ["set-aside", "99", "--reason", "a test of the vendor"], ["replay"], ["show", "99"]):
        assert run(environ, monkeypatch, capsys, *wrong)[0] == 1, wrong
    assert run(environ, monkeypatch, capsys, "set-aside", str(letter), "--reason", f"a test of the vendor {PHONE}")[0] == 0
    assert trail(conn) == [("letter_set_aside", str(letter), "a test of the vendor 138********")]
    assert run(environ, monkeypatch, capsys, "list") == (0, [])
    assert [one["outcome"] for one in run(environ, monkeypatch, capsys, "list", "--all")[1]] == ["set_aside"]
    assert run(environ, monkeypatch, capsys, "replay", "--open") == (0, [])


def test_nobody_closes_a_letter_twice(conn: psycopg.Connection, letter: int) -> None:
    dead.set_aside(conn, letter, "chen", "a test of the vendor")
    with pytest.raises(SupervisionError, match="is closed: set_aside by chen"):
        dead.set_aside(conn, letter, "wang", "a test of the vendor")
    assert len(trail(conn)) == 1


@pytest.mark.parametrize("original", [
    b"not json 11010519491231002X", b"[1]", b"\xff", event("person", **PERSON, birth_date="1949-12-31"),
    json.dumps({"type": "aidwatch.nothing.upserted", "subject": NUMBER, "id": f"x-{PHONE}", NUMBER: 1,
                "data": {"who": "张三丰", "phone": PHONE, "n": 11010519491231002, "deep": {"name": "张三丰"}}}).encode(),
    json.dumps({"type": "aidwatch.person.upserted", "data": {"id_number": ["张三丰", NUMBER], "person_id": "张三丰", "phone": int(PHONE)}}).encode(),
    json.dumps({"type": "aidwatch.register.upserted", "data": {"kind": "hukou", "from_date": "1949-12-31", "department": "张三丰"}}).encode(),
    json.dumps({"type": "aidwatch.stage.upserted", "data": {"staff_ids": ["张三丰", PHONE], "note": "ZhangSanfeng"}}).encode(),
])  # fmt: skip
def test_no_original_tells_a_number_a_name_or_a_birth_date(original: bytes) -> None:
    told = str(masked(original))
    assert not any(clear in told for clear in (NUMBER, NUMBER[:-1], "三丰", PHONE, "1949-12-31", "ZhangSanfeng"))
