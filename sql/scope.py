"""The one place that composes SQL: a rule's SELECT, restricted to keys, months or a range of keys (design §5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

_PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)")
# Its aliases are long so that they do not hide one of the rule's own.
_LOCAL = """coalesce((select own_value.{column} from facts.parameter_value own_value
    left join facts.region_path own_place on own_place.region_code = {region} and own_place.ancestor_code = own_value.region_code
    where own_value.rule in ({rules}) and own_value.name = {name}
        and (own_value.region_code is null or own_value.region_code = {region} or own_place.depth is not null)
        and (own_value.programme is null or own_value.programme = {programme})
        and (own_value.path is null or own_value.path = {path})
        and (own_value.valid_from is null or own_value.valid_from <= {on})
    order by coalesce(own_place.depth, case when own_value.region_code is null then 99 else 0 end),
        own_value.programme nulls last, own_value.path nulls last, own_value.valid_from desc nulls last limit 1), {default})"""


def literal(value: Any) -> str:
    """Return a parameter's default as SQL: a number, a text or a list of texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return f"array[{', '.join(literal(v) for v in value)}]::text[]"
    return "'" + str(value).replace("'", "''") + "'"


def with_parameters(sql: str, params: Mapping[str, Any], codes: Collection[str], override_by: Mapping[str, str],
                    local: Collection[str]) -> str:  # fmt: skip
    """Return the SELECT with every ``:parameter`` filled in.

    ``local`` names the parameters that have local values: only those are looked up row by row, by the
    expressions of ``override_by`` (region, programme, path, on); the others become plain constants.
    """

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        default = literal(params[name])
        if name not in local:
            return default
        column = "value_list" if isinstance(params[name], list) else "value_num" if _is_number(params[name]) else "value_text"
        by = {slot: override_by.get(slot, "null") for slot in ("region", "programme", "path")}
        return _LOCAL.format(column=column, rules=", ".join(literal(c) for c in codes), name=literal(name), default=default,
                             on=override_by.get("on", "date '9999-12-31'"), **by)  # fmt: skip

    return _PARAMETER.sub(fill, sql)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def asked(sql: str, *, keys: bool = False, months: int = 0, after: bool = False, upto: bool = False) -> str:
    """Return the untouched SELECT inside a filter on its subjects; PostgreSQL pushes the filter down.

    Parameters to bind: ``keys`` as an array (sql.copying.array), ``month_0`` … (see ``month_parameters``): one by one,
    because a prepared plan passes over the partitions of other months only then; ``after`` (exclusive) and ``upto`` (inclusive) texts.
    """
    listed = ", ".join(f"%({name})s" for name in month_parameters([""] * months))
    conditions = [
        condition for condition, wanted in (
            ("f.subject_key = any(%(keys)s::text[])", keys), (f"f.period in ({listed})", months),
            ("f.subject_key > %(after)s", after), ("f.subject_key <= %(upto)s", upto),
        ) if wanted
    ]  # fmt: skip
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return f"select f.* from (\n{sql.replace('%', '%%')}\n) f{where}"


def month_parameters(periods: Sequence[str]) -> dict[str, str]:
    """Return the months of a slice as the parameters of ``asked``."""
    return {f"month_{n}": period for n, period in enumerate(periods)}


def touching(sql: str) -> str:
    """Return a ``touches`` SELECT with its ``:column`` parameters as psycopg binds them."""
    return _PARAMETER.sub(r"cast(%(\1)s as text[])", sql.replace("%", "%%"))


def touched_columns(sql: str) -> Sequence[str]:
    """Return the mark columns a ``touches`` SELECT asks for."""
    return list(dict.fromkeys(_PARAMETER.findall(sql)))
