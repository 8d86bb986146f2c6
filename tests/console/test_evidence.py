"""An evidence package is read and checked by strangers: it verifies alone, and says which part of it was changed."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from console.evidence import ledger, verify
from monitors.catalogue import load
from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import KEYS, Guest, guest
from tests.console.world import NOW, World
from tests.engine.events import event
from workers import rulebook
from workers.intake import Intake
from workers.keys import Keys

MEMBERS = {"README.txt", "index.html", "finding.xlsx", "events.ndjson", "chain.ndjson", "rule.sql", "verify.py", "public-key.pem",
           "manifest.json", "manifest.sig"}  # fmt: skip
TOWN: dict[str, Any] = {"region_code": "371402001000"}
NUMBER, NAME = "11010519491231002X", "欧阳灵犀"


@pytest.fixture
def finding(database: Database) -> str:
    """A finding about a benefit whose events came through intake: in several batches, two of them with strangers' events in between."""
    with connect(database.url("worker"), name="test") as conn:
        intake = Intake(conn, KEYS, "lane-1")
        for told in _told():
            assert intake.take(told).rejected == []
    with database.engine("owner").begin() as owner:
        return World(owner, database.engine("owner")).finding(
            "F02", "red", TOWN["region_code"], subject_kind="benefit", subject_key="B1", amount_at_risk_fen=120_000, red_at=NOW,
            evidence={"programme": "dibao", "end_period": "2026-08", "months": 2, "paid_fen": 120_000, "last_paid_at": NOW.isoformat(),
                      "person_id": "P1", "payment_ids": ["B1-3"]},
        )  # fmt: skip


def _told() -> Iterator[list[bytes]]:
    def payment(n: int, benefit: str = "B1") -> bytes:
        return event("payment", payment_id=f"{benefit}-{n}", benefit_id=benefit, programme="dibao", household_id="H1", account_name=NAME,
                     period=f"2026-{n:02}", amount_fen=60_000, kind="regular", status="paid", paid_at=f"2026-{n:02}-05T09:00:00+08:00",
                     sequence=n if benefit == "B1" else None, at=f"2026-{n:02}-06T09:00:00.123456+08:00", **TOWN)  # fmt: skip

    yield [
        event("region", region_code="371400000000", name="德州市", level="city", parent_code=None),
        event("region", region_code="371402000000", name="德城区", level="county", parent_code="371400000000"),
        event("region", region_code="371402001000", name="新湖街道", level="township", parent_code="371402000000"),
    ]
    yield [
        event("person", person_id="P1", id_type="resident_id", id_number=NUMBER, name=NAME, birth_date="1949-12-31"),
        event("household", household_id="H1", head_person_id="P1", address="幸福路七号院3单元", **TOWN),
        event("benefit", benefit_id="B1", programme="dibao", household_id="H1", person_id="P1", monthly_amount_fen=60_000, note="备注\u2028换行",
              start_period="2026-02", end_period="2026-08", **TOWN),
    ]  # fmt: skip
    for n in (3, 4):
        yield [payment(n, "B2"), payment(n), payment(n, "B3")]
    yield [event("payment", deleted="B1-3", at="2026-10-01T00:00:00Z")]


@pytest.fixture
def package(database: Database, finding: str, tmp_path: Path) -> Path:
    return unpacked(guest(database), finding, tmp_path / "package")


def unpacked(who: Guest, finding: str, folder: Path, query: str = "?lang=zh") -> Path:
    answer = who.client.get(f"/finding/{finding}/evidence.zip{query}", buffered=True)
    assert answer.status_code == 200
    zipfile.ZipFile(io.BytesIO(answer.get_data())).extractall(folder)
    return folder


