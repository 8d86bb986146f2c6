"""The sentence above each picture, and how values look."""

from datetime import UTC, date, datetime, timedelta

import pytest

from console import format as shown
from console import sentences
from console.i18n import speaking
from console.parts import evidence, feeds, timeline
from console.parts.drawn import tree
from console.queries.data import Feed
from console.queries.dossier import Event
from console.queries.findings import DayCount, Place

NOW = datetime(2026, 11, 22, 2, 6, 14, tzinfo=UTC)


def place(name: str, n: int, *, seen: bool = True, n_stale: int = 0) -> Place:
    return Place(f"{n:012d}", name, "county", False, n, n, 0, 0, n_stale, 0, seen)


@pytest.mark.parametrize(("lang", "said"), [
    ("zh", "宁津县最多，9 件，占全部 12 件的 75.0 %。平原县未知。"), ("en", "宁津县 has most: 9 cards, 75.0 % of 12. Unknown: 平原县."),
])  # fmt: skip
def test_where_most_cards_are_and_what_is_unknown(lang: str, said: str) -> None:
    with speaking(lang):
        assert sentences.places([place("宁津县", 9), place("乐陵市", 3), place("平原县", 0, seen=False)]) == said


def test_zero_behind_a_late_source_is_unknown() -> None:
    assert place("x", 0, n_stale=1).unknown
    assert not place("x", 3, n_stale=1).unknown
    assert not place("x", 0).unknown
    with speaking("en"):
        assert sentences.places([place("x", 0, n_stale=2)]) == "No open cards in the places we can see. Unknown: x."


def test_the_busiest_day_is_named() -> None:
    days = [date(2026, 11, 20), date(2026, 11, 21)]
    counts = [DayCount(days[0], "red", 2), DayCount(days[1], "red", 1), DayCount(days[1], "cleared", 4)]
    with speaking("zh"):
        assert sentences.trend(counts, days) == "2 天共 7 条，日均 3.5 条；2026-11-21 最多，5 条。"
    with speaking("en"):
        assert sentences.trend([], days) == "No findings opened in this time."


def feed(**more: object) -> Feed:
    given = {"feed_id": "f", "source": "/f", "department": None, "interval_s": 60, "expected_from": None, "last_at": NOW,
             "as_of": None, "events": 1, "silent_since": None, "stale_since": None}  # fmt: skip
    return Feed(**(given | more))  # type: ignore[arg-type]


def test_sources_on_time_silent_and_out_of_date_are_told_apart() -> None:
    late = NOW - timedelta(minutes=26)
    known = [feed(), feed(silent_since=late, stale_since=late), feed(stale_since=NOW - timedelta(days=41))]
    with speaking("zh"):
        assert sentences.feeds(known) == "3 个来源中 1 个按时；1 个中断、1 个超过更新周期。"
        assert [feeds.state(one, NOW) for one in known] == ["0 秒前", "中断 26 分钟", "数据为 41 天前"]
    with speaking("en"):
        assert sentences.feeds([feed()]) == "1 of 1 sources are on time."
        assert sentences.feeds([]) == "No source has been declared: lateness cannot be judged."


@pytest.mark.parametrize(("fen", "zh", "en"), [
    (None, "–", "–"), (0, "¥ 0", "¥ 0"), (148_000, "¥ 1,480", "¥ 1,480"), (18_600_000, "18.6 万元", "¥ 186 k"),
    (1_234_567_890, "1,234.6 万元", "¥ 12.35 m"),
])  # fmt: skip
def test_money_in_overviews(fen: int | None, zh: str, en: str) -> None:
    with speaking("zh"):
        assert shown.yuan_short(fen) == zh
    with speaking("en"):
        assert shown.yuan_short(fen) == en
    assert shown.yuan(148_005) == "¥ 1,480.05"


def test_dates_are_those_of_dezhou() -> None:
    late = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    assert shown.day(late) == "2026-11-22"
    assert shown.minute(late) == "2026-11-22 00:30"


@pytest.mark.parametrize(("column", "given", "said"), [
    ("paid_fen", 184_000, "¥ 1,840.00"), ("paid_at", "2026-10-23T08:14:00+08:00", "2026-10-23 08:14"), ("period", "2026-08", "2026-08"),
    ("programme", "dibao", "低保"), ("birth_date", "1956-03-04", "1956"), ("authorised", False, "否"), ("assets_fen", None, "–"),
    ("unheard_of_fen", 100, "¥ 1.00"), ("stage_code", "VISIT", "入户调查"), ("satisfied_share", 0.462, "46.2 %"),
    ("person_key", "AbCdEfGhIjKlMnOpQrStUv", "AbCdEfGh…StUv"), ("region_code", "371402000000", "德城区"), ("too_early", "VISIT,DECIDE", "入户调查、审核确认"),
])  # fmt: skip
def test_values_look_as_people_write_them(column: str, given: object, said: str) -> None:
    with speaking("zh"):
        assert evidence.value(column, given, evidence.Names({"371402000000": "德城区"})) == said


def test_long_lists_of_values_are_cut_and_say_so() -> None:
    with speaking("en"):
        text = str(tree(evidence.value("benefit_ids", [f"B{n}" for n in range(25)])))
    assert "B19" in text
    assert "B20" not in text
    assert "and 5 more" in text


def event(entity: str, **body: object) -> Event:
    return Event(entity, "K1", "upserted", NOW, NOW, "/s", dict(body))


def test_events_are_called_by_what_happened() -> None:
    with speaking("zh"):
        assert timeline.event_title(event("stage", stage_code="ACCEPT")) == "受理"
        assert timeline.event_title(event("register", kind="death")) == "登记：死亡"
        assert timeline.event_title(event("household")) == "家庭"


def test_money_is_counted_once_however_often_it_was_corrected() -> None:
    versions = [event("payment", amount_fen=1), event("payment", amount_fen=2)]
    assert [one.body for one in timeline.latest_versions(versions)] == [{"amount_fen": 1}]


def test_a_step_stands_where_it_was_taken_not_where_its_record_was_last_changed() -> None:
    step = Event("stage", "S1", "upserted", NOW, NOW, "/s", {"stage_code": "VISIT", "at": "2023-08-04T09:30:00+08:00"})
    assert timeline.happened(step) == datetime(2023, 8, 4, 1, 30, tzinfo=UTC)
    assert timeline.happened(Event("stage", "S1", "deleted", NOW, NOW, "/s", None)) == NOW
    assert timeline.happened(Event("benefit", "B1", "upserted", NOW, NOW, "/s", {"start_period": "2023-09"})) == NOW
