"""Three-way reconciliation of social assistance money: decision, payment list, answer of the bank – the names of its classes.

Every line and every benefit that stands in no list has at most one class between decision and list and one between list and
bank; which is decided once, in the statement ``judge`` of sql/queries/reconciliation.sql. What a class holds is counted so that
decided - listed = the sum of the first, listed - paid = the sum of the second, to the fen (公示、名册、代发: 财办〔2020〕37号).
"""

from __future__ import annotations

from collections.abc import Mapping

#: Between what was decided and what stands in the lists, in the order in which a page tells them.
LISTING = ("unlisted", "unlisted_yet", "listed_less", "listed_more", "undecided", "after_end", "paid_twice", "listed_again", "arrears",
           "adjustment")
#: Between the lists and what the bank paid.
PAYING = ("no_answer", "returned", "repaid", "reversed")
CLASSES = LISTING + PAYING
#: Classes in which citizens got less than decided, and those in which more money went out than decided; the others settle something.
SHORT, OVER = ("unlisted", "listed_less", "returned"), ("listed_more", "undecided", "after_end", "paid_twice")
DEVIATING = SHORT + OVER
GRADUAL_EXIT_MONTHS = 6  #: so long a benefit may run out (民发〔2021〕57号 第31条; rule F02 has the same)


def unexplained_fen(fen: Mapping[str, int]) -> int:
    """Return what decided - paid, in fen, is more than the sum of its classes: 0, or something is broken."""
    return fen.get("decided", 0) - fen.get("paid", 0) - sum(fen.get(name, 0) for name in CLASSES)


def deviation_fen(fen: Mapping[str, int]) -> int:
    """Return what went wrong in either direction, in fen: too little and too much are added, never set off against each other."""
    return sum(abs(fen.get(name, 0)) for name in DEVIATING)
