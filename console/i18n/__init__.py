"""What the screen says, in Chinese first and English by a switch.

English sentences are the message ids, written by hand; ``zh.po`` holds the Chinese, written by hand too, and
``en.po`` the plural forms. Catalogues are compiled when first used, so that no build step can be forgotten.
"""

import io
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

HERE = Path(__file__).parent
LANGUAGES = ("zh", "en")
_speaking: ContextVar[str] = ContextVar("speaking", default="zh")


def language() -> str:
    """Return the language of this request: "zh" or "en"."""
    return _speaking.get()


def speak(wanted: str | None) -> str:
    """Answer in ``wanted`` from here on, in Chinese if it is not a language we have."""
    _speaking.set(wanted if wanted in LANGUAGES else LANGUAGES[0])
    return language()


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Speak ``wanted`` inside the block, for tests and for letters that are not in the reader's own language."""
    token = _speaking.set(wanted)
    try:
        yield
    finally:
        _speaking.reset(token)


@cache
def _catalogue(wanted: str) -> Translations:
    compiled = io.BytesIO()
    with (HERE / f"{wanted}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=wanted))
    compiled.seek(0)
    return Translations(compiled)


def t(message: str, **values: object) -> str:
    """Return ``message`` in the language of the request, with its values filled in."""
    said = _catalogue(language()).gettext(message) if message else ""
    return said.format(**values) if values else said


def tn(one: str, many: str, n: int, **values: object) -> str:
    """Return ``one`` or ``many`` by the number ``n``, which the text names as {n}."""
    said: str = _catalogue(language()).ngettext(one, many, n)
    return said.format(n=f"{n:,}", **values)


def together(*sentences: str) -> str:
    """Return sentences one after another, as the language sets them: Chinese knows no blank between them."""
    return ("" if language() == "zh" else " ").join(sentences)


def marked(message: str) -> str:
    """Mark a message for the catalogues without translating it yet: tables of words are made at import."""
    return message


def of(both: Any) -> str:
    """Pick the language of the request out of a text that carries both (rule titles, sentences)."""
    if isinstance(both, Mapping):
        return str(both.get(language()) or both.get("zh") or "")
    return str(both or "")


@cache
def labels() -> dict[str, dict[str, str]]:
    """Return the names of evidence columns: column → zh, en, and how its value is shown."""
    with (HERE / "labels.toml").open("rb") as source:
        return tomllib.load(source)
