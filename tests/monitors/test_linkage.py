"""The resolver: it finds who was registered twice, tells why, says what is wrong with its input, and never answers differently."""

from __future__ import annotations

from math import isclose
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from benchmarks import blocking
from monitors.linkage import chinese
from monitors.linkage.config import read
from monitors.linkage.errors import LinkageError
from monitors.linkage.resolve import Pair, Resolved, resolve
from monitors.linkage.scoring import Scorer
from workers.linkage import persons_config
from workers.simulator.slips import Record, with_doubles

CITY, DOUBLES = 3_000, 300


def found(records: list[Record]) -> Resolved:
    return resolve([("people.csv", pd.DataFrame(records))], persons_config())


@pytest.fixture(scope="module")
def city() -> tuple[list[Record], set[tuple[str, str]]]:
    return with_doubles(CITY, DOUBLES, seed=7)


@pytest.fixture(scope="module")
def resolved(city: tuple[list[Record], set[tuple[str, str]]]) -> Resolved:
    return found(city[0])


def test_people_registered_twice_are_found_and_kin_and_twins_are_not(
    city: tuple[list[Record], set[tuple[str, str]]], resolved: Resolved
) -> None:
    truth, said = city[1], {(pair.left, pair.right) for pair in resolved.pairs}
    assert len(truth & said) / len(said) >= 0.98
    assert len(truth & said) / len(truth) >= 0.95


def test_the_same_people_in_another_order_give_the_same_pairs(city: tuple[list[Record], set[tuple[str, str]]], resolved: Resolved) -> None:
    shuffled = Random(1).sample(city[0], len(city[0]))
    assert found(shuffled).pairs == resolved.pairs


def test_prior_and_reasons_add_up_to_the_weight(resolved: Resolved) -> None:
    assert all(isclose(pair.weight, pair.prior_weight + sum(why.weight for why in pair.reasons), abs_tol=0.01) for pair in resolved.pairs)


def test_one_who_arrives_is_scored_as_the_whole_city_is(city: tuple[list[Record], set[tuple[str, str]]], resolved: Resolved) -> None:
    with Scorer(persons_config()) as scorer:
        ready = {record["person_id"]: scorer.ready(record) for record in city[0]}
        scored = scorer.score((ready[pair.left], ready[pair.right]) for pair in resolved.pairs)
    by_key = {(pair.left, pair.right): pair for pair in scored}
    assert len(scored) == len(resolved.pairs) > 250
    for pair in resolved.pairs:
        again = by_key[pair.left, pair.right]
        assert again.reasons == pair.reasons
        assert isclose(again.weight, pair.weight, abs_tol=0.002)
        assert isclose(again.probability, pair.probability, abs_tol=2e-6)


def test_whoever_is_compared_in_the_city_shares_a_key_on_arrival(city: tuple[list[Record], set[tuple[str, str]]], resolved: Resolved) -> None:
    with Scorer(persons_config()) as scorer:
        keys = {record["person_id"]: set(scorer.keys(scorer.ready(record))) for record in city[0]}
    assert all(keys[pair.left] & keys[pair.right] for pair in resolved.pairs)


def test_three_times_as_many_people_leave_three_times_as_many_pairs() -> None:
    """Strangers hardly ever share a key: what must be compared grows as the city does, not with its square."""
    few, many = (blocking.counted([blocking.keys(people, seed=2)], people)["pairs"] for people in (20_000, 60_000))
    assert few > 20_000 / 4  # kin, twins and those registered twice
    assert 2.85 < many / few < 3.15


@pytest.mark.parametrize(("one", "other", "act"), [
    ("单建国", "善建国", chinese.sound), ("萧峯", "肖峰", chinese.plain), ("王晴", "王睛", chinese.look),
    ("李国建", "李建国", chinese.rearranged), ("张林", "脏宁", chinese.near_sound),
])  # fmt: skip
def test_names_miswritten_are_one_name(one: str, other: str, act: object) -> None:
    assert callable(act)
    assert act(one) == act(other)
    assert act(one) != act("欧阳灵犀")


def write(folder: Path, text: str) -> Path:
    path = folder / "link.toml"
    path.write_text(text, encoding="utf-8")
    return path


PLAIN = 'id = "k"\nblock = [["a"]]\n[compare]\na = { levels = ["exact"] }\n'


@pytest.mark.parametrize(("text", "said"), [
    ("id = ", "cannot be read as TOML"),
    (PLAIN.replace("exact", "exacct"), "write one test of exact"),
    (PLAIN.replace('id = "k"', "id = 3"), "name the column that tells the records apart"),
    (PLAIN.replace('[["a"]]', '["a"]'), "`block` has 'a'"),
    (PLAIN.replace('[["a"]]', '[["a:x"]]'), "how many characters"),
    ("kind = 'both'\n" + PLAIN, "`kind` is 'both'"),
    ("threshold = 2\n" + PLAIN, "between 0 and 1"),
    ("colour = 2\n" + PLAIN, "unknown field 'colour'"),
    (PLAIN.replace('["exact"]', "[{ damerau = true }]"), "damerau = True: write int"),
    (PLAIN + "[clean]\na = ['shout']\n", "step 'shout'"),
])  # fmt: skip
def test_a_configuration_says_which_field_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LinkageError, match=r"link\.toml") as refused:
        read(write(tmp_path, text))
    assert said in str(refused.value)


@pytest.mark.parametrize(("rows", "said"), [
    ([{"k": "1"}], "people.csv: has no column `a`"),
    ([{"k": "1", "a": "2020-01-01"}, {"k": "1", "a": ""}], "row 3, column `k`: '1' is there twice"),
    ([{"k": "", "a": "2020-01-01"}], "row 2, column `k` is empty"),
    ([{"k": "1", "a": "2020-01-01"}, {"k": "2", "a": "31.2.2020"}], "row 3, column `a`: '31.2.2020' is no date"),
])  # fmt: skip
def test_a_table_says_which_row_and_column_is_wrong(tmp_path: Path, rows: list[Record], said: str) -> None:
    config = read(write(tmp_path, PLAIN + '[clean]\na = ["date"]\n'))
    with pytest.raises(LinkageError) as refused:
        resolve([("people.csv", pd.DataFrame(rows, dtype=str))], config)
    assert said in str(refused.value)


def test_between_two_files_each_record_has_at_most_one_partner(tmp_path: Path) -> None:
    levels = 'levels = [{ exact = true, m = 0.9, u = 0.001 }, { damerau = 1, m = 0.09, u = 0.009 }]\nelse = { m = 0.01, u = 0.99 }\n'
    config = read(write(tmp_path, f'id = "k"\nkind = "one_to_one"\nthreshold = 0.1\nblock = [["b"]]\n[compare.a]\n{levels}[training]\nprior = 0.1\n'))
    left = pd.DataFrame([{"k": "1", "a": "smith", "b": "x"}, {"k": "2", "a": "smyth", "b": "x"}])
    right = pd.DataFrame([{"k": "9", "a": "smith", "b": "x"}, {"k": "8", "a": "smiht", "b": "x"}])
    pairs: tuple[Pair, ...] = resolve([("left", left), ("right", right)], config).pairs
    assert [(pair.left, pair.right) for pair in pairs] == [("1", "9")]
