"""Mappings: which business table becomes which entity of the contract, column by column.

The rules come from a file (``mapping_file``); here they meet real columns and rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from monitors.entities import Entity, Field
from monitors.errors import SupervisionError
from workers.converters import Convert, instant

Values = Sequence[str | None]
Record = dict[str, Any]


class MappingError(SupervisionError):
    """A mapping file that cannot be used; says which file, table and column, and what to write."""

    def __init__(self, file: str, table: str, place: str, problem: str) -> None:
        super().__init__(f"{file}: table {table}: {place}: {problem}" if table else f"{file}: {place}: {problem}")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field of an entity comes about. ``columns`` is empty for a constant."""

    field: Field
    columns: tuple[str, ...]
    convert: Convert
    const: Any = None
    null_is_unknown: bool = False
    gathers: bool = False  # several columns, each one element of a list


@dataclass(frozen=True, slots=True)
class TableRule:
    """How the rows of one table become events. ``deleted`` is a column and the texts in it that mean deleted."""

    file: str
    table: str
    entity: Entity
    source: str
    fields: tuple[FieldRule, ...]
    time: str | None
    deleted: tuple[str, frozenset[str]] | None
    zone: ZoneInfo
    needs: str | None = None  # rows where this column is empty carry no such record
    also: tuple["TableRule", ...] = ()  # what else the same rows carry

    def fail(self, place: str, problem: str) -> MappingError:
        return MappingError(self.file, self.table, place, problem)

    @property
    def key(self) -> FieldRule:
        return next(rule for rule in self.fields if rule.field.name == self.entity.key)


@dataclass(frozen=True, slots=True)
class BusinessMapping:
    """A whole mapping file; tables in the order in which a snapshot reads them."""

    file: str
    publication: str
    slot: str
    tables: tuple[TableRule, ...]

    def rule(self, table: str) -> TableRule | None:
        return next((rule for rule in self.tables if rule.table == table), None)


class BoundTable:
    """A table rule that knows where each column stands."""

    def __init__(self, rule: TableRule, columns: Sequence[str]) -> None:
        self.rule = rule
        self.columns = tuple(columns)
        self._place = {name: place for place, name in enumerate(columns)}
        self._readers = [self._reader(field) for field in rule.fields]
        self._key = self._reader(rule.key)
        self._time = None if rule.time is None else self._at(rule.time, "time")
        self._deleted = None if rule.deleted is None else (self._at(rule.deleted[0], "deleted"), rule.deleted[1])
        self._needs = None if rule.needs is None else self._at(rule.needs, "needs")
        self.all: tuple[BoundTable, ...] = (self, *(BoundTable(other, columns) for other in rule.also))

    def is_carried(self, values: Values) -> bool:
        """Whether a row carries a record of this kind at all."""
        return self._needs is None or bool((values[self._needs] or "").strip())

    def key(self, values: Values) -> str:
        """Return the entity's key; raises ValueError where the row has none."""
        found = self._key[1](values)
        if not isinstance(found, str) or not found:
            raise ValueError(f"column {', '.join(self.rule.key.columns)} holds no key")
        return found

    def record(self, values: Values, faults: list[str]) -> Record:
        """Return the row as the contract wants it.

        A value that cannot be converted is passed on as it is and named in ``faults``: intake refuses
        it, and it waits among the dead letters with its original instead of being lost here.
        """
        record: Record = {}
        for field, read in self._readers:
            try:
                value = read(values)
            except (ValueError, ArithmeticError) as fault:
                faults.append(f"{self.rule.table}.{', '.join(field.columns)}: {fault}")
                value = values[self._place[field.columns[0]]]
            if value is not None or not field.null_is_unknown:
                record[field.field.name] = value
        return record

    def time(self, values: Values) -> str | None:
        """Return the row's own business time, where the mapping names one and the row holds one."""
        text = None if self._time is None else values[self._time]
        return None if text is None else instant(text, self.rule.zone)

    def is_deleted(self, values: Values) -> bool:
        if self._deleted is None:
            return False
        place, texts = self._deleted
        text = values[place]
        return text is not None and text.rstrip(" ") in texts

    def _at(self, column: str, place: str) -> int:
        if column not in self._place:
            raise self.rule.fail(place, f"the table has no column {column!r}; it has {', '.join(self.columns)}")
        return self._place[column]

    def _reader(self, field: FieldRule) -> tuple[FieldRule, Callable[[Values], Any]]:
        places = [self._at(column, field.field.name) for column in field.columns]
        if not places:
            return field, lambda _values: field.const
        if len(places) > 1 or field.gathers:
            return field, partial(_several, places, field.convert)
        return field, partial(_one, places[0], field.convert)


def _one(place: int, convert: Convert, values: Values) -> Any:
    text = values[place]
    return None if text is None else convert(text)


def _several(places: list[int], convert: Convert, values: Values) -> list[Any]:
    return [convert(text) for place in places if (text := values[place]) is not None]
