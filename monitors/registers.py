"""The items a comparison is made of (domain §2.4): who sends each, how fresh it must be, and which rules need it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitors.catalogue import load

ITEMS = Path(__file__).parent / "reference" / "registers.toml"


@dataclass(frozen=True)
class Item:
    """One item of the list. ``carried_by``: ``register.<kind>`` or an entity; None: no record of the contract carries it."""

    number: int
    department: Mapping[str, str]
    title: Mapping[str, str]
    refresh_days: int
    match: str  # id_number | person_id
    owner: str
    carried_by: str | None
    told_rules: tuple[str, ...] = ()

    @property
    def kind(self) -> str | None:
        """The kind of register it is, if it is one."""
        entity, _, kind = (self.carried_by or "").partition(".")
        return kind if entity == "register" else None

    @property
    def rules(self) -> tuple[str, ...]:
        """Codes of the rules that compare with it: of the family those that need it, and those that are told of it.

        Others need a register to spare somebody (``spared_by``: the dead are not looked for): lowered with it, they count nowhere here.
        """
        told = {code for code in self.told_rules if load().by_code(code)}
        comparing = (rule for rule in load().rules if self.kind and rule.family == "eligibility" and self.carried_by in rule.needs)
        return tuple(sorted(told.union(*(rule.codes for rule in comparing))))


@cache
def items() -> tuple[Item, ...]:
    """Return the items by number. Raises KeyError for one that lacks a field."""
    told = tomllib.loads(ITEMS.read_text(encoding="utf-8"))
    english = told["departments"]
    return tuple(
        Item(
            one["number"], {"zh": one["department"], "en": english[one["department"]]}, {"zh": one["zh"], "en": one["en"]},
            one["refresh_days"], one["match"], one["owner"], one.get("carried_by"), tuple(one.get("rules", ())),
        )
        for one in told["item"]
    )  # fmt: skip


def registers() -> frozenset[str]:
    """Return what is compared with: ``register.<kind>`` of every kind on the list."""
    return frozenset(item.carried_by for item in items() if item.kind and item.carried_by)


def sources(rule: str, evidence: Mapping[str, object]) -> int | None:
    """Return how many independent sources agree in a finding of the register comparison; None for another rule.

    A rule that can tell says so in its evidence column ``sources``; a comparison with one register has one.
    """
    found = load().by_code(rule)
    if not any(one.family == "eligibility" and any(need.startswith("register") for need in one.needed(rule)) for one in found):
        return None
    told = evidence.get("sources")
    return told if isinstance(told, int) else 1
