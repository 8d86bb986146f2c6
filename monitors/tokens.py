"""Tokenising: sensitive values become pseudonyms and masks before anything is stored (design §11.16–18)."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec import UNSET

from monitors import identifiers as ids
from monitors.entities import ENTITIES, Entity
from monitors.event import KEPT, Event

NORMAL: dict[str, Callable[[str], str]] = {
    "id_number": ids.normal_id_number,
    "name": ids.normal_name,
    "phone": ids.normal_digits,
    "account": ids.normal_digits,
    "address": lambda raw: "".join(raw.split()),
}
MASK: dict[str, Callable[[str], str]] = {
    "id_number": ids.mask_id_number,
    "name": ids.mask_name,
    "phone": ids.mask_phone,
    "account": ids.mask_account,
    "address": ids.mask_address,
}
_CACHE_LIMIT = 500_000


def fallback_person_key(person_id: str) -> str:
    """The key of a person whose ID number is not known: the record's own key, marked as such."""
    return f"person:{person_id}"


class Tokeniser:
    """Turns decoded events into what may be kept; ``fresh`` collects values the vault may not know yet.

    One per thread: it caches pseudonyms and is not locked.
    """

    def __init__(self, secret: bytes, today: Callable[[], date]) -> None:
        self._secret = secret
        self._today = today
        self._cache: dict[tuple[str, str], tuple[Any, ...]] = {}
        self._makers = {name: _plan(entity) for name, entity in ENTITIES.items()}
        self.fresh: dict[str, tuple[str, str]] = {}  # pseudonym → (kind, clear value)

    def pseudonym(self, kind: str, raw: str) -> str:
        """Return the keyed pseudonym (22 characters of HMAC-SHA-256) of a sensitive value."""
        return str((self._cache.get((kind, raw)) or self._remember(kind, raw))[0])

    def without_numbers(self, name: str) -> str:
        """Return an event's id or source as it may be kept: an ID number in it stands as its pseudonym, so that it stays the same one."""
        return ids.without_citizen_numbers(name, lambda number: self.pseudonym("id_number", number))

    def keep(self, event: Event) -> Any:
        """Return the record of ``event`` as it may be kept (a KEPT struct), or None for a deletion."""
        if event.record is None:
            return None
        getter, secrets, texts = self._makers[event.entity]
        values = getter(event.record)
        if not secrets and not texts and event.extra is None:
            return KEPT[event.entity](*values)
        return self._kept(event, list(values), secrets, texts)

    def _kept(self, event: Event, values: list[Any], secrets: tuple[Secret, ...], texts: tuple[int, ...]) -> Any:
        for index in texts:
            if values[index].__class__ is str and len(values[index]) >= 11:
                values[index] = ids.scrub(values[index])
            elif values[index].__class__ is dict:
                values[index] = _scrubbed(values[index])
        for secret in secrets:  # from the last to the first, so that the places before stay right
            values[secret.place : secret.place + 1] = self._tokens(secret, values[secret.place], event)
        if event.entity == "person":
            values.append(self._person_key(event.record))
        kept = KEPT[event.entity](*values)
        if event.extra is not None:
            kept.extra = _scrubbed(event.extra)
        return kept

    def _person_key(self, record: Any) -> str:
        number = record.id_number
        return self.pseudonym("id_number", number) if isinstance(number, str) else fallback_person_key(record.person_id)

    def _tokens(self, field: Secret, raw: Any, event: Event) -> tuple[Any, ...]:
        if raw is UNSET or raw is None:
            return (raw,) * field.width
        found = self._cache.get((field.kind, raw)) or self._remember(field.kind, raw)
        if field.width == 7 and self._is_foreign(raw, event):
            return (*found[:2], None, None, None, None, None)
        return found[: field.width]

    @staticmethod
    def _is_foreign(raw: str, event: Event) -> bool:
        """Permits and foreign residents' cards follow other rules: they are kept, not judged (GB 11643)."""
        kind = getattr(event.record, "id_type", "resident_id")
        return kind not in ("resident_id", UNSET, None) or raw[:2] in ("81", "82", "83") or raw[:1] == "9"

    def _remember(self, kind: str, raw: str) -> tuple[Any, ...]:
        clear = NORMAL[kind](raw)
        digest = hmac.digest(self._secret, f"{kind}:{clear}".encode(), hashlib.sha256)
        key = urlsafe_b64encode(digest[:16]).decode().rstrip("=")
        if len(self._cache) >= _CACHE_LIMIT:
            self._cache.clear()
        found = self._cache[(kind, raw)] = (key, MASK[kind](clear), *self._derived(kind, clear))
        self.fresh[key] = (kind, clear)
        return found

    def _derived(self, kind: str, clear: str) -> tuple[Any, ...]:
        """What only the clear value shows (design §11.18)."""
        if kind == "account":
            return (ids.luhn_ok(clear),)
        if kind != "id_number":
            return ()
        seen = ids.citizen(clear, self._today())
        return (seen.fault is None, seen.fault, seen.birth_date, seen.sex, seen.area)


class Secret(NamedTuple):
    """A sensitive field of an entity: where it stands, what it is, and how many columns replace it."""

    place: int
    kind: str
    width: int


def _plan(entity: Entity) -> tuple[Callable[[Any], Any], tuple[Secret, ...], tuple[int, ...]]:
    """Per entity: how to read a record's values at once, which are secret, which are free text."""
    getter = attrgetter(*(f.name for f in entity.fields))
    secrets = tuple(Secret(i, f.secret, len(f.tokens())) for i, f in enumerate(entity.fields) if f.secret)[::-1]
    texts = tuple(i for i, f in enumerate(entity.fields) if f.type in ("str", "object"))
    return getter, secrets, texts


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return ids.scrub(value)
    if isinstance(value, dict):
        return {ids.scrub(str(name)): _scrubbed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_scrubbed(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**10:
        return ids.scrub(str(value))  # a phone or card number sent as a JSON number
    return value
