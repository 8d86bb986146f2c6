"""State for /metrics, asked from the database and the bus when Prometheus scrapes, and kept for a moment.

No subject, person or finding stands in a label: every label here has few values.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import redis
import sqlalchemy
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from monitors.indicators.histogram import Histogram
from sql.settings import Settings
from workers import status
from workers.metrics import Told, directory_of
from workers.stream import Bus

KEPT_S = 5.0  #: how long an answer serves further scrapes
SHARE = 20  #: … and at least so many times as long as it took: scraping never takes more than 5 % of a core
Value = tuple[tuple[str, ...], float]


def _gauge(name: str, labels: tuple[str, ...], help_: str) -> Told:
    return Told(f"aidwatch_{name}", "gauge", labels, help_)


STATE = (
    _gauge("reachable", ("part",), "1 while the database or the bus answers."),
    _gauge("findings", ("rule", "card", "stage", "present"), "Findings by rule, card as shown, stage, and whether the rule still says so."),
    _gauge("stream_entries", (), "Entries of the event stream nobody has read."),
    _gauge("stream_pending_entries", (), "Entries of the event stream read but not committed."),
    _gauge("marked_keys", (), "Changed records the evaluator has not looked at."),
    _gauge("oldest_mark_seconds", (), "How long the oldest of them has been waiting."),
    _gauge("claims", ("state",), "Questions to rules: waiting, or parked after three failures."),
    _gauge("resweeps", ("state",), "Sweeps of whole rules: waiting, or parked after three failures."),
    _gauge("due_rechecks", (), "Deadlines that have passed and are not judged yet."),
    _gauge("duration_due_cases", (), "Cases whose durations are to be counted anew."),
    _gauge("duration_drift", (), "Passages and histograms the newest full count found different without reason; must be 0."),
    _gauge("steps", ("step", "judged"), "Steps ended in the last 13 weeks: in time, late, or without a limit; step WHOLE is the case."),
    _gauge("step_working_days", ("step", "quantile"), "How long they took, working days, exact to 60 (quantile 0.5 and 0.9)."),
    _gauge("reconciliation_fen", ("kind",),
           "Decided, listed, paid, owed, and the classes of the differences, fen, the last 13 benefit months."),
    _gauge("reconciliation_drift", (), "Sums the newest full reconciliation found different without reason; must be 0."),
    _gauge("tally_drift", (), "Sums of findings the newest full count found different without reason; must be 0."),
    _gauge("outbox_rows", (), "Changes of findings not yet sent to the live stream."),
    _gauge("dead_letters", (), "Refused events that are neither taken since nor set aside."),
    _gauge("drift_findings", ("file",), "Findings that differ from the newest full run of the rule file; must be 0."),
    _gauge("audit_timestamp_seconds", ("file",), "When that run was."),
    _gauge("rule_unknown", ("rule",), "1 while a rule's answers are unknown because its question failed."),
    _gauge("rule_evaluated_timestamp_seconds", ("rule",), "When a rule was last asked."),
    _gauge("feed_stale", ("feed",), "1 while a declared feed is silent or out of date."),
    _gauge("source_last_arrival_timestamp_seconds", ("source",), "Business time of the newest event of a source."),
    _gauge("source_events", ("source",), "Events received from a source."),
    _gauge("partitions", ("relation",), "Month partitions of a large table."),
    _gauge("outside_partitions_rows", ("relation",), "Rows of months no partition is made for (counted to 10,000)."),
    _gauge("notifications", ("state",), "Notifications of the last day: sent, waiting, given up."),
    _gauge("channels_failing", (), "Channels of notifications whose last try failed."),
    _gauge("live_viewers", (), "Browsers listening to the live stream of this process."),
)  # fmt: skip
_OF = {told.name: told for told in STATE}
Reading = Mapping[str, list[Value]]


class State(Collector):
    """The collector: asks at most every five seconds, one scrape at a time."""

    def __init__(self, engine: sqlalchemy.Engine, bus: Bus, viewers: Callable[[], int]) -> None:
        self._engine, self._bus, self._viewers = engine, bus, viewers
        self._lock = threading.Lock()
        self._held: Reading = {}
        self._until = 0.0

    def describe(self) -> Iterable[Metric]:
        return [_family(told, []) for told in STATE]

    def collect(self) -> Iterator[Metric]:
        for name, found in self._reading().items():
            yield _family(_OF[name], found)
        yield _family(_OF["aidwatch_live_viewers"], [((), float(self._viewers()))])

    def _reading(self) -> Reading:
        with self._lock:
            if (begun := time.monotonic()) >= self._until:
                self._held = self._read()
                self._until = time.monotonic() + max(KEPT_S, SHARE * (time.monotonic() - begun))
            return self._held

    def _read(self) -> Reading:
        reachable = [(("bus",), float(_answers(self._bus)))]
        try:
            with self._engine.connect() as conn:
                return {**_read(conn, self._bus), "aidwatch_reachable": [*reachable, (("database",), 1.0)]}
        except (OperationalError, InterfaceError, PoolTimeoutError):
            return {"aidwatch_reachable": [*reachable, (("database",), 0.0)]}


def _family(told: Told, found: Iterable[Value]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(told.name, told.help, labels=told.labels)
    for labels, value in found:
        family.add_metric(labels, value)
    return family


def _answers(bus: Bus) -> bool:
    try:
        return bool(bus.ping())
    except redis.RedisError:
        return False


def _read(conn: sqlalchemy.Connection, bus: Bus) -> dict[str, list[Value]]:
    found = {**_backlog(status.backlog(conn, bus)), **_rules(conn), **_feeds(conn), **_tables(conn), **_durations(conn)}
    found["findings"] = [((r["rule"], r["card"], r["stage"], str(r["present"]).lower()), float(r["n"]))
                         for r in status.rows(conn, "metrics.findings")]  # fmt: skip
    return {f"aidwatch_{name}": values for name, values in found.items()}


def _backlog(waiting: Mapping[str, Any]) -> dict[str, list[Value]]:
    plain = {
        "stream_entries": "stream_entries", "stream_pending_entries": "stream_pending", "marked_keys": "marked_keys",
        "oldest_mark_seconds": "oldest_mark_s", "due_rechecks": "due_rechecks", "outbox_rows": "outbox",
    }  # fmt: skip
    found: dict[str, list[Value]] = {}
    for name, held in plain.items():
        if waiting[held] is not None:
            found[name] = [((), float(waiting[held]))]
    for name in ("claims", "resweeps"):
        found[name] = [(("waiting",), float(waiting[name])), (("parked",), float(waiting[f"parked_{name}"]))]
    return found


def _rules(conn: sqlalchemy.Connection) -> dict[str, list[Value]]:
    rules, audits = status.rows(conn, "status.rules"), status.rows(conn, "status.drift")
    return {
        "rule_unknown": [((r["rule"],), float(r["unknown_since"] is not None)) for r in rules],
        "rule_evaluated_timestamp_seconds": [
            ((r["rule"],), r["evaluated_at"].timestamp()) for r in rules if r["evaluated_at"]
        ],
        "drift_findings": [((r["file"],), float(r["drift"])) for r in audits],
        "audit_timestamp_seconds": [((r["file"],), r["at"].timestamp()) for r in audits],
    }


def _feeds(conn: sqlalchemy.Connection) -> dict[str, list[Value]]:
    sources = status.rows(conn, "metrics.sources")
    return {
        "feed_stale": [
            ((r["feed_id"],), float(r["stale_since"] is not None)) for r in status.rows(conn, "status.feeds")
        ],
        "source_last_arrival_timestamp_seconds": [((r["source"],), r["last_at_s"]) for r in sources],
        "source_events": [((r["source"],), float(r["events"])) for r in sources],
    }


def _tables(conn: sqlalchemy.Connection) -> dict[str, list[Value]]:
    outside = status.rows(conn, "metrics.outside_partitions")[0]
    refused = status.rows(conn, "status.dead_letters")[0]["n"]
    return {
        "partitions": [((r["relation"],), float(r["n"])) for r in status.rows(conn, "metrics.partitions")],
        "outside_partitions_rows": [
            (("ledger.event",), float(outside["events"])),
            (("store.payment",), float(outside["payments"])),
        ],
        "dead_letters": [((), float(refused))],
        "notifications": [((r["state"],), float(r["n"])) for r in status.rows(conn, "notify.state")],
        "channels_failing": [((), float(status.rows(conn, "metrics.channels_failing")[0]["n"]))],
    }


def _durations(conn: sqlalchemy.Connection) -> dict[str, list[Value]]:
    steps = status.rows(conn, "metrics.steps")
    lengths = {r["to_stage"]: Histogram.unpacked(int(r["working"])) for r in steps}
    runs = status.rows(conn, "metrics.duration_run")
    return {
        "steps": [((r["to_stage"], judged), float(n)) for r in steps for judged, n in
                  (("in_time", r["limited"] - r["late"]), ("late", r["late"]), ("no_limit", r["n"] - r["limited"]))],
        "step_working_days": [((step, str(share)), float(days)) for step, held in lengths.items() for share in (0.5, 0.9)
                              if (days := held.quantile(share)) is not None],
        "duration_drift": [((), float(r["drift"])) for r in runs],
        "reconciliation_fen": [((r["kind"],), float(r["fen"])) for r in status.rows(conn, "metrics.reconciliation")],
        "reconciliation_drift": [((), float(r["drift"])) for r in status.rows(conn, "metrics.reconciliation_run")],
        "tally_drift": [((), float(r["drift"])) for r in status.rows(conn, "metrics.tally_run")],
        "duration_due_cases": [((), float(status.rows(conn, "metrics.duration_due")[0]["n"]))],
    }  # fmt: skip


def exposition(settings: Settings, state: State) -> bytes:
    """Return the Prometheus text: the state, and the acts of every process of this host."""
    registry = CollectorRegistry()
    registry.register(state)
    directory = directory_of(settings)
    if directory.is_dir():
        MultiProcessCollector(registry, str(directory))  # type: ignore[no-untyped-call]
    return generate_latest(registry)
