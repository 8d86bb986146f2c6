"""RQ entry points: plain names in, one call, nothing returned but a small count."""

import os
from datetime import UTC, datetime, timedelta

from sql import take
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers import audit as auditing
from workers import jobs, timed
from workers import notify as notifying
from workers.sweep import chosen, sweep

REMEMBERED_DAYS = 90


def audit_all() -> int:
    """Compare all findings with a full run and publish the drift; return it."""
    return sum(row["drift"] for row in auditing.run(Settings.read(os.environ)))


def sweep_rule(code: str) -> int:
    """Sweep one rule; return how many findings changed."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="sweep", statement_s=600) as conn:
        return sum(sweep(conn, rule) for rule in chosen([code]))


def ask_timed() -> int:
    """Have the rules that compare many cases asked; return how many."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="timed") as conn:
        return timed.run_once(conn)


def forget_ids() -> int:
    """Forget the ids of events taken more than 90 days ago; return how many."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="forget") as conn:
        return take.forget_ids(conn, datetime.now(UTC) - timedelta(days=REMEMBERED_DAYS))


def forget_sessions() -> None:
    """Forget the sessions of people that are over."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="forget") as conn:
        conn.execute(raw("people.forget_sessions"))


def notify() -> int:
    """Tell who wants to know what happened; return how many messages went out."""
    return notifying.run(Settings.read(os.environ))


def remind() -> int:
    """Remind of what is due by the end of the next working day; return how many reminders were written."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="remind") as conn:
        return notifying.remind(conn)


def forget_deliveries() -> None:
    """Forget what was delivered more than 90 days ago."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="forget") as conn:
        conn.execute(raw("notify.forget"))


def reclaim_jobs() -> None:
    """Give back the jobs of killed workers."""
    jobs.reclaim(jobs.queue(Settings.read(os.environ)))
