"""What the API stands on: the database, the bus, the keys, and the doors by which events come in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

import sqlalchemy

from sql.load import named
from sql.settings import Settings
from workers import metrics
from workers.console_database import console_reading
from workers.doors import Doors
from workers.keys import Keys, ensure
from workers.lane import Lane
from workers.metrics_state import State
from workers.stream import connect_bus

BACKLOG_KEYS = 500_000  #: changed records waiting for the evaluator at which senders are asked to wait
_BACKLOG_KEPT_S = 0.5
_OPTIONS = "-c timezone=UTC -c statement_timeout=15s -c plan_cache_mode=force_custom_plan -c jit=off"


class Services:
    """Everything one process opens once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.viewers: Callable[[], int] = lambda: 0
        self._stack = ExitStack()
        self.keys: Keys = ensure(settings)
        lane = self._stack.enter_context(Lane(settings.home, "web"))
        self.acts = metrics.begin(settings, lane.short)
        self.engine = reading_engine(settings)
        self._stack.callback(self.engine.dispose)
        self.reading_as = self._stack.enter_context(console_reading(settings))
        self.bus = connect_bus(settings)
        self._stack.callback(self.bus.close)
        self.backlog = Backlog(self.engine, BACKLOG_KEYS)
        self.doors = Doors(settings.database_url_for("worker"), self.keys, lane.name)
        self._stack.callback(self.doors.close)
        self.state = State(self.engine, self.bus, self._n_viewers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._stack.close()

    def _n_viewers(self) -> int:
        return self.viewers()


def reading_engine(settings: Settings) -> sqlalchemy.Engine:
    """Return an engine for single statements: each is its own transaction, none lasts longer than 15 s."""
    return sqlalchemy.create_engine(
        settings.database_url_for("worker"), isolation_level="AUTOCOMMIT", pool_size=8, max_overflow=8, pool_timeout=10,
        pool_pre_ping=True, connect_args={"options": _OPTIONS, "connect_timeout": 10, "application_name": "aidwatch api"},
    )  # fmt: skip


class Backlog:
    """Whether the evaluator is so far behind that senders should wait. Asked of the database twice a second."""

    def __init__(self, engine: sqlalchemy.Engine, limit: int) -> None:
        self._engine, self.limit = engine, limit
        self._lock = threading.Lock()
        self._held, self._until = 0, 0.0

    def is_over(self) -> bool:
        with self._lock:
            if time.monotonic() >= self._until:
                with self._engine.connect() as conn:
                    bound = {"most": self.limit + 1}
                    self._held = int(conn.execute(named("status.marked_keys"), bound).scalar_one())
                self._until = time.monotonic() + _BACKLOG_KEPT_S
            return self._held > self.limit
