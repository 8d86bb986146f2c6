"""``aidwatch sweep``: ask rules about every subject, through the same reconcile as always.

At once: each piece of a large city would read the same tables again, and the sweep would grow with its square.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable

import psycopg

from monitors.catalogue import load
from monitors.errors import SupervisionError
from monitors.rule import Rule
from sql.connect import connect
from sql.settings import Settings
from workers import rulebook
from workers.asking import local_parameters
from workers.evaluator import sweep_piece


def sweep(conn: psycopg.Connection, rule: Rule) -> int:
    """Sweep one rule in one transaction; return how many findings changed."""
    with conn.transaction():
        return len(sweep_piece(conn, rule, local_parameters(conn), None, None).changes)


def chosen(codes: Iterable[str] | None) -> tuple[Rule, ...]:
    """Return the rule files of these codes, or all. Raises SupervisionError for an unknown code."""
    catalogue = load()
    unknown = [code for code in codes or () if not catalogue.by_code(code)]
    if unknown:
        raise SupervisionError(f"no rule {', '.join(unknown)}; 'aidwatch rules list' shows the codes")
    found = {rule.file: rule for code in codes or () for rule in catalogue.by_code(code)}
    return tuple(found.values()) if codes else catalogue.rules


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rule", action="append", metavar="CODE", help="only this rule (may be repeated)")


def main(args: argparse.Namespace, settings: Settings) -> int:
    rules = chosen(args.rule)
    with connect(settings.database_url_for("worker"), name="sweep", statement_s=600) as conn:
        rulebook.sync(conn, load())
        result = {rule.file: sweep(conn, rule) for rule in rules}
    if args.format == "json":
        print(json.dumps({"changed": result}))
    else:
        print("\n".join(f"{file:45} {n:8} changed" for file, n in result.items()))
    return 0
