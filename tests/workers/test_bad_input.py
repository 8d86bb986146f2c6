"""Whatever is sent, nothing breaks: each bad event is refused with a reason that helps, each good one is taken."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from monitors.entities import ENTITIES, LOCAL_ONLY, Entity, Field
from tests.conftest import Database
from tests.workers.sending import event, raw
from tests.workers.serving import BATCH, NDJSON, SINGLE, Client, serving

N, BATCHES = 10_000, 20
EVENTS = "/api/v1/events"
Made = bytes
pick = random.Random(20260504)
SENT = [entity for name, entity in ENTITIES.items() if name not in LOCAL_ONLY]


@pytest.fixture
def client(environ: dict[str, str]) -> Iterator[Client]:
    with serving(environ) as found:
        yield found


def told(**changed: Any) -> bytes:
    """A good event but for what is changed; None takes a field away, ``data_x`` changes the record."""
    one = event(f"bad-{pick.random()}", "payment", amount_fen=100, period="2026-05", kind="regular")
    for field, value in changed.items():
        place = one["data"] if field.startswith("data_") else one
        name = field.removeprefix("data_")
        if value is ...:
            del place[name]
        else:
            place[name] = value
    return json.dumps(one).encode()


def cut() -> Made:
    whole = told()
    return whole[: pick.randrange(1, len(whole) - 1)].replace(b"\n", b"")


def garbage() -> Made:
    return bytes(
        pick.choice(b'{}[]",:0123456789truefalsnl\\u \xff\xc3\x28\x00\xed\xa0\x80')
        for _ in range(pick.randrange(1, 200))
    )


def flipped() -> Made:
    whole = bytearray(told())
    whole[pick.randrange(20)] ^= 1 << pick.randrange(3)
    return bytes(whole).replace(b"\n", b"?")


def not_an_event() -> Made:
    return pick.choice(
        (b"null", b"true", b"1", b"-0.0", b'"x"', b"[]", b"{}", b"[1,2]", b'{"id":1}', b"NaN", b"Infinity", b"1e999")
    )


def no_envelope() -> Made:
    return told(**{pick.choice(("specversion", "id", "source", "type", "subject", "time", "data")): ...})


def wrong_envelope() -> Made:
    name = pick.choice(("specversion", "id", "source", "type", "subject", "time", "data", "sequence"))
    return told(**{name: pick.choice((1, True, [], {}, "", 1.5, "x" * 5_000, -(10**30), {"a": {"b": []}}))})


def wrong_time() -> Made:
    return told(time=pick.choice((
        "yesterday", "2026-13-01T00:00:00+08:00", "2026-02-30T00:00:00Z", "2026-05-04T10:00:00", "2026-05-04", "0000-00-00T00:00:00Z",
        "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1899-12-31T00:00:00Z", "2026-05-04T25:00:00Z", "2026-05-04T10:00:00+99:00",
        1777777777, "1777777777", "2026-05-04T10:00:00+08:00:00:00", "２０２６-05-04T10:00:00Z",
    )))  # fmt: skip


def unknown_type() -> Made:
    return told(type=pick.choice((
        "aidwatch.dog.upserted", "aidwatch.payment.patched", "payment.upserted", "aidwatch.payment", "aidwatch..upserted",
        "aidwatch.batch_share.upserted", "AIDWATCH.PAYMENT.UPSERTED", "aidwatch.payment.upserted ", "aidwatch.pay\u0000ment.upserted",
    )))  # fmt: skip


def wrong_subject() -> Made:
    return told(subject=pick.choice(("another", "K", "k" * 65, "11010519491231002X", "a\u0000b", "\u202e", "x\ny")))


def reserved() -> Made:
    return told(source="/local")


def huge_number() -> Made:
    return told(
        data_amount_fen=pick.choice((10**15 + 1, -(10**16), 2**63, 2**64, 10**300, 1e308, 10**5000 // 10**4000))
    )


def wrong_value() -> Made:
    entity = pick.choice(SENT)
    field = pick.choice([f for f in entity.fields[1:] if f.type not in ("scalar", "object")])
    key = f"K-{pick.random()}"
    one = event(key, entity.name, **{entity.key: _key(entity), field.name: _wrong(field)})
    return json.dumps(one).encode()


def _key(entity: Entity) -> str:
    return f"{pick.randrange(10**12):012d}" if entity.name == "region" else f"K{pick.randrange(10**9)}"


def _wrong(field: Field) -> Any:
    texts = ["", "x" * 100_000, "a\u0000b"] if field.secret else []
    if field.type == "str":
        return pick.choice((1, 1.5, True, [], {}, ["x"], "x" * 5_000, "a\u0000b", "\u0001"))
    if field.type == "id":
        return pick.choice((1, True, [], {}, "", "x" * 65, "a\u0000b", "a\tb"))
    if field.secret:
        return pick.choice((1, 1.5, True, [], {}, *texts))
    if field.type == "bool":
        return pick.choice((0, 1, "true", "是", [], {}))
    if field.type.startswith("list<"):
        return pick.choice((1, "x", {}, [1], [None], [["a"]], ["x" * 70], ["a\u0000b"], ["S"] * 2_000))
    return pick.choice(("x", "", "100", True, [], {}, 1.5, "2026-02-30", "\u0000", 10**20, "2026-5", -(2**40)))


def nested() -> Made:
    depth = pick.choice((50, 2_000, 100_000))
    deep = "[" * depth + "]" * depth if pick.random() < 0.5 else '{"a":' * depth + "1" + "}" * depth
    return told(data_amount_fen="MARK").replace(b'"MARK"', deep.encode())


def surrogates() -> Made:
    spelt = pick.choice(
        (b"\\ud800", b"\\udfff", b"\\ud800x", b"\\u0000", b"\\udc00\\ud800", b"\xed\xa0\x80", b"\xff", b"\xc0\x80")
    )
    place = pick.choice((b"regular", b"/test", b"K"))
    return told().replace(place, place + spelt, 1)


def twice_named() -> Made:
    return told().replace(b'"amount_fen": 100', b'"amount_fen": 100, "amount_fen": "100"', 1)


def too_far_ahead() -> Made:
    return told(time=f"{pick.randrange(2100, 9999)}-01-01T00:00:00Z")


MAKERS: tuple[Callable[[], Made], ...] = (
    cut, garbage, flipped, not_an_event, no_envelope, wrong_envelope, wrong_time, unknown_type, wrong_subject, reserved, huge_number,
    wrong_value, wrong_value, wrong_value, nested, surrogates, twice_named, too_far_ahead,
)  # fmt: skip


def is_line(made: Made) -> bool:
    return bool(made.strip()) and b"\n" not in made and b"\r" not in made


def test_ten_thousand_malformed_events_break_nothing(client: Client, database: Database) -> None:
    good = 0
    refused: list[str] = []
    size = N // BATCHES
    for batch in range(BATCHES):
        bad = [made for _ in range(size) for made in [pick.choice(MAKERS)()] if is_line(made)]
        lines = [*bad, *(raw(f"good-{batch}-{n}") for n in range(25))]
        pick.shuffle(lines)
        answer = client.call("POST", EVENTS, b"\n".join(lines), NDJSON)
        assert answer.status == 202, answer.body[:500]
        places = {one["index"] for one in answer.json["rejected"]}
        wrongly = [line for n, line in enumerate(lines) if n in places and b'"good-' in line]
        assert wrongly == []
        good += 25
        refused += [one["reason"] for one in answer.json["rejected"]]
        assert answer.json["accepted"] + answer.json["duplicates"] + len(places) == len(lines)
    assert stored(database, "good-%") == good
    assert len(refused) > N * 0.9
    assert all(reason.strip() and len(reason) < 1_000 for reason in refused)
    assert client.get("/readyz").json["database"] == "ok"
    assert "internal" not in " ".join(refused).lower()
    assert not [reason for reason in refused if "could not be stored" in reason], (
        "the database is not what finds faults"
    )


def stored(database: Database, like: str) -> int:
    with database.engine("owner").connect() as conn:
        query = text("select count(*) from ledger.event where event_id like :like")
        return int(conn.execute(query, {"like": f"e-{like}"}).scalar_one())


@pytest.mark.parametrize(
    ("made", "names"),
    [
        (told(data_amount_fen="100"), ["data.amount_fen", "int"]),
        (told(data_amount_fen=100.5), ["data.amount_fen", "int"]),
        (told(data_amount_fen=10**16), ["data.amount_fen"]),
        (told(data_period="2026-5"), ["data.period"]),
        (told(data_paid_at="2026-05-04 10:00"), ["data.paid_at"]),
        (told(data_kind="monthly"), ["data.kind", "monthly"]),
        (told(data_batch_id="x" * 65), ["data.batch_id", "64"]),
        (told(time="2026-05-04T10:00:00"), ["time"]),
        (told(time=...), ["time"]),
        (told(type="aidwatch.dog.upserted"), ["type", "aidwatch.<entity>.upserted"]),
        (told(subject="other"), ["subject", "payment_id"]),
        (told(subject="11010519491231002X", data_payment_id="11010519491231002X"), ["ID number"]),
        (told(data_approver_id="11010519491231002X"), ["data.approver_id", "ID number"]),
        (told(data_batch_id="a\u0000b"), ["data.batch_id", "control character"]),
        (told(source="/local"), ["/local"]),
        (told(time="2126-05-04T10:00:00Z"), ["ahead"]),
        (told(data=...), ["data"]),
        (b"{", ["truncated"]),
    ],
)
def test_a_reason_names_the_field_and_what_is_wrong(client: Client, made: bytes, names: list[str]) -> None:
    answer = client.call("POST", EVENTS, made, NDJSON)
    (one,) = answer.json["rejected"]
    assert all(name in one["reason"] for name in names), one["reason"]


def test_what_was_refused_is_kept_sealed_with_its_reason(client: Client, database: Database) -> None:
    client.call("POST", EVENTS, told(data_amount_fen="100", data_account_name="张三丰"), SINGLE)
    with database.engine("owner").connect() as conn:
        row = conn.execute(text("select source, reason, original_encrypted from ledger.dead_letter")).one()
    assert row.source == "/test"
    assert "amount_fen" in row.reason
    assert "张三丰".encode() not in row.original_encrypted


def test_a_clear_number_never_comes_back_in_a_reason(client: Client, database: Database) -> None:
    number, phone, card = "11010519491231002X", "13812345678", "6222020111122220000"
    made = [
        told(subject=number), told(subject=number, data_payment_id=number), told(data_payment_id=number), told(data_kind=phone),
        told(type=f"aidwatch.{number}.upserted"), told(data_period=number), told(data_status=card), told(source=number, time="x"),
    ]  # fmt: skip
    answer = client.call("POST", EVENTS, b"\n".join(made), NDJSON)
    assert len(answer.json["rejected"]) == len(made)
    with database.engine("owner").connect() as conn:
        kept = " ".join(conn.execute(text("select reason from ledger.dead_letter")).scalars())
    for secret in (number, phone, card):
        assert secret not in kept
        assert secret not in " ".join(one["reason"] for one in answer.json["rejected"])


@pytest.mark.parametrize("media_type", [SINGLE, BATCH, NDJSON])
def test_twenty_megabytes_are_refused_unread(client: Client, database: Database, media_type: str) -> None:
    body = told(data_account_name="x" * 20_000_000)
    assert client.call("POST", EVENTS, body, media_type).status == 413
    assert stored(database, "%") == 0
    assert client.send(event(1)).json["accepted"] == 1


def test_a_batch_nested_without_end_is_refused(client: Client) -> None:
    for body in (b"[" * 1_000_000, b"[" * 100_000 + b"]" * 100_000, b'[{"a":' * 200_000):
        assert client.call("POST", EVENTS, body, BATCH).status in (202, 400)
    assert client.get("/healthz").status == 200
