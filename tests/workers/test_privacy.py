"""What is revealed is judged, what is over its time goes, and who is erased stays erased, with ledger and facts untouched."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from monitors.catalogue import load
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from tests.conftest import Database
from tests.console.guests import ask, guest
from tests.engine.events import event
from workers import cli, retention
from workers.evaluator import Evaluator
from workers.intake import Intake
from workers.keys import ensure
from workers.looks import take_looks
from workers.replay import replay

NUMBER, OTHER, ACCOUNT = "11010519491231002X", "371402199003071234", "6217000000000000001"
TOWN: dict[str, Any] = {"region_code": "371402001000"}


@pytest.fixture
def conn(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("worker"), name="test") as made:
        yield made


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection]:
    with connect(database.url("owner"), name="test") as made:
        yield made


@pytest.fixture
def intake(database: Database, settings: Settings) -> Iterator[Intake]:
    with connect(database.url("worker"), name="intake") as own:
        made = Intake(own, ensure(settings), "test")
        assert made.take([
            event("person", person_id="P1", id_type="resident_id", id_number=NUMBER, name="张三丰", phone="13800000000"),
            event("person", person_id="P2", id_type="resident_id", id_number=OTHER, name="张三丰", phone="13900000000"),
            event("household", household_id="H1", **TOWN, address="某镇某村1号"),
            event("household_member", member_id="M1", household_id="H1", person_id="P1", counted=True, from_date="2019-01-01"),
            event("benefit", benefit_id="B1", programme="dibao", household_id="H1", **TOWN, monthly_amount_fen=60_000, start_period="2019-02",
                  end_period="2019-06"),
            event("payment", payment_id="Q1", benefit_id="B1", programme="dibao", household_id="H1", payee_person_id="P1", account_number=ACCOUNT,
                  account_name="张三丰", period="2019-03", amount_fen=60_000, kind="regular", status="paid", **TOWN),
        ]).rejected == []  # fmt: skip
        yield made


def drain(conn: psycopg.Connection, intake: Intake) -> None:
    evaluator = Evaluator(conn, intake, load(), lambda: 0)
    while evaluator.step():
        pass


def run(words: list[str], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> int:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return cli.main(words)


def clear(conn: psycopg.Connection) -> dict[str, int]:
    """How many values of each kind the vault can still tell."""
    return dict(conn.execute("select kind, count(*) from vault.identity where ciphertext is not null group by 1").fetchall())


def chain_holds(conn: psycopg.Connection) -> bool:
    """Recompute each event's place in the chain of its batch, lane by lane."""
    lanes: dict[tuple[str, str], bytes] = {}
    for batch_id, source, lane, digest in conn.execute("select batch_id, source, lane, hash from ledger.batch order by source, lane, n").fetchall():
        own = conn.execute("select hash from ledger.event where batch_id = %s and source = %s order by arrival", [batch_id, source]).fetchall()
        lanes[source, lane] = hashlib.sha256(lanes.get((source, lane), b"") + b"".join(h for (h,) in own)).digest()
        if lanes[source, lane] != digest:
            return False
    return len(lanes) > 1


def reveal(owner: psycopg.Connection, at: str, person_id: str | None = "P1") -> None:
    owner.execute("insert into access.reveal (who, finding_id, kind, pseudonym, person_id, purpose, case_no, at) "
                  "values ('chen', 'f', 'name', 'x', %s, 'verify', 'case 12', %s)", [person_id, at])  # fmt: skip


def test_a_reveal_becomes_an_event_once_and_one_by_night_a_finding(conn: psycopg.Connection, owner: psycopg.Connection, intake: Intake) -> None:
    reveal(owner, "2026-11-02T10:00:00+08:00")
    reveal(owner, "2026-11-03T23:30:00+08:00", None)
    drain(conn, intake)
    found = conn.execute("select subject_kind, subject_key, item, ladder_card, region_code from watch.finding where rule = 'P20'").fetchall()
    assert found == [("staff", "chen", "2026-11-03", "yellow", None)]
    rows = conn.execute("select user_id, person_id, purpose, event_source from facts.access order by at").fetchall()
    assert rows == [("chen", "P1", "verify case 12", "/local"), ("chen", None, "verify case 12", "/local")]
    owner.execute("update access.reveal set taken_at = null")  # as after a crash between taking and noting
    assert take_looks(conn, intake) == 2
    assert conn.execute("select count(*) from ledger.event where entity = 'access'").fetchone() == (2,)
    assert replay(conn, load())["differing"] == {}


