"""The trail as a file, for who may read it: every line of the question, whichever page of it is looked at."""

from __future__ import annotations

from console.answering import Asked
from console.files.lists import Listed, sheet_of
from console.i18n import marked, t
from console.pages.trail import PATH, act_of, detail_of, heeded
from console.parts.listing import Field
from console.queries import trail
from console.words import ACT, word

__all__ = ["PATH"]


def lines(asked: Asked, most: int) -> Listed:
    """Return the lines asked for, the newest first."""
    here = heeded(asked.filters)
    more = [(t("Who"), here.who or ""), (t("What"), word(ACT, here.what))]
    fields: list[Field] = [
        Field(t("When"), lambda one: one.at, "instant", 18), Field(t("Who"), lambda one: one.who, width=16),
        Field(t("What"), act_of, width=20),
        Field(t("About"), lambda one: one.about, width=36), Field(t("Details"), detail_of, width=40),
        Field(t("From address"), lambda one: one.address, width=16),
    ]  # fmt: skip
    return Listed(here, fields, trail.lines(asked, most), trail.counted(asked), t("When"), [pair for pair in more if pair[1]], placed=False)


sheet = sheet_of("trail", marked("Trail"), {"lines": (marked("Trail"), lines)})
