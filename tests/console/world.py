"""A small city for the console's tests: regions, findings of every card, late sources, one household's story."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

REGIONS = Path(__file__).parents[2] / "workers" / "simulator" / "data" / "dezhou_regions.csv"
BLIND = "371426000000"  # no household was ever reported from this county: it must be unknown, never zero
LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@dataclass
class World:
    """Writes rows as the evaluator would; counts what it wrote."""

    conn: Connection
    engine: Engine
    n: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def again(self) -> "Iterator[World]":
        """Write some more, in a transaction of its own."""
        with self.engine.begin() as conn:
            self.conn = conn
            yield self

    def lies_in(self, finding_id: str, region: str) -> None:
        self.conn.execute(
            text("insert into watch.finding_region values (:finding, :region)"),
            {"finding": finding_id, "region": region},
        )

    def needs(self, file: str, code: str, feed: str, entity: str, last_at: datetime) -> None:
        """A rule that hangs on a source, and that source with its last word."""
        self.feed(feed, feed, 86_400, last_at, entity)
        self.conn.execute(
            text("insert into watch.rule_state(file, code, family, version, sha256, title_zh, title_en, needs) "
                 "values (:file, :code, 'f', 1, '', :code, :code, array[:entity])"),
            {"file": file, "code": code, "entity": entity},
        )  # fmt: skip

    def region(self, code: str, name: str, parent: str | None, level: str) -> None:
        self.conn.execute(
            text("insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival) "
                 "values (:code, :name, :level, :parent, '/test', now(), 1) on conflict do nothing"),
            {"code": code, "name": name, "parent": parent, "level": level},
        )  # fmt: skip

    def household(self, key: str, region: str) -> None:
        self.conn.execute(
            text("insert into store.household(household_id, region_code, event_source, event_at, arrival, from_at) "
                 "values (:key, :region, '/test', now(), 1, now())"),
            {"key": key, "region": region},
        )  # fmt: skip

    def unit(self, code: str, name: str, region: str, kind: str) -> None:
        self.conn.execute(
            text("insert into store.unit(unit_code, name, region_code, kind, event_source, event_at, arrival) "
                 "values (:code, :name, :region, :kind, '/test', now(), 1) on conflict do nothing"),
            {"code": code, "name": name, "region": region, "kind": kind},
        )  # fmt: skip

    def calendar(self) -> None:
        """Two years of plain weeks around now."""
        self.conn.execute(
            text("insert into store.workday(day_id, calendar, day, working, event_source, event_at, arrival) "
                 "select 'CN/' || day::date, 'CN', day, extract(isodow from day) < 6, '/test', now(), 1 "
                 "from generate_series(now()::date - 365, now()::date + 365, interval '1 day') day on conflict do nothing")
        )  # fmt: skip
        self.conn.execute(text("select store.count_working_days()"))

    def finding(self, rule: str, card: str | None, region: str, *, ago: timedelta = DAY, **more: Any) -> str:
        """Write one finding opened ``ago``; ``card`` None is one that cleared by itself."""
        self.n += 1
        opened = NOW - ago
        row = {
            "finding_id": f"{self.n:024x}", "rule": rule, "rule_version": 1, "subject_kind": "application",
            "subject_key": f"A{self.n:06d}", "item": "", "period": None, "notice_at": opened, "yellow_at": None,
            "red_at": None, "until_at": None, "ladder_card": card, "present": card is not None, "amount_at_risk_fen": None,
            "region_code": region, "unit_code": None, "evidence": {"programme": "dibao"}, "opened_at": opened,
            "card_since": opened if card else None, "first_seen_at": opened, "last_seen_at": opened, "noticed_at": opened,
            "cleared_at": None if card else opened + timedelta(hours=2), "stage": "open", **more,
        }  # fmt: skip
        row["evidence"] = json.dumps(row["evidence"], ensure_ascii=False)
        names = ", ".join(row)
        binds = ", ".join(f"cast(:{name} as jsonb)" if name == "evidence" else f":{name}" for name in row)
        self.conn.execute(text(f"insert into watch.finding ({names}) values ({binds})"), row)
        self.step(row["finding_id"], "opened", opened, None, card or "notice")
        if card is None:
            self.step(row["finding_id"], "cleared", row["cleared_at"], "notice", None)
        self.findings.append(row)
        return str(row["finding_id"])

    def step(self, finding_id: str, what: str, at: datetime, before: str | None, after: str | None) -> None:
        self.conn.execute(
            text(
                "insert into watch.finding_event(finding_id, at, what, from_card, to_card) values (:id, :at, :what, :before, :after)"
            ),
            {"id": finding_id, "at": at, "what": what, "before": before, "after": after},
        )

    def event(self, entity: str, key: str, at: datetime, body: dict[str, Any] | None, op: str = "upserted") -> None:
        self.n += 1
        self.conn.execute(
            text("insert into ledger.event(source, event_id, occurred_at, arrival, entity, key, op, batch_id, body, hash) "
                 "values ('/dezhou/dibao', :id, :at, :n, :entity, :key, :op, 1, cast(:body as json), '')"),
            {"id": f"e{self.n}", "at": at, "n": self.n, "entity": entity, "key": key, "op": op,
             "body": json.dumps(body, ensure_ascii=False) if body else None},
        )  # fmt: skip

    def feed(self, key: str, department: str, interval_s: int, last_at: datetime, entity: str = "application") -> None:
        self.conn.execute(
            text("insert into store.feed(feed_id, source, department, interval_s, expected_from, event_source, event_at, arrival) "
                 "values (:key, :source, :department, :interval_s, now() - interval '1 year', '/test', now(), 1)"),
            {"key": key, "source": f"/dezhou/{key}", "department": department, "interval_s": interval_s},
        )  # fmt: skip
        self.conn.execute(
            text("insert into store.source_state(source, entity, last_at, events) values (:source, :entity, :at, 10)"),
            {"source": f"/dezhou/{key}", "at": last_at, "entity": entity},
        )


def fill(engine: Engine) -> World:
    """Write the city into a freshly migrated database."""
    with engine.begin() as conn:
        world = World(conn, engine)
        _regions(world)
        _findings(world)
        _feeds(world)
        _story(world)
        return world


def _regions(world: World) -> None:
    with REGIONS.open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            code = row["code"]
            if len(code) == 12 and not code.startswith("371402001"):
                continue
            world.region(code.ljust(12, "0"), row["name"], _parent(code), LEVELS[len(code)])
    world.conn.execute(text("select store.flatten_regions()"))


def _parent(code: str) -> str | None:
    up = {4: 2, 6: 4, 9: 6, 12: 9}.get(len(code))
    return code[:up].ljust(12, "0") if up else None


def _findings(world: World) -> None:
    townships = list(
        world.conn.execute(text("select region_code from store.region where level = 'township' order by 1")).scalars()
    )
    seen = [code for code in townships if code[:6] != BLIND[:6]]
    for n, code in enumerate(seen):
        world.household(f"H{n:05d}", code)
    kinds = (("T04", "red"), ("T04", "yellow"), ("P01", "yellow"), ("F02", "red"), ("E01", "notice"), ("D02", None))
    for n in range(180):
        rule, card = kinds[(n * 7) % 6]
        place = seen[(n * n + 3 * n) % len(seen)]
        money = 48_000 + 1_700 * n if rule in ("F02", "E01") else None
        world.finding(rule, card, place, ago=timedelta(hours=3 + (n * 17) % 900), amount_at_risk_fen=money)


def _feeds(world: World) -> None:
    world.feed("minzheng", "民政业务", 3600, NOW - timedelta(minutes=2))
    world.feed("bank", "代发银行", 86_400, NOW - timedelta(seconds=40))
    world.feed("weijian", "卫健委 死亡登记", 86_400, NOW - timedelta(hours=20))
    world.feed("pingyuan", "平原县民政业务", 3600, NOW - timedelta(hours=9))


STORY = "B-story"  # the benefit whose finding has a whole story behind it


def _story(world: World) -> None:
    """One household: applied, checked, decided, paid, stopped, and paid once more."""
    start = NOW - 200 * DAY
    home, application, benefit, region = "H-story", "A-story", STORY, "371402001000"
    world.household(home, region)
    world.conn.execute(
        text("insert into store.application(application_id, programme, path, region_code, household_id, submitted_at, event_source, event_at, arrival) "
             "values (:a, 'dibao', 'standard', :r, :h, :at, '/t', :at, 1)"),
        {"a": application, "r": region, "h": home, "at": start},
    )  # fmt: skip
    world.conn.execute(
        text("insert into store.benefit(benefit_id, programme, household_id, application_id, region_code, monthly_amount_fen, end_period, event_source, event_at, arrival, from_at) "
             "values (:b, 'dibao', :h, :a, :r, 92000, '2026-08', '/t', now(), 1, :at)"),
        {"b": benefit, "h": home, "a": application, "r": region, "at": start},
    )  # fmt: skip
    world.event(
        "application", application, start, {"application_id": application, "programme": "dibao", "path": "standard"}
    )
    for n, (stage, result) in enumerate(
        [("ACCEPT", None), ("CHECK_REQUEST", None), ("VISIT", None), ("PUBLICITY_START", None), ("DECIDE", "agree")]
    ):
        at = start + (3 + 4 * n) * DAY
        world.conn.execute(
            text(
                "insert into store.stage(stage_id, application_id, stage_code, at, result, event_source, event_at, arrival) values (:s, :a, :c, :at, :r, '/t', :at, 1)"
            ),
            {"s": f"S{n}", "a": application, "c": stage, "at": at, "r": result},
        )
        world.event(
            "stage", f"S{n}", at, {"stage_id": f"S{n}", "stage_code": stage, "result": result, "unit_code": "U1"}
        )
    world.event(
        "benefit",
        benefit,
        start + 21 * DAY,
        {
            "benefit_id": benefit,
            "programme": "dibao",
            "monthly_amount_fen": 92000,
            "covered_persons": 2,
            "start_period": "2026-05",
        },
    )
    world.event(
        "benefit",
        benefit,
        NOW - 80 * DAY,
        {"benefit_id": benefit, "programme": "dibao", "end_period": "2026-08", "stop_reason": "income"},
    )
    for n in range(5):
        at = NOW - (150 - 30 * n) * DAY
        world.conn.execute(
            text("insert into store.payment(payment_id, benefit_id, household_id, programme, region_code, period, amount_fen, status, paid_at, judged_at, event_source, event_at, arrival) "
                 "values (:p, :b, :h, 'dibao', :r, :m, 92000, 'paid', :at, :at, '/t', :at, 1)"),
            {"p": f"P{n}", "b": benefit, "h": home, "r": region, "m": f"{at:%Y-%m}", "at": at},
        )  # fmt: skip
        world.event(
            "payment",
            f"P{n}",
            at,
            {
                "payment_id": f"P{n}",
                "programme": "dibao",
                "period": f"{at:%Y-%m}",
                "amount_fen": 92000,
                "status": "paid",
                "paid_at": at.isoformat(),
            },
        )
    world.finding("F02", "red", region, subject_kind="benefit", subject_key=benefit, ago=20 * DAY, amount_at_risk_fen=184_000,
                  yellow_at=NOW - 50 * DAY, notice_at=None, red_at=NOW - 20 * DAY, unit_code="U1",
                  evidence={"programme": "dibao", "end_period": "2026-08", "months": 2, "paid_fen": 184_000, "last_paid_at": (NOW - 30 * DAY).isoformat()})  # fmt: skip
    world.finding("T04", None, region, subject_key=application, ago=150 * DAY)
