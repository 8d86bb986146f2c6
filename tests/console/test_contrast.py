"""Every text on every ground it stands on: at least 4.5 : 1, in both modes."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "assets" / "10-tokens.css"
TEXTS = ("text", "muted", "faint", "accent", "notice", "yellow", "red", "ok")
PAIRS = [
    *((text, ground) for text in TEXTS for ground in ("bg", "surface")),
    *((text, f"{text}-soft") for text in ("notice", "yellow", "red", "accent")),
    ("text", "accent-soft"), ("muted", "accent-soft"),
    ("on-hatch", "hatch-a"), ("on-hatch", "hatch-b"), *((f"on-seq-{n}", f"seq-{n}") for n in range(6)),
]  # fmt: skip


def modes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.read_text(encoding="utf-8").split("[data-bs-theme=dark]")
    found = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", block)) for block in (light, dark)]
    return {"light": found[0], "dark": found[0] | found[1]}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(mode: str, text: str, ground: str) -> None:
    tokens = modes()[mode]
    assert contrast(tokens[text], tokens[ground]) >= 4.5


def test_the_measure_is_right() -> None:
    assert round(contrast("#000", "#fff"), 1) == 21.0
    assert contrast("#777777", "#fff") < 4.5


def test_colours_are_named_in_one_place_only() -> None:
    for sheet in TOKENS.parent.glob("[2-9]*.css"):
        assert not re.search(r"#[0-9a-f]{3,6}\b", sheet.read_text(encoding="utf-8")), sheet.name
