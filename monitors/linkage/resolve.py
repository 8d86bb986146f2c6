"""The resolver: a configuration and one or two tables in, probable pairs with their reasons out. Same input, same output."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

import duckdb
import pandas as pd
from splink import DuckDBAPI, Linker

from monitors.linkage.blocking import block_columns, column_of
from monitors.linkage.cleaning import cleaned
from monitors.linkage.config import Config
from monitors.linkage.errors import LinkageError
from monitors.linkage.settings import ELSE, NULL, needed_columns, splink_settings
from monitors.linkage.training import train

DIGITS = 6  #: of a probability: below that, the order in which floats are added shows
_LOG = logging.getLogger("splink")


@dataclass(frozen=True)
class Reason:
    """What one comparison says of a pair: its level, and its weight in bits (log2 of the likelihood ratio)."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True)
class Pair:
    """Two records that are probably one. ``weight`` is that of the prior and of all reasons together."""

    left: str
    right: str
    probability: float
    weight: float
    prior_weight: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Resolved:
    """What came of a linkage, and what it was made of."""

    pairs: tuple[Pair, ...]
    records: int
    compared: int
    skipped_blocks: int
    model: dict[str, Any]


def resolve(tables: Sequence[tuple[str, pd.DataFrame]], config: Config) -> Resolved:
    """Return the pairs of one table (``dedupe``) or between two.

    Tables are text, named as errors shall name them; the order of rows makes no difference. LinkageError says what is wrong.
    """
    _check_number(tables, config)
    ready = [_ready(table, where, config) for where, table in tables]
    frames, skipped = block_columns(ready, config.block, config.largest_block)
    _LOG.setLevel(logging.ERROR)  # what it warns of is answered here
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:  # sums come in one order, samples repeat
        linker = _linker(connection, frames, config)
        train(linker, config)
        compared = linker.inference.compute_blocked_pairs_for_predict()
        found = linker.inference.predict(threshold_match_probability=config.threshold, warning_mode="never")
        rows = connection.sql(f"select * from {found.physical_name}").df()
        counted = connection.sql(f"select count(*) from {compared.physical_name}").fetchall()[0][0]
        model = linker.misc.save_model_to_json()
    pairs = _chosen(sorted(_pairs(rows, model, config), key=lambda p: (-p.weight, p.left, p.right)), config)
    return Resolved(tuple(pairs), sum(map(len, frames)), int(counted), skipped, model)


def _check_number(tables: Sequence[tuple[str, pd.DataFrame]], config: Config) -> None:
    wanted = 1 if config.kind == "dedupe" else 2
    if len(tables) != wanted:
        raise LinkageError(config.where, f"`kind` is {config.kind!r}, which takes {wanted} file(s), and {len(tables)} were given")


def _ready(table: pd.DataFrame, where: str, config: Config) -> pd.DataFrame:
    """Return a table checked, cleaned and in the order of its keys."""
    if table.empty:
        raise LinkageError(where, "has no rows below its heading")
    given = [column_of_made(c) for c in needed_columns(config)]
    for column in (config.id, *(part for parts in config.make.values() for part in parts), *given, *config.clean):
        if column not in table.columns and column not in config.make:
            raise LinkageError(where, f"has no column `{column}`, which {config.where} names; it has {', '.join(map(str, table.columns))}")
    keys = table[config.id]
    if (empty := keys[keys == ""]).size:
        raise LinkageError(where, f"row {empty.index[0] + 2}, column `{config.id}` is empty: every record needs a key of its own")
    if (twice := keys[keys.duplicated()]).size:
        raise LinkageError(where, f"row {twice.index[0] + 2}, column `{config.id}`: {twice.iloc[0]!r} is there twice")
    return cleaned(table, where, config.clean, config.make, made_columns(config)).sort_values(config.id, ignore_index=True)


def column_of_made(name: str) -> str:
    """Return the plain column behind ``name__sound``."""
    return name.partition("__")[0]


def made_columns(config: Config) -> Iterator[tuple[str, str]]:
    for comparison in config.compare:
        for level in comparison.levels:
            yield from level.made
    for name in (column_of(name) for group in config.block for name in group if "__" in name):
        column, _, suffix = name.partition("__")
        yield column, suffix


def _linker(connection: duckdb.DuckDBPyConnection, frames: Sequence[pd.DataFrame], config: Config) -> Linker:
    api = DuckDBAPI(connection)
    texts = list(dict.fromkeys([config.id, *needed_columns(config)]))
    keys = [str(c) for c in frames[0].columns if str(c).startswith("block_key_")]
    typed = ", ".join([*(f'cast("{c}" as varchar) as "{c}"' for c in texts), *keys])  # a column nobody filled has no type of its own
    tables = []
    for name, frame in zip("ab", frames, strict=False):
        connection.register(f"given_{name}", frame[[*texts, *keys]])
        connection.execute(f"create table records_{name} as select {typed} from given_{name}")
        tables.append(api.register(connection.table(f"records_{name}"), dataset_display_name=name))
    return Linker(tables if len(tables) > 1 else tables[0], splink_settings(config), log_level=None)


def _pairs(rows: pd.DataFrame, model: dict[str, Any], config: Config) -> Iterator[Pair]:
    prior = float(model["probability_two_random_records_match"])
    prior_weight = log2(prior / (1 - prior))
    labels = {c.name: [*(one.label for one in c.levels), ELSE] for c in config.compare}
    for row in rows.to_dict("records"):
        reasons = tuple(_reason(row, name, of) for name, of in labels.items())
        left, right = str(row[f"{config.id}_l"]), str(row[f"{config.id}_r"])
        yield Pair(left, right, round(float(row["match_probability"]), DIGITS), round(float(row["match_weight"]), 3),
                   round(prior_weight, 3), reasons)  # fmt: skip


def _reason(row: dict[Any, Any], name: str, labels: Sequence[str]) -> Reason:
    """Splink numbers levels from 0 (else) upwards; -1 is unknown."""
    gamma = int(row[f"gamma_{name}"])
    weight = float(row[f"mw_{name}"]) + float(row.get(f"mw_tf_adj_{name}") or 0.0)
    return Reason(name, NULL if gamma < 0 else labels[len(labels) - 1 - gamma], round(weight, 3))


def _chosen(pairs: Sequence[Pair], config: Config) -> Sequence[Pair]:
    return _one_to_one(pairs) if config.kind == "one_to_one" else pairs


def _one_to_one(pairs: Sequence[Pair]) -> list[Pair]:
    """Keep each record's best pair: the heaviest first, ties by key."""
    left: set[str] = set()
    right: set[str] = set()
    kept = []
    for pair in pairs:
        if pair.left not in left and pair.right not in right:
            left.add(pair.left)
            right.add(pair.right)
            kept.append(pair)
    return kept
