"""Both languages say everything, in words for officials and auditors."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from console import i18n, words
from console.i18n import speaking, t, tn
from monitors.catalogue import load
from monitors.entities import ENTITIES, PROGRAMMES, STAGE_CODES
from monitors.rule import STANDING
from tests.console.columns import columns_of

CONSOLE = Path(i18n.__file__).parents[1]
SAYING = {"t": None, "tn": (1, 2), "_": None, "marked": None}


def messages() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for path in sorted(CONSOLE.rglob("*.py")):
        with path.open("rb") as source:
            for _line, message, _comments, _context in extract("python", source, keywords=SAYING):
                yield path.name, message


def said(lang: str) -> dict[Any, Any]:
    with (CONSOLE / "i18n" / f"{lang}.po").open("rb") as source:
        return {entry.id: entry.string for entry in read_po(source, locale=lang) if entry.id}


def test_everything_is_said_in_chinese() -> None:
    known = said("zh")
    missing = [(path, message) for path, message in messages() if not all(known.get(_key(message)) or ("",))]
    assert missing == []


def test_plurals_are_said_in_english() -> None:
    known = said("en")
    assert [message for _path, message in messages() if isinstance(message, tuple) and _key(message) not in known] == []


def test_no_catalogue_keeps_what_nobody_says() -> None:
    used = {_key(message) for _path, message in messages()}
    assert [message for message in said("zh") if message not in used] == []


def _key(message: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return tuple(message) if isinstance(message, tuple) else message


def test_translations_fill_in_the_same_values() -> None:
    for message, translated in said("zh").items():
        ours, theirs = (" ".join(one) if isinstance(one, tuple) else str(one) for one in (message, translated))
        assert set(re.findall(r"{(\w+)}", ours)) == set(re.findall(r"{(\w+)}", theirs)), message


def test_no_message_hides_in_a_formatted_string() -> None:
    """What stands inside f-strings is not seen by the extractor and would stay English."""
    for path in CONSOLE.rglob("*.py"):
        assert not re.search(r"\{tn?\([\"']", path.read_text(encoding="utf-8")), path


def test_no_citizen_is_called_a_violator() -> None:
    for path in [*CONSOLE.rglob("*.po"), *CONSOLE.rglob("*.toml"), *CONSOLE.parent.glob("assets/*.js")]:
        assert "违规" not in path.read_text(encoding="utf-8")


def test_every_code_of_the_contract_has_a_word() -> None:
    assert set(words.PROGRAMME) == set(PROGRAMMES)
    assert set(words.STAGE_CODE) == set(STAGE_CODES)
    assert set(words.ENTITY) >= set(ENTITIES) - {"batch_share"}
    for rule in load().rules:
        assert rule.family in words.FAMILY
        assert rule.to in words.ADDRESSEE
        assert rule.subject in words.SUBJECT


def test_every_evidence_column_has_a_name_in_both_languages() -> None:
    labels = tomllib.loads((CONSOLE / "i18n" / "labels.toml").read_text(encoding="utf-8"))
    assert all(label["zh"] and label["en"] for label in labels.values())
    unnamed = {
        f"{rule.file}: {column}" for rule in load().rules for column in columns_of(rule.sql) - STANDING if column not in labels
    }  # fmt: skip
    assert unnamed == set()


@pytest.mark.parametrize(("lang", "one", "many"), [("en", "1 finding", "2 findings"), ("zh", "1 条疑点", "2 条疑点")])
def test_numbers_agree(lang: str, one: str, many: str) -> None:
    with speaking(lang):
        assert tn("{n} finding", "{n} findings", 1) == one
        assert tn("{n} finding", "{n} findings", 2) == many


def test_an_unknown_language_is_chinese() -> None:
    assert i18n.speak("xx") == "zh"
    assert t("Overview") == "总览"
