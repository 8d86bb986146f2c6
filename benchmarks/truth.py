"""Planted truth: a lawful simulated city, and the same with violations and look-alikes of every rule in it.

Two kinds of plants. The simulator's are rows of a business system, written by SQL, captured, mapped and folded like all else of the
city; those of rules the simulator does not know are the rules' own cases, told again as events under keys and places of their own
(``stories.py``). All are taken and judged by the running system among the whole city. Wrong is any finding on the lawful city, on a
look-alike of its rule, or on somebody of a violation who is not who it is about. What a plant lets other rules find as well (one
account of two payees is also a wrong holder) is counted apart, as nobody said whether it should be there.

Identity is judged on people of its own (``workers.simulator.slips``): one in twenty registered twice with realistic errors.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from benchmarks.deployment import bus_of, deployed, owner, process, settled
from benchmarks.linkage import people
from benchmarks.stories import Story, stories
from monitors.catalogue import load
from sql.clock import move
from sql.connect import connect
from sql.settings import Settings
from workers import linkage, timed
from workers.embedded.database import ensure_database
from workers.embedded.postgres import PostgresServer
from workers.intake import Intake
from workers.keys import ensure
from workers.lane import Lane
from workers.scratch import scratch_database
from workers.simulator import DATABASE
from workers.simulator.history import NoGroundError, load_history
from workers.simulator.plants import LOOK_ALIKES, PLANTS, look_alike, plant
from workers.simulator.truth import Truth

RESULTS = Path(__file__).with_name("truth.json")
PIECE, MOST_PEOPLE = 2_000, 100_000
BEIJING = ZoneInfo("Asia/Shanghai")
Card = tuple[str, str, str]  # rule, kind and key of the subject
_Watched = tuple[Settings, psycopg.Connection[Any], PostgresServer, list[Truth]]
log = logging.getLogger(__name__)


def run(households: int, times: int, seed: int, lawful_households: int) -> dict[str, Any]:
    """Judge a lawful city, then a city with its plants; return what ``truth.json`` holds.

    The clock of both stands still, or cases the history leaves open would fall due while the city is taken.
    """
    clock, now = _Clock(), datetime.now(UTC).replace(microsecond=0)
    with _city(clock, now, lawful_households, seed, 0) as (settings, conn, business, _):
        _judged(settings, conn, business)
        lawful = _findings(conn)
        clock.done("the lawful city is judged")
    with _city(clock, now, households, seed, times) as (settings, conn, business, planted):
        told = _retold(settings, now, times)
        _take(settings, conn, told)
        _judged(settings, conn, business)
        clock.done("the plants are judged")
        return {"households": households, "lawful_households": lawful_households, "times": times, "seed": seed,
                **_sizes(conn), "seconds": clock.seconds, "unknown": _unknown(conn),
                "rules": _marked(conn, settings, lawful, planted, told)}  # fmt: skip


class _Clock:
    """Seconds since the start at which each part was done."""

    def __init__(self) -> None:
        self._begun, self.seconds = time.monotonic(), dict[str, int]()

    def done(self, what: str) -> None:
        self.seconds[what] = round(time.monotonic() - self._begun)
        log.warning("%6d s  %s", self.seconds[what], what)


@contextmanager
def _city(clock: _Clock, now: datetime, households: int, seed: int, times: int) -> Iterator[_Watched]:
    """A city with a year of history, and a system that watches it. What is planted belongs to the history."""
    with tempfile.TemporaryDirectory(prefix="aidwatch-truth-") as home, _business(Path(home)) as business:
        here = now.astimezone(BEIJING).replace(tzinfo=None)  # the business system's wall clock
        with business.connect(DATABASE) as city:
            load_history(city, households, seed, here, plants=0)
            planted = list(_planted(city, Random(seed), here, times))
        clock.done(f"the city with {len(planted)} plants is written")
        os.environ |= {"AIDWATCH_CAPTURE_URL": business.url(DATABASE), "AIDWATCH_CAPTURE_MAPPING": "minzheng"}
        with deployed() as settings, connect(settings.database_url_for("worker"), name="truth", statement_s=3600) as conn, \
                _still(settings, now), process(settings, "evaluator"), process(settings, "ingest"), \
                process(settings, "capture"):  # fmt: skip
            yield settings, conn, business, planted


@contextmanager
def _still(settings: Settings, now: datetime) -> Iterator[None]:
    """Stop the clock of a deployment that has not begun."""
    with owner(settings) as conn:
        move(conn, now)
    yield


def _judged(settings: Settings, conn: psycopg.Connection[Any], business: PostgresServer) -> None:
    """Wait until all is taken and judged, by the rules asked at once and by those asked by the clock."""
    _captured(business)
    for _ in range(2):
        settled(conn, bus_of(settings), without="durations")  # no rule asks how long steps took
        linkage.refresh(conn, ensure(settings))
        timed.run_once(conn)
    settled(conn, bus_of(settings), without="durations")


@contextmanager
def _business(home: Path) -> Iterator[PostgresServer]:
    conf = {"shared_buffers": "512MB", "max_wal_size": "8GB", "fsync": "off"}
    with PostgresServer(home / "business", name="business", conf=conf) as server:
        ensure_database(server, DATABASE)
        yield server


def _planted(city: psycopg.Connection[Any], pick: Random, here: datetime, times: int) -> Iterator[Truth]:
    lacking = Counter[str]()
    for make, rules in ((look_alike, LOOK_ALIKES), (plant, PLANTS)):
        for rule in [*rules] * times:
            try:
                yield make(city, rule, pick, here, past=True)
            except NoGroundError as lack:
                lacking[f"{rule}: {lack}"] += 1
    for what, n in lacking.items():
        log.warning("not planted %d times: %s", n, what)


def _retold(settings: Settings, now: datetime, times: int) -> list[Story]:
    """Stories of the rules the simulator has no plant for."""
    with scratch_database(settings) as made, connect(made.worker_url, name="cases") as conn:
        return [one for one in stories(conn, now, times) if one.code not in PLANTS]


def _captured(business: PostgresServer) -> None:
    """Wait until the snapshot and everything the business database wrote is taken."""
    with business.connect(DATABASE) as city:
        (lsn,) = city.execute("select pg_current_wal_lsn()::text").fetchone() or ("",)
        query = "select bool_and(confirmed_flush_lsn >= %s::pg_lsn) from pg_replication_slots where not temporary"
        while not (city.execute(query, [lsn]).fetchone() or (False,))[0]:
            time.sleep(0.5)


def _take(settings: Settings, conn: psycopg.Connection[Any], told: list[Story]) -> None:
    events = [event for one in told for event in one.events]
    with Lane(settings.home, "stories") as lane:
        for n in range(0, len(events), PIECE):
            receipt = Intake(conn, ensure(settings), lane.name).take(events[n : n + PIECE], local=True)
            if receipt.rejected:
                raise ValueError(f"an event of a story was refused: {receipt.rejected[0]}")


def _unknown(conn: psycopg.Connection[Any]) -> dict[str, str]:
    """Codes whose question failed, and why: what they miss says nothing about the rule."""
    return dict(conn.execute("select code, left(parked_error, 200) from watch.rule_state where parked_error is not null").fetchall())


def _sizes(conn: psycopg.Connection[Any]) -> dict[str, int]:
    return {name: (conn.execute(f"select count(*) from facts.{name}").fetchone() or (0,))[0]
            for name in ("person", "benefit", "payment", "stage", "register")}  # fmt: skip


def _findings(conn: psycopg.Connection[Any]) -> dict[str, set[Card]]:
    found = defaultdict[str, set[Card]](set)
    for rule, kind, key in conn.execute("select rule, subject_kind, subject_key from watch.finding where present"):
        found[rule].add((rule, kind, key))
    return found


def _marked(conn: psycopg.Connection[Any], settings: Settings, lawful: dict[str, set[Card]], planted: list[Truth],
            told: list[Story]) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Precision and recall of each code, with what was planted and what was found."""
    intake, found, owner = Intake(conn, ensure(settings), "truth"), _findings(conn), _owners(conn, told)
    wanted, alike, n = defaultdict[str, set[Card]](set), defaultdict[str, set[Card]](set), defaultdict[str, Counter[str]](Counter)
    for truth in planted:
        n[truth.rule]["look_alikes" if truth.lawful else "violations"] += 1
        for each in truth.expected:
            two = [each.subject, each.item] if each.rule == "D08" and each.item else [each.subject]  # a pair stands under its first key
            card = (each.rule, each.subject_kind, min(_key(conn, intake, each.subject_kind, next(iter(one.values()))) for one in two))
            (alike if truth.lawful else wanted)[each.rule].add(card)
    for story in told:
        n[story.code]["look_alikes" if story.lawful else "violations"] += 1
        wanted[story.code] |= {(story.code, kind, _key(conn, intake, kind, key)) for kind, key in story.subjects}
    codes = [code for rule in load().rules for code in rule.codes]
    for code in codes:
        alike[code] |= {card for card in found[code] if owner(card[2]) == code}
    wrong = {code: lawful.get(code, set()) | (found[code] & alike[code]) - wanted[code] for code in codes}
    return {code: _line(n[code], found[code], wanted[code], wrong[code]) for code in codes}


