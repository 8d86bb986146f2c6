"""The commands around the API: ingest, findings, status, settle."""

import csv
import io
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import text

from sql.settings import TABLE, Settings
from tests.conftest import Database
from tests.workers.sending import event, raw
from tests.workers.serving import evaluating
from workers import cli, ingest
from workers.ingest_files import UnreadableFileError, read

MAPPING = """
timezone = "Asia/Shanghai"
[[table]]
name = "household"
entity = "household"
source = "/files"
time = "changed"
[table.fields]
household_id = { column = "户号", prefix = "H" }
region_code = "区划"
lon = "经度"
"""


@pytest.fixture(autouse=True)
def _deployment(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in TABLE:
        monkeypatch.delenv(setting.name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def ingesting(settings: Settings) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=ingest.main, args=(settings, stop))
    thread.start()
    yield
    stop.set()
    thread.join(20)


def call(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = cli.main([str(word) for word in words])
    said = capsys.readouterr()
    return status, said.out, said.err


def write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def households(database: Database) -> list[str]:
    with database.engine("owner").connect() as conn:
        return list(conn.execute(text("select household_id from facts.household order by 1")).scalars())


@pytest.mark.parametrize(
    "content",
    [
        raw(1) + b"\n" + raw(2) + b"\n",
        b"\xef\xbb\xbf" + raw(1) + b"\r\n\r\n" + raw(2),
        b"[" + raw(1) + b",\n" + raw(2) + b"]",
        json.dumps([event(1), event(2)], indent=2).encode(),
    ],
)
def test_files_of_events_are_taken(
    content: bytes, tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str], ingesting: None
) -> None:
    status, out, _ = call(capsys, "ingest", write(tmp_path / "events.json", content))
    assert (status, out.splitlines()[0]) == (0, "2 accepted, 0 duplicates, 0 rejected")
    assert households(database) == ["K1", "K2"]


def test_one_event_written_over_several_lines_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ingesting: None
) -> None:
    path = write(tmp_path / "one.json", json.dumps(event(1), indent=2))
    assert call(capsys, "ingest", path)[1].startswith("1 accepted")
    assert call(capsys, "ingest", path)[1].startswith("0 accepted, 1 duplicates")


def test_without_an_ingest_process_the_command_takes_them_itself(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(capsys, "ingest", write(tmp_path / "a.ndjson", raw(1)))[0] == 0
    assert households(database) == ["K1"]


def test_what_was_refused_is_named_by_line_and_ends_with_status_1(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str], ingesting: None
) -> None:
    lines = [raw(1), b"", b"{oops", raw(2, lon="far"), raw(3)]
    path = write(tmp_path / "events.ndjson", b"\n".join(lines))
    status, out, _ = call(capsys, "ingest", path)
    assert status == 1
    assert out.splitlines()[0] == "2 accepted, 0 duplicates, 2 rejected"
    assert "events.ndjson line 3" in out.splitlines()[1]
    assert "events.ndjson line 4 (e-2): " in out.splitlines()[2]
    status, out, _ = call(capsys, "ingest", path, "--format", "json")
    told = json.loads(out)
    assert (told["accepted"], told["duplicates"], [r["place"] for r in told["rejected"]]) == (
        0,
        2,
        ["line 3", "line 4"],
    )


def test_large_files_go_in_several_entries(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str], ingesting: None
) -> None:
    lines = [raw(n) if n != 9_000 else b"{" for n in range(11_000)]
    status, out, _ = call(capsys, "ingest", write(tmp_path / "many.ndjson", b"\n".join(lines)))
    assert (status, out.splitlines()[0]) == (1, "10999 accepted, 0 duplicates, 1 rejected")
    assert "line 9001" in out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("a.json", b"hello\nworld\n", "neither"), ("a.json", b"[{]", "array"), ("a.csv", b"a,b\n", "--mapping"), ("a.json", None, "No such file")],
)  # fmt: skip
def test_an_unreadable_file_ends_with_status_2(
    name: str, content: bytes | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], ingesting: None
) -> None:
    path = tmp_path / name
    if content is not None:
        write(path, content)
    status, _, err = call(capsys, "ingest", path)
    assert (status, says in err) == (2, True), err


def test_an_empty_file_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str], ingesting: None) -> None:
    assert call(capsys, "ingest", write(tmp_path / "none.ndjson", b"\n"))[:2] == (
        0,
        "0 accepted, 0 duplicates, 0 rejected\n",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_through_its_mapping(
    encoding: str, tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str], ingesting: None
) -> None:
    mapping = write(tmp_path / "map.toml", MAPPING)
    table = "户号,区划,经度,changed\n1,371402,116.3,2026-05-01 10:00:00\n2,371403,,2026-05-01 10:00:00\n,371403,,\n\n3,x,,2026-05-01\n"
    path = write(tmp_path / "household.csv", table.encode(encoding))
    status, out, _ = call(capsys, "ingest", path, "--mapping", mapping)
    assert (status, households(database)) == (1, ["H1", "H2"])
    assert out.splitlines()[0] == "2 accepted, 0 duplicates, 2 rejected"
    assert "row 4" in out
    assert "row 6" in out
    assert call(capsys, "ingest", path, "--mapping", mapping)[1].startswith("0 accepted, 2 duplicates")


