"""Registers compared at size: a whole city's people, households, benefits, payments and 21 million records of 21 registers.

``python -m benchmarks.comparison`` builds a tenth of the city and then all of it (6,000,000 people in 2,000,000 households), by SQL
without intake, and asks every rule about everybody, as ``aidwatch sweep`` does. Prints one JSON object: how long loading takes, each rule,
the jobs of the night; the most memory of the database's processes and of this one; and how each grew from a tenth to all.
"""

from __future__ import annotations

import argparse
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg

from benchmarks.deployment import deployed, opened, owner
from benchmarks.places import run_file, settle
from benchmarks.reconciliation import timed
from monitors.catalogue import load
from sql import clock
from sql.connect import connect
from workers import coverage, overlaps, reconciliation, rulebook
from workers.sweep import sweep

log = logging.getLogger(__name__)
HOUSEHOLDS, NOW = 2_000_000, datetime(2026, 11, 20, 4, tzinfo=UTC)
JOBS: dict[str, Callable[[psycopg.Connection[Any]], Any]] = {
    "coverage of registers": coverage.recount, "benefits held at once": overlaps.refresh, "money reconciled": reconciliation.refresh,
}  # fmt: skip


def build(conn: psycopg.Connection, households: int) -> dict[str, float]:
    """Write the city; return how long its parts took. The load of registers pays for every index they have."""
    settle(conn)
    took = {f"load_{name}_s": timed(lambda name=name: run_file(conn, f"{name}.sql", households=households))[0]
            for name in ("comparison", "comparison_registers")}  # fmt: skip
    clock.move(conn, NOW)
    return took | {"analyze_s": timed(lambda: conn.execute("vacuum analyze"))[0]}


def sizes(conn: psycopg.Connection) -> dict[str, int]:
    counted = {name: (conn.execute(f"select count(*) from facts.{name}").fetchone() or (0,))[0]
               for name in ("person", "household", "benefit", "payment", "register")}  # fmt: skip
    (size,) = conn.execute("select pg_database_size(current_database())").fetchone() or (0,)
    return counted | {"database_bytes": size}


def asked(conn: psycopg.Connection) -> dict[str, dict[str, Any]]:
    """Seconds of each rule over everybody, and what it changed; a question that fails is named, not counted."""
    rulebook.sync(conn, load())
    return {rule.file: _asked(rule.file, lambda rule=rule: sweep(conn, rule)) for rule in load().rules}


def _asked(file: str, act: Callable[[], int]) -> dict[str, Any]:
    try:
        seconds, changed = timed(act)
    except psycopg.Error as fault:
        log.warning("%s failed: %s", file, fault)
        return {"failed": str(fault).splitlines()[0]}
    log.warning("%8.1f s %8d  %s", seconds, changed, file)
    return {"seconds": seconds, "changed": changed}


@contextmanager
def memory(kept: dict[str, int]) -> Iterator[None]:
    """Remember the most memory of this process and of all its children together, looked at twice a second.

    Pages several processes share are counted once (proportional set size); what the kernel caches of files is not in it.
    """
    done, me = threading.Event(), psutil.Process()

    def look() -> None:
        while not done.wait(0.5):
            kept["own_bytes"] = max(kept.get("own_bytes", 0), me.memory_full_info().pss)
            kept["servers_bytes"] = max(kept.get("servers_bytes", 0), sum(map(_pss, me.children(recursive=True))))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _is_built(conn: psycopg.Connection) -> bool:
    (built,) = conn.execute("select exists (select from store.register)").fetchone() or (False,)
    return bool(built)


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def city(households: int, port: int, home: Path | None) -> dict[str, Any]:
    """Build a city of so many households, unless ``home`` holds one already, and measure everything in it."""
    most: dict[str, int] = {}
    with (opened(str(home / str(households)), port) if home else deployed(port)) as settings, owner(settings) as conn, memory(most):
        load_s = build(conn, households) if not _is_built(conn) else {}
        with connect(settings.database_url_for("worker"), name="bench", statement_s=3600) as worker:
            rules = asked(worker)
            jobs = {name: timed(lambda job=job: job(worker))[0] for name, job in JOBS.items()}
        return {"households": households, **sizes(conn), **load_s, "jobs_s": jobs, "rules": rules,
                "sweep_s": round(sum(one.get("seconds", 0) for one in rules.values()), 1), "memory": most}  # fmt: skip


def growth(small: dict[str, Any], large: dict[str, Any]) -> dict[str, Any]:
    """How many times longer all took than the tenth; of rules only those that took a second in it."""
    rules = {file: round(large["rules"][file]["seconds"] / one["seconds"], 1) for file, one in small["rules"].items()
             if one.get("seconds", 0) >= 1 and "seconds" in large["rules"][file]}  # fmt: skip
    parts = ("register", "load_comparison_s", "load_comparison_registers_s", "sweep_s")
    whole = {name: round(large[name] / small[name], 1) for name in parts if small.get(name) and name in large}
    jobs = {name: round(large["jobs_s"][name] / max(seconds, 0.001), 1) for name, seconds in small["jobs_s"].items()}
    return {**whole, "jobs": jobs, "rules": rules}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparison", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size (default: %(default)s)")
    parser.add_argument("--home", type=Path, help="keep both databases here, and use those that are there (default: gone at the end)")
    args = parser.parse_args()
    small, large = city(int(HOUSEHOLDS * args.scale / 10), 8985, args.home), city(int(HOUSEHOLDS * args.scale), 8987, args.home)
    print(json.dumps({"tenth": small, "all": large, "growth": growth(small, large)}, indent=1))


if __name__ == "__main__":
    main()
