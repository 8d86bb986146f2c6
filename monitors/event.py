"""CloudEvents in: one decoder that checks a whole event against the contract and says what is wrong with it."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, defstruct

from monitors.entities import ENTITIES, LOCAL_ONLY, Entity, Field
from monitors.errors import RejectedError
from monitors.identifiers import scrub, without_citizen_numbers

LOCAL = "/local"  #: the source of what this system itself appends: settings, verdicts, indicators
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ANY_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SHAPES = bytes(48 if c in b"0123456789" else 88 if c in b"Xx" else 32 for c in range(256))  # each digit is 0, an X an X
_EIGHTEEN_DIGITS = re.compile(b"0" * 17 + rb"(?<!0{18})[0X](?!0)")  # as long as a citizen's number; fast: it begins with zeros
_ESCAPED_CONTROL = re.compile(rb"\\(?:[bfnrt]|u00[01]|u007[fF])")  # the only way one can arrive in JSON
_LIMIT = 10**15
_REASON = 500  #: characters of a reason
_QUOTED = re.compile(r"(?<=alue )'(.*?)'(?= at )")  # the value in a decoder's message
_CODE = re.compile(r"[\w.+-]{1,60}", re.ASCII)  # a value that cannot be anybody's name

Id = Annotated[str, Meta(min_length=1, max_length=64)]
_PLAIN: dict[str, Any] = {
    "id": Id,
    "str": Annotated[str, Meta(max_length=4000)],
    "ts": Annotated[datetime, Meta(tz=True)],
    "date": date,
    "period": Annotated[str, Meta(pattern=r"\A[12][0-9]{3}-(0[1-9]|1[0-2])\Z")],
    "code": Annotated[str, Meta(pattern=r"\A[0-9]{12}\Z")],
    "fen": Annotated[int, Meta(ge=-_LIMIT, le=_LIMIT)],
    "int": Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)],
    "score": Annotated[int, Meta(ge=1, le=5)],
    "num": Annotated[float, Meta(ge=-1e12, le=1e12)],
    "bool": bool,
    "object": dict[str, Any],
    "scalar": str | int | float | bool | list[str | int | float | bool],
}


def python_type(word: str) -> Any:
    """Return the Python type that checks a contract type word; sensitive ones are texts."""
    if word.startswith("s:"):
        return Annotated[str, Meta(min_length=1, max_length=400)]
    if word.startswith("list<"):
        return Annotated[list[python_type(word[5:-1])], Meta(max_length=1000)]  # type: ignore[misc]
    if word.startswith("enum{"):
        return Literal[tuple(word[5:-1].split("|"))]
    return _PLAIN[word]


def _member(field: Field, key: str) -> tuple[str, Any] | tuple[str, Any, Any]:
    kind = python_type(field.type)
    return (field.name, kind) if field.name == key else (field.name, kind | None | UnsetType, UNSET)


def _struct(entity: Entity, fields: tuple[Field, ...], suffix: str, **options: Any) -> Any:
    members = [_member(f, entity.key) for f in fields]
    if suffix == "kept":
        members.append(("extra", dict[str, Any] | UnsetType, UNSET))
    return defstruct(f"{entity.name}_{suffix}", members, gc=False, **options)


def _envelope(entity: Entity, op: str, data: Any) -> Any:
    members: list[Any] = [
        ("specversion", Literal["1.0"]),
        ("id", Annotated[str, Meta(min_length=1, max_length=200)]),
        ("source", Annotated[str, Meta(min_length=1, max_length=200)]),
        ("time", Annotated[datetime, Meta(tz=True)]),
        ("subject", Id),
        ("data", data) if op == "upserted" else ("data", data | None | UnsetType, UNSET),
        ("sequence", Annotated[str, Meta(pattern=r"\A[0-9]{1,18}\Z")] | None | UnsetType, UNSET),
    ]
    return defstruct(f"{entity.name}_{op}", members, tag=f"aidwatch.{entity.name}.{op}", tag_field="type", gc=False)


#: How a record arrives, and how it is kept (sensitive fields replaced): one struct per entity.
SENT = {e.name: _struct(e, e.fields, "sent", forbid_unknown_fields=True) for e in ENTITIES.values()}
KEPT = {e.name: _struct(e, e.columns, "kept") for e in ENTITIES.values()}


def _envelopes(known_fields_only: bool) -> list[Any]:
    found = []
    for entity in ENTITIES.values():
        sent = SENT[entity.name] if known_fields_only else _struct(entity, entity.fields, "loose")
        found += [_envelope(entity, "upserted", sent), _envelope(entity, "deleted", dict[str, Any])]
    return found


def _one_of(types: list[Any]) -> Any:
    return reduce(or_, types)


_STRICT: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_one_of(_envelopes(True)))
_LOOSE: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_one_of(_envelopes(False)))
_NAMES: dict[str, tuple[str, str]] = {
    f"{e}_{op}": (e, op) for e in ENTITIES for op in ("upserted", "deleted")
}


class Event(msgspec.Struct, gc=False):
    """One event that keeps the contract. ``record`` is None for a deletion; ``extra`` holds unknown fields."""

    source: str
    event_id: str
    entity: str
    op: str  # upserted | deleted
    key: str
    at: datetime
    sequence: int | None
    record: Any
    extra: dict[str, Any] | None


def decode(raw: bytes | msgspec.Raw, *, local: bool = False) -> Event:
    """Return the event in ``raw`` (one CloudEvent as JSON).

    ``local`` allows what only this system itself may send. Raises RejectedError with a reason that names
    the field and what was expected there.
    """
    try:
        sent, extra = _parse(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise _rejection(raw, str(fault)) from fault
    entity, op = _NAMES[type(sent).__name__]
    event = Event(sent.source, sent.id, entity, op, sent.subject, sent.time, _number(sent.sequence),
                  sent.data if op == "upserted" else None, extra)  # fmt: skip
    _check(event, sent, raw, local)
    return event


def _parse(raw: bytes | msgspec.Raw) -> tuple[Any, dict[str, Any] | None]:
    try:
        return _STRICT.decode(raw), None
    except msgspec.ValidationError as fault:
        if "unknown field" not in str(fault):
            raise
    sent = _LOOSE.decode(raw)  # slower, and only for vendors who send more than the contract names
    known = {f.name for f in ENTITIES[_NAMES[type(sent).__name__][0]].fields}
    whole = msgspec.json.decode(raw, type=dict[str, Any])["data"]
    return sent, {name: value for name, value in whole.items() if name not in known}


def _number(sequence: Any) -> int | None:
    return int(sequence) if isinstance(sequence, str) else None


def _check(event: Event, sent: Any, raw: bytes | msgspec.Raw, local: bool) -> None:
    def no(reason: str) -> RejectedError:
        return RejectedError(_told(reason), _short(event.event_id), _short(event.source))

    if not local and (event.source == LOCAL or event.entity in LOCAL_ONLY):
        raise no(f"source {LOCAL} and the entity {event.entity} are reserved for this system; use your own source" if
                 event.source == LOCAL else f"the entity {event.entity} is written by this system only")  # fmt: skip
    if event.at.year < 1900:
        raise no(f"time {event.at.isoformat()} is before 1900; send when it happened in the business")
    key_field = ENTITIES[event.entity].key
    held = getattr(event.record, key_field) if event.record is not None else (
        sent.data.get(key_field, event.key) if isinstance(sent.data, dict) else event.key)  # fmt: skip
    if held != event.key:
        raise no(f"subject is {event.key!r} but data.{key_field} is {held!r}; they must be equal")
    if event.entity != "provider" and without_citizen_numbers(event.key) != event.key:
        raise no("subject looks like a citizen's ID number; send the record's own key instead")
    if _EIGHTEEN_DIGITS.search(bytes(raw).translate(_SHAPES)):
        _check_references(event, no)
    if _ESCAPED_CONTROL.search(raw):
        _check_controls(event, no)


def _check_references(event: Event, no: Any) -> None:
    """A number in a reference would be kept in clear. Credit codes of providers may look like one."""
    for field in ENTITIES[event.entity].fields if event.record is not None else ():
        if field.type not in ("id", "list<id>") or field.name == "provider_id":
            continue
        value = getattr(event.record, field.name)
        if any(isinstance(one, str) and without_citizen_numbers(one) != one for one in (value if isinstance(value, list) else [value])):
            raise no(f"data.{field.name} looks like a citizen's ID number; send the key of that record instead")


def _check_controls(event: Event, no: Any) -> None:
    if _ANY_CONTROL.search(event.source + event.event_id + event.key):
        raise no("source, id and subject must not hold control characters")
    for field in ENTITIES[event.entity].fields if event.record is not None else ():
        value = getattr(event.record, field.name)
        words = value if isinstance(value, list) else [value]
        bad = _CONTROL if field.type == "str" else _ANY_CONTROL
        if any(isinstance(word, str) and bad.search(word) for word in words):
            raise no(f"data.{field.name} holds a control character (such as NUL); send plain text")
    if _holds_nul(event.extra) or (event.record is not None and _holds_nul(getattr(event.record, "attributes", None))):
        raise no("data holds a NUL character; send plain text")


def _holds_nul(value: Any) -> bool:
    return value is not None and b"\\u0000" in msgspec.json.encode(value if value is not UNSET else None)


def _rejection(raw: bytes | msgspec.Raw, message: str) -> RejectedError:
    """Turn a decoder's message into a reason, with the event's id when it can still be read."""
    reason = message.replace(" - at `$", " at `").replace("`.", "`")
    if re.search(r"Invalid value '.*' at `type`", reason):
        reason += "; `type` must be aidwatch.<entity>.upserted or aidwatch.<entity>.deleted with an entity of the contract"
    try:
        head = msgspec.json.decode(raw, type=_Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return RejectedError(_told(reason))
    return RejectedError(_told(reason), _short(head.id), _short(head.source))


def _told(reason: str) -> str:
    """Return a reason fit to be stored and sent back: what it quotes may be a name or a number in the wrong field."""
    return scrub(_ANY_CONTROL.sub("?", _QUOTED.sub(lambda said: said[0] if _CODE.fullmatch(said[1]) else "'…'", reason[:_REASON])))


def _short(value: Any) -> str | None:
    return _ANY_CONTROL.sub("?", value[:200]) if isinstance(value, str) else None


class _Head(msgspec.Struct):
    id: Any = None
    source: Any = None
