"""One answer for all who ask the same at the same time.

Two hundred open overviews ask the same seven questions within a second of each arriving card. The first one
asks the database; the others wait for its answer, and for a moment it is good for those who come later.
"""

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

MOST_KEPT = 512
_ALL: "weakref.WeakSet[Shared]" = weakref.WeakSet()


class Shared:
    """Answers by question; whoever asks while one is being made waits for that one."""

    def __init__(self, good_for_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._good_for_s, self._now = good_for_s, now
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()
        _ALL.add(self)

    def forget(self) -> None:
        """Let nobody who asks from now on get an answer made, or begun, before."""
        with self._lock:
            self._kept = OrderedDict()

    def get(self, question: Hashable, make: Callable[[], Any]) -> Any:
        """Return the answer to ``question``, made by ``make`` unless a fresh one is at hand. A failure is not kept."""
        answer = self._place(question)
        with answer.lock:
            if self._now() - answer.made_at >= self._good_for_s:
                answer.value = make()
                answer.made_at = self._now()
            return answer.value

    def _place(self, question: Hashable) -> "_Answer":
        with self._lock:
            answer = self._kept.pop(question, None) or _Answer()
            self._kept[question] = answer
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return answer


def forget_all() -> None:
    """After somebody changed something: who comes back to the page must see it."""
    for one in tuple(_ALL):
        one.forget()


class _Answer:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.made_at = float("-inf")
        self.value: Any = None
