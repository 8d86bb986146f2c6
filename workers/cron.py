"""The one clock of regular jobs. Run exactly one: two would enqueue everything twice."""

import os
import threading
import time

from rq import Queue
from rq.cron import CronJob, CronScheduler
from rq.utils import now

from sql.settings import Settings
from workers import jobs

_MINUTE_S = 60
_HOUR_S = 60 * _MINUTE_S


class Scheduler(CronScheduler):
    """RQ's scheduler on our queue: its own would be a queue of pickles."""

    def __init__(self, queue: Queue) -> None:
        super().__init__(queue.connection, logging_level="WARNING")
        self._queue = queue

    def enqueue_jobs(self) -> list[CronJob]:
        """Enqueue what is due."""
        due = [job for job in self.get_jobs() if job.should_run()]
        for job in due:
            self._queue.enqueue(job.func_name, **job.job_options)
            job.set_enqueue_time(now())
        return due


def main(settings: Settings, _stop: threading.Event) -> None:
    """Enqueue until SIGTERM; RQ installs its own signal handlers."""
    os.environ["TZ"] = "Asia/Shanghai"  # RQ reads cron strings as local time
    time.tzset()
    schedule(Scheduler(jobs.queue(settings))).start()  # type: ignore[no-untyped-call]


def schedule(scheduler: Scheduler) -> Scheduler:
    """Say what runs when, and why that often."""
    # a worker's death is noticed within a minute instead of ten
    scheduler.register(jobs.reclaim, jobs.QUEUE, interval=_MINUTE_S, result_ttl=0, job_timeout=_MINUTE_S)
    # drift must be known the same morning; a full run needs the machine, so by night
    scheduler.register(jobs.audit, jobs.QUEUE, cron="30 3 * * *", result_ttl=24 * _HOUR_S, job_timeout=4 * _HOUR_S)
    return scheduler
