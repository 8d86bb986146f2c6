"""What runs by the clock (Asia/Shanghai), and why that often."""

from rq.cron import CronScheduler

from workers import tasks, trials
from workers.jobs import QUEUE


def schedule(scheduler: CronScheduler) -> None:
    # Hourly: drift must be 0, and a broken rule should be known before a working day is over.
    scheduler.register(tasks.audit_all, QUEUE, cron="17 * * * *", job_timeout=1800, result_ttl=0)
    # Four times a day: what only many cases together show may wait, and reads whole tables.
    scheduler.register(tasks.ask_timed, QUEUE, cron="31 1,7,13,19 * * *", job_timeout=3600, result_ttl=0)
    # At night: durations are counted anew in full, while nobody waits for the histograms.
    scheduler.register(tasks.recount_durations, QUEUE, cron="11 2 * * *", job_timeout=3600, result_ttl=0)
    # Every two minutes what changed, in seconds; the forecast with the first of a day that finds a clock running: after midnight.
    scheduler.register(tasks.count_courses, QUEUE, interval=120, job_timeout=1800, result_ttl=0)
    # Each minute, if the last time was quick enough (workers.pace): the months that changed.
    scheduler.register(tasks.reconcile_money, QUEUE, interval=60, job_timeout=1800, result_ttl=0)
    # At night: every month from its records, compared and mended.
    scheduler.register(tasks.recount_money, QUEUE, cron="23 4 * * *", job_timeout=3600, result_ttl=0)
    # The same, if anything arrived that says who holds what; at night whatever arrived.
    scheduler.register(tasks.count_overlaps, QUEUE, interval=60, job_timeout=1800, result_ttl=0)
    scheduler.register(tasks.recount_overlaps, QUEUE, cron="53 4 * * *", job_timeout=3600, result_ttl=0)
    # Every minute what changed, so that pages add up few lines; at night everything, compared and mended.
    scheduler.register(tasks.sum_findings, QUEUE, interval=60, job_timeout=600, result_ttl=0)
    scheduler.register(tasks.recount_findings, QUEUE, cron="3 5 * * *", job_timeout=600, result_ttl=0)
    # As benefits held at once: each minute in a small city, and when what it is made from arrived; at night whatever arrived.
    scheduler.register(tasks.count_visits, QUEUE, interval=60, job_timeout=600, result_ttl=0)
    scheduler.register(tasks.count_projects, QUEUE, interval=60, job_timeout=600, result_ttl=0)
    scheduler.register(tasks.count_stops, QUEUE, interval=60, job_timeout=600, result_ttl=0)
    scheduler.register(tasks.recount_records, QUEUE, cron="33 4 * * *", job_timeout=600, result_ttl=0)
    # At most a hundredth of the time: whom each register covers, for page Eligibility.
    scheduler.register(tasks.count_registers, QUEUE, interval=300, job_timeout=3600, result_ttl=0)
    # Four times an hour: who applies under a second number should be known before anybody decides.
    scheduler.register(tasks.link_persons, QUEUE, cron="4,19,34,49 * * * *", job_timeout=3600, result_ttl=0)
    # At night: what is over its time goes, and what intake must look up for each event stays small.
    scheduler.register(tasks.retain, QUEUE, cron="43 3 * * *", job_timeout=3600, result_ttl=0)
    # Each minute: a red card is to be acknowledged within four hours.
    scheduler.register(tasks.notify, QUEUE, interval=60, job_timeout=300, result_ttl=0)
    # On the morning of the last working day but one.
    scheduler.register(tasks.remind, QUEUE, cron="30 8 * * *", job_timeout=300, result_ttl=0)
    # Each minute: a trial whose bell nobody heard waits no longer than that.
    scheduler.register(tasks.try_rules, QUEUE, interval=60, job_timeout=trials.LONGEST_S, result_ttl=0)
    # Each minute: a killed worker's job waits no longer than that.
    scheduler.register(tasks.reclaim_jobs, QUEUE, interval=60, job_timeout=60, result_ttl=0)
