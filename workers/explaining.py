"""What a finding says of itself: the articles it stands on and its sentence in both languages."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from monitors import catalogue, explain
from monitors.rule import Rule

LANGUAGES = ("zh", "en")
log = logging.getLogger(__name__)


class Explanation(NamedTuple):
    """``sentences`` by language; empty where the catalogue has lost the rule."""

    basis: list[str]
    sentences: dict[str, str]


def explained(finding: Mapping[str, Any]) -> Explanation:
    """Return what is said about a row of ``watch.finding_shown``."""
    rule = _rule(finding["rule"], finding["subject_kind"])
    if rule is None:
        return Explanation([], dict.fromkeys(LANGUAGES, ""))
    return Explanation(
        list(rule.codes[finding["rule"]].basis), {lang: _sentence(rule, finding, lang) for lang in LANGUAGES}
    )


def _rule(code: str, subject_kind: str) -> Rule | None:
    judging = catalogue.load().by_code(code)
    return next((rule for rule in judging if rule.subject == subject_kind), judging[0] if judging else None)


def _sentence(rule: Rule, finding: Mapping[str, Any], language: str) -> str:
    """The sentence with values and dates; the bare title where this version cannot say it any more."""
    try:
        return explain.sentence(rule, finding, language)
    except (KeyError, ValueError, TypeError, AttributeError):
        log.exception("rule %s cannot explain finding %s", finding["rule"], finding["finding_id"])
        return rule.codes[finding["rule"]].title[language]
