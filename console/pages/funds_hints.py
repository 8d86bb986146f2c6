"""The columns of what lies far from its past: months, temporary aid of one size, first digits; on the page, in lists and in files."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from console import words
from console.i18n import t
from console.parts.listing import Field
from console.url import Filters
from monitors.indicators.deviation import LIMIT

Place = Callable[[Any], str | None]
SUDDEN, ONE_SIZE, BUNCHING = "F15", "F16", "F18"


def meaning() -> str:
    """Return what has to be known to read any of these."""
    return t("A hint says where to look first. It is no finding and no suspicion of anybody: a flood, a new list of people or graded "
             "amounts look the same.")  # fmt: skip


def fields(filters: Filters, wanted: str, place: Place) -> list[Field]:
    """Return the columns of one of console.queries.funds.HINTS."""
    made = {"hints-months": _months, "hints-aid": _aid, "hints-digits": _digits}[wanted](place)
    rule = {"hints-months": SUDDEN, "hints-aid": ONE_SIZE, "hints-digits": BUNCHING}[wanted]
    return [*made, Field(t("Findings"), lambda _row: rule, width=10, href=lambda row: findings_of(filters, rule, row.region_code))]


def findings_of(filters: Filters, rule: str, region: str | None) -> str:
    """Return the address of what a rule found in a place, whenever: a hint and the finding about it are not told at one time."""
    return Filters(region=region or filters.region, rule=(rule,)).href("/findings")


def _where(place: Place) -> list[Field]:
    return [Field(t("Place"), place, width=20), Field(t("Month"), lambda row: row.period, width=9)]


def _months(place: Place) -> list[Field]:
    return [
        *_where(place), Field(t("Programme"), lambda row: words.word(words.PROGRAMME, row.programme), width=18),
        Field(t("People"), lambda row: row.persons, "count", 9), Field(t("Usual"), lambda row: _whole(row.persons_middle), "count", 9),
        Field(t("People, how far"), lambda row: far(row.persons_z), width=26),
        Field(t("Amount"), lambda row: row.paid_fen, "money"), Field(t("Usual amount"), lambda row: _whole(row.paid_middle_fen), "money"),
        Field(t("Amount, how far"), lambda row: far(row.paid_z), width=26),
    ]  # fmt: skip


def _whole(middle: float | None) -> int | None:
    return None if middle is None else round(middle)


def far(z: float | None) -> str:
    """Return a robust z in words, with its number: beyond the limit is far, beyond twice of it very far."""
    if z is None:
        return t("cannot be judged")
    if abs(z) <= LIMIT:
        return t("as usual (z {z})", z=f"{z:.1f}")
    if math.isinf(z):
        return t("more; all months before were alike") if z > 0 else t("less; all months before were alike")
    if abs(z) <= 2 * LIMIT:
        return t("far above (z {z})", z=f"{z:.1f}") if z > 0 else t("far below (z {z})", z=f"{z:.1f}")
    return t("very far above (z {z})", z=f"{z:.1f}") if z > 0 else t("very far below (z {z})", z=f"{z:.1f}")


def _aid(place: Place) -> list[Field]:
    return [
        *_where(place), Field(t("Lines"), lambda row: row.lines, "count", 9),
        Field(t("Commonest amount"), lambda row: row.modal_fen, "money"), Field(t("Lines of it"), lambda row: row.modal_lines, "count", 9),
        Field(t("Their share"), lambda row: row.modal_share, "share", 9),
        Field(t("Multiples of 500 yuan"), lambda row: row.round_lines, "count", 12),
    ]  # fmt: skip


def _digits(place: Place) -> list[Field]:
    return [
        Field(t("Place"), place, width=20), Field(t("Year"), lambda row: row.period, width=7),
        Field(t("Amounts"), lambda row: row.amounts, "count", 10),
        Field(t("Distance from the expected shares"), lambda row: None if row.distance is None else f"{row.distance:.4f}", width=14),
        Field(t("In words"), lambda row: t(words.DIGITS[row.band]), width=30),
    ]  # fmt: skip
