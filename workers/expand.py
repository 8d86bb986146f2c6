"""From marks to claims: which subjects of which rules a change concerns (design §5, §11.1–5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from monitors.catalogue import Catalogue
from monitors.rule import Rule
from sql.copying import array
from sql.load import raw
from sql.scope import touched_columns, touching

MARKS, MARKED_KEYS = 500, 40_000  #: marks claimed at once, and how many changed records they may name
KEYS = 5_000  #: keys of one claim: bounds the time of one question and of its locks


NOTHING = array([])


@dataclass
class Touched:
    """What one entity's claimed marks say: values by column (old and new), months (None = all)."""

    columns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    periods: set[str] | None = None
    _literals: dict[str, str] = field(default_factory=dict)

    def literal(self, column: str) -> str:
        """A column's values as an array literal; ``period`` stands for the months touched."""
        if column not in self._literals:
            values = (self.periods or set()) if column == "period" else self.columns.get(column, set())
            self._literals[column] = array(sorted(values))
        return self._literals[column]


def claim_marks(conn: psycopg.Connection) -> dict[str, Touched]:
    """Take marks away, inside the caller's transaction, and return them coalesced by entity."""
    return with_merged(conn, coalesce(conn.execute(raw("evaluator.claim_marks"), {"ids": _next_marks(conn)})))


def coalesce(marks: Iterable[tuple[Any, ...]]) -> dict[str, Touched]:
    """Return marks (entity, columns, periods) as one Touched per entity."""
    touched: dict[str, Touched] = {}
    for entity, columns, periods in marks:
        one = touched.setdefault(entity, Touched(periods=set() if periods is not None else None))
        for column, values in columns.items():
            one.columns[column].update(values)
        one.periods = None if one.periods is None or periods is None else one.periods | set(periods)
    return touched


def with_merged(conn: psycopg.Connection, touched: dict[str, Touched]) -> dict[str, Touched]:
    """Add, beside each number touched, the one its human is known by, if people merged it."""
    named = [one.columns[column] for one in touched.values() for column in ("person_key", "id_number_key") if one.columns.get(column)]
    if named:
        into: dict[str, str] = dict(conn.execute("select person_key, into_key from store.merged where person_key = any(%s::text[])",
                                 [array(sorted(set().union(*named)))]).fetchall())  # fmt: skip
        for values in named:
            values |= {into[key] for key in values & into.keys()}
    return touched


def _next_marks(conn: psycopg.Connection) -> list[int]:
    """The oldest marks that together name no more than MARKED_KEYS records (at least one)."""
    chosen: list[int] = []
    named = 0
    for mark_id, n in conn.execute(raw("evaluator.waiting_marks"), {"limit": MARKS}):
        if chosen and named + n > MARKED_KEYS:
            break
        chosen.append(mark_id)
        named += n
    return chosen


@dataclass
class Scope:
    """Keys one rule is to be asked about: all months, or some."""

    whole: set[str] = field(default_factory=set)
    by_periods: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))


class Expander:
    """Resolves touches for one pass; equal questions of several rules are asked once."""

    def __init__(self, conn: psycopg.Connection, catalogue: Catalogue) -> None:
        self._conn, self._catalogue = conn, catalogue
        self._asked: dict[tuple[str, str], set[str]] = {}

    def scopes(self, touched: Mapping[str, Touched]) -> dict[str, Scope | None]:
        """Return, per rule file, what is touched; None = everything."""
        return {rule.file: self._scope(rule, touched) for rule in self._catalogue.rules}

    def expand(self, touched: Mapping[str, Touched]) -> None:
        """Write claims and resweeps for everything touched, in the caller's transaction."""
        groups: dict[tuple[frozenset[str], tuple[str, ...] | None], list[str]] = defaultdict(list)
        for file, scope in self.scopes(touched).items():
            if self._catalogue.files[file].scope == "all":
                continue  # the clock asks it (workers.timed)
            if scope is None:
                self._conn.execute(raw("evaluator.add_resweep"), {"file": file, "reason": "shared facts changed"})
            else:
                self._group(file, scope, groups)
        for (keys, periods), files in groups.items():
            add_claims(self._conn, files, keys, periods)

    @staticmethod
    def _group(file: str, scope: Scope, groups: dict[tuple[frozenset[str], tuple[str, ...] | None], list[str]]) -> None:
        if scope.whole:
            groups[frozenset(scope.whole), None].append(file)
        for periods, keys in scope.by_periods.items():
            left = keys - scope.whole
            if left:
                groups[frozenset(left), periods].append(file)

    def _scope(self, rule: Rule, touched: Mapping[str, Touched]) -> Scope | None:
        """What a rule is to be asked about; None = everything."""
        if _parameters_changed(rule, touched):
            return None
        scope = Scope()
        for entity, how in rule.touches.items():
            one = touched.get(entity)
            if one is None:
                continue
            if how == "*":
                return None
            keys = self._keys(entity, how, one)
            if not rule.by_month or one.periods is None:
                scope.whole |= keys
            elif one.periods:  # a record without a month is in no month's answer
                scope.by_periods[tuple(sorted(one.periods))] |= keys
        return scope

    def _keys(self, entity: str, how: str, one: Touched) -> set[str]:
        if not how.lstrip().lower().startswith("select"):
            return one.columns.get(how, set())
        if (entity, how) not in self._asked:
            bound = {name: one.literal(name) for name in touched_columns(how)}
            self._asked[entity, how] = set()
            if any(value != NOTHING for value in bound.values()):
                rows = self._conn.execute(touching(how), bound, prepare=True)
                self._asked[entity, how] = {row[0] for row in rows if row[0] is not None}
        return self._asked[entity, how]


def _parameters_changed(rule: Rule, touched: Mapping[str, Touched]) -> bool:
    """A local value of one of its parameters, or the tree by which local values are found."""
    changed = touched["parameter"].columns.get("rule", set()) if "parameter" in touched else set()
    return bool(changed & rule.codes.keys()) or ("region" in rule.override_by and "region" in touched)


def add_claims(conn: psycopg.Connection, files: Iterable[str], keys: Iterable[str], periods: Iterable[str] | None) -> None:
    """Write the work: the same keys asked of several rule files, in bounded pieces."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), KEYS):
        piece = array(ordered[start : start + KEYS])
        bound = {"files": sorted(files), "keys": piece, "periods": sorted(periods) if periods is not None else None}
        conn.execute(raw("evaluator.add_claim"), bound)
