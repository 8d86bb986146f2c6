"""How the text of an environment variable is read, and what to write when it cannot be."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


class SettingsError(ValueError):
    """An environment variable that cannot be used: which one, what it holds, what to write instead."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r} cannot be used: it must be {wanted}")


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _port(text: str) -> int:
    if not 0 < (port := int(text)) < 65536:
        raise ValueError
    return port


def _instant(text: str) -> datetime:
    if (instant := datetime.fromisoformat(text)).tzinfo is None:
        raise ValueError
    return instant


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError
    return text == "1"


def _database(text: str) -> str:
    """Accept what people write (postgres://, postgresql://) and name our driver."""
    found = re.fullmatch(r"postgres(?:ql)?(?:\+psycopg)?://(.+)", text)
    if found is None:
        raise ValueError
    return f"postgresql+psycopg://{found[1]}"


def _redis(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError
    return text


@dataclass(frozen=True)
class Kind:
    """One way to read a variable."""

    parse: Callable[[str], Any]
    wanted: str
    secret: bool = False  # its value is never printed


TEXT = Kind(str, "text")
SECRET = Kind(str, "text", secret=True)
PATH = Kind(_path, "a path")
PORT = Kind(_port, "a port number from 1 to 65535")
FLAG = Kind(_flag, "0 or 1")
INSTANT = Kind(_instant, "an RFC 3339 instant with its offset, such as 2026-11-05T10:00:00+08:00")
DATABASE = Kind(_database, "a PostgreSQL URL, such as postgresql://user:password@host:5432/aidwatch", secret=True)
REDIS = Kind(_redis, "a Redis URL, such as redis://host:6379/0", secret=True)
