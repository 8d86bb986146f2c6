"""Scoring given pairs with given weights, at once: what a person who arrives costs must not grow with the city.

The conditions are the very ones the resolver gives to Splink, so a pair weighs the same whichever way it was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log2
from types import TracebackType
from typing import Any, NamedTuple, Self

import duckdb
import pyarrow as pa

from monitors.linkage.blocking import column_of, part, token
from monitors.linkage.cleaning import cleaned_record
from monitors.linkage.config import Comparison, Config
from monitors.linkage.errors import LinkageError
from monitors.linkage.resolve import DIGITS, Pair, Reason, made_columns
from monitors.linkage.settings import ELSE, NULL, needed_columns, unknown


class Weighed(NamedTuple):
    """The levels of a comparison, most alike first, with "else" last, and their weights in bits."""

    name: str
    labels: tuple[str, ...]
    weights: tuple[float, ...]


class Scorer:
    """Scores pairs by a configuration that gives every probability. A context manager; one per thread."""

    def __init__(self, config: Config) -> None:
        if config.training.prior is None:
            raise LinkageError(config.where, "`training.prior` is missing: it is not estimated here")
        self.config = config
        self._prior = log2(config.training.prior / (1 - config.training.prior))
        self._weighed = [_weighed(config, one) for one in config.compare]
        self._made = list(dict.fromkeys(made_columns(config)))
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._columns = [config.id, *needed_columns(config)]
        self._schema = pa.schema([(f"{column}_{side}", pa.string()) for side in "lr" for column in self._columns])
        levels = ", ".join(_level_sql(one) for one in config.compare)
        self._sql = f'select "{config.id}_l", "{config.id}_r", {levels} from pair'

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def ready(self, record: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return a record cleaned, with the columns made from it."""
        return cleaned_record(record, self.config.clean, self.config.make, self._made)

    def keys(self, record: Mapping[str, Any]) -> list[str]:
        """Return the blocking keys of a cleaned record: records that share one are compared."""
        found = []
        for group in self.config.block:
            values = [record[column_of(name)] for name in group]
            if all(values):
                found.append(token([*group, *(part(value, name) for value, name in zip(values, group, strict=True))]))
        return found

    def score(self, pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[Pair]:
        """Return the pairs of cleaned records at or above the threshold, heaviest first."""
        asked = list(pairs)
        if not asked:
            return []
        columns = [[pair[side][column] for pair in asked] for side in (0, 1) for column in self._columns]
        self._connection.register("pair", pa.table(columns, schema=self._schema))
        found = [pair for pair in self._scored(self._connection.execute(self._sql).fetchall()) if pair.probability >= self.config.threshold]
        return sorted(found, key=lambda pair: (-pair.weight, pair.left, pair.right))

    def _scored(self, rows: Iterable[Sequence[Any]]) -> Iterator[Pair]:
        for left, right, *levels in rows:
            reasons = [_reason(one, level) for one, level in zip(self._weighed, levels, strict=True)]
            weight = self._prior + sum(weight for _, weight in reasons)
            told = tuple(Reason(one.name, label, round(bits, 3)) for one, (label, bits) in zip(self._weighed, reasons, strict=True))
            yield Pair(left, right, round(1 / (1 + 2.0**-weight), DIGITS), round(weight, 3), round(self._prior, 3), told)


def _weighed(config: Config, one: Comparison) -> Weighed:
    chances = [(level.label, level.m, level.u) for level in one.levels] + [(ELSE, one.else_m, one.else_u)]
    weights = []
    for label, m, u in chances:
        if m is None or u is None:
            raise LinkageError(config.where, f"`compare.{one.name}` gives no m and u for {label!r}: they are not trained here")
        weights.append(log2(m / u))
    return Weighed(one.name, tuple(label for label, _, _ in chances), tuple(weights))


def _level_sql(one: Comparison) -> str:
    cases = " ".join(f"when {level.sql} then {n}" for n, level in enumerate(one.levels))
    return f"case when {unknown(one)} then -1 {cases} else {len(one.levels)} end"


def _reason(one: Weighed, level: int) -> tuple[str, float]:
    return (NULL, 0.0) if level < 0 else (one.labels[level], one.weights[level])
