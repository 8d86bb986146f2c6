"""One slice of one rule: lock, ask, reconcile, write – in the caller's transaction (design §5, §6, §11.19).

Rules asked about the same slice share one look at what stands.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from monitors.ladder import Ladder
from monitors.lifecycle import ABOUT_FINDINGS
from monitors.reconcile import Answer, Change, Changes, Identity, Known, reconcile
from monitors.rule import Rule
from sql import findings
from sql.copying import array
from workers import durations
from workers.asking import Slice, ask

BUCKETS = 16  #: locks per rule: evaluators at work on different subjects do not wait for each other


@dataclass(frozen=True)
class Standing:
    """A slice, locked for some rules of one subject, and what stood in it then. ``slice_`` has its keys as an array literal."""

    slice_: Slice
    known: Mapping[str, Sequence[Known]]  # by code
    rechecked: set[str]  # rule files that are to look again at something of the slice


def look(conn: psycopg.Connection, rules: Sequence[Rule], slice_: Slice) -> Standing:
    """Lock a slice for rules of one subject, all of them by month or none, and read what stands in it.

    ``keys`` and ``periods`` are lists; the months of a slice mean nothing to rules that do not answer by month.
    """
    files, kind = sorted(rule.file for rule in rules), rules[0].subject
    _lock(conn, files, slice_.get("keys"))
    bound = {name: array(value) if name == "keys" else value for name, value in slice_.items()
             if value is not None and (rules[0].by_month or name != "periods")}  # fmt: skip
    known: dict[str, list[Known]] = defaultdict(list)
    for row in findings.read_known(conn, [code for rule in rules for code in rule.codes], kind, bound):
        known[row[0]].append(known_of(row))
    return Standing(bound, known, findings.read_rechecked(conn, files, kind, bound))


def evaluate(conn: psycopg.Connection, rule: Rule, local: Mapping[str, set[str]], standing: Standing, now: datetime) -> Changes:
    """Ask a rule about a slice and make the findings of that slice equal to the answer."""
    answers = ask(conn, rule, local, standing.slice_)
    known = [one for code in rule.codes for one in standing.known.get(code, ())]
    changes = reconcile(known, answers, now, rule.version)
    _write(conn, rule, changes, standing, now)
    durations.follow(conn, rule, answers, (c.answer.identity.subject_key for c in changes.changes), standing.slice_)
    return changes


def _lock(conn: psycopg.Connection, files: Sequence[str], keys: Iterable[str] | None) -> None:
    """So that an answer from an older snapshot never overwrites a newer one. Ordered, so that nobody waits in a ring."""
    buckets = sorted({zlib.crc32(key.encode()) % BUCKETS for key in keys}) if keys is not None else range(BUCKETS)
    numbers = [zlib.crc32(file.encode()) - 2**31 for file in files]
    query = ("select pg_advisory_xact_lock(f, b) from (select f, b from unnest(%s::int[]) with ordinality n(f, place), "
             "unnest(%s::int[]) b order by place, b) ordered")  # fmt: skip
    conn.execute(query, [numbers, list(buckets)])


def known_of(row: tuple[Any, ...]) -> Known:
    """Return a row of findings.known as a Known."""
    answer = Answer(Identity(*row[:4]), row[4], Ladder(*row[5:9]), row[9], row[10], row[11], row[12])
    return Known(answer, row[13], row[14], row[15], row[16])


def _write(conn: psycopg.Connection, rule: Rule, changes: Changes, standing: Standing, now: datetime) -> None:
    rows = [(change, _row(rule, change, now)) for change in changes.changes]
    _mark(conn, [row for _, row in rows if row["rule"] not in ABOUT_FINDINGS])
    findings.write(conn, "open_new", [row for change, row in rows if change.what == "opened"])
    findings.write(conn, "renew", [row for change, row in rows if change.what in ("card", "refreshed", "returned")])
    findings.write(conn, "begin_again", [row for change, row in rows if change.is_new_episode])
    findings.write(conn, "clear", [row for change, row in rows if change.what == "cleared"])
    told = [row for change, row in rows if change.what != "refreshed"]
    findings.write(conn, "log", told)
    findings.write(conn, "announce", [{"payload": _payload(rule, row)} for row in told])
    rechecks = [(key, period, at) for (key, period), at in changes.rechecks.items()]
    if rule.file in standing.rechecked:
        findings.forget_rechecks(conn, rule.file, rule.subject, standing.slice_)
    findings.add_rechecks(conn, rule.file, rule.subject, rechecks)


def _mark(conn: psycopg.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rules about findings are to be asked about these; before they change, so that a unit they leave is asked too."""
    if rows:
        units = {row["unit_code"] for row in rows if row["unit_code"]}
        findings.write(conn, "mark_corrections", [{"finding_ids": [row["finding_id"] for row in rows], "units": list(units)}])


def _row(rule: Rule, change: Change, now: datetime) -> dict[str, Any]:
    answer, identity = change.answer, change.answer.identity
    return {
        "finding_id": identity.finding_id, **identity._asdict(), "rule_version": rule.version, "period": answer.period,
        **{name: getattr(answer.ladder, name) for name in Ladder.__slots__}, "card": change.card,
        "amount_at_risk_fen": answer.amount_at_risk_fen, "region_code": answer.region_code, "unit_code": answer.unit_code,
        "evidence": msgspec.json.encode(answer.evidence).decode(), "opened_at": answer.ladder.first, "card_since": change.card_since,
        "now": now, "what": change.what, "from_card": change.from_card, "from_stage": change.from_stage,
        "to_stage": "open" if change.is_new_episode else change.from_stage,
    }  # fmt: skip


def _payload(rule: Rule, row: Mapping[str, Any]) -> str:
    """What the live stream says of a change: no name, no number, nothing that identifies anybody."""
    title = rule.codes[row["rule"]].title
    said = {"finding_id": row["finding_id"], "rule": row["rule"], "what": row["what"], "card": row["card"],
            "title_zh": title["zh"], "title_en": title["en"], "region_code": row["region_code"], "unit_code": row["unit_code"],
            "present": row["what"] != "cleared", "at": row["now"]}  # fmt: skip
    return msgspec.json.encode(said).decode()
