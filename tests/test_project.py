"""The project's own files say the truth: locks, README, deployment, gate."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from monitors.entities import ENTITIES, LOCAL_ONLY
from sql.settings import TABLE
from workers.cli import COMMANDS
from workers.run import PROCESSES
from workers.supervisor import read_procfile

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def locked(path: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", read(path), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_neither_hosts_nor_paths(lock: str) -> None:
    text = read(lock)
    assert "://" not in text
    assert not re.search(r"^\s*(-e|--index|--find|--extra|file:|/)", text, re.MULTILINE)
    blocks = re.split(r"\n(?=[a-z])", text)
    assert all("--hash=sha256:" in block for block in blocks)


def test_what_is_tested_is_what_is_installed() -> None:
    runtime, test = locked(LOCKS[0]), locked(LOCKS[1])
    assert {name: test.get(name) for name in runtime} == runtime


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["demo"]]
    names = {re.split(r"[\[<>=!;~ ]", line)[0] for line in wanted}
    assert names - set(locked(LOCKS[0])) == set(), "make lock"


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_first_commands_of_the_readme_are_demo_and_test(readme: str) -> None:
    block = re.search(r"```sh\n(.*?)```", read(readme), re.DOTALL)
    assert block is not None
    assert [line.split("#")[0].strip() for line in block[1].strip().splitlines()] == ["make demo", "make test"]


def test_the_written_contract_names_every_entity_and_every_field() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", read("docs/contract.md"), re.MULTILINE))
    missing = {name: lost for name, entity in ENTITIES.items() if name not in LOCAL_ONLY
               and (lost := {f.name for f in entity.fields} - set(re.findall(r"\w+", rows.get(name, ""))))}  # fmt: skip
    assert missing == {}


def test_every_section_of_the_design_that_the_code_cites_is_there() -> None:
    design = read("docs/design.md")
    sources = [path for folder in ("console", "monitors", "sql", "workers") for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".sql")]
    cited = {one for path in sources for one in re.findall(r"design §(\d+(?:\.\d+)?)", path.read_text(encoding="utf-8"))}
    assert cited
    for section, _, case in (one.partition(".") for one in cited):
        assert re.search(rf"^{case}\. " if case else rf"^## {section}\. ", design, re.MULTILINE), (section, case)


def test_the_readmes_name_only_commands_and_targets_that_exist() -> None:
    text = read("README.md") + read("README.zh-CN.md") + read("deploy/README.md")
    targets = set(re.findall(r"^([a-z-]+):.*##", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    assert set(re.findall(r"`aidwatch ([a-z]+)", text)) <= set(COMMANDS)


def test_the_gate_is_make_test() -> None:
    gate = ROOT / ".ci" / "run"
    assert os.access(gate, os.X_OK)
    assert gate.read_text().rstrip().endswith("exec make test")


def test_deployment_starts_every_process_of_the_procfile_with_settings_that_exist() -> None:
    target = read("deploy/systemd/aidwatch.target")
    assert (
        set(re.findall(r"aidwatch@(\w+)\.service", target)) == set(read_procfile(ROOT / "Procfile")) <= set(PROCESSES)
    )
    names = set(re.findall(r"^#? ?([A-Z_]+)=", read("deploy/aidwatch.env"), re.MULTILINE))
    assert names <= {setting.name for setting in TABLE}
