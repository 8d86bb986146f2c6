"""RQ: what the clock enqueues is what the worker runs, in JSON, and a killed worker's job comes back."""

import argparse
import sys
from types import SimpleNamespace

import pytest
from rq import SimpleWorker
from rq.registry import FailedJobRegistry

from sql.settings import Settings
from workers import cron, jobs


def test_the_clock_enqueues_what_a_worker_runs(
    settings: Settings, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    queue = jobs.queue(settings)
    scheduler = cron.schedule(cron.Scheduler(queue))
    due = scheduler.enqueue_jobs()
    assert [job.func for job in due] == [jobs.reclaim], "the audit runs by night, not at every start"
    assert scheduler.enqueue_jobs() == []
    worker = SimpleWorker([queue], connection=queue.connection, serializer=jobs.SERIALIZER)
    worker.work(burst=True, logging_level="WARNING")
    assert queue.count == 0
    assert FailedJobRegistry(queue=queue).count == 0


def test_a_job_is_the_command_with_its_defaults(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    called: list[argparse.Namespace] = []
    command = SimpleNamespace(
        arguments=lambda parser: parser.add_argument("--rule", default="all"),
        main=lambda args, _settings: called.append(args),
    )
    monkeypatch.setitem(sys.modules, "workers.audit", command)
    jobs.audit()
    assert (called[0].rule, called[0].format) == ("all", "json")