def run(folder: Path, *more: str, flags: str = "-I", **environ: str) -> tuple[int, str]:
    """What a stranger does: nothing but the folder, and a Python that knows nothing of ours."""
    command = [sys.executable, *flags.split(), "verify.py", *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False, env=environ or None)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def failures(folder: Path, key: str | None = None) -> list[str]:
    return [one.en for one in verify.checks(folder, key) if one.holds is False]


def flip(path: Path, at: int) -> None:
    body = bytearray(path.read_bytes())
    body[at] ^= 1
    path.write_bytes(bytes(body))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def write(path: Path, records: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")


def forged(package: Path, keys: Keys) -> None:
    """Make list and signature anew over what is there, as somebody would who knows how a package is made."""
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    (package / "public-key.pem").write_bytes(keys.public_key)
    manifest["key"], manifest["events"] = verify.fingerprint_of(keys.public_key), len(lines(package / "events.ndjson"))
    for name in manifest["files"]:
        manifest["files"][name]["sha256"] = verify.sha256((package / name).read_bytes())
    body = (json.dumps(manifest, indent=1) + "\n").encode()
    (package / "manifest.json").write_bytes(body)
    seal = {"algorithm": "Ed25519", "manifest_sha256": verify.sha256(body), "signature": keys.sign(body).hex()}
    (package / "manifest.sig").write_text(json.dumps(seal, indent=1) + "\n", encoding="utf-8")


def test_a_package_verifies_in_an_empty_directory_with_nothing_but_python(package: Path) -> None:
    assert {path.name for path in package.iterdir()} == MEMBERS
    fingerprint = verify.fingerprint_of(KEYS.public_key)
    status, said = run(package, "--key", fingerprint)
    assert (status, "[FAILED]" in said) == (0, False), said
    assert "the signature over the manifest is good" in said
    assert "the key is the one expected" in said
    assert "1 events are given without a birth date" in said
    events = lines(package / "events.ndjson")
    assert [(one["key"], one["op"]) for one in events if one["entity"] == "payment"] == [
        ("B1-3", "upserted"), ("B1-4", "upserted"), ("B1-3", "deleted")]  # fmt: skip
    assert f"{len(events) - 1} events have the content of their hashes" in said
    assert {path.name for path in package.iterdir()} == MEMBERS, "checking leaves nothing behind"


def test_without_the_cryptography_package_openssl_checks_the_signature_and_without_both_that_is_said(package: Path) -> None:
    assert shutil.which("openssl"), "the test needs openssl"
    status, said = run(package, flags="-I -S")
    assert (status, "the signature over the manifest is good" in said) == (0, True), said
    status, said = run(package, flags="-I -S", PATH="/nowhere")
    assert (status, "[not checked] 签名未检验" in said) == (0, True), said
    text = (package / "manifest.json").read_text(encoding="utf-8")
    (package / "manifest.json").write_text(text.replace('"made_by": "chen"', '"made_by": "wang"'), encoding="utf-8")
    for environ in ({}, {"PATH": "/nowhere"}):
        status, said = run(package, flags="-I -S", **environ)
        assert (status, "manifest.json or manifest.sig was changed" in said) == (1, True), said


@pytest.mark.parametrize("member", sorted(MEMBERS))
def test_one_byte_changed_is_noticed_and_named(package: Path, member: str) -> None:
    whole = (package / member).read_bytes()
    for at in {0, len(whole) // 3, len(whole) // 2, len(whole) - 1}:
        flip(package / member, at)
        assert any(member in said for said in failures(package)), (member, at, failures(package))
        (package / member).write_bytes(whole)
    assert failures(package) == []
    flip(package / member, whole.index(b"aidwatch") if member == "verify.py" else len(whole) // 2)
    status, said = run(package)
    assert (status, any(member in line for line in said.splitlines() if line.startswith("[FAILED]"))) == (1, True), said


def test_a_file_left_out_or_put_in_is_noticed(package: Path) -> None:
    (package / "rule.sql").unlink()
    (package / "letter.pdf").write_bytes(b"x")
    assert failures(package) == ["rule.sql is missing", "letter.pdf does not belong to this package"]


def test_an_event_left_out_is_noticed_even_when_the_list_is_made_anew(package: Path) -> None:
    kept = lines(package / "events.ndjson")
    for gone in range(len(kept)):
        write(package / "events.ndjson", kept[:gone] + kept[gone + 1 :])
        forged(package, KEYS)
        (said,) = failures(package)
        assert said == f"an event is left out: batch {kept[gone]['batch_id']}, arrival {kept[gone]['arrival']}"
    write(package / "events.ndjson", kept)
    forged(package, KEYS)
    assert failures(package) == []


def test_an_event_changed_or_put_elsewhere_is_noticed_even_when_the_list_is_made_anew(package: Path) -> None:
    kept = lines(package / "events.ndjson")
    at = next(n for n, one in enumerate(kept) if one["entity"] == "payment" and one["body"])
    changed = [dict(one) for one in kept]
    changed[at]["body"] = changed[at]["body"].replace("60000", "90000")
    write(package / "events.ndjson", changed)
    forged(package, KEYS)
    assert failures(package)[0].startswith(f"event {kept[at]['event_id']} does not have the content")
    changed[at]["hash"] = verify.row_hash(changed[at])
    write(package / "events.ndjson", changed)
    forged(package, KEYS)
    (said,) = failures(package)
    assert re.fullmatch(r"place 0 of batch /test lane-1 \d+ is another event|place 1 of batch /test lane-1 \d+ is another event", said)
    batches = lines(package / "chain.ndjson")
    batch = next(one for one in batches if one["batch_id"] == kept[at]["batch_id"])
    batch["hashes"] = batch["hashes"].replace(kept[at]["hash"], changed[at]["hash"])
    write(package / "chain.ndjson", batches)
    forged(package, KEYS)
    assert failures(package) == [f"batch /test lane-1 {batch['n']} does not have the hash of its events"]


def test_a_package_made_anew_by_somebody_else_carries_another_key(package: Path) -> None:
    forged(package, Keys(b"h" * 32, b"v" * 32, b"x" * 32))
    assert failures(package) == [], "without knowing the key nobody can tell"
    ours = verify.fingerprint_of(KEYS.public_key)
    assert [said.endswith("is not the one expected") for said in failures(package, ours)] == [True]
    assert run(package, "--key", ours)[0] == 1


def test_what_people_read_says_what_why_by_which_article_and_with_which_values(database: Database, finding: str, tmp_path: Path) -> None:
    who = guest(database)
    for lang, wanted in (("zh", "证据包 终止后仍发放 F02 疑点经过 2026-08"), ("en", "Evidence package F02 Rule and article History 2026-08")):
        folder = unpacked(who, finding, tmp_path / lang, f"?lang={lang}")
        page = (folder / "index.html").read_text(encoding="utf-8")
        assert [word for word in wanted.split() if word not in page] == []
        assert re.findall(r"<(script|img|link|iframe|a) |url\(|https?://|\son\w+=", page) == []
        book = openpyxl.load_workbook(folder / "finding.xlsx")
        assert len(book.sheetnames) == 5
        values = {row[2]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
        assert values["paid_fen"] == "¥ 1,200.00"
        assert any("¥ 600.00" in str(row) or "B1-3" in str(row) for row in book.worksheets[2].iter_rows(values_only=True))


def test_no_clear_value_and_no_birth_date_is_in_a_package(package: Path) -> None:
    for path in package.iterdir():
        body = path.read_bytes()
        texts = [body] if path.suffix != ".xlsx" else [zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()]
        for secret in (NUMBER, NAME, "幸福路七号院3单元", "1949-12-31"):
            assert not any(secret.encode() in one for one in texts), (path.name, secret)
    person = next(one for one in lines(package / "events.ndjson") if one["entity"] == "person")
    assert (person["body"], person["withheld"], "birth_date" in person["shown"]) == (None, "birth date", False)
    assert person["shown"]["name_mask"]


def test_a_package_is_for_those_who_may_take_files_out_of_their_own_regions(database: Database, finding: str) -> None:
    asked = f"/finding/{finding}/evidence.zip"
    for name, roles, region, wanted in (
        ("near", "auditor", "371402000000", 200), ("far", "auditor", "371424000000", 404), ("lead", "leader", "*", 403),
        ("owner", "rule_owner", "*", 403), ("sys", "system_admin", "*", 403),
    ):  # fmt: skip
        who = guest(database, name=name, roles=[roles], regions=[region])
        assert who.client.get(asked, buffered=True).status_code == wanted, name
    assert guest(database).client.get("/finding/nothing/evidence.zip").status_code == 404
    with database.engine("owner").connect() as conn:
        kept = conn.execute(text("select who, about, detail from access.trail where what = 'evidence_taken'")).all()
    assert [(one.who, one.about) for one in kept] == [("near", f"/finding/{finding}")]
    assert re.fullmatch(r"\d events, \d batches", kept[0].detail)


def test_a_reader_of_one_county_takes_out_what_a_reader_of_all_does_for_a_case_of_that_county(database: Database, finding: str, tmp_path: Path) -> None:
    near = guest(database, name="near", roles=["auditor"], regions=["371402000000"])
    folder = unpacked(near, finding, tmp_path / "near")
    whole = unpacked(guest(database), finding, tmp_path / "all")
    keys = [{one["key"] for one in lines(one / "events.ndjson")} for one in (folder, whole)]
    assert keys[0] == keys[1] - {"B1-3"}, "a record that is gone is seen from everywhere only (migration 0014)"
    assert run(folder)[0] == 0


def test_the_rule_is_there_at_the_version_of_the_finding_or_its_absence_is_said(database: Database, finding: str, tmp_path: Path) -> None:
    who, judging = guest(database), load().by_code("F02")[0]
    assert (unpacked(who, finding, tmp_path / "now") / "rule.sql").read_text(encoding="utf-8") == judging.text
    with database.engine("owner").begin() as conn:
        conn.execute(text("update watch.finding set rule_version = 0 where finding_id = :id"), {"id": finding})
    lost = (unpacked(who, finding, tmp_path / "lost") / "rule.sql").read_text(encoding="utf-8")
    assert "is no longer kept" in lost
    assert "未保存" in lost
    with database.engine("owner").begin() as conn:
        conn.execute(text("insert into watch.rule_text(file, version, sha256, subject, codes, body) values (:file, 0, '', 'benefit', '{F02}', 'select 0')"),
                     {"file": judging.file})  # fmt: skip
    assert (unpacked(who, finding, tmp_path / "old") / "rule.sql").read_text(encoding="utf-8") == "select 0"


def test_the_text_of_every_rule_is_kept_with_its_version(database: Database) -> None:
    with connect(database.url("worker"), name="test") as conn:
        rulebook.sync(conn, load())
        rulebook.sync(conn, load())
        kept = {(file, version): body for file, version, body in conn.execute("select file, version, body from watch.rule_text")}
    assert kept == {(rule.file, rule.version): rule.text for rule in load().rules}


def test_batches_too_large_are_left_out_and_that_is_said(database: Database, finding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST_HASHES", 1)
    status, said = run(unpacked(guest(database), finding, tmp_path / "package"))
    assert status == 0, said
    assert "[not checked] 3 批过大" in said
    assert "1 batches were recomputed" in said


def test_the_console_shows_the_fingerprint_and_gives_the_key(database: Database, world: World) -> None:
    from tests.console.guests import ask

    who = guest(database)
    assert verify.fingerprint_of(KEYS.public_key) in ask(who, "page.children", search="", path="/data")
    assert who.client.get("/evidence/public-key.pem").get_data() == KEYS.public_key