def look_up(owner: psycopg.Connection, name: str, at: str, *, people: list[str], token_id: str | None = None, purpose: str | None = "inquiry") -> None:
    owner.execute("insert into access.lookup (at, name, token_id, kind, pseudonym, purpose, found, person_id, person_ids) "
                  "values (%s, %s, %s, 'name', 'x', %s, %s, %s, %s)",
                  [at, name, token_id, purpose, len(people), people[0] if len(people) == 1 else None, people])  # fmt: skip


def test_a_look_up_becomes_an_event_once_and_is_judged_as_those_of_business_systems_are(
    conn: psycopg.Connection, owner: psycopg.Connection, intake: Intake,
) -> None:  # fmt: skip
    look_up(owner, "chen", "2026-11-02T10:00:00+08:00", people=["P1"])
    look_up(owner, "chen", "2026-11-03T23:30:00+08:00", people=["P1", "P2"])
    look_up(owner, "vendor", "2026-11-02T10:00:00+08:00", people=["P1"], token_id="T1", purpose=None)
    assert conn.execute(raw("status.unsettled")).fetchone()[-2:] == (True, False), "settle waits for them"  # type: ignore[index]
    drain(conn, intake)
    assert conn.execute(raw("status.unsettled")).fetchone()[-2:] == (False, False)  # type: ignore[index]
    found = conn.execute("select subject_key, item, ladder_card, evidence ->> 'without_reason' from watch.finding "
                         "where rule = 'P20' order by 1").fetchall()  # fmt: skip
    assert found == [("chen", "2026-11-03", "yellow", "0"), ("token vendor", "2026-11-02", "yellow", "1")]
    rows = conn.execute("select access_id, user_id, person_id, purpose from facts.access order by 1").fetchall()
    assert [row[1:] for row in rows] == [("chen", "P1", "inquiry"), ("chen", None, "inquiry"), ("token vendor", "P1", None)]
    owner.execute("update access.lookup set taken_at = null")  # as after a crash between taking and noting
    assert take_looks(conn, intake) == 3
    assert conn.execute("select count(*) from ledger.event where entity = 'access'").fetchone() == (3,)


def test_looking_up_ones_own_kin_is_red(conn: psycopg.Connection, owner: psycopg.Connection, intake: Intake) -> None:
    assert intake.take([
        event("staff", staff_id="chen", unit_code="U1", id_number=OTHER, name="张三丰", role="supervisor", active_from="2020-01-01"),
        event("kinship", kinship_id="K1", person_id="P2", relative_id="P1", relation="child"),
    ]).rejected == []  # fmt: skip
    look_up(owner, "chen", "2026-11-02T10:00:00+08:00", people=["P1"])
    drain(conn, intake)
    assert conn.execute("select subject_key, ladder_card from watch.finding where rule = 'P20'").fetchall() == [("chen", "red")]


def test_a_reveal_waits_while_its_event_cannot_be_taken(conn: psycopg.Connection, owner: psycopg.Connection, intake: Intake) -> None:
    reveal(owner, "2026-11-03T23:30:00+08:00")
    owner.execute("alter table store.access add constraint away check (false) not valid")
    with pytest.raises(psycopg.errors.CheckViolation):
        take_looks(conn, intake)
    drain(conn, intake)
    assert conn.execute("select count(*) from ledger.mark").fetchone() == (0,), "and nothing else waits for it"
    owner.execute("alter table store.access drop constraint away")
    assert take_looks(conn, intake) == 1
    assert take_looks(conn, intake) == 0


