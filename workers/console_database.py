"""The database as people read and write it: the console's own role, under row-level security. The API reads through it too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy

from sql.access import see_as
from sql.people import Viewer
from sql.settings import Settings

THREADS = 16  #: of the console, in one web process
_OPTIONS = "-c timezone=UTC -c statement_timeout=15s -c default_transaction_read_only=on -c plan_cache_mode=force_custom_plan -c jit=off"
ReadingAs = Callable[[Viewer], AbstractContextManager[sqlalchemy.Connection]]
Acting = Callable[[], Any]


@contextmanager
def console_reading(settings: Settings) -> Iterator[ReadingAs]:
    """Give what the console reads through: read-only connections bound to what a viewer may see, each statement to 15 s."""
    engine = sqlalchemy.create_engine(
        settings.database_url_for("console"), pool_size=THREADS, pool_pre_ping=True,
        connect_args={"options": _OPTIONS, "connect_timeout": 10, "application_name": "aidwatch console"},
    )  # fmt: skip

    @contextmanager
    def reading_as(viewer: Viewer) -> Iterator[sqlalchemy.Connection]:
        with engine.connect() as conn:
            see_as(conn, viewer)
            yield conn

    try:
        yield reading_as
    finally:
        engine.dispose()


@contextmanager
def console_acting(settings: Settings) -> Iterator[Acting]:
    """Give what the console writes through: transactions of its own role, which may write sessions and what people decide."""
    engine = sqlalchemy.create_engine(
        settings.database_url_for("console"), pool_size=4, max_overflow=THREADS - 4, pool_pre_ping=True,
        connect_args={"options": _OPTIONS.replace("read_only=on", "read_only=off"), "connect_timeout": 10,
                      "application_name": "aidwatch acting"},
    )  # fmt: skip
    try:
        yield engine.begin
    finally:
        engine.dispose()
