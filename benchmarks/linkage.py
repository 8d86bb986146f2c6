"""How well and how fast the resolver finds duplicates; prints one JSON object, in one run.

usage: python -m benchmarks.linkage [--febrl1 FILE] [--febrl2 FILE] [--people N] [--city N]

Each FEBRL set goes through ``monitors.linkage`` with its shipped configuration, and, for time, through Splink used directly
with the same comparisons and blocking; people are made with the errors of ``workers.simulator.slips``; ``--city`` measures what one
person costs who arrives in a database of so many. What is not given or not there is null.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from splink import DuckDBAPI, Linker, block_on

from monitors.linkage.blocking import block_columns
from monitors.linkage.cleaning import cleaned
from monitors.linkage.config import Config, read
from monitors.linkage.resolve import resolve
from monitors.linkage.settings import splink_settings
from workers.linkage import PERSONS
from workers.simulator.slips import with_doubles

EXAMPLES = PERSONS.parent


def quality(said: set[tuple[str, ...]], truth: set[tuple[str, ...]]) -> dict[str, float]:
    hit = len(said & truth)
    precision, recall = hit / max(len(said), 1), hit / max(len(truth), 1)
    return {"pairs": len(said), "precision": round(precision, 4), "recall": round(recall, 4),
            "f1": round(2 * hit / max(len(said) + len(truth), 1), 4)}  # fmt: skip


def febrl(path: Path | None, config: Config) -> dict[str, Any] | None:
    """F1 of a FEBRL file by its own keys (``rec-<entity>-…``), and time beside Splink's."""
    if path is None or not path.exists():
        return None
    table = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True)
    begun = time.perf_counter()
    found = resolve([(str(path), table)], config)
    ours_s = time.perf_counter() - begun
    begun = time.perf_counter()
    direct = splink_alone(table, config)
    return {**febrl_quality(found.pairs, table), "compared": found.compared, "seconds": round(ours_s, 2),
            "splink_seconds": round(time.perf_counter() - begun, 2), "splink_pairs": direct}  # fmt: skip


def febrl_quality(pairs: Any, table: pd.DataFrame) -> dict[str, Any]:
    same = sum(entity(pair.left) == entity(pair.right) for pair in pairs)
    truth = sum(n * (n - 1) // 2 for n in Counter(map(entity, table["rec_id"])).values())
    return {"truth": truth, "pairs": len(pairs), "precision": round(same / len(pairs), 4), "recall": round(same / truth, 4),
            "f1": round(2 * same / (len(pairs) + truth), 4)}  # fmt: skip


def entity(key: str) -> str:
    return key.split("-")[1]


def splink_alone(table: pd.DataFrame, config: Config) -> int:
    """The same model without this project around it, with as many threads as Splink takes; returns its pairs."""
    (frame,), _ = block_columns([cleaned(table, "", config.clean, config.make, [])], config.block, config.largest_block)
    api = DuckDBAPI(duckdb.connect(":memory:"))
    linker = Linker(api.register(frame), splink_settings(config), log_level=None)
    training = config.training
    linker.training.estimate_probability_two_random_records_match([block_on(*c) for c in training.sure], recall=training.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=training.random_pairs, seed=training.seed)
    for columns in training.expect:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    return len(linker.inference.predict(threshold_match_probability=config.threshold).as_pandas_dataframe())


def people(count: int, seed: int) -> dict[str, Any]:
    """Five of a hundred registered twice."""
    records, truth = with_doubles(count, count // 20, seed)
    begun = time.perf_counter()
    found = resolve([("people", pd.DataFrame(records))], read(PERSONS))
    seconds = round(time.perf_counter() - begun, 1)
    said: set[tuple[str, ...]] = {(pair.left, pair.right) for pair in found.pairs}
    return {"records": found.records, "seed": seed, **quality(said, set(truth)), "compared": found.compared,
            "skipped_blocks": found.skipped_blocks, "seconds": seconds}  # fmt: skip


def arrivals(city: int, many: int) -> dict[str, Any]:
    """Time from a person's record in the database to their pairs, one at a time, in a city of so many."""
    from benchmarks.linkage_city import arriving

    times_ms = sorted(arriving(city, many))
    return {"city": city, "arrivals": many, "p50_ms": round(statistics.median(times_ms), 1),
            "p95_ms": round(times_ms[int(len(times_ms) * 0.95)], 1), "max_ms": round(times_ms[-1], 1)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--febrl1", type=Path)
    parser.add_argument("--febrl2", type=Path)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--city", type=int, default=0)
    asked = parser.parse_args()
    print(json.dumps({
        "febrl1": febrl(asked.febrl1, read(EXAMPLES / "febrl1.toml")), "febrl2": febrl(asked.febrl2, read(EXAMPLES / "febrl2.toml")),
        "people": [people(n, seed=11) for n in (asked.people // 10, asked.people)],
        "arrivals": arrivals(asked.city, 300) if asked.city else None,
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
