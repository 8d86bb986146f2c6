"""Trials people asked for on the page of a rule: rows of ``watch.rule_trial``, worked out one after the other. RQ is only the bell."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

import psycopg
from redis import RedisError

from monitors.catalogue import load
from monitors.errors import SupervisionError
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers import jobs
from workers.trial import TooSlowError, of_rule, try_out

KEPT = 20  #: trials of each rule
LONGEST_S = 1_800  #: of the job; a trial that is not done after an hour is taken for lost (sql/queries/console_trial.sql)
log = logging.getLogger(__name__)


def ring(settings: Settings) -> None:
    """Tell the jobs process that a trial waits. While the bus is away it waits for the clock, which looks each minute."""
    try:
        jobs.queue(settings).enqueue("workers.tasks.try_rules", job_timeout=LONGEST_S, result_ttl=0)
    except RedisError as fault:
        log.warning("the bus is away, a trial waits for the clock: %s", fault)


def run(settings: Settings) -> int:
    """Work out every trial that waits; return how many."""
    done = 0
    with connect(settings.database_url_for("worker"), name="trial") as conn:
        while row := conn.execute(raw("trial.take")).fetchone():
            _run(conn, *row)
            done += 1
    return done


def _run(conn: psycopg.Connection, trial_id: int, file: str, given: Mapping[str, str]) -> None:
    try:
        result = _result(conn, file, given)
    except SupervisionError as fault:
        log.warning("trial %d of %s failed: %s", trial_id, file, fault)
        _fail(conn, trial_id, "too_slow" if isinstance(fault, TooSlowError) else "refused")
    except Exception:  # said on the page; RQ counts the job as failed
        _fail(conn, trial_id, "stopped")
        raise
    else:
        conn.execute(raw("trial.finish"), {"id": trial_id, "result": result})


def _result(conn: psycopg.Connection, file: str, given: Mapping[str, str]) -> str:
    rule = load().files.get(file)
    if rule is None:
        raise SupervisionError(f"{file}: no such rule is in force any more")
    return json.dumps(try_out(conn, of_rule(rule, given)).told(), ensure_ascii=False)


def _fail(conn: psycopg.Connection, trial_id: int, fault: str) -> None:
    conn.execute(raw("trial.fail"), {"id": trial_id, "fault": fault})


def prune(conn: psycopg.Connection) -> int:
    """Forget all but the last trials of each rule; return how many went."""
    return conn.execute(raw("trial.prune"), {"kept": KEPT}).rowcount
