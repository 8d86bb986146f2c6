"""How many pairs blocking leaves to compare as a city grows, counted and not compared. Prints one JSON object.

usage: python -m benchmarks.blocking [--millions 1 3 6]

People are made a million at a time, with the errors of ``workers.simulator.slips``, cleaned and given their keys as the resolver does it
(configuration of persons). A pair that shares two keys is counted twice, so that the number is an upper bound.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import pandas as pd

from monitors.linkage.blocking import block_columns
from monitors.linkage.cleaning import cleaned
from monitors.linkage.config import read
from monitors.linkage.resolve import made_columns
from workers.linkage import PERSONS
from workers.simulator.slips import with_doubles

MILLION = 1_000_000
Keys = np.ndarray[Any, np.dtype[np.uint64]]


def keys(people: int, seed: int) -> list[Keys]:
    """Return, for each group of columns, the keys of so many people as numbers; of a group that is not known, none."""
    config = read(PERSONS)
    records, _ = with_doubles(people, people // 20, seed)
    frame = cleaned(pd.DataFrame(records), "", config.clean, config.make, made_columns(config))
    (blocked,), _ = block_columns([frame], config.block, None)
    return [blocked[f"block_key_{n}"].dropna().to_numpy(dtype=np.uint64) for n in range(len(config.block))]


def pairs(parts: Sequence[Keys], largest: int) -> tuple[int, int]:
    """Return how many pairs share a key of one group, and how many keys more than ``largest`` share: those are passed over."""
    _, sizes = np.unique(np.concatenate(parts), return_counts=True)
    small = sizes[sizes <= largest]
    return int((small * (small - 1) // 2).sum()), len(sizes) - len(small)


def counted(cities: Sequence[Sequence[Keys]], people: int) -> dict[str, Any]:
    """Return pairs for each person, by group; ``cities``: the keys of each million."""
    config = read(PERSONS)
    found = [pairs(parts, config.largest_block or MILLION) for parts in zip(*cities, strict=True)]
    total = sum(group for group, _ in found)
    by_group = {" + ".join(columns): round(group / people, 4) for columns, (group, _) in zip(config.block, found, strict=True)}
    return {"people": people, "pairs": total, "keys_passed_over": sum(over for _, over in found),
            "pairs_per_person": round(total / people, 3), "by_group": by_group}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 3, 6])
    wanted, begun = sorted(parser.parse_args().millions), time.perf_counter()
    with ProcessPoolExecutor(max_workers=2) as pool:
        cities = list(pool.map(keys, [MILLION] * wanted[-1], range(1, wanted[-1] + 1)))
    sizes = [counted(cities[:millions], millions * MILLION) for millions in wanted]
    print(json.dumps({"sizes": sizes, "seconds": round(time.perf_counter() - begun)}, indent=1))


if __name__ == "__main__":
    main()
