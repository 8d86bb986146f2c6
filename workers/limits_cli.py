"""``aidwatch rules set``: a limit of a rule, for a place, a programme and from a day on; in force once it is evaluated."""

from __future__ import annotations

import argparse
import getpass
import json
from datetime import date
from typing import Any

import psycopg

from monitors.catalogue import load
from monitors.entities import PROGRAMMES
from monitors.errors import SupervisionError
from monitors.parameter import with_values
from monitors.rule import Rule
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers.embedded.servers import running


def arguments(actions: Any) -> None:
    """Add the action to those of ``aidwatch rules``."""
    parser = actions.add_parser("set", help="set a limit of a rule: everywhere, or for a place, a programme, from a day on")
    parser.add_argument("code", type=str.upper)
    parser.add_argument("limit", metavar="NAME=VALUE", help="'aidwatch rules explain CODE' shows the names")
    parser.add_argument("--region", metavar="CODE", help="only in this region and below (default: everywhere)")
    parser.add_argument("--programme", choices=sorted(PROGRAMMES), help="only for this programme (default: all)")
    parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, default=date(2000, 1, 1), metavar="DATE",
                        help="from this day on")  # fmt: skip


def main(args: argparse.Namespace, settings: Settings) -> int:
    """Keep the change for the evaluator and say what was set. Raises SupervisionError for a limit or a place that does not exist."""
    name, _, text = args.limit.partition("=")
    rule = _rule(args.code)
    value = with_values(rule, {name: text}).params[name]
    _refuse_unheard(rule, args)
    row = {"rule": args.code, "name": name, "value": json.dumps(value, ensure_ascii=False), "region_code": args.region,
           "programme": args.programme, "valid_from": args.valid_from, "who": getpass.getuser()}  # fmt: skip
    with running(settings), connect(settings.database_url_for("worker"), name="limits") as conn:
        _refuse_unknown(conn, args.region)
        conn.execute(raw("limits.set_at_once"), row)
    told = row | {"value": value, "valid_from": args.valid_from.isoformat()}
    where = args.region or "everywhere"
    said = f"{args.code} {name} = {value} ({where}, from {args.valid_from})"
    print(json.dumps(told, ensure_ascii=False) if args.format == "json" else said)
    return 0


def _rule(code: str) -> Rule:
    found = load().by_code(code)
    if not found:
        raise SupervisionError(f"no rule {code}; 'aidwatch rules list' shows the codes")
    return found[0]


def _refuse_unheard(rule: Rule, args: argparse.Namespace) -> None:
    """A value for a place or programme the rule does not look up would be silently without effect."""
    for slot in ("region", "programme"):
        if getattr(args, slot) and slot not in rule.override_by:
            raise SupervisionError(f"--{slot}: the limits of {rule.code} are one for all {slot}s")


def _refuse_unknown(conn: psycopg.Connection, region: str | None) -> None:
    if region and not conn.execute("select exists (select from facts.region where region_code = %s)", [region]).fetchone() == (True,):
        raise SupervisionError(f"--region {region}: no such region; write the twelve digits of one that was told")
