"""Trying a rule before it is live: a candidate asked about everything, in pieces of one snapshot, against what stands.

Nothing is written and nothing is activated. A value that is tried holds everywhere, also where a place has set its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg

from monitors.catalogue import Catalogue, load
from monitors.comparison import Comparison, Side
from monitors.errors import RuleFileError, SupervisionError
from monitors.parameter import with_values
from monitors.reconcile import Answer, Identity, Known
from monitors.rule import Rule, parse_rule
from sql import findings
from sql.load import raw
from workers.asking import RULE_S, as_reader, ask, local_parameters
from workers.audit import still, waiting
from workers.evaluate import known_of
from workers.evaluator import next_bound
from workers.rule_plan import column_faults
from workers.rule_text import question_faults
from workers.sweep import chosen


class TooSlowError(SupervisionError):
    """A candidate that needs more time than a rule in force gets."""


@dataclass(frozen=True)
class Candidate:
    """A rule to be tried, the values tried with it, and the rule in force it would replace (None: it would be new)."""

    rule: Rule
    tried: Mapping[str, str]
    stands: Rule | None

    @property
    def codes(self) -> list[str]:
        """Every code whose findings it would decide about: one it no longer carries is lost."""
        return list({**self.rule.codes, **(self.stands.codes if self.stands else {})})


@dataclass(frozen=True)
class Trial:
    """What came out, and of when. ``asked_at``: when the rule in force was last asked, where only the clock asks it."""

    at: datetime
    comparison: Comparison
    asked_at: datetime | None

    def told(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"at": self.at.isoformat(), "asked_at": self.asked_at and self.asked_at.isoformat(), **self.comparison.told()}


def of_code(code: str, typed: Mapping[str, str]) -> list[Candidate]:
    """Return the rules in force that carry a code and have all these parameters, with other values.

    Raises SupervisionError for an unknown code, ParameterError where none has them or a value does not fit.
    """
    carrying = chosen([code])
    return [of_rule(rule, typed) for rule in [one for one in carrying if typed.keys() <= one.params.keys()] or carrying]


def of_rule(rule: Rule, typed: Mapping[str, str]) -> Candidate:
    return Candidate(with_values(rule, typed), typed, rule)


def of_file(path: Path, typed: Mapping[str, str]) -> Candidate:
    """Return an edited or a new rule file. Raises RuleFileError for one ``rules check`` would refuse, OSError, ParameterError."""
    rule = parse_rule(path.read_text(encoding="utf-8"), f"{path.resolve().parent.name}/{path.name}")
    stands = next((one for code in rule.codes for one in load().by_code(code) if one.subject == rule.subject), None)
    if faults := question_faults(rule):
        raise RuleFileError(str(path), "; ".join(faults))
    return Candidate(with_values(replace(rule, file=stands.file) if stands else rule, typed), typed, stands)


def try_out(conn: psycopg.Connection, candidate: Candidate, region: str | None = None) -> Trial:
    """Ask a candidate about all facts and compare with what stands, in a region or everywhere (None).

    ``conn`` must be idle. Raises TooSlowError, SupervisionError for an unknown region or a SELECT the database refuses.
    """
    try:
        with still(conn) as at:
            _refuse_columns(conn, candidate.rule)
            return Trial(at, _Asking(conn, candidate, region, at).everything(), _last_asked(conn, candidate))
    except psycopg.errors.QueryCanceled as fault:
        raise TooSlowError(f"{candidate.rule.file}: one piece took longer than {RULE_S} s; a rule in force would be parked") from fault
    except (psycopg.ProgrammingError, psycopg.DataError, psycopg.NotSupportedError) as fault:
        raise SupervisionError(f"{candidate.rule.file}: the database refuses it: {str(fault).splitlines()[0]}") from fault


def _refuse_columns(conn: psycopg.Connection, rule: Rule) -> None:
    with as_reader(conn):
        faults = column_faults(conn, rule)
    if faults:
        raise RuleFileError(rule.file, "; ".join(faults))


def _last_asked(conn: psycopg.Connection, candidate: Candidate) -> datetime | None:
    if candidate.stands is None or candidate.stands.scope != "all":
        return None
    row = conn.execute(raw("trial.last_asked"), {"file": candidate.stands.file}).fetchone()
    return row[0] if row else None


class _Asking:
    """One candidate in one snapshot."""

    def __init__(self, conn: psycopg.Connection, candidate: Candidate, region: str | None, at: datetime) -> None:
        self._conn, self._candidate, self._at = conn, candidate, at
        self._local = _without(local_parameters(conn), candidate.tried)
        self._left = _left(conn, candidate, at)
        self._counties: dict[str | None, str] = dict(conn.execute(raw("trial.counties")).fetchall())
        self._within = _within(conn, region)
        self._comparison = Comparison()

    def everything(self) -> Comparison:
        """Compare piece by piece; no more than one piece is held."""
        judged = self._judged()
        for after, upto in _pieces(self._conn, self._candidate.rule):
            self._piece({"after": after, "upto": upto}, judged)
        return self._comparison

    def _judged(self) -> dict[Identity, str]:
        """What people decided about findings of these codes: as many as people could look at."""
        bound = {"codes": self._candidate.codes, "kind": self._candidate.rule.subject}
        return {Identity(*row[:4]): row[4] for row in self._conn.execute(raw("trial.judged"), bound)}

    def _piece(self, slice_: dict[str, Any], judged: Mapping[Identity, str]) -> None:
        rule = self._candidate.rule
        answers = {one.identity: one for one in ask(self._conn, rule, self._local, slice_)}
        rows = findings.read_known(self._conn, self._candidate.codes, rule.subject, slice_)
        known = {one.answer.identity: one for one in map(known_of, rows)}
        for identity in answers.keys() | known.keys():
            self._one(identity, known.get(identity), answers.get(identity), judged.get(identity))

    def _one(self, identity: Identity, known: Known | None, answer: Answer | None, outcome: str | None) -> None:
        before = _side(known.answer, known.ladder_card) if known and known.present else None
        after = _side(answer, answer.ladder.card(self._at)) if answer else None
        region = answer.region_code if answer and after else known.answer.region_code if known else None
        if self._within is not None and region not in self._within:
            return
        if self._is_left(identity, known if before else None):
            self._comparison.waiting += bool(before or after)
            return
        self._comparison.add(identity, self._counties.get(region, ""), before, after, outcome)

    def _is_left(self, identity: Identity, standing: Known | None) -> bool:
        """Whether what stands may not be the last word of the rule in force: it is still to be asked, or asked in this version."""
        version = self._candidate.stands.version if self._candidate.stands else None
        return self._left is None or identity.subject_key in self._left or (standing is not None and standing.rule_version != version)


def _side(answer: Answer, card: str | None) -> Side | None:
    return Side(card, answer.amount_at_risk_fen, answer.ladder) if card else None


def _without(local: Mapping[str, set[str]], tried: Collection[str]) -> dict[str, set[str]]:
    return {code: names - set(tried) for code, names in local.items()}


def _left(conn: psycopg.Connection, candidate: Candidate, at: datetime) -> set[str] | None:
    """The subjects the rule in force is still to be asked about; None = all of them."""
    if candidate.stands is None:
        return set()
    file = candidate.stands.file
    return waiting(conn, Catalogue(MappingProxyType({file: candidate.stands})), at)[file]


def _within(conn: psycopg.Connection, region: str | None) -> set[str | None] | None:
    if region is None:
        return None
    found = {code for (code,) in conn.execute(raw("trial.within"), {"region": region})}
    if not found:
        raise SupervisionError(f"--region {region!r}: there is no such region here; give a 12-digit code of a region record")
    return found


def names_of(conn: psycopg.Connection, counties: Iterable[str]) -> dict[str, str]:
    """Return the names of counties by code."""
    return dict(conn.execute(raw("trial.names"), {"codes": [code for code in counties if code]}).fetchall())


def _pieces(conn: psycopg.Connection, rule: Rule) -> Iterator[tuple[str | None, str | None]]:
    """Yield ranges of subject keys (the first excluded, the last included; None = no bound) that together are all there can be."""
    after = None
    while True:
        upto = next_bound(conn, rule, after)
        yield after, upto
        if upto is None:
            return
        after = upto
