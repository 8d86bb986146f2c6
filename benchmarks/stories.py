"""The cases beside the rules as stories of a city: told again under keys, numbers and places of their own, as often as wanted.

A case that fires is a violation, one that expects nothing a lawful look-alike (those that name an exemption first), where both
still are so at the instant of the run. Cases that change what a whole city shares (national parameters, limits, calendars), that
begin with somebody's work on a finding, or that hold only while nobody else reports anything (``alone``), are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice
from typing import Any

import msgspec
import psycopg
from stdnum.iso7064 import mod_11_2

from monitors.catalogue import load
from monitors.entities import ENTITIES, MARKED
from monitors.rule import Rule
from workers.cases import cases_of, run_case, told_by

SHARED = {"workday", "deadline", "prescribed_path", "feed", "batch_share", *MARKED}
PLACED = {"parameter", "exclusion", "standard", "tier"}  #: these speak of a place, or of everybody
_START = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass
class Story:
    """One case told under names of its own. ``subjects``: what the rule must find, or must not."""

    n: int
    code: str
    lawful: bool
    events: list[bytes]
    subjects: list[tuple[str, str]]  # kind of the subject, key as the contract has it
    places: list[str]  # how the codes of its regions begin


def stories(conn: psycopg.Connection[Any], now: datetime, times: int) -> Iterator[Story]:
    """Return ``times`` violations and ``times`` look-alikes of every code that has any. ``conn``: an empty migrated database."""
    n, places = 0, count(3800)  # 3714 is the simulated city's
    for rule in load().rules:
        told = [one for one in _cases(rule, now) if not run_case(conn, rule, *one[:1], one[1])]
        for code in rule.codes:
            fires = [one for one in told if any(want.get("rule", rule.code) == code for want in one[1]["expect"])]
            silent = [one for one in told if not one[1]["expect"] and _about(one, code, rule)]
            silent.sort(key=lambda one: "exempts" not in one[1])
            for lawful, chosen in ((False, fires), (True, silent)):
                for given, case in islice(cycle(chosen), times if chosen else 0):
                    n += 1
                    yield _story(_Names(n, places), rule, code, lawful, given, case)


def _cases(rule: Rule, now: datetime) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """The cases that hold at ``now`` as they do at their own instant: what is expected is judged again, by presence alone."""
    given, cases = cases_of(rule)
    for case in cases:
        told = [*given, *case["events"]]
        if all(_fits(one, now) for one in told) and not any(map(_for_everybody, case["events"])) and not case.get("alone"):
            bare = [{name: want[name] for name in ("rule", "subject", "item") if name in want} for want in case["expect"]]
            yield given, {**case, "now": now, "expect": bare}


def _fits(told: Mapping[str, Any], now: datetime) -> bool:
    entity = told_by(told)
    at = told.get("at", _START)
    return entity not in SHARED and (entity not in PLACED or "region_code" in told.get(entity, {}) or entity == "exclusion") and at <= now


def _for_everybody(told: Mapping[str, Any]) -> bool:
    """Whether an event sets a row of the exclusion matrix for the whole country: in a city it would change all other cases."""
    return told_by(told) == "exclusion" and "region_code" not in told.get("exclusion", {})


def _about(one: tuple[list[Any], dict[str, Any]], code: str, rule: Rule) -> bool:
    """Whether a silent case of a file with several codes is about this one: its name begins with it, or with none of them."""
    named = [each for each in rule.codes if str(one[1]["name"]).startswith(each)]
    return not named or code in named


class _Names:
    """New names for one story, the same for the same."""

    def __init__(self, n: int, places: Iterator[int]) -> None:
        self.n, self.humans, self.cities, self._places = n, dict[str, str](), dict[str, str](), places

    def of(self, kind: str, value: Any) -> Any:
        if value in (None, "null") or not isinstance(value, str):
            return value
        if kind == "id":
            return f"S{self.n}-{value}"
        if kind == "code":
            if value[:4] not in self.cities:
                self.cities[value[:4]] = str(next(self._places))
            return self.cities[value[:4]] + value[4:]
        if kind == "s:id_number":
            return self._number(value)
        return f"{value[:6]}{self.n:06d}{value[-6:]}" if kind == "s:account" else value

    def _number(self, value: str) -> str:
        """Another human of the same birthday and sex."""
        known = value.upper().strip()
        if not re.fullmatch(r"\d{17}[\dX]", known):
            return value
        if known not in self.humans:
            body = f"{100000 + self.n * 7 + len(self.humans) * 200000 % 800000:06d}{known[6:17]}"
            self.humans[known] = body + str(mod_11_2.calc_check_digit(body))
        return self.humans[known] if value == known else self.humans[known].lower()


def _story(names: _Names, rule: Rule, code: str, lawful: bool, given: list[Any], case: dict[str, Any]) -> Story:
    story = Story(names.n, code, lawful, [], [], [])
    told = [one for one in [*given, *case["events"]] if not _for_everybody(one)]  # the city has its own matrix
    for k, one in enumerate(told):
        story.events.append(_event(names, k, one))
    kind = {"account": "s:account", "region_month": "month"}.get(rule.subject, "id")
    wanted = [want["subject"] for want in case["expect"] if want.get("rule", rule.code) == code]
    story.subjects = [(rule.subject, _subject(names, kind, subject)) for subject in dict.fromkeys(wanted)]
    story.places = list(names.cities.values())
    return story


def _subject(names: _Names, kind: str, subject: str) -> str:
    if kind == "month":
        region, _, rest = subject.partition("/")
        return f"{names.of('code', region)}/{rest}"
    return str(names.of(kind, subject))


def _event(names: _Names, k: int, told: Mapping[str, Any]) -> bytes:
    entity = told_by(told)
    at = told.get("at", _START + timedelta(seconds=k))
    head = {"specversion": "1.0", "id": f"story-{names.n}-{k}", "source": f"/story/{names.n}", "time": at.isoformat()}
    if "deleted" in told:
        return msgspec.json.encode(head | {"type": f"aidwatch.{entity}.deleted", "subject": names.of("id", told["key"])})
    types = {one.name: one.type for one in ENTITIES[entity].fields}
    data = {name: _renamed(names, types.get(name, "str"), value) for name, value in told[entity].items()}
    return msgspec.json.encode(head | {"type": f"aidwatch.{entity}.upserted", "subject": data[ENTITIES[entity].key], "data": data})


def _renamed(names: _Names, kind: str, value: Any) -> Any:
    if kind == "object":  # what a register adds: the place of a person, the number by which two records of a marriage meet
        return {name: names.of({"region_code": "code", "certificate_no": "id"}.get(name, "object"), one) for name, one in value.items()}
    if isinstance(value, list) and kind.startswith("list<"):
        return [_renamed(names, kind[5:-1], one) for one in value]
    return None if value == "null" else names.of(kind, value)
