"""``make bench``: measure, print a table, write benchmarks/results.json. Sizes by --scale (1 = the figures in docs)."""

from __future__ import annotations

import argparse
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import intake, latency, sweep

RESULTS = Path(__file__).parent / "results.json"


def measure(scale: float, *, browser: bool) -> dict[str, Any]:
    benefits, events = int(100_000 * scale), int(200_000 * scale)
    rates = intake.run(events, benefits, (3, 30))
    short, long = rates["rates"]["3"], rates["rates"]["30"]
    waits = latency.run(int(60 * min(scale, 1)) or 10, benefits, 3, browser=browser)
    swept = sweep.run(benefits, 3)
    return {
        "intake_events_per_s": short["events_per_s"], "intake_share_of_copy_ceiling": short["events_per_s"] / short["copy_ceiling_per_s"],
        "latency_committed_p50_s": waits["committed_p50_s"], "latency_committed_p99_s": waits["committed_p99_s"],
        "latency_painted_p95_s": waits.get("painted_p95_s"),
        "full_sweep_s": swept["seconds"],
        "rate_ratio_10x_history": long["events_per_s"] / short["events_per_s"],
        "sizes": {"intake": rates, "latency": waits, "sweep": swept},
    }  # fmt: skip


def machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "at": datetime.now(UTC).isoformat(timespec="seconds")}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure aidwatch on this machine.")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full sizes (default: %(default)s)")
    parser.add_argument("--no-browser", action="store_true", help="leave the painted latency out")
    args = parser.parse_args()
    result = measure(args.scale, browser=not args.no_browser) | {"scale": args.scale, "machine": machine()}
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    for name, value in result.items():
        if isinstance(value, float):
            print(f"{name:32} {value:12.3f}")


if __name__ == "__main__":
    main()
