"""From accepted to committed to painted, at a steady thousand events a second over HTTP.

Accepted: the answer 202 has come back. Committed: the finding stands in the database (``known_at`` of its
event, which is the clock inside the transaction, plus the relay's own commit time on the live stream).
Painted: a browser that has the overview open has drawn the card (measured there, from the commit the stream tells).
"""

from __future__ import annotations

import json
import shutil
import statistics
import threading
import time
import urllib.request
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import psycopg
from playwright.sync_api import sync_playwright

from benchmarks.city import fill, months
from benchmarks.deployment import TOKEN, bus_of, deployed, owner, process, settled
from benchmarks.generate import payments
from sql.connect import connect
from sql.settings import Settings

RATE, BATCH = 1_000, 100  #: events per second, and per request
def share(values: list[float], q: float) -> float:
    """The q-quantile of measured values."""
    return statistics.quantiles(values, n=1000, method="inclusive")[round(q * 1000) - 1]


def post(settings: Settings, batch: list[bytes]) -> None:
    headers = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {TOKEN}"}
    url = f"http://127.0.0.1:{settings.port}/api/v1/events"
    with urllib.request.urlopen(urllib.request.Request(url, b"\n".join(batch), headers), timeout=60) as answer:
        told = json.load(answer)
    if told["rejected"]:
        raise AssertionError(told["rejected"][:3])


def feed_steadily(settings: Settings, events: list[bytes]) -> dict[str, float]:
    """Send batches at their due times from a few connections; return when each payment was accepted (epoch seconds)."""
    accepted: dict[str, float] = {}
    begun = time.time()
    batches = [events[i : i + BATCH] for i in range(0, len(events), BATCH)]
    lock = threading.Semaphore(4)

    def send(batch: list[bytes], due: float) -> None:
        time.sleep(max(0.0, due - time.time()))
        with lock:
            post(settings, batch)
        at = time.time()
        accepted.update({msgspec.json.decode(raw)["subject"]: at for raw in batch})

    threads = [threading.Thread(target=send, args=(b, begun + n * BATCH / RATE)) for n, b in enumerate(batches)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return accepted


def committed(conn: psycopg.Connection, since: datetime) -> dict[str, tuple[str, float]]:
    """Finding id → (payment it is about, when its opening was written), for findings about one payment."""
    rows = conn.execute("select f.finding_id, f.item, extract(epoch from e.known_at)::float8 from watch.finding f "
                        "join watch.finding_event e using (finding_id) where e.what = 'opened' and e.known_at > %s", [since])  # fmt: skip
    return {finding_id: (item, at) for finding_id, item, at in rows}


def run(seconds: int, benefits: int, history: int, *, browser: bool = True) -> dict[str, Any]:
    """Measure for ``seconds`` at RATE; return latencies in seconds and the sizes they hold for."""
    with deployed() as settings, owner(settings) as conn:
        fill(conn, benefits, months(history, date(2026, 10, 1)))
        with process(settings, "web"), process(settings, "evaluator"):
            settled(conn, bus_of(settings))
            events = payments(seconds * RATE, benefits=benefits, first=date(2026, 11, 1), tag="L", wrong_share=0.005)
            since = datetime.now(UTC)
            page = _Page(settings) if browser else None
            accepted = feed_steadily(settings, events)
            with connect(settings.database_url_for("worker"), name="bench") as worker:
                settled(worker, bus_of(settings))
                found = committed(worker, since)
            eyes = page.read() if page else []
        waits = [at - accepted[item] for item, at in found.values() if item in accepted]
    result: dict[str, Any] = {
        "events_per_s": RATE, "seconds": seconds, "history_payments": benefits * history, "cards": len(waits),
        "committed_p50_s": share(waits, 0.5), "committed_p99_s": share(waits, 0.99),
    }  # fmt: skip
    if eyes:
        result |= {"painted": len(eyes), "painted_p50_s": share(eyes, 0.5), "painted_p95_s": share(eyes, 0.95)}
    return result


class _Page:
    """The overview in a headless browser."""

    def __init__(self, settings: Settings) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        self._page = self._browser.new_page(viewport={"width": 1440, "height": 900})
        self._page.goto(f"http://127.0.0.1:{settings.port}/")
        self._page.wait_for_selector("#overview-feed-list", timeout=60_000)

    def read(self) -> list[float]:
        """Return what the page itself measured: seconds from commit to paint, card by card."""
        self._page.wait_for_timeout(1_000)
        eyes: list[float] = self._page.evaluate("() => window.aidwatch.eye.map(ms => ms / 1000)")
        self._browser.close()
        self._playwright.stop()
        return eyes
