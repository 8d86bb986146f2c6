"""The receipt log through the command line into a deployment, and what its facts say."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from psycopg.rows import dict_row

from sql.connect import connect
from sql.settings import Settings

HERE = Path(__file__).parent
CALENDAR = "528"  #: the Netherlands (ISO 3166), as the code of a region
_DIGITS, _LIMIT_S = 4, 300


class Figures(NamedTuple):
    """Cases as a whole, and each kind of step."""

    cases: dict[str, Any]
    stages: list[dict[str, Any]]


def of(environ: Mapping[str, str], log: Path) -> Figures:
    """Load the calendar, take the log in, ask the facts. ``environ``: of a migrated deployment.

    Raises RuntimeError when a command fails or something was refused.
    """
    for year in sorted(HERE.glob("nl_*.toml")):
        _run(environ, "calendar", "load", str(year), "--calendar", CALENDAR)
    _run(environ, "ingest", str(log), "--mapping", str(HERE / "mapping.toml"))
    with connect(Settings.read(environ).database_url_for("worker"), name="receipt", statement_s=60) as conn:
        cases, stages = (
            conn.cursor(row_factory=dict_row).execute((HERE / f"{name}.sql").read_text(encoding="utf-8")).fetchall()
            for name in ("cases", "stages")
        )
    return Figures(_rounded(cases[0]), [_rounded(stage) for stage in stages])


def _run(environ: Mapping[str, str], *words: str) -> None:
    """A command of ours, as anybody would give it."""
    done = subprocess.run([Path(sys.executable).with_name("aidwatch"), *words], env=dict(environ), capture_output=True, text=True,
                          timeout=_LIMIT_S, check=False)  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"aidwatch {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: round(float(value), _DIGITS) if name.endswith("_days") and value is not None else value for name, value in row.items()}
