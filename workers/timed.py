"""Rules that compare many cases with each other (``scope = "all"``): asked by the clock, not for each event.

Each is one question about everybody: cut into ranges of subjects, each piece would read the same tables again, and a sweep would
grow with the square of the city. Asked on a connection of its own, so that the evaluator goes on meanwhile.
"""

from __future__ import annotations

import logging
from typing import Any

import psycopg

from monitors.catalogue import load
from monitors.rule import Rule
from sql.clock import now
from sql.load import raw
from workers.asking import local_parameters
from workers.evaluator import TRIES, sweep_piece
from workers.rulebook import park

log = logging.getLogger(__name__)


def run_once(conn: psycopg.Connection[Any]) -> int:
    """Ask each of them once; return how many there are. Autocommit connection; a transaction for each rule.

    A rule that fails as often as the evaluator would ask it stops no other: it is unknown until it is mended (design §11.14).
    """
    rules = [rule for rule in load().rules if rule.scope == "all"]
    for rule in rules:
        if not any(_answers(conn, rule, tries) for tries in range(1, TRIES + 1)):
            log.error("rule %s is unknown from now on", rule.file)
    return len(rules)


def _answers(conn: psycopg.Connection[Any], rule: Rule, tries: int) -> bool:
    try:
        _ask(conn, rule)
    except psycopg.errors.DatabaseError as fault:
        if conn.closed:
            raise
        log.error("rule %s failed (try %d): %s", rule.file, tries, fault)
        if tries == TRIES:
            park(conn, rule.file, str(fault))
        return False
    return True


def _ask(conn: psycopg.Connection[Any], rule: Rule) -> None:
    with conn.transaction():
        sweep_piece(conn, rule, local_parameters(conn), None, None)
        conn.execute(raw("evaluator.note_evaluated"), {"at": now(conn), "files": [rule.file]})
