"""Whether a case is worked on or waits, told by the step before: what was begun and not ended, or nothing.

A reading of ours (no text defines it): a survey, a check or the county's review that has begun is work; publicity is time
the law gives to neighbours (民发〔2021〕57号 第19条); papers asked for and a stopped clock wait for the applicant; otherwise
the case lies with an office and waits for its next step.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["work", "office", "publicity", "applicant"]
KINDS: tuple[Kind, ...] = ("work", "office", "publicity", "applicant")
_AFTER: dict[str, Kind] = {
    **dict.fromkeys(("SURVEY_START", "VISIT", "CHECK_START", "COUNTY_RECEIVE", "COUNTY_VISIT", "OBJECTION", "ASSESSMENT_REQUEST"), "work"),
    "PUBLICITY_START": "publicity", "SUPPLEMENT_NOTICE": "applicant", "PAUSE": "applicant",
}  # fmt: skip
#: What follows one of these is no waiting for a decision.
ENDED = frozenset(("DECIDE", "REJECT_ACCEPT", "WITHDRAW", "NOTICE", "PUBLISH", "FIRST_PAYMENT", "POST_CHECK"))


def kind_after(stage_code: str) -> Kind:
    """Return what a case does between this step and the next."""
    return _AFTER.get(stage_code, "office")
