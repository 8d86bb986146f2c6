"""The evidence of a list or a sample in one file: whole, of one's own regions, and it says which of its packages was changed."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from console.evidence import collection
from tests.conftest import Database
from tests.console.guests import Guest, guest
from tests.console.test_evidence import MEMBERS, TOWN, failures, finding, flip, run
from tests.console.world import World

__all__ = ["finding"]  # a fixture: a finding about a benefit whose events came through intake


@pytest.fixture
def several(database: Database, finding: str) -> list[str]:
    """The finding, and four more in its town, of which nothing else is known."""
    with database.engine("owner").begin() as owner:
        world = World(owner, database.engine("owner"), n=1)
        return [finding, *(world.finding(rule, "yellow", TOWN["region_code"], subject_kind="benefit", subject_key=f"X{n}")
                           for n, rule in enumerate(("F01", "F01", "F02", "F03")))]  # fmt: skip


def collected(who: Guest, folder: Path, search: str) -> list[Path]:
    answer = who.client.get(f"/findings/evidence.zip{search}", buffered=True)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    zipfile.ZipFile(io.BytesIO(answer.get_data())).extractall(folder)
    return sorted(path for path in folder.iterdir() if path.is_dir())


def test_the_packages_of_a_sample_come_in_one_file_that_verifies_whole_and_each_alone(database: Database, several: list[str], tmp_path: Path) -> None:
    who = guest(database)
    drawn = collected(who, tmp_path / "sample", "?lang=zh&sample=3-482913")
    assert len(drawn) == 3
    assert {path.name.partition("-")[2] for path in drawn} < set(several)
    assert run(tmp_path / "sample")[0] == 0
    for package in drawn:
        assert {one.name for one in package.iterdir()} == MEMBERS
        assert run(package)[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "sample" / "findings.xlsx").worksheets[0]
    told = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert any("482913" in cell for row in told for cell in row)
    assert {path.name.partition("-")[2] for path in drawn} == {row[-1] for row in told[-3:]}
    whole = collected(who, tmp_path / "one", "?rule=F02&subject_kind=benefit&subject_key=B1")
    assert [path.name for path in whole] == [f"F02-{several[0]}"]


@pytest.mark.parametrize("harm", ["a package left out", "an event changed", "a package put in"])
def test_a_collection_says_which_package_was_changed(database: Database, several: list[str], tmp_path: Path, harm: str) -> None:
    collected(guest(database), tmp_path / "all", "")
    package = tmp_path / "all" / f"F02-{several[0]}"
    if harm == "a package left out":
        shutil.rmtree(package)
    elif harm == "a package put in":
        shutil.copytree(package, package.with_name("T99-x"))
    else:
        flip(package / "events.ndjson", 30)
    wrong = failures(tmp_path / "all")
    assert any(("T99-x" if harm == "a package put in" else package.name) in one for one in wrong), wrong
    assert run(tmp_path / "all")[0] == 1


def test_a_list_too_long_for_one_file_or_empty_is_refused_and_no_other_region_is_in_it(
    database: Database, several: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    near = guest(database, name="near", roles=["auditor"], regions=[TOWN["region_code"]])
    assert {path.name.partition("-")[2] for path in collected(near, tmp_path / "near", "?sample=50-000001")} == set(several)
    far = guest(database, name="far", roles=["auditor"], regions=["371424000000"])
    assert far.client.get("/findings/evidence.zip?sample=50-000001").status_code == 400
    assert far.client.get("/findings/evidence.zip?rule=Z99").status_code == 400
    monkeypatch.setattr(collection, "MOST", 2)
    assert guest(database, name="b").client.get("/findings/evidence.zip?sample=3-000001").status_code == 400
    assert guest(database, name="c", roles=["leader"]).client.get("/findings/evidence.zip?sample=1-000001").status_code == 403
