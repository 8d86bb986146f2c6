"""Writes docs/metrics.md: ``python -m workers.metrics_doc > docs/metrics.md``."""

from workers.metrics import ACTS
from workers.metrics_state import STATE


def markdown() -> str:
    """Return the page docs/metrics.md."""
    lines = [
        "# Metrics",
        "",
        "`GET /metrics` of the web process: open on this machine, elsewhere for tokens with scope `metrics`. Gauges are read",
        "from the database and the bus when asked, at most every five seconds; counters and histograms are kept by the",
        "processes of this host under `AIDWATCH_HOME/metrics` and go on after a restart. Written from `workers/metrics.py`",
        "and `workers/metrics_state.py`.",
        "",
        "| metric | kind | labels | what it says |",
        "|---|---|---|---|",
    ]
    for told in (*STATE, *ACTS):
        labels = ", ".join(f"`{label}`" for label in told.labels) or "–"
        lines.append(f"| `{told.name}` | {told.kind} | {labels} | {told.help} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(markdown(), end="")
