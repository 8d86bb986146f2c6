"""A letter as PDF: set by typst from the same text, which goes in as data and is never taken for markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typst

from console.i18n import language, t
from console.letters.content import Text

TEMPLATE = Path(__file__).with_name("letter.typ")
FONTS = Path(__file__).parents[2] / "assets" / "vendor" / "noto-sans-sc"


def document(letter: Text, sha256: str, *, draft: bool) -> bytes:
    """Return the PDF."""
    told = asdict(letter) | {
        "lang": language(), "draft": t("Draft, not issued") if draft else "", "greeting": t("{unit}:", unit=letter.to),
        "check": t("Check: {sha256}", sha256=sha256),
        "demands": [t("{n}. {text}", n=n, text=one) for n, one in enumerate(letter.demands, 1)],
    }  # fmt: skip
    made: bytes = typst.compile(str(TEMPLATE), font_paths=[str(FONTS)], sys_inputs={"letter": json.dumps(told)})
    return made
