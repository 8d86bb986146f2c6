"""Incremental findings equal a full run, after every step, for every rule; and the proof can fail."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg
import pytest

from monitors.catalogue import Catalogue, load
from monitors.reconcile import Answer, Changes, Known, reconcile
from sql import clock, findings, fold
from sql.connect import connect
from sql.load import raw
from tests.conftest import Database
from tests.engine.events import event
from tests.engine.story import Story
from workers import durations, evaluate, expand, timed
from workers.audit import audit
from workers.evaluator import Evaluator
from workers.intake import Intake
from workers.keys import Keys

PROVE = os.environ.get("AIDWATCH_PROVE") == "1"
SEEDS, STEPS = (8, 400) if PROVE else (1, 70)
KEYS = Keys(b"h" * 32, b"v" * 32)

_STEPS = {  # the furthest first: nobody takes two steps at once
    "verified": "stage = 'closed', closed_at = watch.now_at()",
    "replied": "stage = 'verified', outcome = 'true', verified_at = watch.now_at(), verified_by = 'li'",
    "assigned": "stage = 'replied', replied_at = watch.now_at()",
    "open": "assignee = 'chen', note = 'seen', stage = 'assigned', assigned_at = watch.now_at(), acknowledged_at = watch.now_at()",
}


class World:
    """One database under one story: what is told is taken, evaluated, and compared with a full run."""

    def __init__(self, url: str, seed: int, catalogue: Catalogue | None = None) -> None:
        self.story, self.url = Story(seed), url
        self.conn = connect(url, name="test")
        self.slow = connect(url, name="test slow")
        self.intake = Intake(self.conn, KEYS, "fast")
        self.slow_intake = Intake(self.slow, KEYS, "slow")
        self.catalogue = catalogue or load()
        self.evaluator = self._evaluator()
        clock.move(self.conn, self.story.now)
        months = [f"2026-{n:02}" for n in range(1, 13)]  # made before two takers stand side by side in one thread
        self.conn.execute("select store.ensure_periods(%s), ledger.ensure_months(%s)", [months, months])
        self.tell(self.story.opening())

    def _evaluator(self) -> Evaluator:
        self.judge, self.own = connect(self.url, name="evaluator"), connect(self.url, name="own")
        return Evaluator(self.judge, Intake(self.own, KEYS, "own"), self.catalogue)

    def close(self) -> None:
        for conn in (self.conn, self.slow, self.judge, self.own):
            conn.close()

    def upgrade(self, catalogue: Catalogue) -> None:
        """A new release of the rules starts."""
        self.catalogue = catalogue
        self.judge.close()
        self.own.close()
        self.evaluator = self._evaluator()

    def tell(self, events: list[bytes]) -> None:
        if self.conn.execute("select watch.now_at()").fetchone() != (self.story.now,):
            clock.move(self.conn, self.story.now)
        self.intake.take(events)
        self.drain()

    def drain(self) -> None:
        while self.evaluator.step():
            pass

    def drift(self, scope: str = "keys") -> list[str]:
        """What differs between the findings and a full run now; nothing may be left waiting."""
        verdicts = audit(self.conn, self.catalogue, scope)
        return [e for v in verdicts for e in v.examples] + [f"{v.file}: {v.pending} left waiting" for v in verdicts if v.pending]

    def happened(self) -> Counter[tuple[str, str]]:
        rows = self.conn.execute("select rule, what, count(*) from watch.finding_event join watch.finding using (finding_id) group by 1, 2")
        return Counter({(rule, what): n for rule, what, n in rows})

    def busiest(self) -> str:
        """The rule file with the most findings now."""
        row = self.conn.execute("select s.file from watch.finding f join watch.rule_state s on s.code = f.rule where f.present "
                                "group by 1 order by count(*) desc, 1 limit 1").fetchone()  # fmt: skip
        return str(row[0]) if row else next(iter(self.catalogue.files))

    def people_write(self) -> None:
        """Somebody works on a few findings, each a step further: these columns are theirs."""
        for stage, doing in _STEPS.items():
            rows = self.conn.execute("select finding_id from watch.finding where stage = %s order by finding_id limit 3", [stage]).fetchall()
            ids = [finding_id for (finding_id,) in rows]
            self.conn.execute("select watch.mark_corrections(%s, array['chen'])", [ids])
            self.conn.execute(f"update watch.finding set {doing} where finding_id = any(%s)", [ids])
        self.drain()

    def people_columns(self) -> dict[str, tuple[object, ...]]:
        rows = self.conn.execute("select finding_id, assignee, note, stage from watch.finding where assignee is not null and stage <> 'closed'")
        return {row[0]: row[1:] for row in rows}

    def noticed_at_another_time(self) -> list[str]:
        """Findings whose place in the feed is not the instant their history was last about."""
        rows = self.conn.execute("select finding_id from watch.finding f where noticed_at <> (select max(at) from watch.finding_event e "
                                 "where e.finding_id = f.finding_id and what in ('opened', 'card', 'returned')) limit 3")  # fmt: skip
        return [f"noticed_at differs: {finding_id}" for (finding_id,) in rows]

    def interleaved(self, slow: list[bytes], fast: list[bytes]) -> None:
        """Two takers at once: the slow one wrote its marks first and commits last."""
        with self.slow.transaction():
            self.slow_intake.take(slow)
            self.intake.take(fast)
            self.drain()
        self.drain()


@pytest.fixture
def world(database: Database) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(seed: int, catalogue: Catalogue | None = None) -> World:
        made.append(World(database.url("worker"), seed, catalogue))
        return made[-1]

    yield make
    for one in made:
        one.close()


def bumped(catalogue: Catalogue, file: str) -> Catalogue:
    """The same rules, one of them in a new version that asks a little differently."""
    rule = catalogue.files[file]
    changed = replace(rule, version=rule.version + 1, sha256=f"new {rule.version + 1}", sql=f"select * from (\n{rule.sql}\n) v{rule.version + 1} where true")
    return Catalogue({**catalogue.files, file: changed})


def live(world: World, steps: int, *, compared: bool = True) -> Iterator[list[str]]:
    """Tell a story with people at work, takers side by side and new rule versions; yield the drift after each step (none if not ``compared``)."""
    drift = world.drift if compared else lambda *_: list[str]()
    for n, events in enumerate(world.story.steps(steps)):
        theirs = world.people_columns()
        world.tell(events)
        kept = {key: value for key, value in world.people_columns().items() if key in theirs}
        yield drift() + [f"people's columns changed: {k}" for k in theirs if kept.get(k) != theirs[k]]
        if n % 10 == 9:
            timed.run_once(world.conn)
            world.drain()
            yield drift("all") + world.noticed_at_another_time()
        if n % 7 == 6 and (wrong := durations.recount(world.conn)["drift"]):
            yield [f"{wrong} passages or histograms are not as a full count has them"]
        if n % 9 == 4:
            world.people_write()
        if n % 23 == 11:
            world.interleaved(_solo(world, "slow"), _solo(world, "fast"))
            yield drift()
        if n % 37 == 20:
            world.upgrade(bumped(world.catalogue, world.busiest()))
            world.drain()
            yield drift()


def _solo(world: World, tag: str) -> list[bytes]:
    """Two equal payments of a benefit of their own, from a source of their own: takers that do not meet anywhere."""
    story = world.story
    at = story.now.isoformat()
    benefit = f"{tag}{story._n}"
    return [story._event("payment", {"payment_id": f"{benefit}/{k}", "benefit_id": benefit, "programme": "dibao", "household_id": benefit,
                                     "period": "2026-07", "amount_fen": 100, "kind": "regular", "status": "paid", "paid_at": at}, story.now,
                         source=f"/story/{tag}")
            for k in "ab"]  # fmt: skip


def test_a_payment_without_a_month_leaves_the_months_of_its_benefit_alone(world: Callable[..., World]) -> None:
    told = world(0)
    twice: dict[str, Any] = {"benefit_id": "B1", "programme": "dibao", "household_id": "H1", "amount_fen": 100, "kind": "regular", "status": "paid",
             "paid_at": told.story.now.isoformat()}  # fmt: skip
    told.tell([event("payment", payment_id=key, period="2026-07", **twice) for key in ("N1", "N2")])
    stood = told.happened()
    assert stood["F03", "opened"] == 1, stood
    told.tell([event("payment", payment_id="N3", period=None, **twice)])
    assert told.drift() == []
    assert told.happened() == stood


@pytest.mark.parametrize("seed", range(SEEDS))
def test_incremental_findings_equal_a_full_run_after_every_step(world: Callable[..., World], seed: int) -> None:
    told = world(seed)
    for n, drift in enumerate(live(told, STEPS)):
        assert not drift, f"after step {n} of seed {seed}: {drift}"
    happened = told.happened()
    print(f"seed {seed}: {sorted({rule for rule, what in happened})} fired, {sum(happened.values())} changes of findings")
    assert sum(n for (_, what), n in happened.items() if what == "opened") >= 20, "a story in which nothing happened would pass too"
    assert sum(n for (_, what), n in happened.items() if what == "cleared") >= 3


def _no_recheck(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Evaluator, "_recheck", lambda self: 0)


def _no_touches(patch: pytest.MonkeyPatch) -> None:
    original = expand.Expander._keys
    patch.setattr(expand.Expander, "_keys", lambda self, entity, how, one: set() if how.startswith("select") else original(self, entity, how, one))


def _old_version_not_marked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fold._Fold, "_point", lambda self, values: None)


def _no_resweep(patch: pytest.MonkeyPatch) -> None:
    def forget(self: Evaluator) -> int:
        self._conn.execute("delete from watch.resweep")
        return 0

    patch.setattr(Evaluator, "_resweep", forget)


def _never_clear(patch: pytest.MonkeyPatch) -> None:
    def keep(known: Iterable[Known], answers: Iterable[Answer], now: datetime, version: int) -> Changes:
        changes = reconcile(known, answers, now, version)
        changes.changes = [c for c in changes.changes if c.what != "cleared"]
        return changes

    patch.setattr(evaluate, "reconcile", keep)


def _upsert_overwrites_people(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(findings, "raw", lambda name: raw(name).replace("present = true", "present = true, assignee = null, stage = 'open'"))


def _cursor_instead_of_marks(patch: pytest.MonkeyPatch) -> None:
    last = {"id": 0}

    def since(conn: psycopg.Connection) -> dict[str, expand.Touched]:
        rows = conn.execute("select entity, columns, periods, id from ledger.mark where id > %s order by id", [last["id"]]).fetchall()
        last["id"] = max((row[3] for row in rows), default=last["id"])
        return expand.coalesce(row[:3] for row in rows)

    patch.setattr("workers.evaluator.claim_marks", since)
    patch.setattr("workers.audit.waiting", lambda conn, catalogue, at: {rule.file: set() for rule in catalogue.rules})


FAULTS = (_no_recheck, _no_touches, _old_version_not_marked, _no_resweep, _never_clear, _upsert_overwrites_people, _cursor_instead_of_marks)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
def test_the_parity_proof_turns_red_for(fault: Callable[[pytest.MonkeyPatch], None], world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    told = world(1)
    assert any(live(told, max(STEPS, 100))), "this fault went unseen"


def test_every_rule_reads_only_tables_a_change_of_which_can_reach_it() -> None:
    for rule in load().rules:
        assert rule.touches, f"{rule.file} names no table"

