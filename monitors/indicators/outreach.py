"""How often and how soon people in need are looked for.

Defaults of this project (domain O02, O03): the documents name colours and clocks, not numbers.
"""

from __future__ import annotations

VISIT_DAYS = {"red": 7, "orange": 30, "yellow": 90}  #: calendar days between two visits, by the colour of the household
CLUE_DAYS = 10  #: working days from push to the first visit, application or answer; twice that is long
WITHOUT_AID_MONTHS = 24  #: so long after a refusal or an exit a household is checked each quarter
