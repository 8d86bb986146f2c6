"""The one place that composes SQL: filters around a rule, parameters inside it."""

from __future__ import annotations

from typing import Any

import pytest

from sql.scope import asked, literal, touched_columns, touching, with_parameters


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (0.5, "0.5"), (True, "true"), ("it's", "'it''s'"), (["a", "b'c"], "array['a', 'b''c']::text[]"), ([], "array[]::text[]")],
)
def test_a_default_is_written_as_sql(value: Any, text: str) -> None:
    assert literal(value) == text


def test_parameters_without_local_values_are_constants() -> None:
    assert with_parameters("x > :limit and y::text <> ':limit'", {"limit": 3}, ["F01"], {}, []).startswith("x > 3 and y::text")


def test_a_cast_is_no_parameter() -> None:
    assert with_parameters("select a::date", {}, ["F01"], {}, []) == "select a::date"


def test_a_local_value_is_looked_up_by_what_the_header_says() -> None:
    by = {"region": "b.region_code", "programme": "b.programme", "on": "p.day"}
    sql = with_parameters("x > :limit or x > :other", {"limit": 3, "other": 4}, ["F01", "F02"], by, ["limit"])
    assert "own_value.value_num" in sql
    assert "own_value.rule in ('F01', 'F02')" in sql
    assert "own_place.region_code = b.region_code" in sql
    assert "own_value.valid_from <= p.day" in sql
    assert "own_value.path = null" in sql
    assert sql.endswith("or x > 4")


@pytest.mark.parametrize(("default", "column"), [(1, "value_num"), ("x", "value_text"), (True, "value_text"), (["x"], "value_list")])
def test_a_local_value_has_the_type_of_its_default(default: Any, column: str) -> None:
    assert f"own_value.{column}" in with_parameters(":limit", {"limit": default}, ["F01"], {}, ["limit"])


def test_the_select_stays_untouched_inside_its_filter() -> None:
    sql = asked("select 1 as subject_key, 5 % 2 as x", keys=True, months=2)
    assert "select 1 as subject_key, 5 %% 2 as x" in sql
    assert sql.endswith("f where f.subject_key = any(%(keys)s::text[]) and f.period in (%(month_0)s, %(month_1)s)")


def test_a_range_of_keys_is_open_below_and_closed_above() -> None:
    assert asked("select 1", after=True, upto=True).endswith("f.subject_key > %(after)s and f.subject_key <= %(upto)s")
    assert asked("select 1").endswith(") f")


def test_touches_bind_the_columns_of_marks() -> None:
    sql = "select a from facts.b where c = any(:person_id) and d like '5%' and e = any(:person_id) and f >= any(:period)"
    assert touched_columns(sql) == ["person_id", "period"]
    assert touching(sql).count("cast(%(person_id)s as text[])") == 2
    assert "'5%%'" in touching(sql)
