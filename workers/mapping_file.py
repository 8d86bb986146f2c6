"""Reading a mapping file (TOML). ``workers/mappings/minzheng.toml`` is one to read.

    publication, slot      names in the business database (both "aidwatch")
    timezone, unit         of its timestamps without zone and of its amounts (Asia/Shanghai, yuan)
    [values.<name>]        a value map that several fields share
    [[table]]              one table: name, entity, source; a first reading takes them in this order
      time                 column with the row's business time; rows of a snapshot without one carry the snapshot's
      deleted              { column, values }: a row so marked is a deletion
      needs                a column: rows where it is empty carry no such record
      [[table.also]]       a further record that the same rows carry: entity, fields and, where needed, source, time, deleted, needs;
                           deleted with a row only where its key is the row's own column
      [table.fields]       field = "column", or field = { … } with one of
        column, columns    one column; several, each an element of a list
        const              the same value for every row
      and, where needed,
        values, others     a value map (a name or a table); others = "keep" lets values without an entry pass
        prefix             put before a key that is not unique in the deployment
        unit, split, null  yuan | jiao | fen | wan; a list's separator (","); "unknown" where NULL says nothing

The file is checked as a whole when it is loaded: entities, fields, types, value maps, so that a mistake
is named with file, table and column before the first row is read.
"""

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitors.entities import ENTITIES, Entity, Field
from workers.converters import UNITS, Convert, converter, through
from workers.mapping import BusinessMapping, FieldRule, MappingError, TableRule

_FILE_KEYS = frozenset(("publication", "slot", "timezone", "unit", "values", "table"))
_RECORD_KEYS = frozenset(("entity", "source", "time", "deleted", "needs", "fields"))
_TABLE_KEYS = _RECORD_KEYS | {"name", "also"}
_OPTIONS = frozenset(("column", "columns", "const", "prefix", "values", "others", "unit", "split", "null"))


def load_mapping(name: str) -> BusinessMapping:
    """Read a mapping by the name of one shipped with aidwatch (``minzheng``) or by path."""
    shipped = files("workers").joinpath("mappings", f"{name}.toml")
    try:
        text = shipped.read_text(encoding="utf-8") if shipped.is_file() else Path(name).read_text(encoding="utf-8")
        told = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise MappingError(name, "", "the file", f"cannot be read: {fault}") from fault
    return read_mapping(told, Path(name).name)


def read_mapping(told: Mapping[str, Any], file: str) -> BusinessMapping:
    """Return the mapping ``told``; raise MappingError for the first thing wrong with it."""
    reader = _Reader(told, file)
    tables = tuple(reader.table(table) for table in told.get("table", ()))
    if not tables:
        raise MappingError(file, "", "table", "there is none; write at least one [[table]]")
    names = [table.table for table in tables]
    if len(set(names)) < len(names):
        raise MappingError(file, "", "table", f"{next(n for n in names if names.count(n) > 1)} is mapped twice")
    return BusinessMapping(file, told.get("publication", "aidwatch"), told.get("slot", "aidwatch"), tables)


