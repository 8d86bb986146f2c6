"""Levels of likeness: a test in the configuration becomes a condition of DuckDB over the columns of a pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: columns a level needs beside the plain one: suffix of the column that cleaning makes for it
SUFFIXES = {"same_sound": "sound", "near_sound": "near_sound", "variant": "plain", "look_alike": "look", "transposed": "sorted"}


@dataclass(frozen=True)
class Level:
    """One step of a comparison: its name in the reasons, its condition, and its probabilities where they are given."""

    label: str
    sql: str
    columns: tuple[str, ...]
    made: tuple[tuple[str, str], ...] = ()  # (column, suffix) to be made before
    is_exact: bool = False
    m: float | None = None  # chance among the same, if not to be trained
    u: float | None = None  # chance among different ones


def _sides(column: str) -> tuple[str, str]:
    return f'"{column}_l"', f'"{column}_r"'


def _equal(column: str, _: Any) -> str:
    left, right = _sides(column)
    return f"{left} = {right}"


def _edits(function: str) -> Callable[[str, Any], str]:
    def sql(column: str, most: Any) -> str:
        left, right = _sides(column)
        return f"{function}({left}, {right}) <= {int(most)}"

    return sql


def _alike(function: str) -> Callable[[str, Any], str]:
    def sql(column: str, least: Any) -> str:
        left, right = _sides(column)
        return f"{function}({left}, {right}) >= {float(least)}"

    return sql


def _days(column: str, most: Any) -> str:
    left, right = _sides(column)
    return f"abs(date_diff('day', try_cast({left} as date), try_cast({right} as date))) <= {int(most)}"


def _difference(column: str, most: Any) -> str:
    left, right = _sides(column)
    return f"abs(try_cast({left} as double) - try_cast({right} as double)) <= {float(most)}"


def _prefix(column: str, length: Any) -> str:
    left, right = _sides(column)
    return f"left({left}, {int(length)}) = left({right}, {int(length)})"


def _swapped(column: str, other: Any) -> str:
    (left, right), (other_left, other_right) = _sides(column), _sides(str(other))
    return f"{left} = {other_right} and {other_left} = {right}"


def _made_equal(suffix: str) -> Callable[[str, Any], str]:
    return lambda column, _: _equal(f"{column}__{suffix}", None)


def _both(column: str, value: Any) -> str:
    left, right = _sides(column)
    wanted = str(value).replace("'", "''")
    return f"{left} = '{wanted}' and {right} = '{wanted}'"


#: test → (its condition, the kind of its value)
TESTS: dict[str, tuple[Callable[[str, Any], str], type | tuple[type, ...]]] = {
    "exact": (_equal, bool),
    "levenshtein": (_edits("levenshtein"), int),
    "damerau": (_edits("damerau_levenshtein"), int),  # a transposition is one edit
    "jaro_winkler": (_alike("jaro_winkler_similarity"), (int, float)),
    "jaro": (_alike("jaro_similarity"), (int, float)),
    "days": (_days, int),
    "difference": (_difference, (int, float)),
    "prefix": (_prefix, int),
    "swapped": (_swapped, str),  # with another column: family name and given name, day and month
    "both": (_both, str),  # both records have this value
    **{name: (_made_equal(suffix), bool) for name, suffix in SUFFIXES.items()},
}
_OTHER = {"column", "m", "u", "and", "label"}


def level(column: str, told: Any) -> Level:
    """Return the level a configuration tells: ``"exact"``, ``{ damerau = 2 }``, ``{ exact = true, column = "birth", and = {…} }``.

    ValueError says what is wrong with it.
    """
    table = {told: True} if isinstance(told, str) else told
    tests = [name for name in table if name in TESTS] if isinstance(table, dict) else []
    if len(tests) != 1 or set(table) - _OTHER - set(tests):
        raise ValueError(f"has {told!r}: write one test of {', '.join(TESTS)}, as \"exact\" or {{ damerau = 2 }}")
    name, of = tests[0], str(table.get("column", column))
    return _with(_plain(name, table[name], of), column, table)


def _plain(name: str, value: Any, of: str) -> Level:
    make, kind = TESTS[name]
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise ValueError(f"gives {name} = {value!r}: write {' or '.join(k.__name__ for k in _kinds(kind))}")
    made = ((of, SUFFIXES[name]),) if name in SUFFIXES else ()
    columns = (of, str(value)) if name == "swapped" else (of,)
    label = name if value is True else f"{name} {value}"
    return Level(label, make(of, value), columns, made, name == "exact")


def _with(plain: Level, column: str, table: dict[str, Any]) -> Level:
    """Add what else a level tells: a second condition, its own label, its probabilities."""
    m, u = table.get("m"), table.get("u")
    for name, value in (("m", m), ("u", u)):
        if value is not None and not (isinstance(value, float) and 0 < value < 1):
            raise ValueError(f"gives {name} = {value!r}: write a number between 0 and 1")
    also = [level(column, one) for one in table.get("and", [])]
    sql = " and ".join(f"({part.sql})" for part in (plain, *also))
    of = plain.columns[0]
    label = table.get("label") or " and ".join([plain.label if of == column else f"{of} {plain.label}", *(part.label for part in also)])
    columns = tuple(dict.fromkeys(c for part in (plain, *also) for c in part.columns))
    made = tuple(dict.fromkeys(one for part in (plain, *also) for one in part.made))
    return Level(label, sql, columns, made, plain.is_exact and not also and of == column, m, u)


def _kinds(kind: type | tuple[type, ...]) -> tuple[type, ...]:
    return kind if isinstance(kind, tuple) else (kind,)
