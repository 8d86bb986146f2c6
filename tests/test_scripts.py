"""The scripts on a bare machine: what is missing is named with the package that brings it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A project directory without .venv, and a PATH with nothing but the shell's own tools."""
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "id", "dpkg-query", "grep"):
        if found := shutil.which(tool):
            (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def run(script: str, machine: Path, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / script), *args],
        cwd=machine,
        env={"PATH": str(machine / "bin"), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def python(machine: Path, name: str, body: str) -> None:
    program = machine / "bin" / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)


def test_no_python_is_named(machine: Path) -> None:
    answer = run("environment", machine, "requirements.lock")
    assert answer.returncode == 1
    assert "Python 3.11 or newer" in answer.stderr
    if Path("/etc/debian_version").exists():
        assert "apt-get install python3 python3-venv" in answer.stderr


def test_an_old_python_is_passed_over(machine: Path) -> None:
    python(machine, "python3", "exit 1")
    assert "Python 3.11 or newer" in run("environment", machine, "requirements.lock").stderr


def test_a_python_without_venv_is_named(machine: Path) -> None:
    python(machine, "python3", f'case "$2" in *ensurepip*) exit 1 ;; *) exec {sys.executable} "$@" ;; esac')
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    answer = run("environment", machine, "requirements.lock")
    assert answer.returncode == 1
    assert f"the venv and ensurepip modules of {version}" in answer.stderr


def test_leaving_the_browser_out_is_loud(machine: Path) -> None:
    answer = run("browser", machine, AIDWATCH_NO_BROWSER="1")
    assert answer.returncode == 0
    assert "NOT TESTED" in answer.stderr


@pytest.mark.skipif(os.getuid() == 0, reason="root on Debian would install the package")
def test_without_any_browser_the_gate_goes_on_and_the_tests_say_so(machine: Path) -> None:
    assert run("browser", machine).returncode == 0
