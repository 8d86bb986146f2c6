"""The rules as the console speaks of them: titles, families, articles, sentences."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from console.i18n import language, of, t
from monitors import catalogue, explain, registers
from monitors.rule import Code, Rule

log = logging.getLogger(__name__)
_NAMED = re.compile(r"{(\w+)}")
NO_RULE = "none"  # a code no finding has: a question about an unknown family has no answer, not every answer


@cache
def _codes() -> dict[str, tuple[Code, Rule]]:
    """The catalogue by code. It is read once: rule files change with a new start only."""
    return {code: (told, rule) for rule in reversed(catalogue.load().rules) for code, told in rule.codes.items()}


def known() -> list[str]:
    """Return every rule code, sorted."""
    return sorted(_codes())


def families() -> list[str]:
    """Return the families that have rules, sorted."""
    return sorted({rule.family for _, rule in _codes().values()})


def addressed(to: str) -> list[str]:
    """Return the codes of the rules addressed to somebody: U units, S nobody yet, D owners of data, P providers; sorted."""
    return sorted(code for code, (_, rule) in _codes().items() if rule.to == to)


def codes(family: str | None, wanted: Iterable[str]) -> list[str] | None:
    """Return the rule codes a question means: those wanted, those of a family, or both; None for every rule."""
    chosen = list(wanted)
    if family:
        of_family = [code for code, (_, rule) in sorted(_codes().items()) if rule.family == family]
        return ([code for code in of_family if code in chosen] if chosen else of_family) or [NO_RULE]
    return chosen or None


def title(code: str, subject_kind: str = "") -> str:
    """Return a rule's title in the language of the request, its code if the catalogue has lost it.

    A code that judges several kinds of subject has a title for each.
    """
    judging = rule(code, subject_kind)
    return of(judging.codes[code].title) if judging and code in judging.codes else code


def basis(code: str) -> tuple[str, ...]:
    """Return the articles a rule stands on."""
    found = _codes().get(code)
    return found[0].basis if found else ()


def rule(code: str, subject_kind: str) -> Rule | None:
    """Return the rule file that judges a code about a kind of subject; None if the catalogue has lost it."""
    judging = catalogue.load().by_code(code)
    return next((one for one in judging if one.subject == subject_kind), judging[0] if judging else None)


def in_order(finding: Any) -> list[str]:
    """Return the evidence columns in the order the rule's sentence speaks of them, the others after them."""
    judging = rule(finding.rule, finding.subject_kind)
    spoken = _NAMED.findall(judging.says["zh"]) if judging else []
    return list(dict.fromkeys(name for name in (*spoken, *finding.evidence) if name in finding.evidence))


def sentence(finding: Any) -> str:
    """Return what was found, with values and dates; empty if this rule version can no longer say it."""
    return _said(explain.sentence, finding)


def rests_on_one(finding: Any) -> bool:
    """Whether a finding of the register comparison rests on one source alone."""
    return registers.sources(finding.rule, finding.evidence) == 1


def standing(finding: Any) -> str:
    """Say on how many independent sources a finding of the register comparison stands; empty for any other."""
    agree = registers.sources(finding.rule, finding.evidence)
    if agree is None:
        return ""
    return t("{n} sources agree", n=agree) if agree > 1 else t("Single source – not confirmed")


def why(finding: Any) -> str:
    """Return what a list says of a finding: on how many sources it stands, and its sentence."""
    return " · ".join(said for said in (standing(finding), sentence(finding)) if said)


def clears(finding: Any) -> str:
    """Return what would clear the finding."""
    return _said(explain.clears, finding)


def _said(how: Callable[[Rule, Mapping[str, Any], str], str], finding: Any) -> str:
    judging = rule(finding.rule, finding.subject_kind)
    if judging is None:
        return ""
    try:
        return how(judging, vars(finding), language())
    except (KeyError, ValueError, TypeError, AttributeError):
        log.exception("rule %s cannot explain finding %s", finding.rule, finding.finding_id)
        return ""
