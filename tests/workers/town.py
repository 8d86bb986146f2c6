"""A small town with publicities of every length, evaluated by the few rules a trial is made of."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from monitors.catalogue import Catalogue, load
from sql.connect import connect
from tests.engine.events import event
from workers.evaluator import Evaluator
from workers.intake import Intake
from workers.keys import Keys

KEYS = Keys(b"h" * 32, b"v" * 32)
CITY, COUNTY, OTHER = "371400000000", "371402000000", "371424000000"
START = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
HOURS = (24, 60, 100, 150, 200)  # of publicity: the first two are red, the next two yellow, the last is in order
FEW = Catalogue({rule.file: rule for code in ("P01", "F02") for rule in load().by_code(code)})


def publicised(hours: int, region: str = COUNTY, key: str | None = None) -> list[bytes]:
    key = key or f"A{hours}"
    end = START + timedelta(hours=hours)
    return [
        event("application", application_id=key, programme="dibao", path="standard", region_code=region, unit_code="U1"),
        stage(f"{key}a", key, "PUBLICITY_START", START), stage(f"{key}b", key, "PUBLICITY_END", end),
    ]  # fmt: skip


def stage(stage_id: str, application: str, code: str, at: datetime) -> bytes:
    told = json.loads(event("stage", stage_id=stage_id, application_id=application, stage_code=code))
    told["data"]["at"] = at.isoformat()
    return json.dumps(told).encode()


class Town:
    """Two counties, publicities of every length, all evaluated."""

    def __init__(self, url: str) -> None:
        self.conn, self.own, self.judge = (connect(url, name="test") for _ in range(3))
        self.intake = Intake(self.conn, KEYS, "test")
        places = ((CITY, "city", None, "德州市"), (COUNTY, "county", CITY, "德城区"), (OTHER, "county", CITY, "临邑县"))
        self.take([event("region", region_code=code, name=name, level=level, parent_code=up) for code, level, up, name in places]
                  + [one for hours in HOURS for one in publicised(hours)] + publicised(60, OTHER, "B60"))  # fmt: skip
        self.evaluate()

    def take(self, events: list[bytes]) -> None:
        assert self.intake.take(events).rejected == []

    def evaluate(self) -> None:
        working = Evaluator(self.judge, Intake(self.own, KEYS, "own"), FEW)
        while working.step():
            pass

    def judge_as(self, subject: str, outcome: str, *, reopened: bool = False) -> None:
        said = [("verify", json.dumps({"outcome": outcome, "version": 1})), *([("reopen", None)] if reopened else [])]
        for what, text in said:
            self.conn.execute("insert into watch.finding_event(finding_id, at, what, by_whom, said) select finding_id, now(), %s, 'li', %s "
                              "from watch.finding where rule = 'P01' and subject_key = %s", [what, text, subject])  # fmt: skip

    def everything(self) -> dict[str, Any]:
        """Every row of every table that could be written."""
        tables = [name for (name,) in self.conn.execute(
            "select format('%%I.%%I', schemaname, tablename) from pg_tables where schemaname in ('watch', 'ledger', 'store', 'access') and %s", [True])]
        readable = [name for name in tables if self.conn.execute("select has_table_privilege(%s, 'select')", [name]).fetchone() == (True,)]
        return {name: sorted(row[0] for row in self.conn.execute(f"select t::text from {name} t")) for name in readable}


    def close(self) -> None:
        for conn in (self.conn, self.own, self.judge):
            conn.close()
