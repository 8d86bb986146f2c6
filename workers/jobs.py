"""The RQ worker: sweeps, audits and whatever else may take minutes. State lives in SQL, RQ is a bell."""

import threading

from redis import Redis
from rq import Queue, Worker
from rq.registry import StartedJobRegistry

from sql.settings import Settings

QUEUE = "aidwatch"
SERIALIZER = "json"  # the default would run whatever code a pickle in Redis names


def queue(settings: Settings) -> Queue:
    """Return the queue of this deployment. Enqueue tasks by name: ``enqueue("workers.tasks.sweep_rule", "E01")``."""
    return Queue(QUEUE, connection=Redis.from_url(settings.redis_url), serializer=SERIALIZER)


def main(settings: Settings, _stop: threading.Event) -> None:
    """Work until SIGTERM; a job that has begun is finished first. RQ installs its own signal handlers."""
    jobs = queue(settings)
    reclaim(jobs)
    Worker([jobs], connection=jobs.connection, serializer=SERIALIZER).work(logging_level="WARNING")


def reclaim(jobs: Queue) -> None:
    """Give back the jobs of workers that were killed; RQ alone takes ten minutes to notice."""
    StartedJobRegistry(queue=jobs).cleanup()
