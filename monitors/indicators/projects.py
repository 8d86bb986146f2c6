"""The closed loop of a purchased project: survey before, evaluation in the middle, evaluation and feedback after.

Defaults of this project (domain J01–J05, J07) where local rules give none.
"""

from __future__ import annotations

MIDTERM_SHARE = 0.6  #: of the term, by which the mid-term evaluation is to be done; terms under six months need none
AFTER_DAYS = 30  #: calendar days after the end of the contract for final evaluation and feedback
SAMPLES = 30  #: people asked at least, before and after
ENOUGH = 30  #: valid answers below which satisfaction is not judged
GAP = 0.20  #: share of the price paid ahead of the share delivered
BAR = 0.5  #: satisfaction below which local rules bar a provider (Nanjing Qixia)
TARGET = 0.8  #: satisfaction below which a warning is due (domain J05)
