"""Chinese personal names as they are miswritten: same sound, variant and traditional characters, look-alikes.

Sounds are those of pypinyin; a family name has its own reading (单 Shàn, 曾 Zēng). Variants and look-alikes are
tables of our own (``characters.toml``).
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

_TABLES = tomllib.loads((Path(__file__).parent / "characters.toml").read_text("utf-8"))
_SURNAMES: dict[str, str] = _TABLES["surnames"]
_NEAR: list[tuple[str, str]] = _TABLES["near_sounds"]


def _first_of(groups: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in groups:
        for character in group:
            found.setdefault(character, found.get(group[0], group[0]))
    return found


VARIANT, LOOK = _first_of(_TABLES["variants"]), _first_of(_TABLES["look_alikes"])


def plain(name: str) -> str:
    """Return a name with traditional and variant characters replaced by the common ones."""
    return "".join(VARIANT.get(character, character) for character in name)


def look(name: str) -> str:
    """Return a name with each character replaced by the first of those that look like it."""
    return "".join(LOOK.get(character, character) for character in plain(name))


def sound(name: str) -> str:
    """Return how a name sounds, without tones: ``单建国`` → ``shan jian guo``; what is not Chinese stays."""
    if not name:
        return ""
    first = _SURNAMES.get(name[0]) or _of_character(name[0])
    return " ".join([first, *map(_of_character, name[1:])])


def near_sound(name: str) -> str:
    """Return a name's sound with what is often confused by ear made one: zh/z, ch/c, sh/s, n/l, -ng/-n."""
    return " ".join(map(_near, sound(name).split(" ")))


def rearranged(name: str) -> str:
    """Return the characters in order: a name whose characters changed places comes out the same."""
    return "".join(sorted(plain(name)))


@lru_cache(maxsize=50_000)
def _of_character(character: str) -> str:
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(character)[0])


@lru_cache(maxsize=5_000)
def _near(syllable: str) -> str:
    for heard, written in _NEAR:
        syllable = syllable.replace(heard, written)
    return syllable
