"""The decoder against messages made by hand, and against everything that is not a message."""

import contextlib
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.pgoutput import (
    UNCHANGED,
    Begin,
    Change,
    Commit,
    DecodeError,
    Decoder,
    Relation,
    Truncate,
    Values,
    whole_row,
)

NAMES = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1, max_size=12)
CELL = st.none() | st.just(UNCHANGED) | st.text(st.characters(codec="utf-8"), max_size=40)


def relation(oid: int, schema: str, name: str, columns: list[str]) -> bytes:
    head = (
        b"R"
        + struct.pack("!I", oid)
        + schema.encode()
        + b"\0"
        + name.encode()
        + b"\0d"
        + struct.pack("!H", len(columns))
    )
    return head + b"".join(b"\x01" + column.encode() + b"\0" + struct.pack("!Ii", 25, -1) for column in columns)


def row(values: Values) -> bytes:
    cells = [b"n" if v is None else b"u" if v is UNCHANGED else text(str(v)) for v in values]
    return struct.pack("!H", len(values)) + b"".join(cells)


def text(value: str) -> bytes:
    data = value.encode()
    return b"t" + struct.pack("!I", len(data)) + data


def a_decoder(*columns: str) -> Decoder:
    decoder = Decoder()
    decoder.decode(relation(1, "public", "t", list(columns)))
    return decoder


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=6, unique=True), st.data())
def test_every_row_comes_out_as_it_went_in(columns: list[str], data: st.DataObject) -> None:
    values = st.tuples(*[CELL] * len(columns))
    decoder, new, old = a_decoder(*columns), data.draw(values), data.draw(values)
    inserted = decoder.decode(b"I" + struct.pack("!I", 1) + b"N" + row(new))
    assert isinstance(inserted, Change)
    assert (inserted.op, inserted.new, inserted.old) == ("insert", new, None)
    updated = decoder.decode(b"U" + struct.pack("!I", 1) + b"O" + row(old) + b"N" + row(new))
    assert isinstance(updated, Change)
    assert (updated.op, updated.new, updated.old, updated.old_is_full) == ("update", new, old, True)
    deleted = decoder.decode(b"D" + struct.pack("!I", 1) + b"K" + row(old))
    assert isinstance(deleted, Change)
    assert (deleted.op, deleted.new, deleted.old, deleted.old_is_full) == ("delete", None, old, False)
    assert deleted.relation.columns == tuple(columns)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_noise_is_decoded_or_refused_and_nothing_else(message: bytes) -> None:
    decoder = a_decoder("a", "b")
    with contextlib.suppress(DecodeError):
        decoder.decode(message)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40))
def test_a_message_cut_short_is_refused(length: int) -> None:
    message = b"U" + struct.pack("!I", 1) + b"O" + row(("old", "x")) + b"N" + row(("new", "y"))
    decoder = a_decoder("a", "b")
    if length < len(message) and length not in (5, 5 + 1 + len(row(("old", "x")))):  # a whole part is a message too
        with pytest.raises(DecodeError):
            decoder.decode(message[:length])


def test_begin_and_commit_carry_position_and_time() -> None:
    microseconds = 800_000_000_000_000
    at = datetime(2025, 5, 8, 6, 13, 20, tzinfo=UTC)
    assert Decoder().decode(b"B" + struct.pack("!QqI", 7, microseconds, 3)) == Begin(7, at, 3)
    assert Decoder().decode(b"C" + struct.pack("!BQQq", 0, 7, 9, microseconds)) == Commit(7, 9, at)


def test_a_truncate_names_its_tables() -> None:
    found = a_decoder("a").decode(b"T" + struct.pack("!IBI", 1, 0, 1))
    assert found == Truncate((Relation(1, "public", "t", ("a",)),))


@pytest.mark.parametrize("message", [b"O" + bytes(12), b"Y" + bytes(8), b"M" + bytes(20)])
def test_messages_without_rows_say_nothing(message: bytes) -> None:
    assert Decoder().decode(message) is None


def test_a_change_of_a_table_never_described_is_refused() -> None:
    with pytest.raises(DecodeError, match="table 9, which the server has not described"):
        Decoder().decode(b"I" + struct.pack("!I", 9) + b"N" + row(("x",)))


def test_a_table_described_anew_is_read_by_its_new_columns() -> None:
    decoder = a_decoder("a")
    decoder.decode(relation(1, "public", "t", ["a", "b"]))
    found = decoder.decode(b"I" + struct.pack("!I", 1) + b"N" + row(("1", "2")))
    assert isinstance(found, Change)
    assert found.relation.columns == ("a", "b")


def test_a_value_not_sent_is_taken_from_the_old_row_only_where_that_is_complete() -> None:
    table = Relation(1, "public", "t", ("a", "b"))
    full = Change("update", table, ("1", "long"), ("2", UNCHANGED), True)
    key_only = Change("update", table, ("1", None), ("2", UNCHANGED), False)
    assert whole_row(full) == ("2", "long")
    assert whole_row(key_only) == ("2", UNCHANGED)
