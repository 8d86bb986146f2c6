"""How long steps take, at size: the nightly full count, the heat map from histograms, and the full pass over 262,000 events
beside pm4py's business-hours performance on the same machine in one run.

pm4py (AGPL) is a peer to measure against and nothing else: it runs in an interpreter of its own, named by
``AIDWATCH_BENCH_PM4PY`` (a python that can import it), and is left out with a word where there is none.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import sqlalchemy

from benchmarks.deployment import deployed, opened, owner
from benchmarks.latency import share
from benchmarks.pages import Looker
from benchmarks.places import COUNTY, listed
from console.app import create_app
from monitors.catalogue import load
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers import durations, rulebook
from workers.console_database import console_acting, console_reading
from workers.keys import ensure

CASES, EVENTS = 400_000, 262_200  #: cases of the heat map (12.5 steps each); events of BPI Challenge 2012, whose log is not shipped
YEAR = "from=2025-11-20&to=2026-11-20"
EVERYTHING = "from=2023-11-01&to=2026-11-30"
LOOKS = {  # what is asked of the heat map: by county, by township, by unit
    "three years, all counties": EVERYTHING, "three years, one programme": f"{EVERYTHING}&programme=dibao",
    "three years, share late": f"{EVERYTHING}&measure=late", "one year": YEAR, "90 days": "", "one county": f"{EVERYTHING}&region={COUNTY}",
}  # fmt: skip
_PEER = Path(__file__).with_name("pm4py_peer.py")


def build(conn: psycopg.Connection[Any], cases: int) -> int:
    """Fill an empty database with cases; return how many steps they have. Owner's connection."""
    listed(conn)
    text = Path(__file__).with_name("durations.sql").read_text(encoding="utf-8")
    conn.execute(text.replace("{cases}", str(cases)))
    conn.execute("vacuum analyze")
    (steps,) = conn.execute("select count(*) from store.stage").fetchone() or (0,)
    return int(steps)


def _know_rules(settings: Settings) -> None:
    """Only limits that a rule of this release judges count as limits."""
    with connect(settings.database_url_for("worker"), name="bench") as conn:
        rulebook.sync(conn, load())
        conn.execute("delete from watch.duration_due")  # the full count needs no list


def _count(settings: Settings, times: int) -> list[dict[str, Any]]:
    with connect(settings.database_url_for("worker"), name="bench", statement_s=3600) as conn:
        return [durations.recount(conn) for _ in range(times)]


def heat(settings: Settings, rounds: int) -> dict[str, Any]:
    """Ask the heat map of the console, gate, row-level security and all; return seconds by look."""
    took: dict[str, list[float]] = {}
    with ExitStack() as stack:
        acting, reading_as = stack.enter_context(console_acting(settings)), stack.enter_context(console_reading(settings))
        app = create_app(reading_as, acting, ensure(settings), settings)
        engine = sqlalchemy.create_engine(settings.database_url_for("worker"))
        viewers = {"city": ["*"], "county": [COUNTY]}
        lookers = {name: Looker(app, engine, f"{name}-{time.time_ns()}", {"roles": ["supervisor"], "regions": regions})
                   for name, regions in viewers.items()}  # fmt: skip
        for nth in range(rounds + 1):
            for name, one in lookers.items():
                for look, query in LOOKS.items():
                    for part, seconds in one.open("/timeliness", query):
                        if nth and part.startswith("timeliness"):  # the first round fills the caches
                            took.setdefault(f"{name}: {look}: {part}", []).append(seconds)
        engine.dispose()
    return {name: {"p50_s": median(values), "p95_s": share(values, 0.95)} for name, values in took.items()}


def peer(settings: Settings) -> dict[str, Any] | None:
    """Give the same events to pm4py; return its seconds, or None where it is not installed."""
    python = os.environ.get("AIDWATCH_BENCH_PM4PY", sys.executable)
    if subprocess.run([python, "-c", "import pm4py"], capture_output=True, check=False).returncode:
        print("pm4py is not installed here: its part is left out (AIDWATCH_BENCH_PM4PY names a python that has it)", file=sys.stderr)
        return None
    with TemporaryDirectory() as folder, owner(settings) as conn:
        path = Path(folder) / "events.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("case:concept:name", "concept:name", "time:timestamp"))
            writer.writerows(conn.execute("select application_id, stage_code, at from store.stage order by at"))
        answer = subprocess.run([python, str(_PEER), str(path)], capture_output=True, check=True, text=True, timeout=3600)
    return dict(json.loads(answer.stdout.strip().splitlines()[-1]))


def against_pm4py(events: int) -> dict[str, Any]:
    """The whole pass over a log of its size: facts to passages and histograms, and the same again when nothing changed."""
    with deployed() as settings:
        with owner(settings) as conn:
            steps = build(conn, round(events / 12.56))
        _know_rules(settings)
        lengths_s = _lengths(settings)
        first, again = _count(settings, 2)
        return {"events": steps, "lengths_s": lengths_s, "first_count_s": first["seconds"], "again_s": again["seconds"],
                "drift_again": again["drift"], "pm4py": peer(settings)}  # fmt: skip


def _lengths(settings: Settings) -> float:
    """Only how long each step took, by the law's calendar, its limit and lateness with it; nothing kept. The median of three."""
    everything = {"after": "", "upto": "D"}
    took = []
    with connect(settings.database_url_for("worker"), name="bench", statement_s=3600) as conn:
        conn.execute(raw("durations.scratch"))
        for _ in range(3):
            begun = time.perf_counter()
            with conn.transaction(force_rollback=True):
                conn.execute("set local work_mem = '256MB'")
                conn.execute(raw("durations.fresh").format(only="a.application_id > %(after)s and a.application_id <= %(upto)s",
                             only_found="f.subject_key > %(after)s and f.subject_key <= %(upto)s"), everything)  # fmt: skip
            took.append(time.perf_counter() - begun)
    return median(took)


def at_size(cases: int, rounds: int, home: Path | None) -> dict[str, Any]:
    """Build, count, look."""
    with opened(str(home)) if home else deployed() as settings:
        sizes = Path(settings.home) / "durations.json"
        if not sizes.exists():
            with owner(settings) as conn:
                steps = build(conn, cases)
            _know_rules(settings)
            (first,) = _count(settings, 1)
            sizes.write_text(json.dumps({"steps": steps, "first_count_s": first["seconds"]}), encoding="utf-8")
        (night,) = _count(settings, 1)
        with owner(settings) as conn:
            conn.execute("vacuum analyze")
            rows = conn.execute("select count(*), pg_total_relation_size('watch.duration'), pg_total_relation_size('watch.passage') "
                                "from watch.duration").fetchone() or (0, 0, 0)  # fmt: skip
        told = {"nightly_s": night["seconds"], "nightly_drift": night["drift"], "passages": night["passages"], "histograms": rows[0],
                "histograms_bytes": rows[1], "passages_bytes": rows[2]}  # fmt: skip
        return json.loads(sizes.read_text(encoding="utf-8")) | told | {"parts": heat(settings, rounds)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.durations", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--home", type=Path, help="keep the large database here, and use it again")
    parser.add_argument("--only", choices=("size", "pm4py"))
    args = parser.parse_args()
    told: dict[str, Any] = {}
    if args.only != "pm4py":
        told["at_size"] = at_size(int(CASES * args.scale), args.rounds, args.home)
    if args.only != "size":
        told["against_pm4py"] = against_pm4py(int(EVENTS * args.scale))
    print(json.dumps(told, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
