"""A rule is one file: a TOML header in a comment, then one SELECT over ``facts`` (design §5)."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitors.entities import ENTITIES
from monitors.errors import RuleFileError

_FILE = re.compile(r"\A/\*---\n(?P<header>.*?)---\*/\n(?P<sql>.*)\Z", re.DOTALL)
_NEEDED = ("version", "subject", "to", "why", "remedy", "blind_to", "says", "clears", "touches")
_OPTIONAL = {"code", "codes", "title", "basis", "params", "override_by", "by_month", "scope", "needs", "spared_by", "share", "everywhere"}
SUBJECTS = frozenset({
    "application", "household", "person", "account", "benefit", "payment_batch", "project", "provider", "unit",
    "staff", "region_month", "feed", "finding",
})  # fmt: skip
#: Columns with a meaning of their own; every further column of a rule is evidence.
LADDER = ("notice_at", "yellow_at", "red_at", "until_at")
STANDING = frozenset({"rule", "subject_key", "item", "period", "amount_at_risk_fen", "region_code", "unit_code", *LADDER})
#: Tables of settings and reference data: a feed of theirs cannot make a finding stale.
REFERENCE = frozenset({
    "region", "region_path", "unit", "workday", "working_day", "deadline", "parameter", "exclusion", "standard", "tier",
    "stage_order", "prescribed_path", "feed", "identity", "batch_share",
})  # fmt: skip
#: Kinds of register there are.
REGISTERS = frozenset(next(field.type for field in ENTITIES["register"].fields if field.name == "kind")[5:-1].split("|"))
_KINDS = re.compile(r"\bkind (?:=|in) \(?((?:'\w+'(?:, )?)+)")
Words = Mapping[str, str]  #: language (zh, en) → text


@dataclass(frozen=True)
class Code:
    """One code of the catalogue: what it is called and what it stands on."""

    code: str
    title: Words
    basis: tuple[str, ...]
    needs: tuple[str, ...] = ()  #: what this code needs besides the file, to spare somebody


@dataclass(frozen=True)
class Rule:
    """One rule file. ``touches`` maps each table it reads to how a changed row finds its subjects:
    a column of marks, a SELECT over facts with ``:column`` parameters, or ``*`` (everything)."""

    file: str  # <family>.<what_is_wrong>
    family: str
    codes: Mapping[str, Code]
    version: int
    subject: str
    to: str
    params: Mapping[str, Any]
    override_by: Mapping[str, str]
    everywhere: str | None  # why a place cannot set its parameters
    by_month: bool
    scope: str  # keys | all
    share: str | None
    why: Words
    remedy: Words
    blind_to: Words
    says: Words
    clears: Words
    touches: Mapping[str, str]
    needs: tuple[str, ...]
    sql: str
    sha256: str
    text: str  # the whole file

    @property
    def code(self) -> str:
        """The file's first code; most files have just this one."""
        return next(iter(self.codes))

    def needed(self, code: str) -> tuple[str, ...]:
        """What must be fresh for a finding of one of the file's codes to keep its card."""
        return (*self.needs, *self.codes[code].needs)


def parse_rule(text: str, path: str) -> Rule:
    """Return the rule in a file's text. ``path`` is ``<family>/<what>.sql``; raises RuleFileError."""
    found = _FILE.match(text)
    if not found:
        raise RuleFileError(path, "must begin with a /*--- TOML header ---*/ followed by one SELECT")
    try:
        header = tomllib.loads(found["header"])
    except tomllib.TOMLDecodeError as fault:
        raise RuleFileError(path, f"the header is not TOML: {fault}") from fault
    _check_header(header, path)
    return _build(header, found["sql"].strip().rstrip(";"), path, text)


def _check_header(header: Mapping[str, Any], path: str) -> None:
    missing = [name for name in _NEEDED if name not in header]
    unknown = sorted(set(header) - set(_NEEDED) - _OPTIONAL)
    if missing or unknown:
        raise RuleFileError(path, f"header lacks {missing}" if missing else f"header has unknown entries {unknown}")
    if ("code" in header) == ("codes" in header):
        raise RuleFileError(path, "header needs either code (with title and basis) or a [codes] table")
    if header["subject"] not in SUBJECTS:
        raise RuleFileError(path, f"subject {header['subject']!r} is none of {sorted(SUBJECTS)}")
    for name in ("why", "remedy", "blind_to", "says", "clears"):
        if set(header[name]) != {"zh", "en"}:
            raise RuleFileError(path, f"{name} must be {{ zh = …, en = … }}")


def _build(header: Mapping[str, Any], sql: str, path: str, text: str) -> Rule:
    family, _, what = path.removesuffix(".sql").rpartition("/")
    one = {"title": header.get("title"), "basis": header.get("basis"), "needs": header.get("spared_by", ())}
    given = header.get("codes") or {header["code"]: one}
    return Rule(
        file=f"{family}.{what}", family=family, codes={c: _code(c, told, path) for c, told in given.items()},
        version=header["version"], subject=header["subject"], to=header["to"], params=header.get("params", {}),
        override_by=header.get("override_by", {}), everywhere=header.get("everywhere"), by_month=header.get("by_month", False),
        scope=header.get("scope", "keys"), share=header.get("share"),
        why=header["why"], remedy=header["remedy"], blind_to=header["blind_to"], says=header["says"],
        clears=header["clears"], touches=header["touches"],
        needs=_needs(header.get("needs", sorted(set(header["touches"]) - REFERENCE)), sql),
        sql=sql, sha256=_digest(header, sql), text=text,
    )  # fmt: skip


def _needs(told: Iterable[str], sql: str) -> tuple[str, ...]:
    """What must be fresh for a finding to keep its card. ``register`` stands for the kinds of register the SELECT names:
    a late vehicle register says nothing about a death. A SELECT that names none needs them all."""
    kinds = sorted({kind for told in _KINDS.findall(sql) for kind in re.findall(r"'(\w+)'", told)} & REGISTERS)
    return tuple(one for name in told for one in ([f"register.{kind}" for kind in kinds] if name == "register" and kinds else [name]))


def _code(code: str, told: Mapping[str, Any], path: str) -> Code:
    if set(told.get("title") or ()) != {"zh", "en"} or not told.get("basis"):
        raise RuleFileError(path, f"{code} needs title = {{ zh, en }} and a basis")
    return Code(code, told["title"], tuple(told["basis"]), tuple(told.get("needs", ())))


def _digest(header: Mapping[str, Any], sql: str) -> str:
    """Hash of what decides the answers; words may change without a new version."""
    judged = {name: header.get(name) for name in ("subject", "params", "override_by", "by_month", "scope", "share")}
    return hashlib.sha256(repr((sorted(judged.items(), key=str), " ".join(sql.split()))).encode()).hexdigest()
