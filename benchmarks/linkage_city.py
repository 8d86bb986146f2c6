"""A city of people who are in the database with their blocking keys, and some who arrive and are compared as the job does."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date

import psycopg

from benchmarks.deployment import deployed, owner
from monitors.linkage.scoring import Scorer
from monitors.tokens import Tokeniser
from sql.connect import connect
from workers.keys import Keys, ensure
from workers.linkage import Linking, Person, persons_config
from workers.simulator.slips import Record, with_doubles

PIECE = 20_000
_PERSON = ("person_id", "id_type", "id_number_key", "id_number_mask", "name_key", "name_mask", "phone_key", "phone_mask", "sex",
           "birth_date", "person_key", "event_source", "event_at", "arrival", "from_at")  # fmt: skip
_AT = "2026-01-01T00:00:00Z"


def arriving(city: int, many: int) -> Iterator[float]:
    """Yield, for each of ``many`` second registrations that arrive in a city of so many, how long their pairs take (ms)."""
    records, _ = with_doubles(city, many, seed=5)
    late = [record for record in records if record["person_id"].endswith("-2")]
    with deployed(8953) as settings, owner(settings) as conn, connect(settings.database_url_for("worker"), name="bench") as own:
        keys = ensure(settings)
        with Scorer(persons_config()) as scorer:
            linking = Linking(own, keys, scorer)
            settled = [record for record in records if not record["person_id"].endswith("-2")]
            for start in range(0, len(settled), PIECE):
                _write(conn, keys, linking, settled[start : start + PIECE], with_keys=True)
            _write(conn, keys, linking, late, with_keys=False)
            conn.execute("analyze")
            linking.take([(late[0]["person_id"], 1)])  # the first one pays for what is loaded once
            for record in late[1:]:
                begun = time.perf_counter()
                linking.take([(record["person_id"], 1)])
                yield (time.perf_counter() - begun) * 1e3


def _write(
    conn: psycopg.Connection, keys: Keys, linking: Linking, records: Sequence[Record], *, with_keys: bool
) -> None:
    tokens = Tokeniser(keys.hmac, date.today)
    with conn.transaction(), conn.cursor() as cursor:
        people = [_person(tokens, record) for record in records]
        _copy(cursor, "store.person", _PERSON, people)
        homes = [(f"H{r['person_id']}", r["village"], tokens.pseudonym("address", r["address"])) for r in records]
        _copy(cursor, "store.household", ("household_id", "region_code", "address_key", "event_source", "event_at", "arrival", "from_at"),
              [(*home, "b", _AT, 1, _AT) for home in homes])  # fmt: skip
        member = ("member_id", "household_id", "person_id", "counted", "event_source", "event_at", "arrival")
        _copy(cursor, "store.household_member", member,
              [(f"M{r['person_id']}", f"H{r['person_id']}", r["person_id"], True, "b", _AT, 1) for r in records])  # fmt: skip
        _copy(cursor, "store.identity", ("person_id", "person_key"), [(row[0], row[10]) for row in people])
        sealed = [(key, kind, keys.seal(clear.encode())) for key, (kind, clear) in tokens.fresh.items()]
        cursor.execute("create temp table made (like vault.identity) on commit drop")
        _copy(cursor, "made", ("pseudonym", "kind", "ciphertext"), sealed, extra="at")
        cursor.execute("insert into vault.identity select * from made on conflict do nothing")
        if with_keys:
            _copy(cursor, "watch.link_key", ("key", "person_id"), _keys(linking, records))


def _person(tokens: Tokeniser, record: Record) -> tuple[object, ...]:
    number, phone = record["id_number"], record["phone"]
    number_key = tokens.pseudonym("id_number", number) if number else None
    return (record["person_id"], "resident_id", number_key, "m", tokens.pseudonym("name", record["name"]), "m",
            tokens.pseudonym("phone", phone) if phone else None, "m", record["sex"], record["birth_date"],
            number_key or f"person:{record['person_id']}", "b", _AT, 1, _AT)  # fmt: skip


def _keys(linking: Linking, records: Sequence[Record]) -> list[tuple[str, str]]:
    people = (Person(r["person_id"], "", linking.ready(r)) for r in records)
    return [(key, person.person_id) for person in people for key in linking.hashed(person)]


def _copy(cursor: psycopg.Cursor, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], extra: str = "") -> None:
    if extra:
        columns, rows = (*columns, extra), [(*row, _AT) for row in rows]
    with cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
