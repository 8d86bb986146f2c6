"""The doors by which events come in over HTTP: what arrives while they are busy is taken together.

A transaction costs about the same for one event as for fifty, so many small senders are as welcome as a
few large ones; each is answered about its own events, after the commit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import NamedTuple

from workers import metrics
from workers.intake import CHUNK, Receipt
from workers.keys import Keys
from workers.taking import Raw, Taker

DOORS = 3  #: transactions of one process at the same time


class Delivery(NamedTuple):
    """What one sender sent, and where its answer goes."""

    raws: Sequence[Raw]
    answer: Future[Receipt]


class Doors:
    """A few threads, each with a taker of its own."""

    def __init__(self, url: str, keys: Keys, lane: str) -> None:
        self._waiting: SimpleQueue[Delivery | None] = SimpleQueue()
        takers = [Taker(url, keys, f"{lane}.{n}") for n in range(DOORS)]
        self._threads = [threading.Thread(target=self._serve, args=(taker,), daemon=True) for taker in takers]
        for thread in self._threads:
            thread.start()

    def take(self, raws: Sequence[Raw]) -> Receipt:
        """Return when the events are durable. Raises DatabaseAwayError."""
        delivery = Delivery(raws, Future())
        self._waiting.put(delivery)
        return delivery.answer.result()

    def close(self) -> None:
        """Take what is waiting, then end."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self, taker: Taker) -> None:
        held: list[Delivery | None] = []
        with taker:
            while (first := held.pop() if held else self._waiting.get()) is not None:
                _answer(taker, self._together(first, held))

    def _together(self, first: Delivery, held: list[Delivery | None]) -> list[Delivery]:
        """Add what else is waiting, as far as it fits into one transaction; what does not fit is ``held`` for the next."""
        found, n = [first], len(first.raws)
        while n < CHUNK and not held:
            try:
                more = self._waiting.get_nowait()
            except Empty:
                break
            if more is None or n + len(more.raws) > CHUNK:
                held.append(more)
            else:
                found.append(more)
                n += len(more.raws)
        return found


def _answer(taker: Taker, together: Sequence[Delivery]) -> None:
    begun = time.perf_counter()
    try:
        whole = taker.take([raw for delivery in together for raw in delivery.raws])
    except Exception as fault:  # whatever it is, nobody may wait for ever
        for delivery in together:
            delivery.answer.set_exception(fault)
        return
    metrics.acts().took("http", whole, time.perf_counter() - begun)
    start = 0
    for delivery in together:
        delivery.answer.set_result(part(whole, start, len(delivery.raws)))
        start += len(delivery.raws)


def part(whole: Receipt, start: int, n: int) -> Receipt:
    """Return what a receipt says about ``n`` events from ``start`` on."""
    repeated = [index - start for index in whole.repeated if start <= index < start + n]
    rejected = [one | {"index": one["index"] - start} for one in whole.rejected if start <= one["index"] < start + n]
    return Receipt(accepted=n - len(repeated) - len(rejected), repeated=repeated, rejected=rejected)
