"""Asking a rule: its SELECT with parameters in force, under the role that may read facts and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg

from monitors.ladder import Ladder
from monitors.reconcile import Answer, Identity
from monitors.rule import LADDER, STANDING, Rule
from sql.scope import asked, month_parameters, with_parameters

RULE_S = 30  #: time limit of one question, seconds
ALL_S = 900  #: of one about everybody
Slice = Mapping[str, Any]  #: keys, periods (lists, never empty) or after, upto (texts); absent = unrestricted


@contextmanager
def as_reader(conn: psycopg.Connection, *, keeping_plans: bool = False, limit_s: int = RULE_S) -> Iterator[None]:
    """Run as ``rule_reader`` inside the current transaction."""
    mode = "generic" if keeping_plans else "custom"
    memory = "set local work_mem = '256MB'; " if limit_s > RULE_S else ""
    conn.execute(f"set local role rule_reader; set local statement_timeout = '{limit_s}s'; {memory}"
                 f"set local plan_cache_mode = force_{mode}_plan")  # fmt: skip
    yield
    conn.execute("reset role")


def local_parameters(conn: psycopg.Connection) -> dict[str, set[str]]:
    """Return, per rule code, the names of parameters that have local values."""
    found: dict[str, set[str]] = {}
    for code, name in conn.execute("select distinct rule, name from store.parameter where rule is not null and name is not null"):
        found.setdefault(code, set()).add(name)
    return found


def select_of(rule: Rule, local: Mapping[str, set[str]]) -> str:
    """Return the rule's SELECT with its parameters filled in."""
    names = set().union(*(local.get(code, set()) for code in rule.codes)) & set(rule.params)
    return with_parameters(rule.sql, rule.params, list(rule.codes), rule.override_by, names)


def ask(conn: psycopg.Connection, rule: Rule, local: Mapping[str, set[str]], slice_: Slice) -> list[Answer]:
    """Return every row the rule has for a slice (keys as an array literal). Must run inside a transaction.

    Asked about keys, the statement is prepared and its plan kept: planning 5,000 keys costs more than looking them up,
    and a plan that does not count on statistics stays right while a new month fills.
    """
    given = {name: value for name, value in slice_.items() if value is not None}
    months = month_parameters(given.pop("periods", ()))
    query = asked(select_of(rule, local), months=len(months), **dict.fromkeys(given, True))
    with as_reader(conn, keeping_plans="keys" in given, limit_s=RULE_S if given else ALL_S):
        cursor = conn.execute(query, {**given, **months}, binary=True, prepare="keys" in given)
        names = [column.name for column in cursor.description or ()]
        rows = (dict(zip(names, row, strict=True)) for row in cursor)
        return [_answer(rule, row) for row in rows if row["subject_key"] is not None]  # a row about nobody is in no slice


def _answer(rule: Rule, row: dict[str, Any]) -> Answer:
    evidence = {name: plain(value) for name, value in row.items() if name not in STANDING}
    identity = Identity(row.get("rule") or rule.code, rule.subject, row["subject_key"], row.get("item") or "")
    amount = row.get("amount_at_risk_fen")
    return Answer(identity, row.get("period"), Ladder(*(row.get(name) for name in LADDER)), None if amount is None else int(amount),
                  row.get("region_code"), row.get("unit_code"), evidence)  # fmt: skip


def plain(value: Any) -> Any:
    """Return a value of evidence as JSON holds it: instants as UTC text, whole decimals as integers."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value
