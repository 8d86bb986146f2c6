"""A letter as PDF: set by typst from the same text, which goes in as data and is never taken for markup."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from console.files import typeset
from console.i18n import language, t
from console.letters.content import Text

TEMPLATE = Path(__file__).with_name("letter.typ")


def document(letter: Text, sha256: str, *, draft: bool) -> bytes:
    """Return the PDF."""
    told = asdict(letter) | {
        "lang": language(), "draft": t("Draft, not issued") if draft else "", "greeting": t("{unit}:", unit=letter.to),
        "check": t("Check: {sha256}", sha256=sha256),
        "demands": [t("{n}. {text}", n=n, text=one) for n, one in enumerate(letter.demands, 1)],
    }  # fmt: skip
    return typeset.pdf(TEMPLATE, told)
