"""``aidwatch link`` as somebody uses it: files in, pairs with reasons out, and plain words where it cannot."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workers import cli
from workers.linkage import PERSONS
from workers.simulator.slips import with_doubles

PEOPLE, DOUBLES = 400, 40


@pytest.fixture
def people(tmp_path: Path) -> tuple[Path, set[tuple[str, str]]]:
    records, truth = with_doubles(PEOPLE, DOUBLES, seed=3)
    path = tmp_path / "people.csv"
    with path.open("w", encoding="gb18030", newline="") as file:  # as a Chinese spreadsheet saves it
        writer = csv.DictWriter(file, fieldnames=list(records[0]))
        writer.writeheader()
        writer.writerows(records)
    return path, truth


def call(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = cli.main([str(word) for word in words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_pairs_are_written_with_their_reasons_and_the_same_again(
    people: tuple[Path, set[tuple[str, str]]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, truth = people
    outs = [tmp_path / f"{n}.csv" for n in (1, 2)]
    for out in outs:
        status, said, _ = call(capsys, "link", path, "--config", PERSONS, "--out", out, "--format", "json")
        assert status == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()
    with outs[0].open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert json.loads(said)["pairs"] == len(rows) > DOUBLES * 0.9
    assert len({(row["left_id"], row["right_id"]) for row in rows} & truth) > DOUBLES * 0.9
    for row in rows:
        weights = [float(value) for name, value in row.items() if name.endswith("_weight")]
        assert abs(sum(weights) - float(row["weight"])) < 0.01
        assert float(row["probability"]) >= 0.9
        assert "" not in (row["name_level"], row["home_level"])


def test_nothing_is_half_written_when_the_table_is_wrong(
    people: tuple[Path, set[tuple[str, str]]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "link.toml"
    config.write_text('id = "nobody"\nblock = [["name"]]\n[compare]\nname = { levels = ["exact"] }\n', encoding="utf-8")
    status, out, err = call(capsys, "link", people[0], "--config", config, "--out", tmp_path / "out.csv")
    assert (status, out) == (2, "")
    assert "people.csv: has no column `nobody`" in err
    assert not list(tmp_path.glob("out.csv*"))


def test_a_missing_file_and_an_empty_one_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = call(capsys, "link", tmp_path / "none.csv", "--config", PERSONS, "--out", tmp_path / "out.csv")
    assert (status, "none.csv" in err) == (2, True)
    empty = tmp_path / "empty.csv"
    empty.touch()
    status, _, err = call(capsys, "link", empty, "--config", PERSONS, "--out", tmp_path / "out.csv")
    assert (status, "empty.csv: is no CSV with a heading" in err) == (2, True)


def test_two_files_need_a_kind_that_takes_two(
    people: tuple[Path, set[tuple[str, str]]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = call(capsys, "link", people[0], people[0], "--config", PERSONS, "--out", tmp_path / "out.csv")
    assert (status, "takes 1 file(s), and 2 were given" in err) == (2, True)


def test_help_and_jobs_do_not_load_the_linkage_libraries() -> None:
    code = "import sys, workers.cli, workers.tasks, workers.ingest, console.app; print([m for m in ('splink', 'duckdb', 'pypinyin') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ, timeout=60)
    assert done.stdout.strip() == "[]"
