"""What a page of findings must say where its numbers hang on a source that is late."""

from __future__ import annotations

from typing import Any

from console.answering import Asked
from console.i18n import tn
from console.parts import states
from console.queries import findings
from console.url import Filters


def hanging(asked: Asked, question: Filters) -> Any:
    """Say how many findings of a question, whatever their card, hang on a late source, and since when; None where none does."""
    whole = findings.totals(asked.conn, findings.asked(question.but(card=()), asked.now))
    if not whole.n_stale:
        return None
    text = tn("{n} finding hangs on a late source and is shown as a notice only.",
              "{n} findings hang on a late source and are shown as notices only.", whole.n_stale)  # fmt: skip
    return states.stale(text, whole.stale_since)
