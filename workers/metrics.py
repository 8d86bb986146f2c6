"""What Prometheus is told. State is asked from the database when it scrapes; acts are counted by the processes
that live long, in files of one directory that every process of this host shares (design §11.29).

A process writes under its lane's name, not its number: after a restart it goes on counting where it stopped.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, values

from sql.settings import Settings
from workers.intake import Receipt

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


@dataclass(frozen=True)
class Told:
    """One metric: what it is called and what it says. This table writes docs/metrics.md."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    help: str


ACTS = (
    Told("aidwatch_events_total", "counter", ("door", "outcome"), "Events received: accepted, duplicate, rejected; by http or stream."),
    Told("aidwatch_take_seconds", "histogram", ("door",), "How long a batch of events took from decoding to commit."),
    Told("aidwatch_event_to_finding_seconds", "histogram", (), "From the oldest event's commit to that of the findings it changed."),
    Told("aidwatch_finding_to_eye_seconds", "histogram", (), "From a finding's commit to its card on a screen, as browsers told it."),
    Told("aidwatch_announced_total", "counter", (), "Changes of findings sent to the live stream."),
    Told("aidwatch_forgotten_total", "counter", ("kind",), "Rows and clear values removed because they were over their time."),
    Told("aidwatch_requests_total", "counter", ("call", "status"), "Answers of the API by call and status."),
)  # fmt: skip
_OF = {told.name: told for told in ACTS}


class Acts:
    """The counters of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str) -> Counter:
            return Counter(name, _OF[name].help, _OF[name].labels, registry=registry)

        def histogram(name: str) -> Histogram:
            return Histogram(name, _OF[name].help, _OF[name].labels, registry=registry, buckets=SECONDS)

        self.events = counter("aidwatch_events_total")
        self.take_seconds = histogram("aidwatch_take_seconds")
        self.event_to_finding_seconds = histogram("aidwatch_event_to_finding_seconds")
        self.finding_to_eye_seconds = histogram("aidwatch_finding_to_eye_seconds")
        self.announced = counter("aidwatch_announced_total")
        self.forgotten = counter("aidwatch_forgotten_total")
        self.requests = counter("aidwatch_requests_total")

    def took(self, door: str, receipt: Receipt, seconds: float) -> None:
        """Count one batch that was taken."""
        outcomes = {"accepted": receipt.accepted, "duplicate": receipt.duplicates, "rejected": len(receipt.rejected)}
        for outcome, n in outcomes.items():
            self.events.labels(door, outcome).inc(n)
        self.take_seconds.labels(door).observe(seconds)


class _Process:
    """The acts of this process: counted in memory, for nobody, until ``begin`` gives it a file."""

    acts: Acts | None = None


def begin(settings: Settings, name: str) -> Acts:
    """Count the acts of this process under ``name`` (its lane's), in the directory all processes share.

    The library would choose between memory and files when it is imported; a process knows its home only later.
    """
    directory = directory_of(settings)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
    values.ValueClass = values.MultiProcessValue(process_identifier=lambda: name)  # type: ignore[no-untyped-call]
    _Process.acts = Acts(CollectorRegistry())
    return _Process.acts


def acts() -> Acts:
    """Return the counters of this process."""
    if _Process.acts is None:
        _Process.acts = Acts(CollectorRegistry())
    return _Process.acts


def directory_of(settings: Settings) -> Path:
    """Return the directory in which the processes of this host count."""
    return settings.home / "metrics"
