"""From sent to committed to painted, at a steady thousand events a second over HTTP.

Sent: the request that carries the event leaves; stricter than its answer 202, which comes after the event is durable.
Committed: another connection sees the finding (asked every 5 ms). Painted: a browser that has the overview open has
drawn the frame with its card. All three read the same clock.
"""

from __future__ import annotations

import json
import shutil
import statistics
import threading
import time
import urllib.request
from datetime import date
from typing import Any

import msgspec
import sqlalchemy
from playwright.sync_api import sync_playwright

from benchmarks.city import fill, months
from benchmarks.deployment import TOKEN, bus_of, deployed, owner, process, settled
from benchmarks.generate import payments
from sql import people
from sql.connect import connect
from sql.people import COOKIE
from sql.settings import Settings
from workers.keys import ensure

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
    """Send batches at their due times from a few connections; return when each payment was sent (epoch seconds)."""
    sent: dict[str, float] = {}
    begun = time.time()
    batches = [events[i : i + BATCH] for i in range(0, len(events), BATCH)]
    lock = threading.Semaphore(4)

    def send(batch: list[bytes], due: float) -> None:
        time.sleep(max(0.0, due - time.time()))
        sent.update(dict.fromkeys((msgspec.json.decode(raw)["subject"] for raw in batch), time.time()))
        with lock:
            post(settings, batch)

    threads = [threading.Thread(target=send, args=(b, begun + n * BATCH / RATE)) for n, b in enumerate(batches)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent


class Watcher(threading.Thread):
    """Sees findings about one payment (F01) as soon as they are committed: payment → (finding id, epoch seconds)."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(daemon=True)
        self.seen: dict[str, tuple[str, float]] = {}
        self._conn, self._done = connect(settings.database_url_for("worker"), name="bench watcher"), threading.Event()

    def run(self) -> None:
        query = ("select e.id, split_part(f.item, '/', 2), f.finding_id from watch.finding_event e join watch.finding f using (finding_id) "
                 "where e.what = 'opened' and e.id > %s order by e.id")  # fmt: skip
        last = 0
        while not self._done.wait(0.005):
            for n, payment_id, finding_id in self._conn.execute(query, [last]).fetchall():
                self.seen[payment_id], last = (finding_id, time.time()), n

    def close(self) -> None:
        self._done.set()
        self.join()
        self._conn.close()


def run(seconds: int, benefits: int, history: int, *, browser: bool = True) -> dict[str, Any]:
    """Measure for ``seconds`` at RATE; return latencies in seconds and the sizes they hold for."""
    with deployed() as settings, owner(settings) as conn:
        fill(conn, ensure(settings), benefits, months(history, date(2026, 10, 1)))
        with process(settings, "web"), process(settings, "evaluator"):
            settled(conn, bus_of(settings))
            events = payments(seconds * RATE, benefits=benefits, first=date(2026, 11, 1), tag="L", wrong_share=0.005)
            page, watcher = _Page(settings) if browser else None, Watcher(settings)
            watcher.start()
            sent = feed_steadily(settings, events)
            settled(conn, bus_of(settings))
            painted = page.read() if page else {}
            watcher.close()
    committed = [at - sent[payment] for payment, (_, at) in watcher.seen.items() if payment in sent]
    drawn = [painted[one] - sent[payment] for payment, (one, _) in watcher.seen.items() if one in painted and payment in sent]
    shown = [painted[one] - at for one, at in watcher.seen.values() if one in painted]
    return {
        "events_per_s": RATE, "seconds": seconds, "history_payments": benefits * history, "cards": len(committed), "painted": len(drawn),
        **_shares("committed", committed, {"p50": 0.5, "p99": 0.99}), **_shares("painted", drawn, {"p50": 0.5, "p95": 0.95}),
        **_shares("committed_to_painted", shown, {"p50": 0.5, "p95": 0.95}),
    }  # fmt: skip


def _shares(name: str, values: list[float], wanted: dict[str, float]) -> dict[str, float]:
    return {f"{name}_{label}_s": share(values, q) for label, q in wanted.items()} if len(values) > 1 else {}


#: Notes when the frame after a card came into the page has been drawn.
_OBSERVE = """
window.painted = {};
new MutationObserver(changes => {
    for (const change of changes) for (const node of change.addedNodes) {
        const card = node.id && node.id.startsWith('card-') ? node.id.slice(5) : null;
        if (card) requestAnimationFrame(() => setTimeout(() => { window.painted[card] ??= Date.now() / 1000; }));
    }
}).observe(document, {childList: true, subtree: true});
"""


def session(settings: Settings, name: str = "bench") -> str:
    """The cookie of somebody who may see everything."""
    engine = sqlalchemy.create_engine(settings.database_url_for("worker"))
    with engine.begin() as conn:
        people.run(conn, "add_account", name=name, display_name=None, password_hash=None, roles=["supervisor"], regions=["*"],
                   unit_code=None, single_sign_on=None, must_change=False)  # fmt: skip
        found = people.account(conn, name)
        assert found is not None
        return people.begin_session(conn, found, second_factor=True, address=None, agent=None)


class _Page:
    """The overview in a headless browser."""

    def __init__(self, settings: Settings) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        self._page = self._browser.new_page(viewport={"width": 1440, "height": 900})
        self._page.add_init_script(_OBSERVE)
        self._page.context.add_cookies([{"name": COOKIE, "value": session(settings), "url": f"http://127.0.0.1:{settings.port}"}])
        self._page.goto(f"http://127.0.0.1:{settings.port}/")
        self._page.wait_for_selector("#overview-feed-list", timeout=60_000)

    def read(self) -> dict[str, float]:
        """Return when each finding's card was painted (epoch seconds)."""
        self._page.wait_for_timeout(1_000)
        painted: dict[str, float] = self._page.evaluate("() => window.painted")
        self._browser.close()
        self._playwright.stop()
        return painted
