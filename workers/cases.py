"""Runs the cases beside a rule: its events are written as facts, the rule is asked, all is rolled back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from monitors.entities import MARKED
from monitors.reconcile import Answer
from monitors.rule import LADDER, Rule
from sql.batch import Prepared
from sql.fold import Known, write_facts
from workers.asking import ask, local_parameters
from workers.intake import Intake
from workers.keys import Keys
from workers.tables import TABLES

FOLDER = Path(__file__).parent.parent / "monitors"
_START = datetime(2025, 1, 1, tzinfo=UTC)
_KEYS = Keys(b"case" * 8, b"case" * 8)


def cases_of(rule: Rule) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return (events given to every case, cases) from the file beside the rule."""
    path = FOLDER / (rule.file.replace(".", "/") + ".toml")
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return told.get("given", []), told["case"]


def run_case(conn: psycopg.Connection, rule: Rule, given: Iterable[Mapping[str, Any]], case: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a case; empty when the rule answers as the case expects.

    ``conn`` must be an idle autocommit connection to a migrated and seeded database.
    """
    faults: list[str] = []
    with conn.transaction(force_rollback=True):
        intake = Intake(conn, _KEYS, "case")
        told = [*given, *case["events"]]
        write_facts(conn, TABLES, _prepared(intake, [one for one in told if not one.keys() & MARKED.keys()]), Known())
        _write_findings(conn, [one["correction"] for one in told if "correction" in one])
        _write_pairs(conn, [one["person_pair"] for one in told if "person_pair" in one])
        answers = ask(conn, rule, local_parameters(conn), {})
        now = case["now"].astimezone(UTC)
        shown = {(a.identity.rule, a.identity.subject_key, a.identity.item): a for a in answers if a.ladder.card(now)}
        for wanted in case["expect"]:
            faults += _compare(shown, _subject(conn, intake, rule, wanted["subject"]), wanted, rule, now)
        faults += [f"fires unexpectedly: {key} {a.ladder.card(now)} {dict(a.evidence)}" for key, a in shown.items()]
    return faults


def _prepared(intake: Intake, told: Iterable[Mapping[str, Any]]) -> list[Prepared]:
    raws = [_event(n, one) for n, one in enumerate(told)]
    prepared = []
    for n, raw in enumerate(raws):
        event = intake.decoded(raw, local=True)
        one = intake.prepared(event, n)
        one.arrival = n
        prepared.append(one)
    return prepared


def _write_findings(conn: psycopg.Connection, told: Iterable[Mapping[str, Any]]) -> None:
    """``{ correction = {…} }``: a finding others made and people worked on."""
    for n, one in enumerate(told):
        raised_at = one["raised_at"]
        row = {"rule": "P01", "rule_version": 1, "subject_kind": "application", "subject_key": f"A{n}", "item": one["finding_id"],
               "present": "cleared_at" not in one, "evidence": "{}", "opened_at": raised_at, "first_seen_at": raised_at,
               "last_seen_at": raised_at, **one}  # fmt: skip
        _insert(conn, "finding", row)


def _write_pairs(conn: psycopg.Connection, told: Iterable[Mapping[str, Any]]) -> None:
    """``{ person_pair = {…} }``: two persons the comparison found alike, named by their records."""
    for one in told:
        query = "select person_key, person_id from store.identity where person_id = any(%s) order by person_key"
        (left_key, left), (right_key, right) = conn.execute(query, [one["records"]]).fetchall()
        row = {"left_key": left_key, "right_key": right_key, "left_person_id": left, "right_person_id": right, "weight": 5,
               "prior_weight": -25, "reasons": "[]", **{name: value for name, value in one.items() if name != "records"}}  # fmt: skip
        _insert(conn, "person_pair", row)


def _insert(conn: psycopg.Connection, table: str, row: Mapping[str, Any]) -> None:
    names, values = sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join(sql.Placeholder() * len(row))
    conn.execute(sql.SQL("insert into {} ({}) values ({})").format(sql.Identifier("watch", table), names, values), list(row.values()))


def _event(n: int, told: Mapping[str, Any]) -> bytes:
    """``{ payment = {…}, at = … }`` or ``{ deleted = "payment", key = "Q1", at = … }`` as a CloudEvent."""
    at = told.get("at", _START + timedelta(seconds=n))
    head = {"specversion": "1.0", "id": f"case-{n}", "source": told.get("source", "/case"), "time": at.isoformat()}
    if "deleted" in told:
        body = {"type": f"aidwatch.{told['deleted']}.deleted", "subject": told["key"]}
    else:
        entity = next(name for name in told if name in TABLES)
        data = {name: _null(value) for name, value in told[entity].items()}
        body = {"type": f"aidwatch.{entity}.upserted", "subject": data[TABLES[entity].key], "data": data}
    return msgspec.json.encode(head | body)


def _null(value: Any) -> Any:
    """TOML has no null: the text "null" stands for a field known to be empty."""
    return None if value == "null" else value


def _subject(conn: psycopg.Connection, intake: Intake, rule: Rule, told: str) -> str:
    if rule.subject == "account":
        return intake.pseudonym("account", told)
    if rule.subject == "person":
        row = conn.execute("select person_key from store.identity where person_id = %s", [told]).fetchone()
        return row[0] if row else told
    return told


def _compare(shown: dict[tuple[str, str, str], Answer], subject: str, wanted: Mapping[str, Any], rule: Rule, now: datetime) -> list[str]:
    """Take the expected finding out of ``shown``; say what differs."""
    code = wanted.get("rule", rule.code)
    found = [key for key in shown if key[:2] == (code, subject) and wanted.get("item", key[2]) == key[2]]
    if not found:
        return [f"silent about {code} {wanted['subject']} {wanted.get('item', '')}"]
    answer = shown.pop(found[0])
    faults = []
    if "card" in wanted and answer.ladder.card(now) != wanted["card"]:
        faults.append(f"card of {wanted['subject']} is {answer.ladder.card(now)}, not {wanted['card']}: {answer.ladder}")
    faults += [f"{name} is {getattr(answer.ladder, name)}, not {wanted[name]}"
               for name in LADDER if name in wanted and getattr(answer.ladder, name) != wanted[name]]  # fmt: skip
    if "amount_at_risk_fen" in wanted and answer.amount_at_risk_fen != wanted["amount_at_risk_fen"]:
        faults.append(f"amount at risk is {answer.amount_at_risk_fen}, not {wanted['amount_at_risk_fen']}")
    faults += [f"{name} is {answer.evidence.get(name)!r}, not {value!r}"
               for name, value in wanted.get("evidence", {}).items() if answer.evidence.get(name) != _plain(value)]  # fmt: skip
    return faults


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