def test_erasing_takes_the_clear_values_and_nothing_else(
    conn: psycopg.Connection, owner: psycopg.Connection, intake: Intake, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], database: Database, settings: Settings,
) -> None:  # fmt: skip
    key = intake.pseudonym("id_number", NUMBER)
    assert clear(owner) == {"id_number": 2, "name": 1, "phone": 2, "account": 1, "address": 1}
    assert chain_holds(conn)
    words = ["erase", f"--person={key}", "--reason", "本人申请", "--case", "德监〔2026〕7号", "--format", "json"]
    assert run(words, environ, monkeypatch) == 0
    assert '{"erased": 4, "shared": 1}' in capsys.readouterr().out
    assert clear(owner) == {"id_number": 1, "name": 1, "phone": 1}, "the name is somebody else's too"
    assert chain_holds(conn)
    drain(conn, intake)
    result = replay(conn, load())
    assert (result["differing"], result["drift"]) == ({}, 0)
    trail = ask(guest(database, name="audit", roles=["audit_admin"], regions=[], keys=ensure(settings)), "trail-list-table", search="", path="/trail")
    assert "德监〔2026〕7号" in trail
    assert "清除个人明文信息" in trail
    with connect(database.url("worker"), name="later") as own:  # another process, which remembers nothing
        late = Intake(own, ensure(settings), "later")
        late.take([event("person", event_id="late", at="2026-11-20T10:00:00+08:00", person_id="P1", id_type="resident_id", id_number=NUMBER,
                         name="张三丰", phone="13700000000")])  # fmt: skip
    assert clear(owner) == {"id_number": 1, "name": 1, "phone": 2}, "what was erased stays erased, what is new is kept"
    assert conn.execute("select person_key from facts.identity where person_id = 'P1'").fetchone() == (key,), "and is still judged"
    assert run(words, environ, monkeypatch) == 0
    assert clear(owner) == {"id_number": 1, "name": 1, "phone": 1}, "until it is erased too"


def test_an_erasure_needs_a_person_a_reason_and_a_case(
    intake: Intake, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], owner: psycopg.Connection,
) -> None:  # fmt: skip
    key, before = intake.pseudonym("id_number", NUMBER), clear(owner)
    for person, reason, case in (("nobody", "on request", "case 12"), (NUMBER, "on request", "case 12"), (key, "x", "case 12"), (key, "on request", " ")):
        assert run(["erase", f"--person={person}", "--reason", reason, "--case", case], environ, monkeypatch) == 1
        assert NUMBER not in capsys.readouterr().err
    for kind, subject, status in (("household", key, 1), ("person", key, 0)):
        owner.execute("insert into watch.finding (finding_id, rule, rule_version, subject_kind, subject_key, present, evidence, opened_at, first_seen_at, "
                      "last_seen_at) values (%s, 'E01', 1, %s, %s, true, '{}', now(), now(), now())", [f"f-{kind}", kind, subject])  # fmt: skip
        assert clear(owner) == before
        assert owner.execute("select count(*) from access.trail").fetchone() == (0,)
        assert run(["erase", f"--person=f-{kind}", "--reason", "on request", "--case", "case 12"], environ, monkeypatch) == status
    assert clear(owner) != before


