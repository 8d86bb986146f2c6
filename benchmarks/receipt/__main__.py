"""``make receipt``: a real log of another administration goes the way every file goes – mapping, ingest, facts, SQL.

Prints ``{"cases","closed","late","open_past_due","median_days","p90_days"}``; days are calendar days from start to end of the cases closed.
"""

import json
import os
import sys
from pathlib import Path

from benchmarks.deployment import deployed
from benchmarks.receipt import figures


def main(log: Path) -> int:
    """Return 0 when the figures are printed, 2 when there is no log."""
    if not log.exists():
        print(f"{log}: is not there; say where the log is: make receipt RECEIPT=<path of receipt.csv.gz>", file=sys.stderr)
        return 2
    with deployed() as settings:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("AIDWATCH_", "DATABASE_URL", "REDIS_URL"))}
        print(json.dumps(figures.of(ours | {"AIDWATCH_HOME": str(settings.home)}, log).cases))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
