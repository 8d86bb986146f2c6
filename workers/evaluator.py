"""The evaluator: marks, rechecks and resweeps become claims; claims become findings; findings are announced.

A loop with a bell and a nap: PostgreSQL's NOTIFY is the bell, the tables are the memory. Its own
commits may be asynchronous: what a crash takes back is the claim's deletion together with its effect,
so the work is done again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import psycopg

from monitors.catalogue import Catalogue, load
from monitors.reconcile import Changes
from monitors.rule import Rule
from sql.clock import now
from sql.connect import connect
from sql.load import raw
from sql.settings import Settings
from workers import durations, metrics, rulebook
from workers.asking import Slice, local_parameters
from workers.dead import take_asked
from workers.evaluate import evaluate, look
from workers.expand import Expander, add_claims, claim_marks
from workers.intake import Intake
from workers.keys import ensure
from workers.lane import Lane
from workers.limits import take_limits
from workers.looks import take_looks
from workers.relay import relay_once
from workers.shares import judge_shares
from workers.stream import connect_bus

log = logging.getLogger(__name__)

TRIES = 3  #: how often a failing question is asked before it is parked
RECHECKS = 5_000
PIECE = 20_000  #: subjects of one piece of a sweep
NAP_S = 0.5  #: how long to wait for the bell; also how late a passing deadline may be noticed


class Evaluator:
    """One evaluator on one connection; any number of them may run side by side."""

    def __init__(self, conn: psycopg.Connection, intake: Intake, catalogue: Catalogue,
                 announce: Callable[[], int] = lambda: 0) -> None:  # fmt: skip
        """``announce`` is called after each piece of work: what it found is not held back until all is done."""
        self._conn, self._intake, self._catalogue, self._announce = conn, intake, catalogue, announce
        # Plans are made once, without looking at what they are asked: thousands of keys cost more to plan for than to look up.
        conn.execute("set synchronous_commit = off; set plan_cache_mode = force_generic_plan")
        conn.prepared_max = 500
        rulebook.sync(conn, catalogue)
        self._local = local_parameters(conn)
        self._noted: dict[str, datetime] = {}

    def step(self) -> int:
        """Do what is there to do once; return how much was done (0 = nothing was waiting)."""
        own = self._own()
        waited_s, begun = self._lag_s(), time.monotonic()
        expanded = self._expand()
        done = own + expanded + self._recheck()
        while self._claim():
            done += 1 + self._announce()
        if expanded:
            metrics.acts().event_to_finding_seconds.observe(waited_s + time.monotonic() - begun)
        return done + self._resweep() + durations.work_off(self._conn) + self._announce()

    def _own(self) -> int:
        """What the console leaves for intake: looks, limits, letters sent again. What cannot be taken waits, and stops nothing else."""
        done = 0
        for what in (take_looks, take_limits, take_asked):
            try:
                done += what(self._conn, self._intake)
            except (psycopg.DataError, psycopg.IntegrityError) as fault:
                log.error("%s: an event could not be taken, it waits: %s", what.__name__, fault)
        return done

    def _lag_s(self) -> float:
        """How long the oldest change has been waiting."""
        row = self._conn.execute(raw("status.lag")).fetchone()
        assert row is not None
        return float(row[0])

    def _expand(self) -> int:
        with self._conn.transaction():
            touched = claim_marks(self._conn)
            if not touched:
                return 0
            if "parameter" in touched:
                self._local = local_parameters(self._conn)
            judge_shares(self._conn, self._intake, self._catalogue, self._local, touched)
            Expander(self._conn, self._catalogue).expand(touched)
            durations.note(self._conn, touched)
        return len(touched)

    def _recheck(self) -> int:
        """Instants that have passed become claims: without this, waiting would change nothing."""
        with self._conn.transaction():
            due: dict[tuple[str, str], set[str]] = defaultdict(set)
            bound = {"now": now(self._conn), "limit": RECHECKS}
            for file, key, period in self._conn.execute(raw("evaluator.due_rechecks"), bound):
                due[file, period].add(key)
            for (file, period), keys in due.items():
                add_claims(self._conn, [file], keys, [period] if period else None)
        return len(due)

    def _claim(self) -> bool:
        with self._conn.transaction():
            row = self._conn.execute(raw("evaluator.next_claim")).fetchone()
            if row is None:
                return False
            claim_id, files, keys, periods, tries = row
            at = now(self._conn)
            failed = list(self._ask(files, {"keys": keys, "periods": periods}, at, tries))
            self._note(sorted(set(files) - set(failed)), at)
            self._conn.execute("delete from watch.claim where id = %s", [claim_id])
            if failed:
                self._again(failed, keys, periods, tries + 1)
        return True

    def _note(self, files: list[str], at: datetime) -> None:
        """Remember, about once a second, when these rules were last asked."""
        due = [file for file in files if (at - self._noted.get(file, datetime.min.replace(tzinfo=UTC))).total_seconds() >= 1]
        if due:
            self._conn.execute(raw("evaluator.note_evaluated"), {"at": at, "files": due})
            self._noted.update(dict.fromkeys(due, at))

    def _ask(self, files: list[str], slice_: Slice, at: datetime, tries: int) -> Iterator[str]:
        """Ask rules about a slice; return those that failed (each in a savepoint of its own, which keeps the others whole)."""
        alike: dict[tuple[str, bool], list[Rule]] = defaultdict(list)
        for file in sorted(files):
            if rule := self._catalogue.files.get(file):
                alike[rule.subject, rule.by_month].append(rule)
        for rules in alike.values():
            standing = look(self._conn, rules, slice_)
            for rule in rules:
                if not self._guarded(rule.file, tries, partial(evaluate, self._conn, rule, self._local, standing, at)):
                    yield rule.file

    def _guarded(self, file: str, tries: int, question: Callable[[], object]) -> bool:
        try:
            with self._conn.transaction():
                question()
        except psycopg.Error as fault:
            if self._conn.closed:
                raise
            log.error("rule %s failed (try %d): %s", file, tries + 1, fault)
            if tries + 1 >= TRIES:
                rulebook.park(self._conn, file, str(fault))
            return False
        return True

    def _again(self, files: list[str], keys: list[str], periods: list[str] | None, tries: int) -> None:
        query = "insert into watch.claim(files, keys, periods, tries, parked_at) values (%s, %s, %s, %s, case when %s then now() end)"
        for file in files:
            self._conn.execute(query, [[file], keys, periods, tries, tries >= TRIES])

    def _resweep(self) -> int:
        """One piece of one waiting sweep, through the same reconcile."""
        with self._conn.transaction():
            row = self._conn.execute(raw("evaluator.next_resweep")).fetchone()
            if row is None:
                return 0
            sweep_id, file, after, tries = row
            rule = self._catalogue.files.get(file)
            upto = next_bound(self._conn, rule, after) if rule else None
            if rule and not self._guarded(file, tries, lambda: sweep_piece(self._conn, rule, self._local, after, upto)):
                self._conn.execute("update watch.resweep set tries = tries + 1, parked_at = case when tries + 1 >= %s then now() end "
                                   "where id = %s", [TRIES, sweep_id])  # fmt: skip
                return 1
            self._note([file], now(self._conn))
            if upto is None:
                self._conn.execute("delete from watch.resweep where id = %s", [sweep_id])
            else:
                self._conn.execute("update watch.resweep set after_key = %s where id = %s", [upto, sweep_id])
        return 1


def sweep_piece(conn: psycopg.Connection, rule: Rule, local: Mapping[str, set[str]], after: str | None, upto: str | None) -> Changes:
    """Ask a rule about a range of subjects (``after`` exclusive, ``upto`` inclusive; None = no bound)."""
    return evaluate(conn, rule, local, look(conn, [rule], {"after": after, "upto": upto}), now(conn))


def next_bound(conn: psycopg.Connection, rule: Rule, after: str | None) -> str | None:
    """The last subject key of the next piece of a sweep; None when this piece is the last.

    A rule that compares many cases is asked about all of them at once (``workers.timed``).
    """
    if rule.scope == "all":
        return None
    query = raw("evaluator.next_bound").format(universe=raw(f"subjects.{rule.subject}"))
    row = conn.execute(query, {"after": after or "", "limit": PIECE}).fetchone()
    assert row is not None
    return row[0] if row[1] == PIECE else None


def main(settings: Settings, stop: threading.Event) -> None:
    """Run until told to stop."""
    url = settings.database_url_for("worker")
    with (Lane(settings.home, "evaluator") as lane, closing(connect_bus(settings)) as bus, connect(url, name="evaluator") as conn,
          connect(url, name="evaluator intake") as own, connect(url, name="evaluator bell") as bell):  # fmt: skip
        metrics.begin(settings, lane.short)
        intake = Intake(own, ensure(settings), lane.name)
        bell.execute("listen marks")
        evaluator = Evaluator(conn, intake, load(), lambda: relay_once(conn, bus, 1_000))
        while not stop.is_set():
            if not evaluator.step():
                for _bell in bell.notifies(timeout=NAP_S, stop_after=1):
                    pass
