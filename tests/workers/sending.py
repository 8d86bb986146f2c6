"""Events to send in tests: small builders, and processes of the deployment to send them to."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

BEIJING = timezone(timedelta(hours=8))
AT = datetime(2026, 5, 4, 10, 0, tzinfo=BEIJING)


def event(n: int | str, entity: str = "household", **data: Any) -> dict[str, Any]:
    """One CloudEvent; ``n`` makes its id and key."""
    key_field = {"household": "household_id", "region": "region_code", "benefit": "benefit_id", "workday": "day_id"}.get(
        entity, f"{entity}_id"
    )
    key = data.setdefault(key_field, f"K{n}")
    return {
        "specversion": "1.0", "id": f"e-{n}", "source": "/test", "type": f"aidwatch.{entity}.upserted",
        "subject": key, "time": AT.isoformat(), "data": data,
    }  # fmt: skip


def raw(n: int | str, entity: str = "household", **data: Any) -> bytes:
    return json.dumps(event(n, entity, **data), ensure_ascii=False).encode()


def wait_for(what: Callable[[], Any], limit_s: float = 30, every_s: float = 0.05) -> Any:
    """Return what ``what`` returns once it is true; fail after ``limit_s``."""
    until = time.monotonic() + limit_s
    while not (found := what()):
        assert time.monotonic() < until, f"not within {limit_s} s: {what}"
        time.sleep(every_s)
    return found


@contextmanager
def process(name: str, environ: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """``aidwatch run NAME`` as a process of its own; killed at the end if it still runs."""
    running = subprocess.Popen([Path(sys.executable).with_name("aidwatch"), "run", name], env=dict(environ))
    try:
        yield running
    finally:
        running.kill()
        running.wait()
