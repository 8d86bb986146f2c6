"""The benchmark of the forecast on the receipt log looks at nothing that came later than the day it speaks from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks import forecast
from benchmarks.forecast import EVERY_DAYS, LOG, NEVER, WEEKS_8, Log


@pytest.fixture(scope="module")
def log() -> Log:
    if not LOG.exists():
        pytest.skip(f"{LOG} is not here")
    return forecast.read(LOG)


def test_the_log_is_read_whole(log: Log) -> None:
    assert len(log.cases) == 1434
    assert int((log.cases["end"] < NEVER).sum()) == 1329
    late = (log.cases["end"] < NEVER) & (log.cases["end"] > log.cases["deadline"])
    assert int(late.sum()) == 378, "377 by the second; one ended on the day its deadline begins, before it"


def test_a_log_that_ends_on_the_day_gives_the_same_forecasts(log: Log) -> None:
    limits = log.cases["start"] + WEEKS_8
    today = int(log.cases["start"].quantile(0.6)) + EVERY_DAYS
    steps = log.steps[log.steps["day"] < today].copy()
    steps["end"] = steps["end"].where(steps["end"] < today, NEVER)
    cases = log.cases.copy()
    cases["end"] = cases["end"].where(cases["end"] < today, NEVER)
    then = replace(log, steps=steps, cases=cases)
    told = list(forecast.told_on(then, forecast.history(then, today), today, limits))
    assert len(told) > 100
    assert told == list(forecast.told_on(log, forecast.history(log, today), today, limits))
