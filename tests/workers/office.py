"""An office whose cases are told, evaluated and counted, for tests of how long steps take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg

from monitors.catalogue import load
from monitors.indicators.histogram import Histogram
from sql import clock
from sql.connect import connect
from tests.conftest import Database
from tests.engine.events import event
from workers.evaluator import Evaluator
from workers.intake import Intake
from workers.keys import Keys

KEYS = Keys(b"h" * 32, b"v" * 32)
CITY, COUNTY, TOWN, OTHER = "371400000000", "371402000000", "371402001000", "371402002000"
WAY = {"APPLY": "2026-09-21", "ACCEPT": "2026-09-22", "SURVEY_START": "2026-09-24", "VISIT": "2026-09-28", "OPINION": "2026-10-10", "DECIDE": "2026-10-12"}


class Office:
    """Cases are told, evaluated and counted."""

    def __init__(self, url: str, conn: psycopg.Connection[Any], evaluator: Evaluator) -> None:
        self.url, self.conn, self._intake, self._evaluator = url, conn, Intake(conn, KEYS, "test"), evaluator
        clock.move(conn, datetime(2026, 11, 20, 4, tzinfo=UTC))
        places = {CITY: ("city", None), COUNTY: ("county", CITY), TOWN: ("township", COUNTY), OTHER: ("township", COUNTY)}
        self.tell(*(event("region", region_code=code, name=code, level=level, parent_code=parent) for code, (level, parent) in places.items()))

    def tell(self, *events: bytes) -> None:
        assert not self._intake.take(list(events)).rejected
        while self._evaluator.step():
            pass

    def case(self, key: str, way: dict[str, str] | None = None, *, region: str = TOWN, programme: str = "dibao", unit: str = "U1") -> None:
        steps = [self.step(key, code, day) for code, day in (WAY if way is None else way).items()]
        self.tell(event("application", application_id=key, programme=programme, path="standard", region_code=region, unit_code=unit), *steps)

    @staticmethod
    def step(key: str, code: str, day: str, *, nth: int = 1, **more: Any) -> bytes:
        told = json.loads(event("stage", stage_id=f"{key}/{code}/{nth}", application_id=key, stage_code=code, **more))
        told["data"]["at"] = f"{day}T10:00:00+08:00"
        return json.dumps(told).encode()

    def passages(self, key: str) -> dict[str, tuple[Any, ...]]:
        rows = self.conn.execute("select to_stage, from_stage, working_days, calendar_days, late, again from watch.passage where application_id = %s order by nth", [key])
        return {row[0]: row[1:] for row in rows}

    def cells(self, **where: str) -> dict[str, tuple[int, int, int, Histogram]]:
        """What the histograms say of a region and all below it, by step; everything of every programme unless told otherwise."""
        told = {"region_code": "", "unit_code": None, "programme": None} | where
        rows = self.conn.execute("select to_stage, sum(n)::int, sum(limited)::int, sum(late)::int, sum(working) from watch.duration "
                                 "where region_code = %(region_code)s and (unit_code = '*' and programme = coalesce(%(programme)s, '*') and %(unit_code)s::text is null "
                                 "or unit_code <> '*' and unit_code = coalesce(%(unit_code)s, unit_code) and programme = coalesce(%(programme)s, programme)) "
                                 "group by 1 having sum(n) > 0", told)  # fmt: skip
        return {step: (n, limited, late, Histogram.unpacked(int(working))) for step, n, limited, late, working in rows}


@contextmanager
def opened(database: Database) -> Iterator[Office]:
    url = database.url("worker")
    with connect(url, name="test") as conn, connect(url, name="evaluator") as judge, connect(url, name="own") as own:
        evaluator = Evaluator(judge, Intake(own, KEYS, "own"), load())
        conn.execute("delete from watch.resweep")  # of an empty city
        yield Office(url, conn, evaluator)
