"""Shares of a batch: how many of a closed batch's lines a rule finds wrong (contract §6, F01).

Judged when the batch is closed and again when its lines change, and appended to the ledger as a local
event, so that a replay finds the same number at the same place.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from monitors.catalogue import Catalogue
from monitors.event import LOCAL
from monitors.rule import Rule
from sql.clock import now
from sql.load import raw
from workers.asking import as_reader, select_of
from workers.expand import Touched
from workers.intake import Intake
from workers.rulebook import park

log = logging.getLogger(__name__)
PIECE = 500  #: batches of one question: a first reading touches all there ever were


def judge_shares(conn: psycopg.Connection, intake: Intake, catalogue: Catalogue, local: Mapping[str, set[str]],
                 touched: Mapping[str, Touched]) -> int:  # fmt: skip
    """Append the shares that changed; return how many. Runs in the caller's transaction, appends in its own."""
    batches = {key for entity in ("payment", "payment_batch") if entity in touched for key in touched[entity].columns.get("batch_id", ())}
    rules = [rule for rule in catalogue.rules if rule.share] if batches else []
    pieces = [sorted(batches)[n : n + PIECE] for n in range(0, len(batches), PIECE)]
    events = [event for rule in rules for piece in pieces for event in _guarded(conn, rule, local, piece)]
    if events:
        intake.take(events, local=True)
    return len(events)


def _guarded(conn: psycopg.Connection, rule: Rule, local: Mapping[str, set[str]], batches: list[str]) -> list[bytes]:
    """A rule that fails here stops no other: it is unknown from now on (design §11.14)."""
    try:
        with conn.transaction():
            return list(_changed(conn, rule, local, batches))
    except psycopg.errors.DatabaseError as fault:
        if conn.closed:
            raise
        log.error("the share of %s failed: %s", rule.file, fault)
        park(conn, rule.file, str(fault))
        return []


def _changed(conn: psycopg.Connection, rule: Rule, local: Mapping[str, set[str]], batches: list[str]) -> Iterable[bytes]:
    bound: dict[str, Any] = {"file": rule.file, "batch_ids": batches}
    before = {row[0]: (row[1], row[2]) for row in conn.execute(raw("evaluator.closed_batches"), bound)}
    if not before:
        return
    bound = {"batch_ids": sorted(before)}
    lines: dict[str, int] = dict(conn.execute(raw("evaluator.lines_of_batches"), bound).fetchall())
    wrong = _fired(conn, rule, local, bound)
    at = now(conn)
    for batch_id, was in before.items():
        share = (lines.get(batch_id, 0), wrong.get(batch_id, 0))
        if share != was:
            yield _event(rule, batch_id, share, at)


def _fired(conn: psycopg.Connection, rule: Rule, local: Mapping[str, set[str]], bound: Mapping[str, Any]) -> dict[str, int]:
    question = select_of(rule, local).replace("%", "%%")
    query = f"select f.batch_id, count(*) from (\n{question}\n) f where f.batch_id = any(%(batch_ids)s) group by 1"
    with as_reader(conn):
        return dict(conn.execute(query, bound).fetchall())


def _event(rule: Rule, batch_id: str, share: tuple[int, int], at: datetime) -> bytes:
    key = f"{rule.file}/{batch_id}"
    data = {"share_id": key, "rule": rule.code, "batch_id": batch_id, "lines": share[0], "fired": share[1], "judged_at": at}
    return msgspec.json.encode({"specversion": "1.0", "id": f"share/{uuid.uuid4()}", "source": LOCAL, "time": at,
                                "type": "aidwatch.batch_share.upserted", "subject": key, "data": data})  # fmt: skip
