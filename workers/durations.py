"""How long steps take: the passages of cases and the histograms they add up to, kept equal to the facts.

What changes a case names it in ``watch.duration_due``; the evaluator counts named cases anew in pieces, after its rules.
A piece compares what the facts say now with what is kept and adds the difference to the histograms, so late and corrected
data come out as if they had always been there. Each night everything is counted anew by the same statements: what differs
and was not waiting is drift, mended and told.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import psycopg

from monitors.reconcile import Answer
from monitors.rule import Rule
from sql.copying import array
from sql.findings import inside
from sql.load import raw
from workers.expand import Touched

PIECE = 250  #: cases counted at once: bounds the time findings wait behind a piece
NIGHT_PIECE = 10_000
MANY = 50_000  #: changed passages of a night's piece from which histograms are better counted once, at the end
_LOCK = "select pg_advisory_xact_lock(hashtext('aidwatch durations'))"
_TRY = "select pg_try_advisory_xact_lock(hashtext('aidwatch durations'))"
_CASES = "{key} = any(%(keys)s::text[])"
_RANGE = "{key} > %(after)s and {key} <= %(upto)s"
_SHARED = frozenset(("workday", "deadline", "region"))  #: entities all cases are counted by
_EVERY_PASSAGE = "(select 1 as sign, * from watch.passage) every_passage"
_TREE = ""  #: among what is due: the region tree changed, and with it what adds up to what


def note(conn: psycopg.Connection[Any], touched: Mapping[str, Touched]) -> None:
    """Remember which cases a change concerns, in the caller's transaction."""
    keys = {key for entity in ("application", "stage") if entity in touched for key in touched[entity].columns.get("application_id", ())}
    if keys:
        conn.execute(raw("durations.add_due"), {"keys": array(sorted(keys))})
    if touched.keys() & _SHARED:
        conn.execute(raw("durations.add_all_due"))
    if "region" in touched:
        conn.execute(raw("durations.add_due"), {"keys": array([_TREE])})


def follow(conn: psycopg.Connection[Any], rule: Rule, answers: Iterable[Answer], changed: Iterable[str], slice_: Mapping[str, Any]) -> None:
    """Keep what a rule about the time of cases said of a slice: limits still running, and whose lateness changed."""
    if rule.family != "timeliness" or rule.subject != "application":
        return
    if keys := sorted(set(changed)):
        conn.execute(raw("durations.add_due"), {"keys": array(keys)})
    conn.execute(raw("durations.forget_clocks") + inside(slice_), {"file": rule.file, **slice_})
    if running := [_clock(rule, one) for one in answers if _runs(one)]:
        conn.cursor().executemany(raw("durations.add_clock"), running)


def _runs(answer: Answer) -> bool:
    return bool(answer.ladder.yellow_at and answer.evidence.get("to_stage") and not answer.evidence.get("ended_at"))


def _clock(rule: Rule, answer: Answer) -> dict[str, Any]:
    ladder = answer.ladder
    return {"file": rule.file, **answer.identity._asdict(), "region_code": answer.region_code, "unit_code": answer.unit_code,
            "notice_at": ladder.notice_at, "yellow_at": ladder.yellow_at, "red_at": ladder.red_at,
            "evidence": msgspec.json.encode(answer.evidence).decode()}  # fmt: skip


def work_off(conn: psycopg.Connection[Any]) -> int:
    """Count some of the cases that are due, unless somebody else does; return how many."""
    if conn.execute("select 1 from watch.duration_due limit 1").fetchone() is None:
        return 0
    conn.execute(raw("durations.scratch"))
    with conn.transaction():
        if conn.execute(_TRY).fetchone() != (True,):
            return 0
        keys = {key for (key,) in conn.execute(raw("durations.next_due"), {"limit": PIECE})}
        _count(conn, _CASES, {"keys": array(sorted(keys))})
        if conn.execute("select 1 from change limit 1").fetchone():
            _apply(conn)
        if _TREE in keys:
            _recount_cells(conn)
    return len(keys)


def _count(conn: psycopg.Connection[Any], only: str, bound: Mapping[str, Any]) -> None:
    """Find what is not as the facts say among some cases; it stands in the scratch table ``change``."""
    of_cases, of_findings = only.format(key="a.application_id"), only.format(key="f.subject_key")
    conn.execute(raw("durations.fresh").format(only=of_cases, only_found=of_findings), bound)
    conn.execute(raw("durations.compare").format(only=only.format(key="application_id")), bound)


def _apply(conn: psycopg.Connection[Any], *, with_cells: bool = True) -> None:
    conn.execute(raw("durations.take_away"))
    conn.execute(raw("durations.put"))
    if with_cells:
        conn.execute(raw("durations.add_cells").format(cells=raw("durations.cells").format(source="change")))


def _recount_cells(conn: psycopg.Connection[Any]) -> int:
    """Make every histogram what its passages add up to; return how many were not."""
    conn.execute("set local statement_timeout = '30min'; set local work_mem = '256MB'")
    conn.execute(raw("durations.counted").format(cells=raw("durations.cells").format(source=_EVERY_PASSAGE)))
    conn.execute("analyze counted")
    wrong = conn.execute(raw("durations.wrong_cells")).rowcount
    conn.execute(raw("durations.drop_cells"))
    conn.execute(raw("durations.put_cells"))
    conn.execute("drop table counted, wrong")
    return wrong


def recount(conn: psycopg.Connection[Any], piece: int = NIGHT_PIECE) -> dict[str, Any]:
    """Count everything anew, compare and mend; return and keep {passages, drift, seconds}. Autocommit connection.

    Drift is what differed although nobody was still to count it: passages, and histograms that were not their passages' sum.
    """
    begun, after = time.monotonic(), _TREE
    drift = uncounted = 0
    conn.execute(raw("durations.scratch"))
    while True:
        (upto,) = conn.execute(raw("durations.next_cases"), {"after": after, "limit": piece}).fetchone() or (None,)
        if upto is None:
            break
        differing, many = _recount_piece(conn, after, upto)
        drift, uncounted, after = drift + differing, uncounted + many, upto
    with conn.transaction():
        conn.execute(_LOCK)
        wrong = _recount_cells(conn)
    drift += 0 if uncounted else wrong  # else they are not wrong, only not counted yet
    (passages,) = conn.execute("select count(*) from watch.passage").fetchone() or (0,)
    run = {"passages": passages, "drift": drift, "seconds": time.monotonic() - begun}
    conn.execute(raw("durations.add_run"), run)
    return run


def _recount_piece(conn: psycopg.Connection[Any], after: str, upto: str) -> tuple[int, bool]:
    """Return how many passages differ without reason, and whether their histograms were left for the end.

    Nobody else counts meanwhile, and whoever still waits to be counted is not drift.
    """
    with conn.transaction():
        conn.execute(_LOCK)
        conn.execute("set local work_mem = '128MB'")  # a piece is sorted in memory
        _count(conn, _RANGE, {"after": after, "upto": upto})
        waiting = [key for (key,) in conn.execute(raw("durations.waiting"))]
        pending, n = conn.execute(raw("durations.pending"), {"waiting": array(waiting)}).fetchone() or (0, 0)
        if n:
            _apply(conn, with_cells=n < MANY)
    return int(n - pending), n >= MANY
