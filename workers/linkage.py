"""Who among the persons of the city is probably one human under several numbers: pairs for the merge queue, by the clock.

Each record has blocking keys, kept as keyed hashes. A record that is new or has changed gets its keys, is compared with those that
share one, and its pairs are written. The same for one person as for six million: the price of a person does not grow with the city,
because strangers hardly ever share a key, and one that too many share is passed over. When the model changes, everybody is compared
anew. Names, numbers, phones and addresses are read from the vault for the comparison only; what is written is pseudonyms, a probability,
and the names and weights of the levels.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg.types.json import Jsonb

import monitors.linkage
from monitors.linkage.config import Config, read
from monitors.linkage.resolve import Pair
from monitors.linkage.scoring import Scorer
from sql.copying import array
from sql.load import raw
from workers.keys import Keys

PERSONS = Path(monitors.linkage.__file__).parent / "examples" / "persons.toml"
PIECE, MOST = 500, 50_000  #: records of one transaction, and of one look
_SECRET = {"name": "name_key", "id_number": "id_number_key", "phone": "phone_key", "address": "address_key"}
_LOCK, _UNLOCK = "select pg_try_advisory_lock(hashtext('aidwatch linkage'))", "select pg_advisory_unlock(hashtext('aidwatch linkage'))"


class Person(NamedTuple):
    """A record in clear for as long as it is compared: never kept, never told."""

    person_id: str
    own_key: str
    record: dict[str, str | None]


def persons_config() -> Config:
    return read(PERSONS)


class Linking:
    """Compares persons over one connection (autocommit)."""

    def __init__(self, conn: psycopg.Connection[Any], keys: Keys, scorer: Scorer) -> None:
        self._conn, self._keys, self._scorer = conn, keys, scorer
        self._secret = keys.derive("linkage")
        self._largest = scorer.config.largest_block or 100
        self.model = scorer.config.fingerprint

    def take(self, people: Sequence[tuple[str, int | None]]) -> int:
        """Make keys and pairs of these records anew (person_id, digest; None = gone), in one transaction; return the pairs found."""
        ids = [person for person, _ in people]
        with self._conn.transaction():
            self._conn.execute("set local synchronous_commit = off")  # what a crash loses is outdated again, and made anew
            arriving = self._read(ids)
            keys = [(key, person.person_id) for person in arriving.values() for key in self.hashed(person)]
            self._write_keys(ids, keys)
            pairs = self._pairs(arriving, {key for key, _ in keys})
            self._write_pairs(ids, pairs)
            gone = [person for person, digest in people if digest is None]
            there = {person: digest for person, digest in people if digest is not None}
            self._conn.execute(raw("linkage.unlinked"), {"people": array(gone)})
            self._conn.execute(raw("linkage.linked"), {"people": list(there), "digests": list(there.values()), "model": self.model})
        return len(pairs)

    def _read(self, people: Iterable[str]) -> dict[str, Person]:
        """Return persons by record, with what the vault holds of them; the role that may read it is laid down at once."""
        cursor = self._conn.execute(raw("linkage.records"), {"people": array(sorted(people))})
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
        wanted = {row[column] for row in rows for column in _SECRET.values() if row[column] is not None}
        self._conn.execute("set local role vault_reader")
        sealed = self._conn.execute(raw("linkage.sealed"), {"pseudonyms": array(sorted(wanted))}).fetchall()
        self._conn.execute("reset role")
        clear = {pseudonym: self._keys.unseal(bytes(ciphertext)).decode() for pseudonym, ciphertext in sealed}
        return {row["person_id"]: self._person(row, clear) for row in rows}

    def _person(self, row: Mapping[str, Any], clear: Mapping[str, str]) -> Person:
        told = {name: clear.get(row[column]) for name, column in _SECRET.items()}
        told |= {name: row[name] for name in ("person_id", "birth_date", "sex", "village")}
        return Person(row["person_id"], row["own_key"], self._scorer.ready(told))

    def ready(self, record: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return a record cleaned, as it is compared."""
        return self._scorer.ready(record)

    def hashed(self, person: Person) -> list[str]:
        """Return a person's blocking keys as they are kept."""
        return [hmac.digest(self._secret, key.encode(), hashlib.sha256)[:12].hex() for key in self._scorer.keys(person.record)]

    def _write_keys(self, people: Sequence[str], keys: Sequence[tuple[str, str]]) -> None:
        self._conn.execute(raw("linkage.forget_keys"), {"people": array(people)})
        self._conn.execute(raw("linkage.add_keys"), {"keys": [key for key, _ in keys], "people": [person for _, person in keys]})

    def _pairs(self, arriving: dict[str, Person], keys: set[str]) -> list[tuple[Person, Person, Pair]]:
        """Return the pairs with at least one arriving record, the most alike records of each two identities."""
        asked = {"keys": array(sorted(keys)), "most": self._largest}
        blocks = [people for _, people in self._conn.execute(raw("linkage.candidates"), asked)]
        couples = {couple for people in blocks if len(people) <= self._largest for couple in combinations(people, 2)
                   if couple[0] in arriving or couple[1] in arriving}  # fmt: skip
        everybody = arriving | self._read({one for couple in couples for one in couple} - arriving.keys())
        met = [(everybody[one], everybody[other]) for one, other in sorted(couples) if one in everybody and other in everybody]
        best: dict[tuple[str, ...], tuple[Person, Person, Pair]] = {}
        for pair in self._scorer.score((one.record, other.record) for one, other in met if one.own_key != other.own_key):
            one, other = sorted((everybody[pair.left], everybody[pair.right]), key=lambda person: person.own_key)
            best.setdefault((one.own_key, other.own_key), (one, other, pair))
        return list(best.values())

    def _write_pairs(self, people: Sequence[str], pairs: Sequence[tuple[Person, Person, Pair]]) -> None:
        keys = {"left_keys": [one.own_key for one, _, _ in pairs], "right_keys": [other.own_key for _, other, _ in pairs]}
        over = self._conn.execute(raw("linkage.no_longer_alike"), {"people": array(people), "model": self.model, **keys}).fetchall()
        self._conn.cursor().executemany(raw("linkage.found"), [{**_row(*found), "people": array(people)} for found in pairs])
        self._conn.execute(raw("linkage.mark"), {"keys": [*keys["left_keys"], *(key for (key,) in over)]})


def _row(one: Person, other: Person, pair: Pair) -> dict[str, Any]:
    reasons = [{"comparison": why.comparison, "level": why.level, "weight": why.weight} for why in pair.reasons]
    return {"left_key": one.own_key, "right_key": other.own_key,
            "left_person_id": one.person_id, "right_person_id": other.person_id, "probability": pair.probability,
            "weight": pair.weight, "prior_weight": pair.prior_weight, "reasons": Jsonb(reasons)}  # fmt: skip


def refresh(conn: psycopg.Connection[Any], keys: Keys) -> int:
    """Compare every person who is new or has changed; return how many were. Does nothing while another does it."""
    (alone,) = conn.execute(_LOCK).fetchone() or (False,)
    if not alone:
        return 0
    try:
        with Scorer(persons_config()) as scorer:
            return _refresh(conn, Linking(conn, keys, scorer))
    finally:
        conn.execute(_UNLOCK)


def _refresh(conn: psycopg.Connection[Any], linking: Linking) -> int:
    done = 0
    while rows := conn.execute(raw("linkage.outdated"), {"limit": MOST, "model": linking.model}).fetchall():
        for start in range(0, len(rows), PIECE):
            linking.take(rows[start : start + PIECE])
        done += len(rows)
        if len(rows) < MOST:
            break
    return done
