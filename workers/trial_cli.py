"""``aidwatch rules diff`` and ``backtest``: what a changed rule would find, and what of people's verdicts it would keep."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from monitors.comparison import SIDES, precision
from monitors.errors import SupervisionError
from monitors.parameter import written
from sql.connect import connect
from sql.settings import Settings
from workers import trial
from workers.embedded.servers import running
from workers.trial import Candidate

DIFF, BACKTEST = ("total", "places", "examples"), ("verdicts", "months")  #: what of a trial each command tells
OUTCOMES = ("true", "not_true", "data_problem", "exempt")
_SIDE = {"all": "all verdicts", "before": "on what stands", "after": "candidate keeps"}


def arguments(actions: Any) -> None:
    """Add the two actions to those of ``aidwatch rules``."""
    for name, does in (("diff", "compare a changed rule with what stands: gained, lost, changed card; write nothing"),
                       ("backtest", "count which verdicts a changed rule would keep, and its cards by month; write nothing")):  # fmt: skip
        parser = actions.add_parser(name, help=does)
        parser.add_argument("what", metavar="CODE|FILE.sql", help="a rule in force, or the file of an edited or new one")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="try another value (may be repeated)")
        parser.add_argument("--region", metavar="CODE", help="only findings in this region")


def main(args: argparse.Namespace, settings: Settings) -> int:
    """Try the candidates one after the other and print what came out."""
    candidates = _candidates(args.what, _values(args.set))
    wanted = DIFF if args.action == "diff" else BACKTEST
    with running(settings), connect(settings.database_url_for("worker"), name="trial") as conn:
        told = [_told(one, trial.try_out(conn, one, args.region).told(), wanted) for one in candidates]
        named = trial.names_of(conn, {place["county"] for one in told for place in one.get("places", ())})
    for one in told:
        for place in one.get("places", ()):
            place["name"] = named.get(place["county"], "")
    print(json.dumps(told, ensure_ascii=False) if args.format == "json" else "\n\n".join("\n".join(_lines(one)) for one in told))
    return 0


def _values(pairs: Iterable[str]) -> dict[str, str]:
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise SupervisionError(f"--set {wrong[0]!r}: write name=value, for instance --set limit=168")
    return {name.strip(): value for name, _, value in (pair.partition("=") for pair in pairs)}


def _candidates(what: str, typed: Mapping[str, str]) -> list[Candidate]:
    if what.endswith(".sql"):
        return [trial.of_file(Path(what), typed)]
    return trial.of_code(what.upper(), typed)


def _told(candidate: Candidate, told: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    rule, stands = candidate.rule, candidate.stands
    changed = {name: value for name, value in rule.params.items() if stands is None or stands.params.get(name) != value}
    row = {"file": rule.file, "codes": candidate.codes, "stands": stands and stands.version, "params": changed,
           "in_force": {name: stands.params.get(name) for name in changed} if stands else {},
           **{name: told[name] for name in ("at", "asked_at", "waiting", *wanted)}}  # fmt: skip
    if "verdicts" in wanted:
        row["precision"] = {side: precision(told["verdicts"][side])._asdict() for side in SIDES}
    return row


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    against = f"against version {told['stands']}" if told["stands"] else "new: nothing stands of it"
    yield f"{told['file']} ({', '.join(told['codes'])}), {against}, as of {told['at']}"
    for name, value in told["params"].items():
        yield f"  {name} = {written(value)}, in force: {written(told['in_force'].get(name, '-'))}"
    if told["waiting"]:
        yield f"  {told['waiting']} findings left out: their subjects are still to be asked about"
    if told["asked_at"]:
        yield f"  this rule is asked by the clock, last at {told['asked_at']}: what happened since shows as a difference"
    yield from _changes(told) if "total" in told else _history(told)


def _changes(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"{'':34}{'gained':>9}{'lost':>9}{'changed':>9}{'same':>9}{'CNY gained':>15}{'CNY lost':>15}"
    yield _line("all", told["total"])
    for place in told["places"]:
        yield _line(f"{place['rule']:5}{place['county'] or 'no county':13} {place['name']}", place)
    for kind, examples in told["examples"].items():
        for one in examples:
            cards = f"{one['was'] or '-'} → {one['card'] or '-'}"
            yield f"  {kind:8}{one['rule']:5}{cards:17}{one['subject_kind']} {one['subject_key']} {one['item']}"


def _line(name: str, tally: Mapping[str, Any]) -> str:
    counts = "".join(f"{tally[kind]:9}" for kind in ("gained", "lost", "changed", "same"))
    return f"{name:34}{counts}{tally['gained_fen'] / 100:15,.2f}{tally['lost_fen'] / 100:15,.2f}"


def _history(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"{'':18}" + "".join(f"{name:>14}" for name in (*OUTCOMES, "precision")) + "   95 %"
    for side in SIDES:
        one = told["precision"][side]
        counts = "".join(f"{told['verdicts'][side].get(outcome, 0):14}" for outcome in OUTCOMES)
        share = f"{one['share']:14.1%}   {one['low']:.1%}–{one['high']:.1%}" if one["judged"] else f"{'unknown':>14}"
        yield f"{_SIDE[side]:18}{counts}{share}"
    yield f"{'opened in':18}{'stands':>14}{'candidate':>14}"
    yield from (f"{month:18}{before:14}{after:14}" for month, before, after in told["months"])
