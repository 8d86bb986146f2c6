"""The list of what is compared says of each item which rules compare with it: those that truly read it, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from monitors.catalogue import load
from monitors.registers import Item, items
from workers.cases import cases_of

#: What benefits an item of the list stands for.
PROGRAMMES = {
    11: {"dibao"}, 12: {"tekun"}, 13: {"dibao_margin", "rigid_expense"}, 14: {"temporary_aid"}, 15: {"orphan", "unsupported_child"},
    29: {"disability_living", "disability_care"},
}  # fmt: skip
BY = {item.number: item for item in items()}


def fired(code: str) -> Iterator[list[dict[str, Any]]]:
    """The events of each case in which a code fires."""
    for rule in load().by_code(code):
        given, cases = cases_of(rule)
        for case in cases:
            if any(wanted.get("rule", rule.code) == code for wanted in case["expect"]):
                yield [*given, *case["events"]]


def carries(item: Item, event: dict[str, Any]) -> bool:
    """Whether an event is a record of an item; aid of a programme is told by its case and its payments, too."""
    if item.number in PROGRAMMES:
        told: dict[str, Any] = next((event[entity] for entity in ("benefit", "application", "payment") if entity in event), {})
        return told.get("programme") in PROGRAMMES[item.number]
    entity, _, kind = (item.carried_by or "").partition(".")
    return entity in event and kind in ("", event[entity].get("kind"))


@pytest.mark.parametrize("item", items(), ids=lambda item: str(item.number))
def test_a_rule_named_at_an_item_fires_on_a_record_of_it(item: Item) -> None:
    assert set(item.told_rules) <= set(item.rules), "there is no such rule"
    wrong = [code for code in item.told_rules if not any(carries(item, event) for events in fired(code) for event in events)]
    assert wrong == []


def test_every_rule_that_reads_kinship_is_named_at_it() -> None:
    reading = {code for rule in load().rules if "kinship" in rule.touches for code in rule.codes}
    assert set(BY[4].rules) == reading


def test_every_rule_that_reads_marriages_is_named_at_them() -> None:
    reading = {code for rule in load().rules for code in rule.codes if "register.marriage" in rule.needed(code)}
    assert set(BY[9].rules) == reading == {"D10", "E11"}


def test_what_only_spares_somebody_lowers_a_card_and_compares_with_nobody() -> None:
    """A late death register makes E11 and E13 notices; what they find was not found among the dead or the imprisoned."""
    for code in ("E11", "E13"):
        (rule,) = load().by_code(code)
        sparing = {f"register.{kind}" for kind in ("death", "cremation", "missing", "custody", "drug_isolation")}
        assert sparing <= set(rule.needed(code))
        assert code not in {one for item in items() if item.carried_by in sparing for one in item.rules}
