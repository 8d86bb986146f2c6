"""The forecast of the open queue, made anew each night: the running clocks as the rule sees them, their chances as the own history tells.

It is an order of work and nothing else: no finding, no card, no mark on anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
from psycopg.types.json import Jsonb

from monitors.catalogue import load
from monitors.indicators import scoring
from monitors.indicators.forecast import History, Running
from monitors.indicators.survival import Ints, Stays, known_at
from monitors.reconcile import Answer
from sql import clock
from sql.copying import array
from sql.load import raw
from workers.asking import ask, local_parameters

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULE = "timeliness.deadline_missed"  #: knows limits, pauses and extensions; the forecast adds none of its own
SINCE, MOST_CASES, PIECE = timedelta(days=730), 200_000, 2_000  #: older practice tells little of today's; applications of one question
ENDS_ALL = ("DECIDE", "REFUSE", "REJECT_ACCEPT", "WITHDRAW")  #: contract §6: every stage clock ends there too
REFUSALS_ONLY = ("T09",)  #: begins with a decision, but only with a refusal
NEVER = 10**6


@dataclass(frozen=True)
class Steps:
    """All steps of the history, one after the other; ``case`` indexes ``ids``, codes are numbered by ``names``."""

    ids: list[str]
    names: list[str]
    group: list[tuple[str, str]]
    case: Ints
    code: Ints
    day: Ints
    at: list[datetime]
    first: Ints  # of each case, and one beyond the last

    def stage(self, code: int | np.int64) -> str:
        """Return the stage_code of the contract; a refusal is a decision."""
        return self.names[code].replace("REFUSE", "DECIDE")

    def codes(self, wanted: Any) -> Ints:
        return np.flatnonzero(np.isin(self.names, list(wanted)))


@dataclass(frozen=True)
class Days:
    """Working days up to and including each day, by calendar; ``calendar_of`` the regions that have another than the national one."""

    count: dict[str, dict[date, int]]
    calendar_of: dict[str, str]
    seen_on: date

    @property
    def national(self) -> dict[date, int]:
        """Return the days in which lengths are compared, of many places together."""
        return self.count.get("CN", {})

    def left(self, region_code: str | None, limit_on: date) -> int:
        """Return the working days left, as the place counts them."""
        own = self.count[self.calendar_of.get(region_code or "", "CN")]
        return own[limit_on] - own[self.seen_on]


def make(conn: psycopg.Connection[Any], *, again: bool = True) -> int:
    """Forecast every running clock and compare earlier forecasts with what came; return how many were made. Autocommit connection.

    Unless ``again``, what was made today stays: the clock may call this often, and it works once a day.
    """
    now = clock.now(conn)
    today = now.astimezone(SHANGHAI).date()
    if not again and _made(conn) == str(today):
        return 0
    rows = list(_told(conn, now, today))
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock(hashtext('aidwatch forecast'))")
        conn.execute(raw("forecast.forget"), {"today": today})
        conn.cursor().executemany(raw("forecast.add"), rows)
        told = {"made_on": str(today) if rows else None, "n": len(rows), **_checked(conn, now)}
        conn.execute(raw("course.counted"), {"name": "forecast", "at": now, "told": Jsonb(told)})
    return len(rows)


def _made(conn: psycopg.Connection[Any]) -> str | None:
    row = conn.execute("select told ->> 'made_on' from watch.counted where name = 'forecast'").fetchone()
    return row[0] if row else None


def _told(conn: psycopg.Connection[Any], now: datetime, today: date) -> Iterator[dict[str, Any]]:
    days = _days(conn, today)
    count = days.national
    if today not in count or not (steps := _read(conn, now)).ids:
        return
    kinds = {(rule, start, to): _clock(steps, rule, start, [to, *(later or [])])
             for rule, start, to, later in conn.execute(raw("forecast.clocks")).fetchall()}  # fmt: skip
    seen = count.get(days.seen_on, 0)
    histories: dict[Any, History] = {}
    place = {one: n for n, one in enumerate(steps.ids)}
    for answer in _running(conn, steps, kinds.values()):
        case, evidence = place[answer.identity.subject_key], answer.evidence
        kind = (answer.identity.rule, evidence["from_stage"], evidence["to_stage"])
        started = datetime.fromisoformat(evidence["started_at"])
        if kind in kinds and (day := count.get(started.astimezone(SHANGHAI).date())) is not None:
            key = (kind, steps.group[case])
            histories[key] = histories.get(key) or _history(steps, kinds[kind], steps.group[case], seen)
            row = _row(answer, steps, case, histories[key], day, days)
            if row is not None:
                yield row | {"made_on": today, "started_at": started}


def _days(conn: psycopg.Connection[Any], today: date) -> Days:
    count: dict[str, dict[date, int]] = defaultdict(dict)
    for calendar, day, n in conn.execute(raw("forecast.working_days")):
        count[calendar][day] = n
    return Days(count, dict(conn.execute(raw("forecast.places")).fetchall()), today - timedelta(days=1))


def _read(conn: psycopg.Connection[Any], now: datetime) -> Steps:
    rows = conn.execute(raw("forecast.history"), {"since": now - SINCE, "limit": MOST_CASES, "now": now}).fetchall()
    lengths = [len(row[3]) for row in rows]
    codes = list(chain.from_iterable(row[3] for row in rows))
    names, code = np.unique(np.array(codes, dtype=str), return_inverse=True)
    first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Steps([row[0] for row in rows], names.tolist(), [(row[1], row[2]) for row in rows], np.repeat(np.arange(len(rows)), lengths),
                 code.astype(np.int64), np.fromiter(chain.from_iterable(row[4] for row in rows), np.int64, len(codes)),
                 list(chain.from_iterable(row[5] for row in rows)), first)  # fmt: skip


def _clock(steps: Steps, rule: str, start: str, ends: list[str]) -> tuple[Ints, Ints]:
    """The steps within one kind of clock, and for each the day its clock ends: from the last start to the first end after it."""
    start = "REFUSE" if rule in REFUSALS_ONLY else start
    row = np.arange(len(steps.case))
    begun = np.full(len(steps.ids), -1)
    starts = np.isin(steps.code, steps.codes([start]))
    np.maximum.at(begun, steps.case[starts], row[starts])
    ending = np.isin(steps.code, steps.codes({*ends, *ENDS_ALL} - {start})) & (row > begun[steps.case])
    ended = np.full(len(steps.ids), len(row))
    np.minimum.at(ended, steps.case[ending], row[ending])
    within = (begun[steps.case] >= 0) & (row >= begun[steps.case]) & (row < ended[steps.case])
    return row[within], np.append(steps.day, NEVER)[ended][steps.case[within]]


def _running(conn: psycopg.Connection[Any], steps: Steps, kinds: Any) -> Iterator[Answer]:
    """Ask the rule about every application on which a clock seems to run; what it says holds."""
    rule = next(one for one in load().rules if one.file == RULE)
    cases = sorted({steps.case[row] for rows, ends in kinds for row in rows[ends == NEVER]})
    local = local_parameters(conn)
    for start in range(0, len(cases), PIECE):
        keys = [steps.ids[case] for case in cases[start : start + PIECE]]
        with conn.transaction():  # of its own: the role and the time limit of rules end with it
            answers = ask(conn, rule, local, {"keys": array(keys)})
        yield from (one for one in answers if one.evidence.get("ended_at") is None and one.ladder.yellow_at is not None)


def _history(steps: Steps, clock_of: tuple[Ints, Ints], group: tuple[str, str], seen: int) -> History:
    rows, end = clock_of
    same = [one == group for one in steps.group]
    programme = [one[0] == group[0] for one in steps.group]
    kept = (np.array(of)[steps.case[rows]] for of in (same, programme, [True] * len(steps.group)))
    return History([_known(steps, rows[one], end[one], seen) for one in kept], len(steps.names))


def _known(steps: Steps, rows: Ints, end: Ints, seen: int) -> Stays:
    return known_at(steps.case[rows], steps.code[rows], steps.day[rows], end, seen)


def _row(answer: Answer, steps: Steps, case: int, history: History, began: int, days: Days) -> dict[str, Any] | None:
    count, seen = days.national, days.national[days.seen_on]
    last = int(steps.first[case + 1]) - 1

    def chance(at: datetime | None) -> Any:
        limit = count.get(at.astimezone(SHANGHAI).date() - timedelta(days=1)) if at else None
        return limit and history.chance(Running(int(steps.code[last]), int(steps.day[last]), began, limit, seen))

    yellow, red = chance(answer.ladder.yellow_at), chance(answer.ladder.red_at)
    if not yellow or answer.ladder.yellow_at is None:
        return None
    return {
        "application_id": answer.identity.subject_key, "rule": answer.identity.rule, "item": answer.identity.item,
        "region_code": answer.region_code, "unit_code": answer.unit_code, "programme": answer.evidence.get("programme"),
        "path": answer.evidence.get("path"), "state": steps.stage(steps.code[last]), "state_since": steps.at[last],
        "yellow_at": answer.ladder.yellow_at, "red_at": answer.ladder.red_at,
        "days_left": days.left(answer.region_code, answer.ladder.yellow_at.astimezone(SHANGHAI).date() - timedelta(days=1)),
        "yellow_share": yellow.late_share, "red_share": red.late_share if red else None,
        "cause": steps.stage(yellow.cause), "cause_share": yellow.cause_share, "cases": yellow.cases,
    }  # fmt: skip


def _checked(conn: psycopg.Connection[Any], now: datetime) -> dict[str, Any]:
    """How true the forecasts were whose limit has passed by now."""
    rows = conn.execute(raw("forecast.came"), {"now": now}).fetchall()
    if not rows:
        return {"came_due": 0}
    told, elapsed, came = (np.array(column) for column in zip(*rows, strict=True))
    groups = scoring.calibration(told, came)
    return {"came_due": len(rows), "auc": scoring.auc(told, came), "auc_days_elapsed": scoring.auc(elapsed, came),
            "calibration_error": scoring.calibration_error(groups), "reached": scoring.reached(told, came),
            "groups": [[one.n, one.told_share, one.came_share] for one in groups]}  # fmt: skip