def _line(n: Counter[str], found: set[Card], wanted: set[Card], wrong: set[Card]) -> dict[str, Any]:
    right = found & wanted
    return {"violations": n["violations"], "look_alikes": n["look_alikes"], "expected": len(wanted), "found": len(right),
            "wrong": len(wrong), "beside": len(found - wanted - wrong),
            "precision": len(right) / (len(right) + len(wrong)) if right or wrong else None,
            "recall": len(right) / len(wanted) if wanted else None,
            "wrong_keys": sorted(card[2] for card in wrong)[:5], "missed_keys": sorted(card[2] for card in wanted - found)[:5]}  # fmt: skip


def _owners(conn: psycopg.Connection[Any], told: list[Story]) -> Callable[[str], str | None]:
    """Return which rule's story a key belongs to: by the name stories give to keys, people, accounts and places."""
    code_of = {story.n: story.code for story in told}
    places = {place: story.code for story in told for place in story.places}
    rows = conn.execute("select person_key, person_id from store.identity where person_id ~ '^S[0-9]+-' union "
                        "select account_key, payment_id from store.payment where payment_id ~ '^S[0-9]+-' union "
                        "select account_key, account_id from store.account where account_id ~ '^S[0-9]+-'")  # fmt: skip
    people = {key: name for key, name in rows if key}

    def owner(key: str) -> str | None:
        named = re.match(r"S(\d+)-", people.get(key, key))
        return code_of.get(int(named[1])) if named else places.get(key[:4])

    return owner


