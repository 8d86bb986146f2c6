"""What a refused event said, as far as it may be shown: fields of the contract that cannot be anybody's, numbers and names masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from monitors.entities import ENTITIES
from monitors.identifiers import scrub
from monitors.tokens import MASK, NORMAL

MOST = 200  #: fields shown of one event
_CODE = re.compile(r"[\w.+:/ -]{0,100}", re.ASCII)  # keys, codes, dates, numbers; a name written in Chinese is none
_LONG = re.compile(r"\d{11}")  # as a phone's, an account's or a citizen's number; a region's code has twelve digits
_FREE = ("str", "object", "scalar")  # fields people write into
_ENTITY = re.compile(r"aidwatch\.(\w+)\.\w+")


def masked(original: bytes) -> list[tuple[str, str]]:
    """Return (field, what may be shown of it) of a refused event; nothing but its length where it is no JSON object."""
    try:
        told = msgspec.json.decode(original)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return [("", _hidden(original))]
    record = told.get("data")
    fields = [*_envelope(told), *(_record(record, _types(told)) if isinstance(record, dict) else [("data", _shown(record, "id"))])]
    return [(_shown(name, "id"), said) for name, said in fields[:MOST]]


def _types(told: dict[str, Any]) -> dict[str, str]:
    """The contract's type of each field; none of an entity it does not know."""
    found = _ENTITY.fullmatch(str(told.get("type")))
    entity = ENTITIES.get(found[1]) if found else None
    return {field.name: "str" if _may_tell_birth(entity.name, field.name) else field.type for field in entity.fields} if entity else {}


def _may_tell_birth(entity: str, field: str) -> bool:
    """A full birth date is shown by no way but a reveal; the hukou register tells it as the day its record begins."""
    return field.endswith("birth_date") or (entity, field) == ("register", "from_date")


def _envelope(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return ((name, _shown(value, "id")) for name, value in told.items() if name != "data")


def _record(record: dict[str, Any], types: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((f"data.{name}", _shown(value, types.get(name, "str"))) for name, value in record.items())


def _shown(value: Any, kind: str) -> str:
    """A value as text: secrets by their mask, what people write by its length, the rest if it looks like a code."""
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    if kind.startswith("s:") and isinstance(value, str | int):
        secret = kind[2:]
        return MASK[secret](NORMAL[secret](str(value)))
    if isinstance(value, list) and kind.startswith("list<") and len(value) <= MOST:
        return ", ".join(_shown(one, kind[5:-1]) for one in value)
    if kind in _FREE or isinstance(value, dict | list):
        return _hidden(value)
    text = scrub(str(value))
    is_code = _CODE.fullmatch(text) and (kind == "code" or not _LONG.search(text))
    return text if is_code else _hidden(value)


def _hidden(value: Any) -> str:
    return f"… ({len(value) if isinstance(value, str | bytes | list | dict) else len(str(value))})"
