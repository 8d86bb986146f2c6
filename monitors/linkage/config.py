"""The configuration of a linkage: a TOML file of columns, comparisons, blocking and training, checked before anything is read.

The least that works::

    id = "rec_id"
    threshold = 0.9                                   # pairs below are not written
    block = [["surname"], ["birth"]]                  # pairs alike in one of these groups are compared
    [compare]
    surname = { levels = ["exact", { damerau = 2 }] } # from the most alike to the least; "else" comes by itself
    birth = { levels = ["exact", { days = 31 }] }

``docs/linkage.md`` names every field.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from monitors.linkage.blocking import check_groups, token
from monitors.linkage.cleaning import STEPS
from monitors.linkage.errors import LinkageError
from monitors.linkage.levels import Level, level

KINDS = ("dedupe", "link", "one_to_one")


@dataclass(frozen=True)
class Comparison:
    """What is compared: one name, levels from the most alike to the least. ``frequency``: rare values tell more."""

    name: str
    levels: tuple[Level, ...]
    frequency: bool = False
    else_m: float | None = None
    else_u: float | None = None


@dataclass(frozen=True)
class Training:
    """How the weights are found. ``prior`` is the chance that two records taken at random are one; else it is estimated
    from pairs alike in all columns of one of ``sure``, of which there are taken to be ``recall`` of all.
    """

    seed: int = 1
    random_pairs: int = 1_000_000
    expect: tuple[tuple[str, ...], ...] = ()
    sure: tuple[tuple[str, ...], ...] = ()
    recall: float = 0.7
    prior: float | None = None


@dataclass(frozen=True)
class Config:
    """A linkage as its file tells it."""

    where: str
    id: str
    threshold: float
    kind: str
    compare: tuple[Comparison, ...]
    block: tuple[tuple[str, ...], ...]
    clean: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    make: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # new column → columns put together
    training: Training = field(default_factory=Training)
    largest_block: int | None = None
    review_below: float | None = None

    @property
    def fingerprint(self) -> str:
        """What is another text when the same records might give other pairs."""
        return token([repr(replace(self, where=""))])


def read(path: Path) -> Config:
    """Return a configuration; LinkageError says which field is wrong and what to write instead."""
    try:
        told = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise LinkageError(str(path), f"cannot be read as TOML: {fault}") from fault
    return _Reader(str(path)).config(told)


@dataclass
class _Reader:
    where: str

    def config(self, told: dict[str, Any]) -> Config:
        self._known("the file", told, {"id", "threshold", "kind", "compare", "block", "clean", "make", "training",
                                       "largest_block", "review_below"})  # fmt: skip
        kind = told.get("kind", "dedupe")
        if kind not in KINDS:
            self._refuse("kind", f"is {kind!r}: write one of {', '.join(KINDS)}")
        compare = tuple(self._comparison(name, told_of) for name, told_of in self._table(told, "compare").items())
        if not compare:
            self._refuse("compare", "is empty: name at least one column with its levels")
        block = self._groups(told, "block", least=1)
        check_groups(block, self.where)
        review = None if "review_below" not in told else self._share(told, "review_below", None)
        return Config(self.where, self._text(told, "id"), self._share(told, "threshold", 0.9), kind, compare,
                      block, self._steps(told), self._made(told),
                      self._training(self._table(told, "training")), self._count(told, "largest_block", None, least=2), review)  # fmt: skip

    def _comparison(self, name: str, told: Any) -> Comparison:
        where = f"compare.{name}"
        if not isinstance(told, dict) or not isinstance(told.get("levels"), list) or not told["levels"]:
            self._refuse(where, 'has no levels: write for example { levels = ["exact", { damerau = 1 }] }')
        self._known(where, told, {"levels", "frequency", "else"})
        try:
            levels = tuple(level(name, one) for one in told["levels"])
            other = level(name, {"exact": True, **told.get("else", {})})
        except ValueError as fault:
            self._refuse(f"{where}.levels", str(fault))
        return Comparison(name, levels, self._flag(told, "frequency"), other.m, other.u)

    def _training(self, told: dict[str, Any]) -> Training:
        self._known("training", told, {"seed", "random_pairs", "expect", "sure", "recall", "prior"})
        plain = Training()
        prior = None if "prior" not in told else self._share(told, "prior", None)
        seed, pairs = self._count(told, "seed", plain.seed), self._count(told, "random_pairs", plain.random_pairs, least=1000)
        return Training(seed or 0, pairs or 0, self._groups(told, "expect"), self._groups(told, "sure"),
                        self._share(told, "recall", plain.recall), prior)  # fmt: skip

    def _steps(self, told: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        found = {column: self._texts(f"clean.{column}", steps) for column, steps in self._table(told, "clean").items()}
        for column, steps in found.items():
            if unknown := [step for step in steps if step not in STEPS]:
                self._refuse(f"clean.{column}", f"has the step {unknown[0]!r}: write some of {', '.join(STEPS)}")
        return found

    def _made(self, told: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        return {column: self._texts(f"make.{column}", parts) for column, parts in self._table(told, "make").items()}

    def _groups(self, told: dict[str, Any], name: str, *, least: int = 0) -> tuple[tuple[str, ...], ...]:
        value = told.get(name, [])
        if not isinstance(value, list) or len(value) < least:
            self._refuse(name, 'must list groups of columns: write for example [["surname"], ["birth", "sex"]]')
        return tuple(self._texts(name, group) for group in value)

    def _texts(self, name: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            self._refuse(name, f'has {value!r}: write a list of texts, for example ["surname", "birth"]')
        return tuple(value)

    def _table(self, told: dict[str, Any], name: str) -> dict[str, Any]:
        value = told.get(name, {})
        if not isinstance(value, dict):
            self._refuse(name, f"must be a table: write [{name}] and its fields below")
        return value

    def _text(self, told: dict[str, Any], name: str) -> str:
        value = told.get(name)
        if not isinstance(value, str) or not value:
            self._refuse(name, "is missing: name the column that tells the records apart")
        return value

    def _share(self, told: dict[str, Any], name: str, plain: float | None) -> float:
        value = told.get(name, plain)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
            self._refuse(name, f"is {value!r}: write a number between 0 and 1")
        return float(value)

    def _count(self, told: dict[str, Any], name: str, plain: int | None, *, least: int = 0) -> int | None:
        value = told.get(name, plain)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
            self._refuse(name, f"is {value!r}: write a whole number of at least {least}")
        return value

    def _flag(self, told: dict[str, Any], name: str) -> bool:
        value = told.get(name, False)
        if not isinstance(value, bool):
            self._refuse(name, f"is {value!r}: write true or false")
        return value

    def _known(self, where: str, told: dict[str, Any], names: set[str]) -> None:
        if unknown := sorted(set(told) - names):
            self._refuse(where, f"has the unknown field {unknown[0]!r}: there are {', '.join(sorted(names))}")

    def _refuse(self, name: str, fault: str) -> NoReturn:
        raise LinkageError(self.where, f"`{name}` {fault}")
