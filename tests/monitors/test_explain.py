"""The sentence of a finding: values with units and dates, nothing invented, nothing missing without a sign."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitors.catalogue import load
from monitors.entities import PROGRAMMES, STAGE_CODES
from monitors.explain import clears, sentence, shown
from monitors.words import WORDS, word


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("paid_fen", 148000, "1,480.00 元", "CNY 1,480.00"),
        ("paid_fen", -5, "-0.05 元", "CNY -0.05"),
        ("paid_fen", [100, 200], "1.00 元、2.00 元", "CNY 1.00, CNY 2.00"),
        ("late_share", 0.125, "12.5 %", "12.5 %"),
        ("days_used", 31, "31", "31"),
        ("speed", 81.5, "81.5", "81.5"),
        ("limit_on", "2026-11-19", "2026-11-19", "2026-11-19"),
        ("limit_on", date(2026, 11, 19), "2026-11-19", "2026-11-19"),
        ("started_at", "2026-10-31T16:30:00+00:00", "2026-11-01 00:30", "2026-11-01 00:30"),
        ("started_at", datetime(2026, 10, 31, 16, 30, 59, tzinfo=UTC), "2026-11-01 00:30", "2026-11-01 00:30"),
        ("authorised", False, "否", "no"),
        ("from_stage", "ACCEPT", "受理", "acceptance"),
        ("too_early", "VISIT DECIDE", "入户调查、审核确认", "home visit, decision"),
        ("note", "VISIT of A1", "VISIT of A1", "VISIT of A1"),
        ("ended_at", None, "—", "—"),
        ("payment_ids", [], "—", "—"),
        ("missing", "", "—", "—"),
    ],
)
def test_a_value_is_shown_with_its_unit(name: str, value: Any, zh: str, en: str) -> None:
    assert (shown(name, value, "zh"), shown(name, value, "en")) == (zh, en)


def test_a_sentence_takes_the_evidence_of_a_finding() -> None:
    rule = load().by_code("P01")[0]
    evidence = {"started_at": "2026-10-12T01:00:00+00:00", "ended_at": "2026-10-15T00:59:59+00:00", "hours_public": 71, "limit_hours": 168}
    said = sentence(rule, {"rule": "P01", "evidence": evidence}, "zh")
    assert said == "公示自 2026-10-12 09:00 至 2026-10-15 08:59，共 71 小时，不足 168 小时。"
    assert sentence(rule, evidence, "zh") == said
    assert "168 hours" in clears(rule, evidence, "en")


def test_what_an_older_version_did_not_keep_is_a_dash() -> None:
    assert "—" in sentence(load().by_code("P01")[0], {"evidence": {}}, "zh")


@pytest.mark.parametrize("rule", load().rules, ids=lambda rule: rule.file)
def test_every_rule_can_speak_without_evidence(rule: Any) -> None:
    for lang in ("zh", "en"):
        assert sentence(rule, {"evidence": {}}, lang)
        assert clears(rule, {"evidence": {}}, lang)


def test_every_step_and_programme_has_words_in_both_languages() -> None:
    assert {*STAGE_CODES, *PROGRAMMES} <= WORDS.keys()
    assert all(zh and en for zh, en in WORDS.values())
    assert word("nowhere", "zh") is None
