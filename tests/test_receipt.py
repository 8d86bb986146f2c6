"""A Dutch municipality's log through mapping, ingest, facts and SQL: the same figures as pandas has from the file itself."""

from __future__ import annotations

import math
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks.receipt import figures
from tests.conftest import Database
from workers.calendar_cli import read
from workers.mapping_file import load_mapping

LOG = Path(os.environ.get("RECEIPT", Path(__file__).parents[2] / "shared" / "data" / "receipt.csv.gz"))
needs_the_log = pytest.mark.skipif(not LOG.exists(), reason=f"the receipt log is not shipped and not at {LOG}; set RECEIPT to its path")
A_DAY_S = 86_400


def log() -> pd.DataFrame:
    """The file with every instant read; pandas refuses a date in a form it was not told of."""
    told = pd.read_csv(LOG)
    for column in ("timestamp", "case:startdate", "case:deadline", "case:enddate"):
        was_there = told[column].notna()
        told[column] = pd.to_datetime(told[column], format="ISO8601", utc=True)
        assert (told[column].notna() == was_there).all()
    return told


def cases_of(told: pd.DataFrame) -> dict[str, Any]:
    cases = told.groupby("case_id").first()
    ended, promised = cases["case:enddate"], cases["case:deadline"]
    days = (ended - cases["case:startdate"]).dt.total_seconds() / A_DAY_S
    return {
        "cases": len(cases), "closed": int(ended.notna().sum()), "late": int((ended > promised).sum()),
        "open_past_due": int((ended.isna() & (promised < told["timestamp"].max())).sum()),
        "median_days": days.median(), "p90_days": days.quantile(0.9),
    }  # fmt: skip


def days_off() -> set[date]:
    return {day.day for year in sorted(figures.HERE.glob("nl_*.toml")) for day in read(year) if not day.working}


def working_days(begin: date, end: date, off: set[date]) -> int:
    """Days after ``begin`` up to and with ``end`` that are not off; the other way round they count against it."""
    if end < begin:
        return -working_days(end, begin, off)
    return sum(begin + timedelta(n) not in off for n in range(1, (end - begin).days + 1))


def stages_of(told: pd.DataFrame) -> pd.DataFrame:
    """Days and working days from the step before, or from the start of the case, counted one by one."""
    told = told.sort_values(["case_id", "timestamp", "concept:instance"])
    told["before"] = told.groupby("case_id")["timestamp"].shift().fillna(told["case:startdate"])
    told["days"] = (told["timestamp"] - told["before"]).dt.total_seconds() / A_DAY_S
    off = days_off()
    spans = zip(*(told[name].dt.tz_convert("Europe/Amsterdam").dt.date for name in ("before", "timestamp")), strict=True)
    told["working_days"] = [working_days(begin, end, off) for begin, end in spans]
    grouped = told.groupby("activity")
    return pd.DataFrame({
        "n": grouped.size(), "median_days": grouped["days"].median(), "p90_days": grouped["days"].quantile(0.9),
        "median_working_days": grouped["working_days"].median(), "p90_working_days": grouped["working_days"].quantile(0.9),
    })  # fmt: skip


@needs_the_log
def test_late_cases_and_the_time_of_every_step_are_what_pandas_finds(environ: dict[str, str], database: Database) -> None:
    told, found = log(), figures.of(environ, LOG)
    assert (found.cases["cases"], sum(stage["n"] for stage in found.stages)) == (1434, 8577), "complete: every row of the log"
    assert found.cases == {name: pytest.approx(value, abs=1e-4) for name, value in cases_of(told).items()}
    expected = stages_of(told)
    assert {stage["activity"] for stage in found.stages} == set(expected.index)
    assert len(expected) == told["activity"].nunique() == 27
    wrong = [(name, column, stage[column], value) for stage in found.stages for name in [stage["activity"]]
             for column, value in expected.loc[name].items() if not math.isclose(stage[str(column)], value, abs_tol=1e-4)]  # fmt: skip
    assert wrong == []


@needs_the_log
def test_the_mapping_names_every_step_of_the_log() -> None:
    steps = load_mapping(str(figures.HERE / "mapping.toml")).tables[0]
    convert = next(rule.convert for rule in steps.fields if rule.field.name == "stage_code")
    assert all(convert(activity) for activity in pd.read_csv(LOG)["activity"].unique())


def test_the_dutch_calendar_knows_its_holidays() -> None:
    off = {day for day in days_off() if day.weekday() < 5}
    assert {date(2011, 4, 22), date(2011, 4, 25), date(2011, 6, 2), date(2010, 5, 24), date(2012, 4, 30)} <= off
    assert len(off) == 7 + 6 + 7, "days off on weekdays of 2010, 2011 and 2012"
