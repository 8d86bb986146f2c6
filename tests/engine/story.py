"""A random history of a very small city: few records, few values, so that rules fire, clear and fire again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitors.entities import ENTITIES, LOCAL_ONLY, Entity, Field

BEGIN = datetime(2026, 6, 1, 2, tzinfo=UTC)
REGIONS = ("371400000000", "371402000000", "371403000000", "371402001000", "371402002000", "371403001000")
PARENT = dict(zip(REGIONS, (None, REGIONS[0], REGIONS[0], REGIONS[1], REGIONS[1], REGIONS[2]), strict=True))
HUMANS = ("11010519491231002X", "371402199003071234", "371402198505052345", "371402197001013456")
POOLS: dict[str, tuple[str, ...]] = {
    "person_id": tuple(f"P{n}" for n in range(1, 6)), "household_id": tuple(f"H{n}" for n in range(1, 4)),
    "stage_id": tuple(f"G{n}" for n in range(1, 19)), "benefit_id": tuple(f"B{n}" for n in range(1, 6)), "application_id": tuple(f"A{n}" for n in range(1, 4)),
    "batch_id": ("K1", "K2"), "project_id": ("J1", "J2"), "provider_id": ("V1",), "unit_code": ("U1", "U2"),
    "staff_id": ("S1", "S2"), "worker_id": ("W1", "W2"), "account_number": ("6222020111122220000", "6222020111122220018"),
    "name": ("张三", "李四"), "id_number": HUMANS, "phone": ("13800000000",), "address": ("某镇某村1号",), "budget_id": ("G1",),
    "result": ("agree", "agree", "agree", "refuse"), "reason": ("supplement", "objection", "other", "一事一议", "家庭人均收入超过标准"), "note": ("", "不符合条件，家庭人均收入超过标准"),
    "source": ("/story/a",), "calendar": ("CN",), "rule": ("T04", "F03", "E01"), "cause": ("火灾", ""), "service_code": ("X",),
}  # fmt: skip
ALIAS = {
    "payee_person_id": "person_id", "head_person_id": "person_id", "applicant_person_id": "person_id", "relative_id": "person_id",
    "holder_id_number": "id_number", "account_name": "name", "holder_name": "name", "legal_representative": "name",
    "approver_id": "staff_id", "changed_by": "staff_id", "collector_id": "staff_id", "user_id": "staff_id",
}  # fmt: skip
WEIGHTED = {
    "programme": ("dibao", "dibao", "dibao", "tekun", "tekun", "dibao_margin", "orphan", "old_age", "temporary_aid", "disability_care"),
    "path": ("standard", "standard", "standard", "delegated", "commitment", "emergency"), "kind@payment": ("regular",) * 4 + ("arrears",),
    "status@payment": ("paid",) * 4 + ("submitted", "returned"), "kind@register": ("death", "death", "custody", "hospital", "vehicle"),
    "phase": ("final", "midterm", "instant", "needs"), "status@service_order": ("done",) * 5 + ("cancelled",),
    "id_type": ("resident_id",) * 4 + ("hk_mo_tw_permit",), "unit": ("working_day", "working_day", "calendar_day", "hour"),
    "stage_code": ("DECIDE", "DECIDE", "VISIT", "VISIT", "OPINION", "PUBLICITY_START", "ACCEPT", "NOTICE", "PAUSE", "RESUME",
                   "SUPPLEMENT_NOTICE", "CHECK_REPORT", "COUNTY_VISIT", "REJECT_ACCEPT", "EXTEND", "PUBLICITY_END", "APPLY",
                   "OBJECTION", "COUNTY_RECEIVE", "CHECK_START", "FIRST_PAYMENT", "PAPERS_DONE"),
    "holder_role": ("own", "head", "guardian", "agent", "agent"), "kind@clue": ("referral", "referral", "hotline"), "method": ("difference", "difference", "tier"),
}  # fmt: skip
AMOUNTS = (0, 20_000, 30_000, 60_000, 60_050, 60_000, 120_000)
LIMITS = (("T04", "ACCEPT", "DECIDE", "working_day"), ("T04", "ACCEPT", "DECIDE", "calendar_day"), ("T10", "APPLY", "FIRST_PAYMENT", "hour"),
          ("T11", "FIRST_PAYMENT", "PAPERS_DONE", "calendar_day"), ("T20", None, "PUBLICITY_START", "working_day"),
          ("T21", "OBJECTION", "OPINION", "working_day"), ("T23", "CHECK_START", "CHECK_REPORT", "working_day"))  # fmt: skip
LISTS = {"pauses": ("supplement", "disaster"), "staff_ids": POOLS["staff_id"]}
#: How often each entity changes; what is not named changes sometimes.
OFTEN = {
    "payment": 12, "stage": 10, "benefit": 7, "household_member": 6, "person": 5, "register": 6, "application": 4, "household": 4,
    "income_check": 4, "account": 3, "staff": 3, "kinship": 3, "complaint": 2, "clue": 2, "payment_batch": 3, "service_order": 6, "survey_response": 3, "standard": 2, "project": 2, "access": 4,
}  # fmt: skip
SHARED = ("parameter",) * 4 + ("deadline",) * 3 + ("prescribed_path",) * 2 + ("workday", "exclusion", "region", "standard", "standard", "tier", "feed", "unit")


class Story:
    """Tells steps: lists of events as bytes, while ``now`` moves on. The same seed tells the same story."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = BEGIN
        self._n = 0
        self._told: list[bytes] = []

    def opening(self) -> list[bytes]:
        """The region tree and the standards: what is there before anything happens."""
        regions = [self._event("region", {"region_code": code, "name": code, "level": _level(code), "parent_code": PARENT[code]}, BEGIN)
                   for code in REGIONS]  # fmt: skip
        standards = [self._event("standard", {"standard_id": f"S/{p}/{u}", "region_code": REGIONS[0], "programme": p, "urban_rural": u,
                                              "monthly_amount_fen": 80_000, "valid_from": "2025-01-01"}, BEGIN)
                     for p in ("dibao", "tekun") for u in ("urban", "rural")]  # fmt: skip
        return regions + standards

    def steps(self, n: int) -> Iterator[list[bytes]]:
        """Each step moves the clock by up to four days and changes a few records."""
        for _ in range(n):
            self.now += timedelta(hours=self.random.choice((0, 1, 9, 30, 96)))
            yield self._step()

    def _step(self) -> list[bytes]:
        shape = self.random.random()
        if shape < 0.12:
            return [self._change(self.random.choice(SHARED))]
        if shape < 0.16:
            return self._answers()
        events = [self._change(self._entity()) for _ in range(self.random.randint(3, 12))]
        if self._told and self.random.random() < 0.3:
            events.append(self.random.choice(self._told))  # delivered twice
        return events

    def _entity(self) -> str:
        names = [name for name in ENTITIES if name not in LOCAL_ONLY and name not in SHARED]
        return self.random.choices(names, [OFTEN.get(name, 1) for name in names])[0]

    def _answers(self) -> list[bytes]:
        """A survey that comes in at once, mostly unhappy: a share needs numbers."""
        project = self.random.choice(POOLS["project_id"])
        return [self._event("survey_response", {"response_id": f"R{project}{n}", "project_id": project, "phase": "final",
                                                "score": self.random.choice((1, 2, 3, 5))}, self._at())
                for n in range(self.random.randint(28, 36))]  # fmt: skip

    def _change(self, name: str) -> bytes:
        entity = ENTITIES[name]
        record = {f.name: self._value(entity, f) for f in entity.fields if self.random.random() > 0.02}
        record |= self._telling(name)
        record[entity.key] = self._key(entity, record)
        if self.random.random() < 0.06 and name not in ("region", "workday"):
            return self._event(name, None, self._at(), record[entity.key])
        return self._event(name, record, self._at())

    def _telling(self, name: str) -> dict[str, Any]:
        """What chance alone would not tell: a parameter some rule has, a limit some stage meets, steps within seconds."""
        wide = {"region_code": self.random.choice((None, None, *REGIONS[:2])), "programme": None, "path": None, "valid_from": "2025-01-01"}
        if name == "parameter":
            rule, parameter = self.random.choice((("E01", "household_months"), ("P01", "limit"), ("F01", "limit"), ("F01", "yellow_above"),
                                                  ("P05", "people"), ("P11", "limit"), ("P15", "limit"), ("P19", "limit"), ("P09", "cases"),
                                                  ("P11", "cases"), ("P12", "households"), ("P13", "cases"), ("P27", "cases"),
                                                  ("T10", "discovery_days"), ("T13", "reach_months"), ("T14", "pay_day"), ("T17", "months")))
            return wide | {"rule": rule, "name": parameter, "value": self.random.choice((0, 1, 2, 500))}
        if name == "deadline":
            rule, begins, ends, unit = self.random.choice(LIMITS)
            return wide | {"rule": rule, "from_stage": begins, "to_stage": ends, "unit": unit, "days": self.random.randint(1, 40), "valid_to": None}
        if name == "stage" and self.random.random() < 0.4:  # steps that follow each other within seconds
            hour = self.now.replace(minute=0, second=0) - timedelta(hours=self.random.choice((2, 26, 100)))
            return {"at": (hour + timedelta(seconds=self.random.choice((0, 20, 40)))).isoformat()}
        if name in ("household_member", "benefit") and self.random.random() < 0.5:  # they still live there; it is the household's
            lasting = {"gradual_exit_from": "2025-12"} if self.random.random() < 0.4 else {}  # too long by now
            return {"to_date": None} if name == "household_member" else {"person_id": None} | lasting
        if name == "prescribed_path":
            steps = ["APPLY", "ACCEPT", "VISIT", "OPINION", "PUBLICITY_START", "PUBLICITY_END", "DECIDE", "FIRST_PAYMENT"]
            stages = self.random.choice((steps, steps[:1] + steps[-1:], [*steps[:3], *steps[4:6], steps[3], *steps[6:]]))
            return wide | {"stages": stages, "required": self.random.sample(stages, self.random.randint(0, 2)), "valid_to": None}
        return {}

    def _key(self, entity: Entity, record: dict[str, Any]) -> str:
        if entity.name == "region":
            return self.random.choice(REGIONS[1:])
        if entity.name == "workday":
            day = date.fromisoformat(record.setdefault("day", "2026-09-01") or "2026-09-01")
            record.update(calendar="CN", day=day.isoformat(), working=bool(record.get("working")))
            return f"CN/{day}"
        pool = POOLS.get(entity.key)
        return self.random.choice(pool) if pool else f"{entity.name[:2]}{self.random.randint(1, 9)}"

    def _at(self) -> datetime:
        """When it happened: mostly just now, sometimes days ago (a late event), sometimes a little ahead."""
        return self.now - timedelta(hours=self.random.choice((0, 0, 0, 0, 1, 30, 500, -2)), seconds=self.random.randint(0, 50))

    def _event(self, name: str, record: dict[str, Any] | None, at: datetime, key: str | None = None, source: str | None = None) -> bytes:
        self._n += 1
        subject = key if record is None else record[ENTITIES[name].key]
        event = {"specversion": "1.0", "id": f"s{self._n}", "source": source or f"/story/{'ab'[self._n % 2]}", "subject": subject,
                 "type": f"aidwatch.{name}.{'deleted' if record is None else 'upserted'}", "time": at.isoformat()}  # fmt: skip
        raw = json.dumps(event if record is None else event | {"data": record}).encode()
        self._told = [*self._told[-50:], raw]
        return raw

    def _value(self, entity: Entity, field: Field) -> Any:
        if self.random.random() < 0.03 and field.name != "parent_code":
            return None
        name = ALIAS.get(field.name, field.name)
        pool = WEIGHTED.get(f"{name}@{entity.name}") or WEIGHTED.get(name)
        if pool and field.type.startswith("enum{") and (entity.name != "region"):
            allowed = field.type[5:-1].split("|")
            return self.random.choice([v for v in pool if v in allowed] or allowed)
        return self.random.choice(POOLS[name]) if name in POOLS else self._typed(entity, field)

    def _typed(self, entity: Entity, field: Field) -> Any:  # noqa: PLR0911 – one line per type of the contract
        word, pick = field.type, self.random
        if word.startswith("enum{"):
            return pick.choice(word[5:-1].split("|"))
        if word.startswith("list<"):
            choice = LISTS.get(field.name) or tuple(word[5:-1].removeprefix("enum{").removesuffix("}").split("|"))
            return pick.sample(choice, pick.randint(0, min(3, len(choice))))
        if word == "ts":
            return (self.now - timedelta(hours=pick.choice((0, 2, 26, 100, 200, 400, 900)), minutes=pick.randint(0, 59))).isoformat()
        if word == "date":
            return (self.now + timedelta(days=pick.choice((-400, -120, -60, -30, -5, 0, 30, 60)))).date().isoformat()
        if word == "period":
            return f"2026-{pick.randint(5, 9):02d}"
        if word == "scalar":
            return pick.choice((1, 2, 3))
        if word == "code":
            return PARENT.get(REGIONS[1]) if field.name == "parent_code" else pick.choice(REGIONS)
        simple: dict[str, Callable[[], Any]] = {
            "fen": lambda: pick.choice(AMOUNTS), "int": lambda: pick.choice((1, 1, 2, 3, 5, 20)), "bool": lambda: pick.random() < 0.6,
            "num": lambda: pick.choice((116.3, 116.31, 37.4, 37.5)), "score": lambda: pick.randint(1, 5), "object": dict,
        }  # fmt: skip
        return simple.get(word, lambda: pick.choice(("x", "y")))()


def _level(code: str) -> str:
    return "city" if code == REGIONS[0] else "county" if code.endswith("000000") else "township"
