"""What runs by the clock (Asia/Shanghai), and why that often."""

from rq import cron

from workers.jobs import QUEUE
from workers.tasks import audit_all

# Hourly: drift must be 0, and a broken rule should be known before a working day is over.
cron.register(audit_all, queue_name=QUEUE, cron="17 * * * *", job_timeout=1800, result_ttl=0)
