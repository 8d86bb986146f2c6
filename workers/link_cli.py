"""``aidwatch link``: which records of a table, or of two, are probably one; each pair with its reasons.

The output has a line per pair: the two keys, the probability, the weight in bits (log2 of the odds), the weight of the
prior, and of each comparison its level and weight; the prior and the weights add up to the weight. The same files and
the same configuration give the same bytes. Status 0: done; 1: done, and pairs below ``review_below`` need a person;
2: not done.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitors.linkage.errors import LinkageError
from sql.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from monitors.linkage.config import Config
    from monitors.linkage.resolve import Pair, Resolved

NEEDS_SERVERS = False
_ENCODINGS = ("utf-8-sig", "gb18030")  # spreadsheets of Chinese offices write the second


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a CSV file with a heading")
    parser.add_argument("other", type=Path, nargs="?", help="a second one: pairs between the two (kind link or one_to_one)")
    parser.add_argument("--config", type=Path, required=True, help="columns, comparisons and blocking as TOML (docs/linkage.md)")
    parser.add_argument("--out", type=Path, required=True, help="where the pairs are written (CSV)")


def main(args: argparse.Namespace, _settings: Settings) -> int:
    try:
        return _link(args)
    except (LinkageError, OSError) as fault:
        print(f"aidwatch: {fault}", file=sys.stderr)
        return 2


def _link(args: argparse.Namespace) -> int:
    from monitors.linkage.config import read
    from monitors.linkage.resolve import resolve

    begun = time.monotonic()
    config = read(args.config)
    files = [args.file, *([args.other] if args.other else [])]
    resolved = resolve([(str(file), _table(file)) for file in files], config)
    _write(args.out, resolved.pairs, config)
    told = _told(resolved, config, args.out, time.monotonic() - begun)
    print(json.dumps(told, ensure_ascii=False) if args.format == "json" else "\n".join(f"{k:12} {v}" for k, v in told.items()))
    return 1 if told["to_review"] else 0


def _table(file: Path) -> pd.DataFrame:
    import pandas as pd

    for encoding in _ENCODINGS:
        try:
            return pd.read_csv(file, dtype=str, keep_default_na=False, skipinitialspace=True, encoding=encoding, on_bad_lines="error")
        except UnicodeDecodeError:
            continue
        except (pd.errors.EmptyDataError, pd.errors.ParserError) as fault:
            raise LinkageError(str(file), f"is no CSV with a heading: {fault}") from fault
    raise LinkageError(str(file), f"is neither {' nor '.join(_ENCODINGS)}: save it as UTF-8")


def _write(out: Path, pairs: Iterable[Pair], config: Config) -> None:
    """Write the whole file under another name first: a file that is there is whole."""
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    reasons = [column for one in config.compare for column in (f"{one.name}_level", f"{one.name}_weight")]
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["left_id", "right_id", "probability", "weight", "prior_weight", *reasons])
            writer.writerows(_row(pair) for pair in pairs)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _row(pair: Pair) -> list[Any]:
    reasons = [value for one in pair.reasons for value in (one.level, f"{one.weight:.3f}")]
    return [pair.left, pair.right, f"{pair.probability:.6f}", f"{pair.weight:.3f}", f"{pair.prior_weight:.3f}", *reasons]


def _told(resolved: Resolved, config: Config, out: Path, took_s: float) -> dict[str, Any]:
    below = config.review_below or 0.0
    return {
        "records": resolved.records, "compared": resolved.compared, "skipped_blocks": resolved.skipped_blocks, "pairs": len(resolved.pairs),
        "to_review": sum(pair.probability < below for pair in resolved.pairs), "threshold": config.threshold,
        "seconds": round(took_s, 2), "out": str(out),
    }  # fmt: skip
