"""The forecast on a real log: the receipt phase of environmental permits of a Dutch municipality (1,434 cases, 27 activities).

``python -m benchmarks.forecast`` prints JSON and, with ``--write``, puts the table into docs/benchmarks.md. The product's own functions are
asked (monitors.indicators); only the reading of the log is here. Days are calendar days in Amsterdam; a state is the last activity, the
clock runs from startdate to enddate.

A time-based split: on the day by which the first 60 % of the cases had begun, and every seventh day after it, each case
that is open and not yet late is forecast. "frozen": from what was known at the split; "nightly": from what was known that day, as
the product does. Steps and ends of later days are never seen; cases still open count as not ended until that day (censored). Judged are the
cases whose limit lies within the log: of the others only those that ended early would be known.

The limit: ``statutory`` – start + 8 weeks, known to everybody from the first day; ``recorded`` – the log's case:deadline, which was moved
in extended cases and is told as it finally stood, so a forecast with it knows more than its day.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from monitors.indicators import scoring
from monitors.indicators.forecast import History, Running
from monitors.indicators.survival import known_at

LOG = Path(os.environ.get("RECEIPT", Path(__file__).parents[2] / "shared" / "data" / "receipt.csv.gz"))
SPLIT_SHARE, EVERY_DAYS, WEEKS_8, NEVER = 0.6, 7, 56, 10**6
DOCS, MARK = Path(__file__).parents[1] / "docs" / "benchmarks.md", "<!-- forecast: written by python -m benchmarks.forecast --write -->"
LIMITS = {"statutory": "start + 8 weeks", "recorded": "as recorded"}
_DATES = ["timestamp", "case:startdate", "case:enddate"]


@dataclass(frozen=True)
class Log:
    """Steps sorted by case and time (case, state, day, end of the case) and cases (start, end, deadline: the last day in time), in days."""

    steps: pd.DataFrame
    cases: pd.DataFrame
    last: int
    n_states: int


def read(path: Path) -> Log:
    """Read the log; every form of its dates is parsed or this fails."""
    told = pd.read_csv(path)
    days = {name: _days(_instants(told[name])) for name in _DATES}
    last_in_time = _days(_instants(told["case:deadline"]) + pd.Timedelta(seconds=1)) - 1  # it ends a day, or begins the one too late
    frame = pd.DataFrame({
        "case": pd.factorize(told["case_id"])[0], "state": pd.factorize(told["activity"], sort=True)[0] + 1,
        "at": _instants(told["timestamp"]), "day": days["timestamp"],
        "start": days["case:startdate"], "end": days["case:enddate"].fillna(NEVER), "deadline": last_in_time,
    })  # fmt: skip
    frame = frame.astype(dict.fromkeys(("state", "day", "start", "end", "deadline"), "int64"))
    cases = frame.groupby("case")[["start", "end", "deadline"]].first()
    begun = cases.reset_index().assign(state=0, day=cases["start"].to_numpy(), at=pd.Timestamp(0, tz="UTC"))  # state 0: nothing done yet
    steps = pd.concat([begun, frame.assign(day=frame[["day", "start"]].max(axis=1))]).sort_values(["case", "at"], kind="stable")
    return Log(steps[steps["day"] <= steps["end"]].reset_index(drop=True), cases, int(frame["day"].max()), int(frame["state"].max()) + 1)


def _instants(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, utc=True, format="ISO8601")


def _days(instants: pd.Series) -> pd.Series:
    local = instants.dt.tz_convert("Europe/Amsterdam").dt.tz_localize(None)
    days: pd.Series = (local.dt.floor("D") - pd.Timestamp("2010-01-01")).dt.days
    return days


def history(log: Log, today: int) -> History:
    """What is known on the morning of ``today``."""
    case, state, day, end = (log.steps[name].to_numpy(np.int64) for name in ("case", "state", "day", "end"))
    return History([known_at(case, state, day, end, today - 1)], log.n_states)


def told_on(log: Log, known: History, today: int, limits: pd.Series) -> Iterator[tuple[int, float, int]]:
    """Forecast what is open and in time on the morning of ``today``: (case, chance, days since its start)."""
    now = log.steps[log.steps["day"] < today].groupby("case")[["state", "day"]].last()
    now = now.assign(start=log.cases["start"], end=log.cases["end"], limit=limits)
    for case, state, entered, start, end, limit in now.reset_index().to_numpy(np.int64).tolist():
        if end >= today and limit >= today:
            chance = known.chance(Running(state, entered, start, limit, today - 1))
            if chance is not None:
                yield case, chance.late_share, today - start


def evaluate(log: Log, limits: pd.Series, *, nightly: bool) -> dict[str, Any]:
    """Forecast every week after the split and compare with what came."""
    split = int(log.cases["start"].quantile(SPLIT_SHARE))
    late, judged = log.cases["end"] > limits, limits < log.last
    frozen = history(log, split)
    rows = []
    for today in range(split, log.last, EVERY_DAYS):
        known = history(log, today) if nightly else frozen
        rows += [(case, chance, elapsed, limits[case] - today, bool(late[case]))
                 for case, chance, elapsed in told_on(log, known, today, limits) if judged[case]]  # fmt: skip
    case, told, elapsed, left, came = (np.array(column) for column in zip(*rows, strict=True))
    return {"forecasts": len(rows), "cases": len(set(case)), **_scores(told, came),
            "auc_days_elapsed": scoring.auc(elapsed.astype(float), came),
            "auc_days_left": scoring.auc(-left.astype(float), came), "late_share": float(came.mean()),
            "calibration_error_of_the_base_rate": _base_error(log, split, late, came),
            "first_tenth": scoring.reached(told, came),
            "first_tenth_by_days_elapsed": scoring.reached(elapsed.astype(float), came)}  # fmt: skip


def _scores(told: scoring.Shares, came: scoring.Truth) -> dict[str, Any]:
    groups = scoring.calibration(told, came)
    return {"auc": scoring.auc(told, came), "calibration_error": scoring.calibration_error(groups), "brier": scoring.brier(told, came),
            "brier_of_the_base_rate": float(came.mean() * (1 - came.mean())),
            "groups": [(round(one.told_share, 3), round(one.came_share, 3), one.n) for one in groups]}  # fmt: skip


def _base_error(log: Log, split: int, late: pd.Series, came: scoring.Truth) -> float:
    """How far off it is to tell everybody the share of late cases among those whose limit lay before the split."""
    before = log.cases["start"] + WEEKS_8 < split
    return abs(float(late[before].mean()) - float(came.mean()))


def run(path: Path = LOG) -> dict[str, Any]:
    """Return the figures by limit and way."""
    log = read(path)
    limits = {"statutory": log.cases["start"] + WEEKS_8, "recorded": log.cases["deadline"]}
    return {name: {way: evaluate(log, limit, nightly=way == "nightly") for way in ("frozen", "nightly")} for name, limit in limits.items()}


def table(figures: dict[str, Any]) -> str:
    """Return the figures as the table of docs/benchmarks.md."""
    head = ("limit", "way", "forecasts (cases)", "late", "AUC", "AUC of days elapsed", "AUC of days left", "calibration error (base rate)",
            "Brier (base rate)", "late among the first tenth (by days elapsed)")  # fmt: skip
    lines = [head, ("---",) * len(head)]
    for limit, ways in figures.items():
        for way, one in ways.items():
            (n, late, _), (_, by_days, _) = one["first_tenth"], one["first_tenth_by_days_elapsed"]
            lines.append((LIMITS[limit], way, f"{one['forecasts']:,} ({one['cases']})", f"{one['late_share']:.0%}", *(
                f"{one[name]:.3f}" for name in ("auc", "auc_days_elapsed", "auc_days_left")),
                f"{one['calibration_error']:.3f} ({one['calibration_error_of_the_base_rate']:.3f})",
                f"{one['brier']:.3f} ({one['brier_of_the_base_rate']:.3f})", f"{late} of {n} ({by_days})"))  # fmt: skip
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(figures: dict[str, Any]) -> None:
    """Put the table into the docs, between its marks."""
    text = DOCS.read_text(encoding="utf-8")
    before, mark, rest = text.partition(MARK)
    _, end, after = rest.partition("<!-- /forecast -->")
    if not (mark and end):
        raise SystemExit(f"{DOCS} has no place for the table: put {MARK!r} and '<!-- /forecast -->' on lines of their own")
    DOCS.write_text(f"{before}{mark}\n{table(figures)}\n{end}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast", description="Measure the forecast on the receipt log.")
    parser.add_argument("log", nargs="?", type=Path, default=LOG, help="receipt.csv.gz (4TU, CoSeLoG; default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    args = parser.parse_args()
    if not args.log.exists():
        parser.error(f"{args.log} is not here; give the path of the receipt log")
    figures = run(args.log)
    if args.write:
        write(figures)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
