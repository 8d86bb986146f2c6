"""Every exemption of a rule is named once, and shown by a case in which the rule stays silent or says less; the catalogue's are all there."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from monitors.catalogue import FOLDER, load
from monitors.rule import Rule

#: The family as the catalogue numbers it.
NUMBERS = range(1, 28)
FILES = sorted((FOLDER / "procedure").glob("*.toml"))
#: Who receives what, and money: every file has its list. Of the clock those that have one; where a limit is a row, its cases name themselves
#: by their code.
LISTED = [path for family in ("duplicate", "eligibility", "fund") for path in sorted((FOLDER / family).glob("*.toml"))]
LISTED += [path for path in sorted((FOLDER / "timeliness").glob("*.toml")) if "exemptions = " in path.read_text(encoding="utf-8")]


def _each(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def told(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def shown(cases: list[dict[str, Any]]) -> Counter[str]:
    """How many cases show each exemption; one case may show several."""
    return Counter(name for case in cases for name in _each(case.get("exempts", [])))


def faults(file: dict[str, Any]) -> list[str]:
    """What a case file owes to the list of exemptions at its head."""
    if "exemptions" not in file:
        return ["names no exemptions (exemptions = [] where the row has none)"]
    listed, counted = Counter(file["exemptions"]), shown(file["case"])
    return [
        *(f"names the exemption {name!r} twice" for name, n in listed.items() if n > 1),
        *(f"has no case for the exemption {name!r}" for name in listed if not counted[name]),
        *(f"has a case for {name!r}, which its list does not name" for name in counted if name not in listed),
    ]  # fmt: skip


@pytest.mark.parametrize("path", FILES + LISTED, ids=lambda path: path.stem)
def test_every_exemption_has_a_case_and_every_such_case_an_exemption(path: Path) -> None:
    assert faults(told(path)) == []


def test_the_whole_family_is_there() -> None:
    """P01 to P27, each about something, each with words in both languages and an article it stands on."""
    codes = {code for rule in load().rules if rule.family == "procedure" for code in rule.codes}
    assert codes == {f"P{n:02}" for n in NUMBERS}
    for rule in (rule for rule in load().rules if rule.family == "procedure"):
        for words in (rule.why, rule.remedy, rule.blind_to, rule.says, rule.clears):
            assert re.search("[一-鿿]", words["zh"]), rule.file
            assert not re.search("[一-鿿]", re.sub("（.*?）|\\(.*?\\)", "", words["en"])), rule.file


def test_the_clock_is_whole() -> None:
    """T01 to T27, each with words in both languages."""
    rules = [rule for rule in load().rules if rule.family == "timeliness"]
    assert {code for rule in rules for code in rule.codes} == {f"T{n:02}" for n in NUMBERS}
    for words in (words for rule in rules for words in (rule.why, rule.remedy, rule.blind_to, rule.says, rule.clears)):
        assert re.search("[一-鿿]", words["zh"])
        assert not re.search("[一-鿿]", words["en"])


@pytest.mark.parametrize(("family", "letter", "most"), [("duplicate", "D", 13), ("eligibility", "E", 21), ("fund", "F", 24)])
def test_every_code_about_people_and_money_has_files_whose_exemptions_are_counted(family: str, letter: str, most: int) -> None:
    """D01 to D13, E01 to E21, F01 to F24; F25 cannot be built from events."""
    rules = [rule for rule in load().rules if rule.family == family]
    assert {code for rule in rules for code in rule.codes} == {f"{letter}{n:02}" for n in range(1, most + 1)}
    assert {FOLDER / f"{rule.file.replace('.', '/')}.toml" for rule in rules} <= set(LISTED)


def test_no_rule_of_the_family_that_does_not_read_payments_wakes_for_one() -> None:
    awake = {rule.code for rule in load().rules if rule.family == "procedure" and "payment" in rule.touches}
    assert awake == {"P10"}, "a payment run touches every benefit of a city: only the order of steps needs the first payment"


# ── what the catalogue's rows spare ───────────────────────────────────────────────────────────────────────────────
ROWS = Path(__file__).parents[3] / "shared" / "rules.json"  # the catalogue as it is written, where it lies beside the repository
TABLE: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "reference" / "exemptions.toml").read_text(encoding="utf-8"))
CONVENTIONS: dict[str, dict[str, Any]] = TABLE.pop("conventions")
SPARED = [(code, words, one) for code, row in TABLE.items() for words, names in row.items() for one in _each(names)]
SPARED += [(code, words, one) for words, row in CONVENTIONS.items() for code, names in row.items() for one in _each(names)]
#: Words by which a row says whom it spares.
_SPARES = re.compile(r"\b(no|not|neither|null|without|exclude|unless|exempt)\b|∉|≠|n≥\d+|unreported")


def showing(code: str, name: str) -> list[tuple[Rule, dict[str, Any]]]:
    """The cases of a code that show an exemption, or bear the name."""
    files = [(rule, told(FOLDER / f"{rule.file.replace('.', '/')}.toml")) for rule in load().by_code(code)]
    return [(rule, case) for rule, file in files for case in file["case"] if name == case["name"] or name in _each(case.get("exempts", []))]


def says_less(rule: Rule, case: dict[str, Any], code: str) -> bool:
    return all(one.get("card") == "notice" for one in case["expect"] if one.get("rule", rule.code) == code)


@pytest.mark.parametrize(("code", "words", "name"), SPARED, ids=[f"{code} {words}: {name}" for code, words, name in SPARED])
def test_what_a_row_of_the_catalogue_spares_is_shown_by_a_case(code: str, words: str, name: str) -> None:
    cases = showing(code, name)
    assert cases, f"{code} has no case for {name!r}: {words}"
    assert any(says_less(rule, case, code) or name != case["name"] for rule, case in cases), f"{code} does not stay silent in {name!r}"


def test_the_exemptions_of_the_catalogue_are_counted() -> None:
    assert (len(TABLE), sum(map(len, TABLE.values())), len(CONVENTIONS)) == (97, 173, 6)


@pytest.mark.skipif(not ROWS.exists(), reason="the catalogue does not lie beside the repository")
def test_every_row_that_spares_somebody_is_in_the_table_in_its_own_words() -> None:
    rows = {row["code"]: row["test"] for row in json.loads(ROWS.read_text(encoding="utf-8"))}
    built = {code for rule in load().rules for code in rule.codes if code[0] in "DEFPT"}
    assert [code for code in sorted(built) if _SPARES.search(rows[code]) and code not in TABLE] == []
    assert [(code, words) for code, row in TABLE.items() for words in row if words not in rows[code]] == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"exemptions": None}, "names no exemptions"),
        ({"exemptions": ["death", "death"]}, "twice"),
        ({"exemptions": ["death", "illness"]}, "no case for the exemption 'illness'"),
        ({"exemptions": []}, "which its list does not name"),
    ],
)
def test_the_check_sees(change: dict[str, Any], fault: str) -> None:
    sound = {"exemptions": ["death"], "case": [{"name": "x", "exempts": "death", "expect": []}]}
    assert faults(sound) == []
    spoilt = {name: value for name, value in (sound | change).items() if value is not None}
    assert fault in "\n".join(faults(spoilt))
