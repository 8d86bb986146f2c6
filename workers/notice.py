"""The words of a notification, in Chinese or English: how many things, the most pressing of them, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitors.catalogue import load

MOST = 20  #: lines of one message
SHANGHAI = ZoneInfo("Asia/Shanghai")
BRAND = {"zh": "社会救助电子监察", "en": "Social assistance watch"}
CARD = {"red": ("■ 红牌", "■ Red card"), "yellow": ("▲ 黄牌", "▲ Yellow card"), "notice": ("● 提示", "● Notice")}
WHAT = {
    "hand_over": ("交办", "Handed over"), "send_back": ("退回", "Sent back"), "remind": ("催办", "Reminder"),
    "rectify_again": ("整改退回", "Correction sent back"), "letter": ("制发文书", "Letter"), "reply": ("已回复", "Replied"),
    "explain": ("当事人说明", "Explanation heard"), "rectify": ("已报整改", "Correction reported"),
}  # fmt: skip


@dataclass(frozen=True)
class Message:
    """What is sent."""

    title: str
    body: str


def message(news: Sequence[Any], lang: str, public_url: str | None) -> Message:
    """Return the message about ``news`` (rows of notify.news); about none, a test."""
    zh = lang == "zh"
    if not news:
        return Message(BRAND[lang], "通知渠道测试：收到即为正常。" if zh else "A test: this channel works.")
    count = f"：{len(news)} 条消息" if zh else f": {len(news)} message{'s' * (len(news) > 1)}"
    lines = [_line(row, lang, public_url) for row in sorted(news, key=_urgency)[:MOST]]
    if len(news) > MOST:
        lines.append(f"另有 {len(news) - MOST} 条，请在系统中查看。" if zh else f"{len(news) - MOST} more: see the console.")
    return Message(BRAND[lang] + count, "\n".join(lines))


def _urgency(row: Any) -> tuple[int, int]:
    return (list(CARD).index(row.to_card) if row.to_card in CARD else 0, row.id)


def _line(row: Any, lang: str, public_url: str | None) -> str:
    """One finding in a line: no citizen, no key."""
    at = 0 if lang == "zh" else 1
    what = WHAT[row.what][at] if row.what in WHAT else CARD[row.to_card][at]
    title = next((rule.codes[row.rule].title[lang] for rule in load().by_code(row.rule)), "")
    due = f"{'期限' if lang == 'zh' else 'due'} {_day(row.due_at)}" if row.due_at and row.what in WHAT else None
    link = f"{public_url.rstrip('/')}/finding/{row.finding_id}" if public_url else None
    return " · ".join(filter(None, (f"{what} {title} {row.rule}", row.place, row.unit, due, link)))


def _day(due_at: Any) -> str:
    """The last day of a date set: it is kept as the midnight after it."""
    return str((due_at - timedelta(seconds=1)).astimezone(SHANGHAI).date())
