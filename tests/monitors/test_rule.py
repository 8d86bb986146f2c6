"""Rule files: what a header must say, what decides a rule's identity, what the lock refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitors.catalogue import Catalogue, load, lock_faults, lock_lines, read
from monitors.errors import RuleFileError
from monitors.rule import Rule, parse_rule

HEADER = """/*---
code     = "T99"
version  = {version}
title    = {{ zh = "某事超时", en = "Something overdue" }}
basis    = ["某办法 第1条"]
subject  = "{subject}"
to       = "U"
params   = {{ limit = {limit} }}
why      = {{ zh = "{why}", en = "because" }}
remedy   = {{ zh = "办", en = "do it" }}
blind_to = {{ zh = "无", en = "nothing" }}
says     = {{ zh = "超过 {{days}} 天", en = "{{days}} days over" }}
clears   = {{ zh = "办", en = "do it" }}
[touches]
application = "application_id"
---*/
"""
SQL = "select application_id as subject_key, submitted_at as yellow_at from facts.application where true or :limit > 0\n"


def rule(path: str = "timeliness/late.sql", *, version: int = 1, subject: str = "application", limit: int = 2, why: str = "因为",
         sql: str = SQL) -> Rule:  # fmt: skip
    return parse_rule(HEADER.format(version=version, subject=subject, limit=limit, why=why) + sql, path)


def of(*rules: Rule) -> Catalogue:
    return Catalogue({one.file: one for one in rules})


def test_a_rule_is_named_by_its_folder_and_what_is_wrong() -> None:
    one = rule()
    assert (one.file, one.family, one.code, one.params) == ("timeliness.late", "timeliness", "T99", {"limit": 2})


def test_a_rule_needs_the_sources_it_reads_but_not_the_settings() -> None:
    text = HEADER.format(version=1, subject="application", limit=2, why="因为").replace(
        'application = "application_id"', 'application = "application_id"\nstage = "application_id"\ndeadline = "*"')  # fmt: skip
    assert parse_rule(text + SQL, "timeliness/late.sql").needs == ("application", "stage")


def test_one_code_of_a_file_may_need_more_than_the_others() -> None:
    """Who may be a household of their own is told by hospitals: that spares people from D06, and says nothing of D04 and D05."""
    (file,) = load().by_code("D06")
    assert "register.hospital" in file.needed("D06")
    assert not {"register.hospital"} & {*file.needed("D04"), *file.needed("D05")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("/*---", "/*--"), "TOML header"),
        (('to       = "U"\n', ""), "lacks ['to']"),
        (('to       = "U"', 'to = "U"\nowner = "x"'), "unknown entries ['owner']"),
        (('"application"\nto', '"applicant"\nto'), "subject 'applicant'"),
        (('en = "do it"', 'de = "tu es"'), "must be { zh"),
        (('basis    = ["某办法 第1条"]', "basis = []"), "needs title"),
        (('code     = "T99"', ""), "either code"),
        (("version  = 1", "version = 1 1"), "not TOML"),
    ],
)
def test_it_rejects_a_header_that(change: tuple[str, str], said: str) -> None:
    text = HEADER.format(version=1, subject="application", limit=2, why="因为") + SQL
    assert change[0] in text
    with pytest.raises(RuleFileError) as fault:
        parse_rule(text.replace(*change), "timeliness/late.sql")
    assert said in str(fault.value)
    assert fault.value.path == "timeliness/late.sql"


def test_words_and_spaces_do_not_make_another_rule() -> None:
    assert rule(why="另一个理由", sql=SQL.replace(" from", "\n    from")).sha256 == rule().sha256


def test_a_parameter_the_subject_or_the_query_do() -> None:
    others = (rule(limit=3), rule(subject="benefit"), rule(sql=SQL.replace(">", ">=")))
    assert len({rule().sha256, *(one.sha256 for one in others)}) == 4


def test_a_changed_query_needs_a_new_version() -> None:
    held = lock_lines(of(rule()))
    assert lock_faults(of(rule()), held) == []
    assert "set version = 2" in lock_faults(of(rule(limit=3)), held)[0]
    assert "rules check --write" in lock_faults(of(rule(limit=3, version=2)), held)[0]


def test_a_rule_that_shipped_is_not_deleted() -> None:
    assert "deprecated, not deleted" in lock_faults(of(), lock_lines(of(rule())))[0]


def test_a_code_is_judged_about_a_kind_of_subject_by_one_file_only(tmp_path: Path) -> None:
    folder = tmp_path / "timeliness"
    folder.mkdir()
    text = HEADER.format(version=1, subject="application", limit=2, why="因为") + SQL
    (folder / "late.sql").write_text(text, encoding="utf-8")
    (folder / "later.sql").write_text(text.replace('"application"\nto', '"benefit"\nto'), encoding="utf-8")
    assert [one.file for one in read(tmp_path).by_code("T99")] == ["timeliness.late", "timeliness.later"]
    (folder / "latest.sql").write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"already judged by timeliness\.late"):
        read(tmp_path)
