"""All rules: read once, checked against each other, then frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from monitors.errors import RuleFileError
from monitors.rule import Rule, parse_rule

FOLDER = Path(__file__).parent
LOCK = FOLDER / "rules.lock"


@dataclass(frozen=True)
class Catalogue:
    """The rules by file name (``<family>.<what>``)."""

    files: Mapping[str, Rule]

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(self.files.values())

    def by_code(self, code: str) -> tuple[Rule, ...]:
        """The files that carry a code: one per subject kind. Empty when the code is unknown."""
        return tuple(rule for rule in self.rules if code in rule.codes)


def read(folder: Path = FOLDER) -> Catalogue:
    """Read every ``<family>/<what>.sql``; raises RuleFileError for a file or a pair that cannot be trusted."""
    paths = sorted(folder.glob("*/*.sql"))
    rules = [parse_rule(path.read_text(encoding="utf-8"), f"{path.parent.name}/{path.name}") for path in paths]
    _refuse_doubles(rules)
    return Catalogue(MappingProxyType({rule.file: rule for rule in rules}))


@cache
def load() -> Catalogue:
    """The shipped rules, read once per process."""
    return read()


def _refuse_doubles(rules: Iterable[Rule]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for rule in rules:
        for code in rule.codes:
            other = seen.setdefault((code, rule.subject), rule.file)
            if other != rule.file:
                raise RuleFileError(rule.file, f"{code} about a {rule.subject} is already judged by {other}")


def lock_lines(catalogue: Catalogue) -> list[str]:
    """The lock as it should be: one line per file, sorted, so that it merges well."""
    return [f"{rule.file} {rule.version} {rule.sha256}" for rule in sorted(catalogue.rules, key=lambda r: r.file)]


def lock_faults(catalogue: Catalogue, locked: Iterable[str]) -> list[str]:
    """What a reader of the lock must object to: a changed query without a new version, a lost rule."""
    held = {name: (int(version), digest) for name, version, digest in (line.split() for line in locked if line.strip())}
    faults = [f"{name}: is in rules.lock but has no file; a rule that shipped is deprecated, not deleted"
              for name in sorted(held.keys() - catalogue.files.keys())]  # fmt: skip
    for rule in catalogue.rules:
        version, digest = held.get(rule.file, (0, ""))
        if digest != rule.sha256 and rule.version <= version:
            faults.append(f"{rule.file}: the query changed; set version = {version + 1} and run 'aidwatch rules check --write'")
        elif (version, digest) != (rule.version, rule.sha256):
            faults.append(f"{rule.file}: rules.lock has version {version}; run 'aidwatch rules check --write'")
    return faults
