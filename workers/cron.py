"""The one clock of regular jobs. Two would enqueue everything twice, so a lease in Redis keeps a second one waiting."""

import os
import threading
import time

from rq import Queue
from rq.cron import CronJob, CronScheduler
from rq.utils import now

from sql.settings import Settings
from workers.jobs import queue
from workers.schedule import schedule

_LEASE, _LEASE_S = "aidwatch:cron", 90  # longer than the scheduler ever sleeps (60 s)


class Scheduler(CronScheduler):
    """RQ's scheduler on our queue (its own would be a queue of pickles), and only while it holds the lease."""

    def __init__(self, jobs: Queue) -> None:
        super().__init__(jobs.connection, logging_level="WARNING")
        self._jobs = jobs

    def enqueue_jobs(self) -> list[CronJob]:
        """Enqueue what is due, unless another clock does."""
        due = [job for job in self.get_jobs() if job.should_run()] if self._holds_lease() else []
        for job in due:
            self._jobs.enqueue(job.func_name, **job.job_options)
            job.set_enqueue_time(now())
        return due

    def calculate_sleep_interval(self) -> float:
        """Never 0: what is due stays due while another clock holds the lease."""
        return max(1.0, super().calculate_sleep_interval())

    def _holds_lease(self) -> bool:
        self.connection.set(_LEASE, self.name, nx=True, ex=_LEASE_S)
        mine = self.connection.get(_LEASE) == self.name.encode()
        if mine:
            self.connection.expire(_LEASE, _LEASE_S)
        return mine


def main(settings: Settings, _stop: threading.Event) -> None:
    """Enqueue until SIGTERM; RQ installs its own signal handlers."""
    os.environ["TZ"] = "Asia/Shanghai"  # RQ reads cron strings as local time
    time.tzset()
    scheduler = Scheduler(queue(settings))
    schedule(scheduler)
    scheduler.start()  # type: ignore[no-untyped-call]
