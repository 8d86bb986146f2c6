"""The RQ worker: sweeps, audits and whatever else may take minutes. State lives in SQL, RQ is a bell."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

from sql.settings import Settings

QUEUE = "aidwatch"


def main(settings: Settings, stop: threading.Event) -> None:
    """Run an RQ worker (in a process of its own, because it forks and owns its signals) until told to stop."""
    command = [sys.executable, "-m", "rq.cli", "worker", "--serializer", "json", "--with-scheduler", "--url", settings.redis_url, QUEUE]
    run_until(stop, command, settings)


def run_until(stop: threading.Event, command: list[str], settings: Settings) -> None:
    """Run a program until it ends or ``stop`` is set; raises CalledProcessError when it ends by itself."""
    environ = os.environ | {"TZ": "Asia/Shanghai", "REDIS_URL": settings.redis_url}
    process = subprocess.Popen(command, env=environ, start_new_session=True)
    while not stop.wait(0.5):
        if process.poll() is not None:
            raise subprocess.CalledProcessError(process.returncode, command)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
