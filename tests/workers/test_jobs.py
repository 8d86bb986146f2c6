"""RQ: what the clock enqueues is what the worker runs, in JSON, and there is one clock."""

import pytest
from rq import SimpleWorker
from rq.registry import FailedJobRegistry

from sql.settings import Settings
from workers import jobs
from workers.cron import Scheduler
from workers.schedule import schedule


@pytest.fixture
def clock(settings: Settings) -> Scheduler:
    made = Scheduler(jobs.queue(settings))
    schedule(made)
    return made


def test_the_clock_enqueues_what_a_worker_runs(
    clock: Scheduler, settings: Settings, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    due = clock.enqueue_jobs()
    names = ("reclaim_jobs", "notify", "count_courses", "reconcile_money", "count_overlaps", "count_registers", "try_rules", "sum_findings", "count_visits",
             "count_projects", "count_stops")  # fmt: skip
    at_start = {f"workers.tasks.{name}" for name in names}
    assert {job.func_name for job in due} == at_start, "an audit does not run at every start"
    assert clock.enqueue_jobs() == []
    queue = jobs.queue(settings)
    SimpleWorker([queue], connection=queue.connection, serializer=jobs.SERIALIZER).work(
        burst=True, logging_level="WARNING"
    )
    assert queue.count == 0
    assert FailedJobRegistry(queue=queue).count == 0


def test_a_second_clock_enqueues_nothing(clock: Scheduler, settings: Settings) -> None:
    second = Scheduler(jobs.queue(settings))
    schedule(second)
    assert clock.enqueue_jobs()
    assert second.enqueue_jobs() == []
    assert second.calculate_sleep_interval() >= 1