class _Reader:
    """One file being read."""

    def __init__(self, told: Mapping[str, Any], file: str) -> None:
        self.file = file
        self._refuse_unknown(told, _FILE_KEYS, "", "the file")
        self.values: Mapping[str, Mapping[str, Any]] = told.get("values", {})
        self.unit = self._unit(told.get("unit", "yuan"), "", "unit")
        try:
            self.zone = ZoneInfo(told.get("timezone", "Asia/Shanghai"))
        except (KeyError, ValueError) as fault:
            raise MappingError(file, "", "timezone", f"{fault}; write one like Asia/Shanghai") from fault

    def table(self, told: Mapping[str, Any]) -> TableRule:
        name = str(told.get("name", "?"))
        self._refuse_unknown(told, _TABLE_KEYS, name, "the table")
        also = tuple(self._also(name, told, other) for other in told.get("also", ()))
        return self._record(name, told, also)

    def _also(self, name: str, table: Mapping[str, Any], told: Mapping[str, Any]) -> TableRule:
        self._refuse_unknown(told, _RECORD_KEYS, name, "also")
        return self._record(name, {"name": name, "source": table.get("source"), **told}, ())

    def _record(self, name: str, told: Mapping[str, Any], also: tuple[TableRule, ...]) -> TableRule:
        for needed in ("name", "entity", "source", "fields"):
            if not told.get(needed):
                raise MappingError(self.file, name, needed, "is missing")
        entity = self._entity(name, told["entity"])
        rules = tuple(self._field(name, entity, field, rule) for field, rule in told["fields"].items())
        if entity.key not in (rule.field.name for rule in rules):
            raise MappingError(self.file, name, entity.key, f"is the key of {entity.name} and must be mapped")
        return TableRule(self.file, name, entity, told["source"], rules, told.get("time"), self._deleted(name, told),
                         self.zone, told.get("needs"), also)  # fmt: skip

    def _entity(self, table: str, name: str) -> Entity:
        if name not in ENTITIES:
            raise MappingError(self.file, table, "entity", f"the contract has no {name!r}; it has {_list(ENTITIES)}")
        return ENTITIES[name]

    def _deleted(self, table: str, told: Mapping[str, Any]) -> tuple[str, frozenset[str]] | None:
        rule = told.get("deleted")
        if rule is None:
            return None
        if not isinstance(rule, Mapping) or set(rule) != {"column", "values"} or not rule["values"]:
            raise MappingError(self.file, table, "deleted", 'write { column = "…", values = ["…"] }')
        return rule["column"], frozenset(map(str, rule["values"]))

    def _field(self, table: str, entity: Entity, name: str, told: Any) -> FieldRule:
        field = next((field for field in entity.fields if field.name == name), None)
        if field is None:
            names = _list(field.name for field in entity.fields)
            raise MappingError(self.file, table, name, f"{entity.name} has no such field; it has {names}")
        rule: Mapping[str, Any] = {"column": told} if isinstance(told, str) else told
        if not isinstance(rule, Mapping):
            raise MappingError(self.file, table, name, f"write a column's name or a table of options, not {told!r}")
        self._refuse_unknown(rule, _OPTIONS, table, name)
        if sum(way in rule for way in ("column", "columns", "const")) != 1:
            raise MappingError(self.file, table, name, "give exactly one of column, columns, const")
        return self._rule(table, field, rule)

    def _rule(self, table: str, field: Field, rule: Mapping[str, Any]) -> FieldRule:
        is_unknown = rule.get("null", "empty") == "unknown"
        if "const" in rule:
            self._check_enum(table, field, [rule["const"]])
            return FieldRule(field, (), str, const=rule["const"])
        convert = self._convert(table, field, rule)
        if "columns" in rule:
            if not field.type.startswith("list<"):
                raise MappingError(self.file, table, field.name, f"is {field.type}, not a list: give one column")
            return FieldRule(field, tuple(rule["columns"]), convert, null_is_unknown=is_unknown, gathers=True)
        if field.type.startswith("list<"):
            convert = _split(rule.get("split", ","), convert)
        return FieldRule(field, (rule["column"],), convert, null_is_unknown=is_unknown)

    def _convert(self, table: str, field: Field, rule: Mapping[str, Any]) -> Convert:
        """Return the conversion of one value (of one element, for a list)."""
        word = field.type[5:-1] if field.type.startswith("list<") else field.type
        if "values" in rule:
            told = rule["values"]
            values = self.values.get(told) if isinstance(told, str) else told
            if not isinstance(values, Mapping):
                raise MappingError(self.file, table, field.name, f"there is no value map [values.{told}]")
            self._check_enum(table, field, values.values())
            return through(values, rule.get("others") == "keep")
        convert = converter(word, self.zone, self._unit(rule.get("unit", self.unit), table, field.name))
        prefix = rule.get("prefix")
        return convert if prefix is None else lambda text: f"{prefix}{text.strip()}"

    def _check_enum(self, table: str, field: Field, values: Iterable[Any]) -> None:
        word = field.type[5:-1] if field.type.startswith("list<") else field.type
        if word == "bool" and not all(isinstance(value, bool) for value in values):
            raise MappingError(self.file, table, field.name, "is bool: its values are true and false")
        if not word.startswith("enum{"):
            return
        allowed = word[5:-1].split("|")
        for value in values:
            if value not in allowed:
                raise MappingError(self.file, table, field.name, f"{value!r} is not one of {_list(allowed)}")

    def _unit(self, unit: str, table: str, place: str) -> str:
        if unit not in UNITS:
            raise MappingError(self.file, table, place, f"unit {unit!r} is not one of {_list(UNITS)}")
        return unit

    def _refuse_unknown(self, told: Mapping[str, Any], known: frozenset[str], table: str, place: str) -> None:
        if unknown := sorted(set(told) - known):
            raise MappingError(self.file, table, place, f"{unknown[0]!r} is not known here; known are {_list(known)}")


def _split(separator: str, convert: Convert) -> Convert:
    return lambda text: [convert(part) for part in text.split(separator) if part.strip()]


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
