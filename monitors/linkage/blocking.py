"""Which pairs are compared at all: those alike in one group of columns. Groups that are too large are passed over: that bounds the cost."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pandas as pd

from monitors.linkage.errors import LinkageError


def block_columns(frames: Sequence[pd.DataFrame], groups: Sequence[tuple[str, ...]], largest: int | None) -> tuple[list[pd.DataFrame], int]:
    """Return the tables with one column per group, ``block_key_<n>``, and how many blocks were too large to be compared.

    A key is a number made of the values; it is unknown where one of its columns is, or when more than ``largest`` records share it.
    Two groups of values that come to one number (one in 10¹⁹) would be compared in vain.
    """
    made = [frame.assign(**{f"block_key_{n}": _key(frame, group) for n, group in enumerate(groups)}) for frame in frames]
    if largest is None:
        return made, 0
    skipped = 0
    for n in range(len(groups)):
        name = f"block_key_{n}"
        counts = pd.concat([frame[name] for frame in made]).value_counts()
        too_large = counts[counts > largest].index
        skipped += len(too_large)
        for frame in made:
            frame[name] = frame[name].mask(frame[name].isin(too_large))
    return made, skipped


def part(value: str, name: str) -> str:
    """Return the part of a value a group asks for: ``birth:4`` is its first four characters, ``number:-8`` its last eight."""
    if ":" not in name:
        return value
    length = int(name.partition(":")[2])
    return value[:length] if length > 0 else value[length:]


def column_of(name: str) -> str:
    return name.partition(":")[0]


def check_groups(groups: Sequence[tuple[str, ...]], where: str) -> None:
    """Refuse a group with a length that is no number."""
    for name in (name for group in groups for name in group):
        length = name.partition(":")[2].removeprefix("-")
        if ":" in name and not (length.isdigit() and int(length) > 0):
            raise LinkageError(where, f"`block` has {name!r}: write a column, or a column and how many characters of it, as \"birth:4\"")


def token(values: Sequence[str]) -> str:
    """Return one short key of several values."""
    return hashlib.blake2b("\x1f".join(values).encode(), digest_size=12).hexdigest()


def _key(frame: pd.DataFrame, group: Sequence[str]) -> pd.Series:
    parts = pd.DataFrame({name: _parts(frame[column_of(name)], name) for name in group})
    return pd.util.hash_pandas_object(parts, index=False).astype("UInt64").mask(parts.isna().any(axis=1))


def _parts(column: pd.Series, name: str) -> pd.Series:
    return column.map(lambda value: part(value, name), na_action="ignore") if ":" in name else column
