"""``aidwatch audit``: the independent witness. A full run of each rule in one snapshot against the findings
that stand; what is still waiting to be evaluated is subtracted. It repairs nothing: a difference is a
broken ``touches``, and a sweep that mended it quietly would hide that (design §5, style §3.5.17)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from monitors.catalogue import Catalogue, load
from monitors.reconcile import Answer, Identity
from monitors.rule import Rule
from sql import findings
from sql.clock import now
from sql.connect import connect
from sql.settings import Settings
from workers.asking import ask, local_parameters
from workers.evaluate import known_of
from workers.expand import Expander, Scope, coalesce, with_merged

EXAMPLES = 5


@dataclass
class Verdict:
    """What the audit of one rule file found. ``drift`` must be 0."""

    file: str
    compared: int = 0
    drift: int = 0
    pending: int = 0
    examples: list[str] = field(default_factory=list)


def audit(conn: psycopg.Connection, catalogue: Catalogue, scope: str = "keys") -> list[Verdict]:
    """Compare every rule's full answer with its findings, in one repeatable-read snapshot; write nothing.

    Rules the clock asks (scope ``all``) are compared on request: between two times they may differ lawfully.
    """
    with still(conn) as at:
        left = waiting(conn, catalogue, at)
        local = local_parameters(conn)
        return [_verdict(conn, rule, local, left[rule.file], at) for rule in catalogue.rules if rule.scope == scope]


@contextmanager
def still(conn: psycopg.Connection) -> Iterator[datetime]:
    """One snapshot in which nothing moves and nothing can be written, and the instant findings are judged at in it."""
    with conn.transaction(force_rollback=True):
        conn.execute("set transaction isolation level repeatable read, read only")
        yield now(conn)


def waiting(conn: psycopg.Connection, catalogue: Catalogue, at: datetime) -> dict[str, set[str] | None]:
    """Return, per rule file, the subjects somebody is still to ask about; None = all of them."""
    marks = with_merged(conn, coalesce(conn.execute("select entity, columns, periods from ledger.mark")))
    scopes = Expander(conn, catalogue).scopes(marks)
    left = {file: _keys(scope) for file, scope in scopes.items()}
    for files, keys in conn.execute("select files, keys from watch.claim"):
        for file in files:
            _add(left, file, set(keys))
    for file, key in conn.execute("select file, subject_key from watch.recheck where at <= %s", [at]):
        _add(left, file, {key})
    for (file,) in conn.execute("select file from watch.resweep"):
        left[file] = None
    return left


def _keys(scope: Scope | None) -> set[str] | None:
    return None if scope is None else scope.whole.union(*scope.by_periods.values())


def _add(left: dict[str, set[str] | None], file: str, keys: set[str]) -> None:
    held = left.get(file, set())
    left[file] = None if held is None else held | keys


def _verdict(conn: psycopg.Connection, rule: Rule, local: Mapping[str, set[str]], left: set[str] | None, at: datetime) -> Verdict:
    """One question about everybody, as a sweep is."""
    verdict = Verdict(rule.file)
    full = {a.identity: (a, card) for a in ask(conn, rule, local, {}) if (card := a.ladder.card(at))}
    rows = findings.read_known(conn, list(rule.codes), rule.subject, {})
    known = {k.answer.identity: (k.answer, k.ladder_card if k.rule_version == rule.version else f"of version {k.rule_version}")
             for k in map(known_of, rows) if k.present}  # fmt: skip
    for identity in full.keys() | known.keys():
        if left is None or identity.subject_key in left:
            verdict.pending += 1
            continue
        verdict.compared += 1
        if _differs(full.get(identity), known.get(identity)):
            _drift(verdict, identity, full.get(identity), known.get(identity))
    return verdict


Standing = tuple[Answer, str | None] | None


def _differs(a: Standing, b: Standing) -> bool:
    return a is None or b is None or a[1] != b[1] or a[0].judged() != b[0].judged()


def _drift(verdict: Verdict, identity: Identity, full: Standing, known: Standing) -> None:
    verdict.drift += 1
    if len(verdict.examples) < EXAMPLES:
        said = "is missing" if known is None else "should not stand" if full is None else f"differs: {known} should be {full}"
        verdict.examples.append(f"{identity.rule} {identity.subject_key} {identity.item} {said}"[:800])


def publish(conn: psycopg.Connection, verdicts: list[Verdict]) -> None:
    """Keep the result for the console and /metrics."""
    query = "insert into watch.audit_run(file, compared, drift, pending, examples) values (%s, %s, %s, %s, %s)"
    conn.cursor().executemany(query, [(v.file, v.compared, v.drift, v.pending, json.dumps(v.examples)) for v in verdicts])


def run(settings: Settings) -> list[dict[str, Any]]:
    """Audit and publish; return the verdicts as plain rows."""
    with connect(settings.database_url_for("worker"), name="audit", statement_s=600) as conn:
        verdicts = audit(conn, load())
        publish(conn, verdicts)
    return [asdict(verdict) for verdict in verdicts]


def main(args: argparse.Namespace, settings: Settings) -> int:
    rows = run(settings)
    drift = sum(row["drift"] for row in rows)
    if args.format == "json":
        print(json.dumps({"drift": drift, "rules": rows}, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['file']:45} compared {row['compared']:8}  pending {row['pending']:6}  drift {row['drift']:6}")
            print("".join(f"    {example}\n" for example in row["examples"]), end="")
    return 1 if drift else 0
