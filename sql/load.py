"""Statements live in .sql files; this hands them out by name: ``named("findings.still_open")``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sqlalchemy import TextClause, text

FOLDER = Path(__file__).parent
_NAME = re.compile(r"^-- name: (\w+)[^\n]*\n", re.MULTILINE)


@cache
def statements(topic: str) -> dict[str, str]:
    """Return the statements of ``sql/queries/<topic>.sql`` by name."""
    parts = _NAME.split((FOLDER / "queries" / f"{topic}.sql").read_text(encoding="utf-8"))
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def raw(name: str) -> str:
    """Return one statement as text. Raises KeyError naming the file's statements when it is not there."""
    topic, _, which = name.partition(".")
    found = statements(topic)
    if which not in found:
        raise KeyError(f"{name}: sql/queries/{topic}.sql has {', '.join(found)}")
    return found[which]


@cache
def named(name: str) -> TextClause:
    """Return one statement ready for SQLAlchemy (``:name`` are its parameters)."""
    return text(raw(name))