def test_what_is_over_its_time_goes_and_what_is_not_stays(
    conn: psycopg.Connection, owner: psycopg.Connection, intake: Intake, database: Database,
) -> None:  # fmt: skip
    intake.take([b"not json"])
    for old in ("now() - interval '1094 days'", "now() - interval '1096 days'"):
        owner.execute(f"insert into access.trail (at, who, what) values ({old}, 'chen', 'signed_in')")
        owner.execute("insert into access.lookup (at, taken_at, token_id, name, kind, pseudonym, found) "
                      f"values ({old}, now(), 't', 't', 'id_number', 'x', 1)")
        owner.execute("insert into access.reveal (at, taken_at, who, finding_id, kind, pseudonym, purpose, case_no) "
                      f"values ({old}, now(), 'chen', 'f', 'name', 'x', 'verify', 'c')")  # fmt: skip
    reveal(owner, "2020-01-01T10:00:00+08:00")  # old, and not an event yet
    look_up(owner, "chen", "2020-01-01T10:00:00+08:00", people=["P1"])
    owner.execute("update ledger.dead_letter set at = now() - interval '181 days'")
    removed = retention.run(conn)
    assert {kind: n for kind, n in removed.items() if n} == {"trail": 1, "look_up": 1, "reveal": 1, "dead_letter": 1, "clear_value": 4}
    assert clear(owner) == {"id_number": 1, "name": 1, "phone": 1}, "whose benefits ended years ago is no longer told"
    assert chain_holds(conn)
    assert [row[0] for row in owner.execute("select detail from access.trail where what = 'retention'")] == [
        "clear_value 4, dead_letter 1, look_up 1, reveal 1, trail 1"]  # fmt: skip
    trail = ask(guest(database, name="audit", roles=["audit_admin"], regions=[]), "trail-list-table", search="", path="/trail")
    assert "清理超期数据" in trail
    assert "明文信息 4、被拒事件 1、按明文信息的查询 1、明文查看记录 1、审计日志 1" in trail
    assert not any(retention.run(conn).values())


def test_whose_benefit_goes_on_is_not_forgotten_and_who_comes_back_is_known_again(
    conn: psycopg.Connection, owner: psycopg.Connection, intake: Intake, database: Database, settings: Settings,
) -> None:  # fmt: skip
    again: dict[str, Any] = {"programme": "dibao", "household_id": "H1", **TOWN, "monthly_amount_fen": 60_000, "start_period": "2019-07", "end_period": None}
    intake.take([event("benefit", benefit_id="B2", **again)])
    assert retention.run(conn)["clear_value"] == 0
    intake.take([event("benefit", event_id="ended", at="2026-11-20T10:00:00+08:00", benefit_id="B2", **again | {"end_period": "2020-01"})])
    assert retention.run(conn)["clear_value"] == 4
    with connect(database.url("worker"), name="later") as own:
        Intake(own, ensure(settings), "later").take([event("person", event_id="back", at="2026-11-21T10:00:00+08:00", person_id="P1", id_number=NUMBER)])
    assert clear(owner)["id_number"] == 2


def test_a_period_can_be_longer_but_not_shorter_than_the_law_asks(
    conn: psycopg.Connection, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for wrong in ("trail=100", "trail", "moods=9", "trail=-1", "trail=99999"):
        assert run(["retain", "--set", wrong], environ, monkeypatch) == 1, wrong
        assert "--set" in capsys.readouterr().err
    assert run(["retain", "--set", "trail=2000"], environ, monkeypatch) == 0
    assert conn.execute("select keep_days from access.retention where kind = 'trail'").fetchone() == (2000,)
    with pytest.raises(psycopg.errors.CheckViolation):
        conn.execute("update access.retention set keep_days = 10 where kind = 'trail'")


def test_who_takes_the_look_ups_does_not_see_what_was_looked_for(database: Database) -> None:
    with connect(database.url("worker"), name="test") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("select pseudonym from access.lookup")


def test_nobody_but_the_retention_of_the_database_deletes_a_log(database: Database) -> None:
    for role in ("worker", "console"):
        for table in ("access.trail", "access.reveal", "access.lookup", "ledger.event", "ledger.batch"):
            with connect(database.url(role), name="test") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(f"delete from {table}")


def test_the_page_about_privacy_says_the_periods_and_the_tables_there_are(database: Database) -> None:
    page = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    told = {kind: (int(days), int(least)) for kind, days, least in re.findall(r"^\| `(\w+)` \| .*? \| (\d+) \| (\d+) \|", page, re.MULTILINE)}
    with database.engine("owner").connect() as conn:
        held = {row.kind: (row.keep_days, row.least_days) for row in conn.execute(text("select * from access.retention"))}
        tables = set(conn.execute(text("select schemaname || '.' || tablename from pg_tables")).scalars())
    assert told == held
    named = set(re.findall(r"`((?:access|vault|ledger|watch|store)\.[a-z_]+)`", page))
    assert named - tables == set()
    assert {name for name in tables if name.startswith(("access.", "vault."))} - named == set()