def test_an_xlsx_file_is_read_through_its_mapping(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str], ingesting: None
) -> None:
    mapping, path = write(tmp_path / "map.toml", MAPPING), tmp_path / "household.xlsx"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["户号", "区划", "经度", "changed"],
        [1, 371402, 116.3, "2026-05-01 10:00:00"],
        ["2", "371403", None, "2026-05-01 10:00:00"],
    ):
        sheet.append(row)
    book.save(path)
    assert call(capsys, "ingest", path, "--mapping", mapping)[0] == 0
    assert households(database) == ["H1", "H2"]


def test_a_table_without_a_mapped_column_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping, path = (
        write(tmp_path / "map.toml", MAPPING),
        write(tmp_path / "household.csv", "户号,changed\n1,2026-05-01\n"),
    )
    status, _, err = call(capsys, "ingest", path, "--mapping", mapping)
    assert (status, "区划" in err) == (2, True)


def test_a_file_that_only_calls_itself_a_workbook_is_unreadable(tmp_path: Path) -> None:
    mapping, path = write(tmp_path / "map.toml", MAPPING), write(tmp_path / "x.xlsx", b"PK nothing")
    with pytest.raises(UnreadableFileError):
        list(read(path, str(mapping)))


def put(database: Database, n: int, **more: object) -> None:
    row = {"id": f"{n:024x}", "subject": f"B{n}", "card": "red", "present": True} | more
    query = """insert into watch.finding (finding_id, rule, rule_version, subject_kind, subject_key, ladder_card, present, evidence,
        opened_at, first_seen_at, last_seen_at) values (:id, 'F02', 1, 'benefit', :subject, :card, :present,
        '{"benefit_id"\\: "B1", "months"\\: 2}', '2026-05-01T00:00:00Z', now(), now())"""
    with database.engine("owner").begin() as conn:
        conn.execute(text(query), row)


def test_findings_are_listed_in_three_formats(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    put(database, 1)
    put(database, 2, card=None, present=False)
    status, out, _ = call(capsys, "findings")
    assert (status, "2 findings as of" in out) == (0, True)
    assert "B1" in out
    told = json.loads(call(capsys, "findings", "--present", "true", "--format", "json")[1])
    assert [one["subject_key"] for one in told["items"]] == ["B1"]
    rows = list(csv.DictReader(io.StringIO(call(capsys, "findings", "--format", "csv")[1])))
    assert [row["card"] for row in rows] == ["red", ""]
    assert call(capsys, "findings", "--rule", "E01", "--format", "json")[1].count("F02") == 0


def test_a_spreadsheet_does_not_run_what_a_finding_says(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    put(database, 1, subject="=cmd|' /C calc'!A0")
    (row,) = csv.DictReader(io.StringIO(call(capsys, "findings", "--format", "csv")[1]))
    assert row["subject_key"].startswith("'=")


def test_a_list_that_was_cut_says_so(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(3):
        put(database, n)
    assert "only the newest 2" in call(capsys, "findings", "--limit", "2")[2]
    assert call(capsys, "findings", "--limit", "3")[2] == ""
    assert len(json.loads(call(capsys, "findings", "--limit", "0", "--format", "json")[1])["items"]) == 3


def test_a_wrong_filter_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = call(capsys, "findings", "--card", "blue")
    assert (status, "--card" in err) == (1, True)


def test_status_says_how_it_stands_and_ends_with_1_when_somebody_is_needed(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = call(capsys, "status")
    assert (status, "drift           not audited yet" in out) == (0, True)
    assert json.loads(call(capsys, "status", "--format", "json")[1])["backlog"]["stream_entries"] == 0
    with database.engine("owner").begin() as conn:
        conn.execute(text("insert into watch.audit_run(file, compared, drift, pending) values ('f', 9, 2, 0)"))
    status, out, _ = call(capsys, "status")
    assert (status, "2 of 9 findings" in out) == (1, True)


def test_settle_ends_with_0_when_nothing_waits_and_names_what_does(
    database: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with database.engine("owner").begin() as conn:
        conn.execute(text("delete from ledger.mark"))
    with evaluating(Settings.read(os.environ)):
        assert json.loads(call(capsys, "settle", "--format", "json")[1])["settled"]
    call(capsys, "ingest", write(tmp_path / "a.ndjson", raw(1)))
    status, _, err = call(capsys, "settle", "--timeout", "0.2")
    assert (status, "marks" in err) == (1, True)


def test_a_bus_that_is_away_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere/at/all.sock")
    for words in (("settle",), ("ingest", write(tmp_path / "a.ndjson", raw(1)))):
        status, _, err = call(capsys, *words)
        assert (status, "bus cannot be reached" in err) == (1, True)
    assert "stream          ? entries" in call(capsys, "status")[1]
