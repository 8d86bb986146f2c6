"""How many pairs blocking leaves to compare as a city grows, counted and not compared. Prints one JSON object.

usage: python -m benchmarks.blocking [--millions 1 3 6]

People are made a million at a time, with the errors of ``workers.simulator.slips``, cleaned and given their keys as the resolver does it
(configuration of persons). A pair that shares two keys is counted twice, so that the number is an upper bound.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import psutil

from monitors.linkage.blocking import block_columns
from monitors.linkage.cleaning import cleaned
from monitors.linkage.config import Config, read
from monitors.linkage.resolve import made_columns
from workers.linkage import PERSONS
from workers.simulator.slips import with_doubles

MILLION = 1_000_000


def keys(config: Config, seed: int) -> Iterator[np.ndarray[Any, Any]]:
    """Yield, for each group of columns, the keys of a million people as numbers; of a group that is not known, none."""
    records, _ = with_doubles(MILLION, MILLION // 20, seed)
    frame = cleaned(pd.DataFrame(records), "", config.clean, config.make, made_columns(config))
    (blocked,), _ = block_columns([frame], config.block, None)
    for n in range(len(config.block)):
        yield pd.util.hash_array(blocked[f"block_key_{n}"].dropna().to_numpy(dtype=object))


def counted(found: list[list[np.ndarray[Any, Any]]], largest: int) -> dict[str, int]:
    """Return pairs and passed-over keys of all groups together; ``found``: for each group, its keys of each million."""
    pairs = skipped = 0
    for parts in found:
        _, sizes = np.unique(np.concatenate(parts), return_counts=True)
        pairs += int((sizes[sizes <= largest] * (sizes[sizes <= largest] - 1) // 2).sum())
        skipped += int((sizes > largest).sum())
    return {"pairs": pairs, "keys_passed_over": skipped}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 3, 6])
    wanted, config = sorted(parser.parse_args().millions), read(PERSONS)
    found: list[list[np.ndarray[Any, Any]]] = [[] for _ in config.block]
    told, begun = [], time.perf_counter()
    for million in range(1, wanted[-1] + 1):
        for parts, made in zip(found, keys(config, seed=million), strict=True):
            parts.append(made)
        if million in wanted:
            counts = counted(found, config.largest_block or MILLION)
            told.append({"people": million * MILLION, **counts, "pairs_per_person": round(counts["pairs"] / million / MILLION, 2),
                         "seconds": round(time.perf_counter() - begun)})  # fmt: skip
    print(json.dumps({"sizes": told, "rss_bytes": psutil.Process().memory_info().rss}, indent=1))


if __name__ == "__main__":
    main()
