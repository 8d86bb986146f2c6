"""Values of a rule's parameters as people type them, in the type of the default (contract §4, ``parameter``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from monitors.errors import SupervisionError
from monitors.rule import Rule

LONGEST = 500  #: letters of one value
_WHOLE, _NUMBER = re.compile(r"-?[0-9]{1,9}"), re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_BETWEEN = re.compile(r"[,，、]")


class ParameterError(SupervisionError):
    """A value a parameter cannot have; ``name`` is the parameter."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name


def with_values(rule: Rule, typed: Mapping[str, str]) -> Rule:
    """Return the rule with other defaults. Raises ParameterError for a name it lacks or a value of another type."""
    for name in typed:
        if name not in rule.params:
            raise ParameterError(name, f"{rule.code} has no such parameter; it has {', '.join(rule.params) or 'none'}")
    values = {name: _read(name, text.strip(), rule.params[name]) for name, text in typed.items()}
    return replace(rule, params={**rule.params, **values})


def written(value: Any) -> str:
    """Return a value as it would be typed."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(name: str, text: str, default: Any) -> Any:
    value = _value(text, default)
    if value is None:
        raise ParameterError(name, f"{text[:40]!r} is not like the default; write something like {written(default)}")
    return value


def _value(text: str, default: Any) -> Any:
    """A text as a value of the default's type; None where it is none."""
    if len(text) > LONGEST or not text.isprintable():
        return None
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text)
    if isinstance(default, int):
        return int(text) if _WHOLE.fullmatch(text) else None
    if isinstance(default, float):
        return float(text) if _NUMBER.fullmatch(text) else None
    if isinstance(default, list):
        return [one for one in map(str.strip, _BETWEEN.split(text)) if one]
    return text or None
