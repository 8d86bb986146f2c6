"""``aidwatch ingest FILE…``: events of files go through the stream, like those of any other connector."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from sql.settings import Settings
from workers import ingest
from workers.ingest_files import Placed, UnreadableFileError, read
from workers.keys import Keys, ensure
from workers.lane import is_free
from workers.mapping import MappingError
from workers.stream import ENTRY_EVENTS, Bus, Job, bus_of, parts, push, receipts_of

AHEAD = 20  #: entries that may be waiting: a large file must not fill the bus
_SHOWN = 100  #: refused events printed; the counts are complete, and every one is among the dead letters
_LOOK_S = 0.1


@dataclass
class Delivery:
    """What was sent and what became of it."""

    accepted: int = 0
    duplicates: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    waiting: dict[str, list[str]] = field(default_factory=dict)  # entry → the places of its events

    def settle(self, entry: str, receipt: bytes, file: str) -> None:
        told = msgspec.json.decode(receipt)
        places = self.waiting.pop(entry)
        self.accepted += told["accepted"]
        self.duplicates += told["duplicates"]
        for one in told["rejected"]:
            self.refuse(file, places[one["index"]], one["reason"], one["id"])

    def refuse(self, file: str, place: str, reason: str, event_id: str | None = None) -> None:
        self.rejected.append({"file": file, "place": place, "id": event_id, "reason": reason})


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="+", type=Path, help="NDJSON, a JSON array, one CloudEvent; CSV (also .csv.gz) or XLSX with --mapping"
    )
    parser.add_argument("--mapping", help="what the columns of a table mean: a shipped mapping's name, or a path")


def main(args: argparse.Namespace, settings: Settings) -> int:
    """Return 0 when everything was taken, 1 when something was refused, 2 when a file cannot be read."""
    delivery = Delivery()
    keys = ensure(settings)
    try:
        with bus_of(settings) as bus, _somebody_takes(settings):
            for path in args.file:
                _send(bus, keys, path, args.mapping, delivery)
    except (UnreadableFileError, MappingError, FileNotFoundError, IsADirectoryError, PermissionError) as fault:
        print(f"aidwatch: {fault}", file=sys.stderr)
        _report(args.format, delivery)
        return 2
    _report(args.format, delivery)
    return 1 if delivery.rejected else 0


@contextmanager
def _somebody_takes(settings: Settings) -> Iterator[None]:
    """Where no ingest process runs here, take the entries ourselves."""
    if not is_free(settings.home, "ingest"):
        yield
        return
    stop = threading.Event()
    taking = threading.Thread(target=ingest.main, args=(settings, stop), daemon=True)
    taking.start()
    try:
        yield
    finally:
        stop.set()
        taking.join()


def _send(bus: Bus, keys: Keys, path: Path, mapping: str | None, delivery: Delivery) -> None:
    """Push one file and wait until all of it is taken; also what was pushed before the file turned out broken."""
    job = Job(secrets.token_hex(8))
    try:
        for part in _parts(read(path, mapping)):
            good = [one for one in part if one.fault is None]
            for one in part:
                if one.fault is not None:
                    delivery.refuse(path.name, one.place, one.fault)
            _push(bus, keys, good, job, delivery)
            _collect(bus, keys, job, delivery, path.name, AHEAD)
    finally:
        _collect(bus, keys, job, delivery, path.name, 0)
        bus.delete(job.key)


def _parts(placed: Iterable[Placed]) -> Iterator[list[Placed]]:
    found = iter(placed)
    while part := list(islice(found, ENTRY_EVENTS)):
        yield part


def _push(bus: Bus, keys: Keys, placed: list[Placed], job: Job, delivery: Delivery) -> None:
    """Entries are filled in order, so the places follow the events."""
    left = iter(placed)
    for events in parts([one.event for one in placed]):
        (entry,) = push(bus, keys, events, job)
        delivery.waiting[entry] = [one.place for one in islice(left, len(events))]


def _collect(bus: Bus, keys: Keys, job: Job, delivery: Delivery, file: str, most: int) -> None:
    """Wait until no more than ``most`` entries are without a receipt."""
    pause = threading.Event()
    while True:
        for entry, receipt in receipts_of(bus, keys, job).items():
            delivery.settle(entry, receipt, file)
        _progress(delivery)
        if len(delivery.waiting) <= most:
            return
        pause.wait(_LOOK_S)


def _progress(delivery: Delivery) -> None:
    if sys.stderr.isatty():
        done = delivery.accepted + delivery.duplicates + len(delivery.rejected)
        end = "" if delivery.waiting else "\r\033[K"
        print(
            f"\r{done:,} taken, {sum(map(len, delivery.waiting.values())):,} waiting ",
            end=end,
            file=sys.stderr,
            flush=True,
        )


def _report(form: str, delivery: Delivery) -> None:
    n = {"accepted": delivery.accepted, "duplicates": delivery.duplicates}
    if form == "json":
        print(json.dumps({**n, "rejected": delivery.rejected}, ensure_ascii=False))
        return
    print(f"{n['accepted']} accepted, {n['duplicates']} duplicates, {len(delivery.rejected)} rejected")
    for one in delivery.rejected[:_SHOWN]:
        print(f"  {one['file']} {one['place']}{' (' + one['id'] + ')' if one['id'] else ''}: {one['reason']}")
    if len(delivery.rejected) > _SHOWN:
        print(f"  … and {len(delivery.rejected) - _SHOWN} more; they are kept with their reasons")
