"""Each entity as intake writes it: built from the contract, so that no column is named twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import UNSET

from monitors.entities import ENTITIES, Entity
from sql.batch import Prepared
from sql.copying import DELIMITER, array, quoted

_PEOPLE = ("person_id", "payee_person_id", "head_person_id", "applicant_person_id", "relative_id")
_BOOL = {True: "t", False: "f"}.__getitem__
_WRITERS: dict[str, Callable[[Any], str]] = {
    "str": quoted, "ts": datetime.isoformat, "date": date.isoformat, "fen": str, "int": str, "score": str, "num": repr,
    "bool": _BOOL, "object": lambda v: msgspec.json.encode(v).decode(), "scalar": lambda v: msgspec.json.encode(v).decode(),
}  # fmt: skip


class EntityTable:
    """How rows of one entity are written (see sql.batch.Table)."""

    def __init__(self, entity: Entity) -> None:
        self.name, self.key, self.month, self.versioned = entity.name, entity.key, entity.month, entity.versioned
        self.columns = tuple(c.name for c in entity.columns)
        self.references = entity.references
        self.refers_to_people = tuple(n for n in self.columns if n in _PEOPLE and entity.name != "person")
        self._values = attrgetter(*self.columns)
        self._refs = attrgetter(*self.references)
        self._writers = tuple(_writer(c.type) for c in entity.columns)
        self._fields = tuple((f.name, self.columns.index(f.tokens()[0].name)) for f in entity.fields)
        self._patterns: dict[tuple[bool, ...], str] = {}

    def refs(self, kept: Any) -> tuple[Any, ...]:
        """The values a changed row is found by, in the order of ``references``."""
        found = self._refs(kept)
        return found if len(self.references) > 1 else (found,)

    def row(self, event: Prepared, from_at: str = "", to_at: str = "") -> str:
        """Return the COPY line of an event's record; the interval is added where versions are kept."""
        values = self._values(event.kept)
        parts = ["" if v is None or v is UNSET else write(v) for v, write in zip(values, self._writers, strict=True)]
        if self.month:
            parts.append(judged_at(event))
        absent = self._absent(values) if UNSET in values else "{}"
        parts += (event.source, event.at_text, str(event.arrival), absent)
        if self.versioned:
            parts += (from_at, to_at)
        return DELIMITER.join(parts) + "\n"

    def _absent(self, values: tuple[Any, ...]) -> str:
        """The fields not sent, as an array; the few patterns a vendor's records have are remembered."""
        pattern = tuple([v is UNSET for v in values])
        if pattern not in self._patterns:
            self._patterns[pattern] = array([name for name, place in self._fields if pattern[place]])
        return self._patterns[pattern]


def judged_at(event: Prepared) -> str:
    """The instant by whose versions a payment line is judged (design §11.2), as ISO 8601 text."""
    for moment in (event.kept.submitted_at, event.kept.paid_at):
        if isinstance(moment, datetime):
            return moment.isoformat()
    return event.at_text


def _writer(word: str) -> Callable[[Any], str]:
    return array if word.startswith("list<") else _WRITERS.get(word, str)


TABLES: dict[str, EntityTable] = {name: EntityTable(entity) for name, entity in ENTITIES.items()}
