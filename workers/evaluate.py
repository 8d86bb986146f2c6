"""One slice of one rule: lock, ask, reconcile, write – in the caller's transaction (design §5, §6, §11.19)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from monitors.ladder import Ladder
from monitors.reconcile import Answer, Change, Changes, Identity, Known, reconcile
from monitors.rule import Rule
from sql import findings
from sql.copying import array
from workers.asking import Slice, ask

BUCKETS = 16  #: locks per rule: evaluators at work on different subjects do not wait for each other


def evaluate(conn: psycopg.Connection, rule: Rule, local: Mapping[str, set[str]], slice_: Slice, now: datetime) -> Changes:
    """Ask a rule about a slice and make the findings of that slice equal to the answer.

    ``keys`` and ``periods`` are lists; a slice with ``periods`` is asked by month only of rules that answer by month.
    """
    _lock(conn, rule.file, slice_.get("keys"))
    slice_ = _bound(slice_, by_month=rule.by_month)
    answers = ask(conn, rule, local, slice_)
    known = [known_of(row) for row in findings.read_known(conn, list(rule.codes), rule.subject, slice_)]
    changes = reconcile(known, answers, now, rule.version)
    _write(conn, rule, changes, slice_, now)
    return changes


def _bound(slice_: Slice, *, by_month: bool) -> Slice:
    """The slice as it is bound to statements; lists as array literals, which are ten times cheaper to send."""
    return {name: array(value) if isinstance(value, list) else value
            for name, value in slice_.items() if value is not None and (by_month or name != "periods")}  # fmt: skip


def _lock(conn: psycopg.Connection, file: str, keys: Iterable[str] | None) -> None:
    """So that an answer from an older snapshot never overwrites a newer one. Ordered, so that nobody waits in a ring."""
    buckets = sorted({zlib.crc32(key.encode()) % BUCKETS for key in keys}) if keys is not None else range(BUCKETS)
    number = zlib.crc32(file.encode()) - 2**31
    conn.execute("select pg_advisory_xact_lock(%s, b) from unnest(%s::int[]) b", [number, list(buckets)])


def known_of(row: tuple[Any, ...]) -> Known:
    """Return a row of findings.known as a Known."""
    answer = Answer(Identity(*row[:4]), row[4], Ladder(*row[5:9]), row[9], row[10], row[11], row[12])
    return Known(answer, row[13], row[14], row[15], row[16])


def _write(conn: psycopg.Connection, rule: Rule, changes: Changes, slice_: Slice, now: datetime) -> None:
    rows = [(change, _row(rule, change, now)) for change in changes.changes]
    findings.write(conn, "open_new", [row for change, row in rows if change.what == "opened"])
    findings.write(conn, "renew", [row for change, row in rows if change.what in ("card", "refreshed", "returned")])
    findings.write(conn, "clear", [row for change, row in rows if change.what == "cleared"])
    told = [row for change, row in rows if change.what != "refreshed"]
    findings.write(conn, "log", told)
    findings.write(conn, "announce", [{"payload": _payload(rule, row)} for row in told])
    rechecks = [(key, period, at) for (key, period), at in changes.rechecks.items()]
    findings.replace_rechecks(conn, rule.file, rule.subject, slice_, rechecks)


def _row(rule: Rule, change: Change, now: datetime) -> dict[str, Any]:
    answer, identity = change.answer, change.answer.identity
    return {
        "finding_id": identity.finding_id, **identity._asdict(), "rule_version": rule.version, "period": answer.period,
        **{name: getattr(answer.ladder, name) for name in Ladder.__slots__}, "card": change.card,
        "amount_at_risk_fen": answer.amount_at_risk_fen, "region_code": answer.region_code, "unit_code": answer.unit_code,
        "evidence": msgspec.json.encode(answer.evidence).decode(), "opened_at": answer.ladder.first, "card_since": change.card_since,
        "now": now, "what": change.what, "from_card": change.from_card, "from_stage": change.from_stage,
        "to_stage": "open" if change.is_new_episode else change.from_stage, "new_episode": change.is_new_episode,
    }  # fmt: skip


def _payload(rule: Rule, row: Mapping[str, Any]) -> str:
    """What the live stream says of a change: no name, no number, nothing that identifies anybody."""
    title = rule.codes[row["rule"]].title
    said = {"finding_id": row["finding_id"], "rule": row["rule"], "what": row["what"], "card": row["card"],
            "title_zh": title["zh"], "title_en": title["en"], "region_code": row["region_code"],
            "present": row["what"] != "cleared", "at": row["now"]}  # fmt: skip
    return msgspec.json.encode(said).decode()
