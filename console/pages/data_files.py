"""The lists of page Data as files: sources, rules that cannot answer, refused records. They lie in no place."""

from __future__ import annotations

from console.answering import Asked
from console.files.lists import Listed, sheet_of
from console.i18n import marked, t
from console.pages.data import PATH, because, mute, title_of
from console.parts.feeds import state
from console.parts.listing import Field
from console.queries import data
from console.url import Filters

__all__ = ["PATH"]


def feeds(asked: Asked, _most: int) -> Listed:
    """Return declared sources, late ones first."""
    rows = data.feeds(asked.conn)
    fields: list[Field] = [
        Field(t("Source"), lambda feed: feed.source, width=24), Field(t("Department"), lambda feed: feed.department, width=20),
        Field(t("State"), lambda feed: state(feed, asked.now), width=22), Field(t("Last event"), lambda feed: feed.last_at, "instant", 18),
        Field(t("Data as of"), lambda feed: feed.as_of, "day", 12), Field(t("Events"), lambda feed: feed.events, "count", 12),
    ]  # fmt: skip
    return Listed(Filters(), fields, rows, len(rows), placed=False)


def rules(asked: Asked, _most: int) -> Listed:
    """Return the rules that cannot answer fully."""
    rows = mute(data.rule_states(asked.conn))
    fields: list[Field] = [
        Field(t("Rule"), lambda one: one.code, width=7), Field(t("What was found"), title_of, width=30),
        Field(t("Unknown since"), lambda one: one.unknown_since or one.stale_since, "instant", 18), Field(t("Because"), because, width=50),
    ]  # fmt: skip
    return Listed(Filters(), fields, rows, len(rows), placed=False)


def letters(asked: Asked, most: int) -> Listed:
    """Return refused records that are open, newest first."""
    fields: list[Field] = [
        Field(t("When"), lambda one: one.at, "instant", 18), Field(t("Source"), lambda one: one.source, width=24),
        Field(t("Event"), lambda one: one.event_id, width=30), Field(t("Reason"), lambda one: one.reason, width=60),
    ]  # fmt: skip
    rows = data.dead_letters(asked.conn, most)
    return Listed(Filters(), fields, rows, rows[0].n if rows else 0, placed=False)


LISTS = {
    "sources": (marked("Sources"), feeds), "rules": (marked("Rules that cannot answer"), rules),
    "refused": (marked("Refused records"), letters),
}  # fmt: skip
sheet = sheet_of("data", marked("Data"), LISTS)
