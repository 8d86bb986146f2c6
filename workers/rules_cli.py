"""``aidwatch rules``: what is judged, whether the files can be trusted, and what a rule's SELECT looks like.

``diff`` and ``backtest`` are in workers/trial_cli.py, ``set`` is in workers/limits_cli.py."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from typing import Any

from monitors.catalogue import FOLDER, LOCK, Catalogue, load, lock_faults, lock_lines, read
from monitors.errors import RuleFileError
from monitors.rule import Rule, parse_rule
from sql.connect import connect
from sql.scope import asked
from sql.settings import Settings
from workers import limits_cli, trial_cli
from workers.asking import select_of
from workers.ballast import fill
from workers.cases import cases_of, run_case
from workers.rule_plan import database_faults
from workers.rule_text import text_faults
from workers.scratch import scratch_database
from workers.sweep import chosen

NEEDS_SERVERS = False  # the files are enough to list; the others bring a database of their own


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="list every rule: codes, version, subject, title")
    check = actions.add_parser("check", help="check every rule file: header, SQL, query plan, touches, cases, lock")
    check.add_argument("--write", action="store_true", help="write monitors/rules.lock for what is new or has a new version")
    test = actions.add_parser("test", help="run the cases beside the rules")
    test.add_argument("code", nargs="*", type=str.upper, help="only these rules")
    explain = actions.add_parser("explain", help="show a rule: articles, parameters, SELECT, query plan")
    explain.add_argument("code", type=str.upper)
    trial_cli.arguments(actions)
    limits_cli.arguments(actions)


def main(args: argparse.Namespace, settings: Settings) -> int:
    if args.action == "list":
        return _list(args.format)
    if args.action == "check":
        return _check(settings, args.write, args.format)
    if args.action in ("diff", "backtest"):
        return trial_cli.main(args, settings)
    if args.action == "set":
        return limits_cli.main(args, settings)
    if args.action == "test":
        return _test(settings, chosen(args.code), args.format)
    return _explain(settings, chosen([args.code]), args.format)


def _list(form: str) -> int:
    rows = sorted(((code, rule) for rule in load().rules for code in rule.codes), key=lambda row: (row[0], row[1].file))
    if form == "json":
        print(json.dumps([_summary(code, rule) for code, rule in rows], ensure_ascii=False))
        return 0
    for code, rule in rows:
        title = rule.codes[code].title
        print(f"{code:5} v{rule.version:<3} {rule.family:13} {rule.subject:14} {title['zh']}  {title['en']}")
    return 0


def _summary(code: str, rule: Rule) -> dict[str, Any]:
    told = rule.codes[code]
    return {"code": code, "version": rule.version, "family": rule.family, "subject": rule.subject, "to": rule.to, "file": rule.file,
            "title": dict(told.title), "basis": list(told.basis), "params": dict(rule.params)}  # fmt: skip


def _check(settings: Settings, write: bool, form: str) -> int:
    """Name every fault of every file, so that one run shows all there is to mend."""
    rules, faults = _parsed()
    faults += [f"{rule.file}: {fault}" for rule in rules for fault in text_faults(rule)]
    faults += _asked_of_the_database(settings, rules)
    if not faults:
        faults = locked(read(), write)
    if form == "json":
        print(json.dumps({"rules": len(rules), "faults": faults}, ensure_ascii=False))
    else:
        print("\n".join([*(f"FAULT  {fault}" for fault in faults), f"{len(rules)} rule files, {len(faults)} faults"]))
    return 1 if faults else 0


def _parsed() -> tuple[list[Rule], list[str]]:
    rules, faults = [], []
    for path in sorted(FOLDER.glob("*/*.sql")):
        try:
            rules.append(parse_rule(path.read_text(encoding="utf-8"), f"{path.parent.name}/{path.name}"))
        except RuleFileError as fault:
            faults.append(str(fault))
    return rules, faults


def _asked_of_the_database(settings: Settings, rules: Iterable[Rule]) -> list[str]:
    with scratch_database(settings) as made:
        with connect(made.owner_url, name="rules") as owner:
            fill(owner)
        with connect(made.worker_url, name="rules") as conn:
            return [f"{rule.file}: {fault}" for rule in rules for fault in database_faults(conn, rule)]


def locked(catalogue: Catalogue, write: bool) -> list[str]:
    """Return what the lock objects to; ``write`` first takes new files and new versions into it."""
    held = LOCK.read_text(encoding="utf-8").splitlines() if LOCK.exists() else []
    if write:
        held = _renewed(catalogue, held)
    faults = lock_faults(catalogue, held)
    if write and not faults:
        LOCK.write_text("".join(f"{line}\n" for line in lock_lines(catalogue)), encoding="utf-8")
    return faults


def _renewed(catalogue: Catalogue, held: Iterable[str]) -> list[str]:
    """The lock with the lines of new files and of files with a higher version; others are left to be objected to."""
    lines = {line.split()[0]: line for line in held if line.strip()}
    for line in lock_lines(catalogue):
        name, version, _ = line.split()
        if name not in lines or int(version) > int(lines[name].split()[1]):
            lines[name] = line
    return list(lines.values())


def _test(settings: Settings, rules: Iterable[Rule], form: str) -> int:
    result: dict[str, dict[str, Any]] = {}
    with scratch_database(settings) as made, connect(made.worker_url, name="rules") as conn:
        for rule in rules:
            given, cases = cases_of(rule)
            faults = {case["name"]: said for case in cases if (said := run_case(conn, rule, given, case))}
            result[rule.file] = {"cases": len(cases), "faults": faults}
            if form != "json":
                _say_cases(rule, len(cases), faults)
    if form == "json":
        print(json.dumps(result, ensure_ascii=False))
    return 1 if any(one["faults"] for one in result.values()) else 0


def _say_cases(rule: Rule, n: int, faults: dict[str, list[str]]) -> None:
    print(f"{'FAULT' if faults else 'ok':6} {rule.file:45} {n - len(faults)} of {n} cases")
    for name, said in faults.items():
        print(f"       {name}", *(f"          {one}" for one in said), sep="\n")


def _explain(settings: Settings, rules: Iterable[Rule], form: str) -> int:
    rules = list(rules)
    with scratch_database(settings) as made:
        with connect(made.owner_url, name="rules") as owner:
            fill(owner)
        with connect(made.worker_url, name="rules") as conn:
            plans = [_plan(conn, rule) for rule in rules]
    if form == "json":
        print(json.dumps([{**_summary(rule.code, rule), "codes": list(rule.codes), "sql": rule.sql, "plan": plan}
                          for rule, plan in zip(rules, plans, strict=True)], ensure_ascii=False))  # fmt: skip
    else:
        print("\n\n".join(_told(rule, plan) for rule, plan in zip(rules, plans, strict=True)))
    return 0


def _plan(conn: Any, rule: Rule) -> list[str]:
    """How one subject is looked up."""
    query = asked(select_of(rule, {}), keys=True, months=int(rule.by_month))
    return [row[0] for row in conn.execute(f"explain (costs off) {query}", {"keys": ["x"], "month_0": "2026-10"})]


def _told(rule: Rule, plan: Iterable[str]) -> str:
    lines = [f"{code}  {told.title['zh']}  {told.title['en']}\n      {'; '.join(told.basis)}" for code, told in rule.codes.items()]
    lines += [f"{rule.file} v{rule.version}, about a {rule.subject}, addressed to {rule.to}", ""]
    for name in ("why", "remedy", "blind_to", "says", "clears"):
        words = getattr(rule, name)
        lines += [f"{name}: {words['zh']}", f"{' ' * len(name)}  {words['en']}"]
    lines += ["", "parameters: " + (", ".join(f"{name} = {value!r}" for name, value in rule.params.items()) or "none")]
    lines += ["touched by:", *(f"  {entity}: {how}" for entity, how in rule.touches.items())]
    return "\n".join([*lines, "", rule.sql, "", "plan for one subject:", *(f"  {line}" for line in plan)])
