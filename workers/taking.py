"""Taking events for a process that lives long: an intake whose connection comes back after the database
was away, and which never lets one event spoil the rest of its batch."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import msgspec
import psycopg

from monitors.errors import SupervisionError
from sql.connect import connect
from sql.load import raw
from workers.intake import CHUNK, Intake, Receipt
from workers.keys import Keys

RETRIES = 5  #: how often a batch is tried before it is taken apart
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError)
_LASTING = (psycopg.DataError, psycopg.errors.CheckViolation, ValueError)  # the same events fail the same way again
Raw = bytes | msgspec.Raw
log = logging.getLogger(__name__)


class DatabaseAwayError(SupervisionError):
    """The database cannot be reached, or is too busy; what was sent was not taken and may be sent again."""


class Taker:
    """One connection and its intake. Not to be shared by threads; ``lane`` must be nobody else's."""

    def __init__(self, url: str, keys: Keys, lane: str) -> None:
        self._url, self._keys, self._lane = url, keys, lane
        self._conn: psycopg.Connection[Any] | None = None
        self._intake: Intake | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection up; the next call opens another."""
        if self._conn is not None:
            with suppress(psycopg.Error):
                self._conn.close()
        self._conn = self._intake = None

    def take(self, raws: Sequence[Raw]) -> Receipt:
        """Take events; return once they are durable. Raises DatabaseAwayError."""
        receipt = Receipt()
        try:
            for start in range(0, len(raws), CHUNK):
                _merge(receipt, self._take_chunk(raws[start : start + CHUNK]), start)
        except _AWAY as fault:
            self.close()
            raise DatabaseAwayError("the database cannot be reached; nothing is lost, send again") from fault
        return receipt

    def bury(self, reason: str, original: bytes) -> None:
        """Put something that could not even be opened among the dead letters. Raises DatabaseAwayError."""
        try:
            self._open()
            self._write_dead(None, reason, original)
        except _AWAY as fault:
            self.close()
            raise DatabaseAwayError("the database cannot be reached") from fault

    def _take_chunk(self, raws: Sequence[Raw]) -> Receipt:
        for attempt in range(RETRIES):
            try:
                return self._open().take(raws)
            except _AWAY:
                raise
            except Exception as fault:  # whatever it is, it must not stop the stream of events
                log.error("a batch of %d events failed (try %d): %s", len(raws), attempt + 1, type(fault).__name__)
                last = fault
                if isinstance(fault, _LASTING):
                    break
        return self._take_apart(raws, last)

    def _take_apart(self, raws: Sequence[Raw], fault: Exception) -> Receipt:
        """Halve a failing batch until the one event it fails on stands alone."""
        if len(raws) > 1:
            middle = len(raws) // 2
            receipt = Receipt()
            for start, part in ((0, raws[:middle]), (middle, raws[middle:])):
                _merge(receipt, self._once(part), start)
            return receipt
        reason = f"the event could not be stored ({type(fault).__name__}); it is kept aside for us to look at"
        self._write_dead(0, reason, self._keys.seal(bytes(raws[0])))
        return Receipt(rejected=[{"index": 0, "id": None, "reason": reason}])

    def _once(self, raws: Sequence[Raw]) -> Receipt:
        try:
            return self._open().take(raws)
        except _AWAY:
            raise
        except Exception as fault:
            return self._take_apart(raws, fault)

    def _open(self) -> Intake:
        if self._intake is None or self._conn is None or self._conn.closed:
            self._conn = connect(self._url, name=f"intake {self._lane}")
            self._intake = Intake(self._conn, self._keys, self._lane)
        return self._intake

    def _write_dead(self, index: int | None, reason: str, sealed: bytes) -> None:
        assert self._conn is not None
        self._conn.execute(raw("bus.add_dead_letter"), {"index": index, "reason": reason, "original": sealed})


def _merge(whole: Receipt, part: Receipt, start: int) -> None:
    whole.accepted += part.accepted
    whole.superseded += part.superseded
    whole.repeated += [index + start for index in part.repeated]
    whole.rejected += [one | {"index": one["index"] + start} for one in part.rejected]
