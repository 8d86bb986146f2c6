"""The arithmetic of a limit in one line, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from monitors.arithmetic import said
from monitors.catalogue import load
from monitors.explain import sentence

BASIS = "民发〔2021〕57号 第22条"
NATIONAL_DAY = [f"2026-10-0{n} 国庆节" for n in range(1, 8)]
T04 = {
    "from_stage": "ACCEPT", "started_at": "2026-09-28T01:00:00+00:00", "limit_days": 30, "unit": "working_day", "days_off": NATIONAL_DAY,
    "days_worked": ["2026-10-10 国庆节"], "days_paused": 4, "limit_on": "2026-11-19", "deadline_basis": BASIS,
}  # fmt: skip


@pytest.mark.parametrize(("change", "zh", "en"), [
    ({}, f"受理 2026-09-28，加 30 个工作日（国庆放假 7 天，10-10 上班），中止计时 4 天，最迟 2026-11-19，{BASIS}",
     f"acceptance 2026-09-28, +30 working days (National Day 7 days off, 10-10 worked), pause 4, due 2026-11-19, {BASIS}"),
    ({"days_off": ["2026-10-09", "2026-10-12 市庆"], "days_worked": None, "days_paused": 0},
     f"受理 2026-09-28，加 30 个工作日（放假 1 天，市庆放假 1 天），最迟 2026-11-19，{BASIS}",
     f"acceptance 2026-09-28, +30 working days (1 day off, 市庆 1 day off), due 2026-11-19, {BASIS}"),
    ({"days_off": None, "days_worked": None, "days_paused": 0, "limit_days": 45, "extended_at": "2026-10-30T17:00:00+00:00"},
     f"受理 2026-09-28，加 45 个工作日（2026-10-31 延期），最迟 2026-11-19，{BASIS}",
     f"acceptance 2026-09-28, +45 working days as extended on 2026-10-31, due 2026-11-19, {BASIS}"),
    ({"days_off": None, "days_worked": None, "days_paused": 0, "limit_days": 1, "limit_earliest_on": "2027-01-02", "limit_latest_on": None},
     f"受理 2026-09-28，加 1 个工作日，最迟在 2027-01-02 – 未定 之间（该年放假安排尚未公布），{BASIS}",
     f"acceptance 2026-09-28, +1 working day, due 2027-01-02 – unknown (the calendar of that year is not published yet), {BASIS}"),
    ({"unit": "hour", "limit_days": 24, "days_off": None, "days_worked": None, "days_paused": None, "limit_on": None,
      "limit_at": "2026-09-29T01:00:00+00:00"},
     f"受理 2026-09-28 09:00，加 24 小时，最迟 2026-09-29 09:00，{BASIS}", f"acceptance 2026-09-28 09:00, +24 hours, due 2026-09-29 09:00, {BASIS}"),
    ({"limit_on": None}, "—", "—"),
])  # fmt: skip
def test_it_is_printed_as_one_would_work_it_out_on_paper(change: dict[str, Any], zh: str, en: str) -> None:
    assert (said(T04 | change, [], "zh"), said(T04 | change, [], "en")) == (zh, en)


def test_a_limit_in_months_counts_from_its_day_and_stands_on_the_articles_of_the_rule() -> None:
    told = {"last_on": "2025-09-10", "cycle_months": 12, "due_on": "2026-09-10"}
    assert said(told, ["甲法 第1条", "乙法 第2条"], "zh") == "最近核查或起始 2025-09-10，加 12 个月，最迟 2026-09-10，甲法 第1条；乙法 第2条"
    assert said(told, ["甲法 第1条"], "en") == "last check or start 2025-09-10, +12 months, due 2026-09-10, 甲法 第1条"


#: Cards of timeliness that have no limit: what they count is how often.
#: They count cards, months or lines, or judge an extension and not a limit; their own words say how.
WITHOUT_A_LIMIT = {
    "timeliness.unit_confirmed_repeatedly", "timeliness.extended_without_cause", "timeliness.first_month_wrong",
    "timeliness.gradual_exit_too_long", "timeliness.paid_after_cutoff",
}  # fmt: skip


@pytest.mark.parametrize("rule", [rule for rule in load().rules if rule.family == "timeliness"], ids=lambda rule: rule.file)
def test_every_card_of_timeliness_prints_its_arithmetic_in_both_languages(rule: Any) -> None:
    speaks = all("{arithmetic}" in rule.says[lang] for lang in ("zh", "en"))
    assert speaks != (rule.file in WITHOUT_A_LIMIT)
    assert not speaks or "2026-11-19" in sentence(rule, {"rule": rule.code, "evidence": T04}, "zh")
