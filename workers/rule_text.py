"""What can be said of a rule from its text alone: the plain subset of SQL, what is empty against what is unknown, cases."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from monitors.entities import ENTITIES, Entity
from monitors.rule import REFERENCE, Rule
from workers.asking import select_of
from workers.cases import cases_of

_PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)")
_CLOCKS = {"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday", "random"}
_FORBIDDEN: dict[type[exp.Expr], str] = {
    exp.Lateral: "a lateral join", exp.Limit: "limit", exp.Offset: "offset", exp.JSONExtract: "a jsonb operator",
    exp.JSONExtractScalar: "a jsonb operator", exp.JSONBExtract: "a jsonb operator", exp.JSONBContains: "a jsonb operator",
    exp.CurrentTimestamp: "a clock", exp.CurrentDate: "a clock", exp.CurrentTime: "a clock",
}  # fmt: skip


def text_faults(rule: Rule) -> list[str]:
    """Return what is wrong with a rule file before any database is asked."""
    return [*question_faults(rule), *_place_faults(rule), *_word_faults(rule), *_case_faults(rule)]


def question_faults(rule: Rule) -> list[str]:
    """Return what is wrong with the SELECT itself: it must be one of facts, in the plain subset, and read no clock."""
    return [*_parameter_faults(rule), *_sql_faults(rule)]


def _parameter_faults(rule: Rule) -> Iterator[str]:
    used = set(_PARAMETER.findall(rule.sql))
    yield from (f":{name} has no default in params" for name in sorted(used - rule.params.keys()))
    yield from (f"the parameter {name} is not used" for name in sorted(rule.params.keys() - used))


def _place_faults(rule: Rule) -> Iterator[str]:
    """A region overrides its parent: a value of a place that nobody looks up would be silently without effect."""
    is_local = "region" in rule.override_by
    if rule.params and not is_local and not rule.everywhere:
        yield "override_by names no region, and everywhere no reason why a place cannot set its parameters"
    if rule.everywhere and (is_local or not rule.params):
        yield "everywhere gives a reason for parameters that are not there, or that a place can set"


def _sql_faults(rule: Rule) -> Iterator[str]:
    if set(_PARAMETER.findall(rule.sql)) - rule.params.keys():
        return
    sql = select_of(rule, {})
    try:
        tree = sqlglot.parse_one(sql, read="postgres")
        sqlglot.transpile(sql, read="postgres", write="duckdb", unsupported_level=sqlglot.ErrorLevel.RAISE)
    except SqlglotError as fault:
        yield f"does not go into other SQL dialects: {str(fault).splitlines()[0]}"
        return
    yield from sorted({f"uses {what}" for kind, what in _FORBIDDEN.items() if tree.find(kind)})
    called = {node.name.lower() for node in tree.find_all(exp.Anonymous)}
    yield from (f"uses a clock or chance: {name}()" for name in sorted(called & _CLOCKS))
    foreign = {table.sql() for table in tree.find_all(exp.Table) if table.db not in ("facts", "")}
    yield from (f"reads {table}: only facts may be read" for table in sorted(foreign))
    yield from _twice_used(tree)
    for scope in traverse_scope(tree):
        yield from _unknown_taken_for_empty(scope)


def _twice_used(tree: exp.Expr) -> Iterator[str]:
    """A WITH used twice is worked out in full, whatever the filter."""
    for name in (cte.alias for cte in tree.find_all(exp.CTE)):
        if sum(table.name == name and not table.db for table in tree.find_all(exp.Table)) > 1:
            yield f"uses the WITH {name} twice, which stops the filter on subjects"


def _unknown_taken_for_empty(scope: Scope) -> Iterator[str]:
    """``x.field is null`` of a fact also holds where the field was never sent; settings may be left out."""
    text = scope.expression.sql()
    for test in scope.find_all(exp.Is):
        if not _tests_for_null(test):
            continue
        source = scope.sources.get(test.this.table)
        entity = _entity(source) if isinstance(source, exp.Table) else None
        name = test.this.name.removesuffix("_key")
        fields = {f.name for f in entity.fields if f.name != entity.key} if entity else set()
        if name in fields and f"{name}_known" not in text:
            yield f"{test.this.sql()} is null: empty or unknown? Test {name}_known as well"


def _tests_for_null(test: exp.Is) -> bool:
    """Whether it is ``column is null``; ``is not null`` is parsed in two ways."""
    negated = test.args.get("negate") or isinstance(test.parent, exp.Not)
    return isinstance(test.this, exp.Column) and isinstance(test.expression, exp.Null) and not negated


def _entity(table: exp.Table) -> Entity | None:
    name = table.name.removesuffix("_version")
    return ENTITIES.get(name) if table.db == "facts" and name not in REFERENCE else None


def _word_faults(rule: Rule) -> Iterator[str]:
    for name in ("says", "clears"):
        for lang, text in getattr(rule, name).items():
            if re.search(r"_fen}\s*(元|yuan)|(CNY|¥|￥)\s*{\w+_fen}", text):
                yield f"{name}.{lang} gives a unit to an amount: {{…_fen}} is printed as 1,480.00 元 or CNY 1,480.00"


def _case_faults(rule: Rule) -> Iterator[str]:
    try:
        _, cases = cases_of(rule)
    except (OSError, KeyError, tomllib.TOMLDecodeError) as fault:
        yield f"has no cases: {fault}"
        return
    expected = {wanted.get("rule", rule.code) for case in cases for wanted in case["expect"]}
    yield from (f"no case in which {code} fires" for code in rule.codes if code not in expected)
    if all(case["expect"] for case in cases):
        yield "no case in which it stays silent"
    names = [case["name"] for case in cases]
    yield from (f"two cases are called {name!r}" for name in sorted({n for n in names if names.count(n) > 1}))