def _key(conn: psycopg.Connection[Any], intake: Intake, kind: str, told: str) -> str:
    if kind == "account":
        return intake.pseudonym("account", told)
    if kind == "person":
        row = conn.execute("select person_key from store.identity where person_id = %s", [told]).fetchone()
        return str(row[0]) if row else told
    return told


def table(result: dict[str, Any]) -> str:
    """Return the result as a table, the rules that are not perfect first."""
    names = ("violations", "look_alikes", "expected", "found", "wrong", "beside", "precision", "recall")
    rows = sorted(result["rules"].items(), key=lambda one: ((one[1]["precision"] or 0) + (one[1]["recall"] or 0), one[0]))
    unknown = [f"unknown: {code}: {why}" for code, why in result["unknown"].items()]
    return "\n".join([*unknown, "rule " + " ".join(f"{name:>11}" for name in names),
                      *(f"{code:4} " + " ".join(f"{_said(one[name]):>11}" for name in names) for code, one in rows)])  # fmt: skip


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.truth", description=__doc__)
    parser.add_argument("--households", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lawful", type=int, help="households of the city in which nobody does wrong (default: as many)")
    parser.add_argument("--only", choices=("rules", "identity"), help="measure this part, leave the other as it was")
    args = parser.parse_args()
    told = json.loads(RESULTS.read_text(encoding="utf-8")) if args.only and RESULTS.exists() else {}
    if args.only != "identity":
        told |= run(args.households, args.times, args.seed, args.lawful or args.households)
        print(table(told))
    if args.only != "rules":
        told["identity"] = people(min(args.households, MOST_PEOPLE), args.seed)
        print(told["identity"])
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
