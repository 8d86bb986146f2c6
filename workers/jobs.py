"""The RQ worker, and the jobs it runs. Arguments are names, never objects; a job run twice does no harm."""

import argparse
import importlib
import os
import threading

from redis import Redis
from rq import Queue, Worker
from rq.registry import StartedJobRegistry

from sql.settings import Settings

QUEUE = "aidwatch"
SERIALIZER = "json"  # the default would run whatever code a pickle in Redis names


def queue(settings: Settings) -> Queue:
    """Return the queue of this deployment."""
    return Queue(QUEUE, connection=Redis.from_url(settings.redis_url), serializer=SERIALIZER)


def main(settings: Settings, _stop: threading.Event) -> None:
    """Work until SIGTERM; a job that has begun is finished first. RQ installs its own signal handlers."""
    jobs = queue(settings)
    _reclaim(jobs)
    Worker([jobs], connection=jobs.connection, serializer=SERIALIZER).work(with_scheduler=True, logging_level="WARNING")


def audit() -> None:
    """Compare the findings with a full run."""
    _command("audit")


def reclaim() -> None:
    """Give back the jobs of workers that were killed; RQ alone takes ten minutes to notice."""
    _reclaim(queue(Settings.read(os.environ)))


def _reclaim(jobs: Queue) -> None:
    StartedJobRegistry(queue=jobs).cleanup()


def _command(name: str) -> None:
    """Run a command with its own defaults, so that a job does what the command line does."""
    module = importlib.import_module(f"workers.{name}")
    parser = argparse.ArgumentParser()
    parser.add_argument("--format", default="json")
    getattr(module, "arguments", lambda _: None)(parser)
    module.main(parser.parse_args([]), Settings.read(os.environ))
