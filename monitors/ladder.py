"""The ladder of a finding: instants at which it becomes a notice, a yellow card, a red card, and ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

CARDS = ("notice", "yellow", "red")  #: from mild to severe


@dataclass(frozen=True, slots=True)
class Ladder:
    """Instants (UTC, aware); None = never. ``until_at``: from when the finding no longer holds."""

    notice_at: datetime | None = None
    yellow_at: datetime | None = None
    red_at: datetime | None = None
    until_at: datetime | None = None

    def _rungs(self) -> tuple[tuple[str, datetime | None], ...]:
        return (("red", self.red_at), ("yellow", self.yellow_at), ("notice", self.notice_at))

    def card(self, now: datetime) -> str | None:
        """The most severe rung reached at ``now``; None before the first and after the end."""
        if self.until_at is not None and self.until_at <= now:
            return None
        return next((card for card, at in self._rungs() if at is not None and at <= now), None)

    def since(self, now: datetime) -> datetime | None:
        """Since when the card at ``now`` is what it is."""
        card = self.card(now)
        return dict(self._rungs())[card] if card else None

    @property
    def first(self) -> datetime | None:
        """The instant of the first rung."""
        return min((at for _, at in self._rungs() if at is not None), default=None)

    def next_change(self, now: datetime) -> datetime | None:
        """The next instant after ``now`` at which waiting alone changes the card."""
        if self.until_at is not None and self.until_at <= now:
            return None
        instants: Iterable[datetime | None] = (self.notice_at, self.yellow_at, self.red_at, self.until_at)
        return min((at for at in instants if at is not None and at > now), default=None)
