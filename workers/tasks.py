"""RQ entry points: plain names in, one call, nothing returned but a small count."""

import os
from functools import partial

from sql.connect import connect
from sql.settings import Settings
from workers import audit as auditing
from workers import (
    courses,
    coverage,
    durations,
    forecasts,
    jobs,
    metrics,
    money_statistics,
    overlaps,
    reconciliation,
    remade,
    retention,
    tally,
    timed,
    trials,
)
from workers import notify as notifying
from workers.keys import ensure
from workers.lane import Lane
from workers.pace import paced
from workers.sweep import chosen, sweep


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


def recount_durations() -> int:
    """Count every passage and histogram anew and mend what differs; return how much did without reason."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="durations", statement_s=1800) as conn:
        return int(durations.recount(conn)["drift"])


def count_courses() -> int:
    """Make anew the courses that changed and, once a day, the forecast; return how many of both."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="courses", statement_s=600) as conn:
        return courses.refresh(conn) + forecasts.make(conn, again=False)


def reconcile_money() -> int:
    """Reconcile anew the months whose decisions, lists or payments changed, and then their statistics; return how many months."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="reconciliation", statement_s=600) as conn:
        made = paced(conn, reconciliation.NAME, reconciliation.refresh)
        paced(conn, money_statistics.NAME, money_statistics.refresh)
        return made


def recount_money() -> int:
    """Reconcile every month anew and mend what differs; return how many sums did without reason."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="reconciliation", statement_s=1800) as conn:
        drift = int(reconciliation.recount(conn)["drift"])
        money_statistics.refresh(conn, again=True)
        return drift


def count_overlaps() -> int:
    """Count anew who holds two benefits at once, if anything arrived; return how many rows changed."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="overlaps", statement_s=600) as conn:
        return paced(conn, overlaps.NAME, overlaps.refresh)


def recount_overlaps() -> int:
    """Count anew who holds two benefits at once, whatever arrived; return how many rows changed."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="overlaps", statement_s=1800) as conn:
        return overlaps.refresh(conn, again=True)


def count_registers() -> int:
    """Count whom each register covers; return how many rows."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="coverage", statement_s=1800) as conn:
        return paced(conn, coverage.NAME, coverage.recount, share=0.01)


def link_persons() -> int:
    """Compare the persons who are new or have changed with everybody who might be them; return how many there were."""
    from workers import linkage  # brings Splink, which takes its time

    settings = Settings.read(os.environ)
    with connect(settings.database_url_for("worker"), name="linkage", statement_s=600) as conn:
        return linkage.refresh(conn, ensure(settings))


def retain() -> int:
    """Remove what is over its time: logs, sessions, remembered ids, clear values, trials of rules; return how much."""
    settings = Settings.read(os.environ)
    with Lane(settings.home, "retention") as lane, connect(settings.database_url_for("worker"), name="retention") as conn:
        metrics.begin(settings, lane.short)
        return sum(retention.run(conn).values()) + trials.prune(conn)


def notify() -> int:
    """Tell who wants to know what happened; return how many messages went out."""
    return notifying.run(Settings.read(os.environ))


def remind() -> int:
    """Remind of what is due by the end of the next working day; return how many reminders were written."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="remind") as conn:
        return notifying.remind(conn)


def try_rules() -> int:
    """Work out what rules would find with the limits people want to try; return how many trials."""
    return trials.run(Settings.read(os.environ))


def reclaim_jobs() -> None:
    """Give back the jobs of killed workers."""
    jobs.reclaim(jobs.queue(Settings.read(os.environ)))


def sum_findings() -> int:
    """Add up what changed about findings; return how many sums changed."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="tally", statement_s=600) as conn:
        return tally.refresh(conn)


def recount_findings() -> int:
    """Count all findings anew, compare with the sums and mend; return how many were wrong without reason."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="tally", statement_s=600) as conn:
        return int(tally.recount(conn)["drift"])


def count_visits() -> int:
    """Make the last visit of each household anew, if any arrived; return how many changed."""
    return _remake(remade.VISITS)


def count_projects() -> int:
    """Add up what was delivered, paid and answered of each project, if any of it arrived; return how many changed."""
    return _remake(remade.PROJECTS)


def count_stops() -> int:
    """Look for what bears out that a benefit was stopped for death or custody; return how many changed."""
    return _remake(remade.STOPS)


def _remake(what: remade.Remade) -> int:
    with connect(Settings.read(os.environ).database_url_for("worker"), name=what.name, statement_s=600) as conn:
        return paced(conn, what.name, partial(remade.refresh, what=what), what.share)


def recount_records() -> int:
    """The same whatever arrived; return how many changed."""
    with connect(Settings.read(os.environ).database_url_for("worker"), name="remade", statement_s=600) as conn:
        return sum(remade.refresh(conn, what, again=True) for what in remade.ALL)
