"""The address is the state of a page: reading and writing it agree, and nothing unknown gets in."""

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from console.url import ACTIVE, Filters, parse

FULL = Filters(
    region="371402000000", programme="dibao", span="30d", start=date(2026, 11, 1), end=date(2026, 11, 2), family="timeliness",
    rule=("T04", "F02"), card=("red", "yellow"), stage=ACTIVE, subject_kind="person", subject_key="person:P-1.2/3",
    unit="U-1", present=False, silenced=False, amount=True, since=datetime(2026, 11, 1, 8, tzinfo=UTC), waits="reply", due="week", outcome="confirmed",
    measure="p90", step="CHECK_REPORT", left="soon", course="edge:VISIT-OPINION", rows="step-late", order="amount.desc,card.asc", done="corrected",
    who="陈 a", what="signed_in", before=7, known=date(2026, 10, 1), sample="30-482913", said=12,
)  # fmt: skip
NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)  # already the 23rd in Dezhou


def test_an_address_restores_every_part_of_a_question() -> None:
    assert parse(FULL.search()) == FULL
    assert all(getattr(FULL, f.name) != f.default for f in fields(Filters)), "a part this test does not cover"


def test_nothing_asked_is_a_bare_address() -> None:
    assert Filters().href("/findings") == "/findings"
    assert parse(None) == parse("") == parse("?") == Filters()


@pytest.mark.parametrize("search", [
    "?region=3714", "?region=371402000000'--", "?programme=all", "?range=1y", "?from=2026-13-01", "?rule=x;drop", "?card=blue",
    "?stage=", "?subject_kind=citizen", "?present=1", "?since=yesterday", "?subject_key=%00", "?unit=<b>", "?amount=yes", "?family=A", "?measure=mean", "?step=visit", "?left=0", "?order=card",
])  # fmt: skip
def test_what_is_not_understood_is_left_out(search: str) -> None:
    assert parse(search) == Filters()


def test_active_stands_for_every_stage_with_work_left() -> None:
    assert parse("?stage=active").stage == ACTIVE
    assert parse("?stage=active,closed").stage == (*ACTIVE, "closed")


def test_a_day_is_a_day_in_dezhou() -> None:
    first, last = Filters(start=date(2026, 11, 22), end=date(2026, 11, 22)).window(NOW)
    assert first
    assert last
    assert (first.isoformat(), last.isoformat()) == ("2026-11-22T00:00:00+08:00", "2026-11-23T00:00:00+08:00")


def test_today_counts_as_one_of_the_days_of_a_range() -> None:
    first, last = Filters(span="7d").window(NOW)
    assert first
    assert last
    assert (first.date(), last.date()) == (date(2026, 11, 17), date(2026, 11, 24))
    assert Filters().window(NOW) == (None, None)
    assert Filters().window(NOW, "7d") == (first, last)


def test_other_pages_keep_place_programme_and_time_only() -> None:
    kept = FULL.scope()
    assert (kept.region, kept.programme, kept.span, kept.card, kept.rule) == (
        FULL.region,
        FULL.programme,
        FULL.span,
        (),
        (),
    )
