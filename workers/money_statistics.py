"""How the money of each place and month lies beside its past: kept for page Funds, made anew when its months were reconciled anew.

Sums of the months that changed are read from their payments; every indicator is computed from the sums, and only what differs is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb

from monitors.indicators import deviation, digits
from sql import clock
from sql.load import raw

NAME = "money statistics"
AID = "temporary_aid"
_ALONE = "select pg_try_advisory_xact_lock(hashtext('aidwatch money statistics'))"
_COPY = "copy money_fresh (kind, region_code, programme, period, value, n, band, detail) from stdin"


class Indicator(NamedTuple):
    """One row of watch.money_indicator."""

    kind: str
    region_code: str
    programme: str
    period: str
    value: float | None
    n: int
    band: str
    detail: Jsonb


def refresh(conn: psycopg.Connection[Any], *, again: bool = False) -> int:
    """Make the indicators if a month was reconciled anew or a standard told, or ``again``; return how many rows changed.

    Autocommit connection; one transaction, one snapshot. Two at once would do the same work twice: the second does nothing.
    """
    with conn.transaction():
        conn.execute("set transaction isolation level repeatable read")
        (alone,) = conn.execute(_ALONE).fetchone() or (False,)
        now, standing = _digests(conn, "digests"), _digests(conn, "standing")
        outdated = [period for period in now.keys() | standing.keys() if again or now.get(period) != standing.get(period)]
        if not alone or not outdated:
            return 0
        _sum_up(conn, outdated, now)
        changed = _write(conn, indicators(_sums(conn)))
        conn.execute(raw("course.counted"), {"name": NAME, "at": clock.now(conn), "told": Jsonb({"digests": now})})
        return changed


def _digests(conn: psycopg.Connection[Any], name: str) -> dict[str, int]:
    return dict(conn.execute(raw(f"money_statistics.{name}")).fetchall())


def _sum_up(conn: psycopg.Connection[Any], outdated: Iterable[str], now: Iterable[str]) -> None:
    conn.execute("set local work_mem = '256MB'")
    cursor, kept = psycopg.ClientCursor(conn), set(now)  # values written out: a month is one partition
    cursor.execute(raw("money_statistics.forget_months"), {"periods": list(outdated)})
    if periods := [period for period in outdated if period and period in kept]:
        cursor.execute(raw("money_statistics.keep_months"), {"periods": periods})


def _sums(conn: psycopg.Connection[Any]) -> list[Any]:
    return conn.cursor(row_factory=namedtuple_row).execute(raw("money_statistics.sums")).fetchall()


def _write(conn: psycopg.Connection[Any], fresh: Iterable[Indicator]) -> int:
    conn.execute(raw("money_statistics.fresh"))
    with conn.cursor().copy(_COPY) as copy:
        for one in fresh:
            copy.write_row(one)
    return sum(conn.execute(raw(f"money_statistics.{name}")).rowcount for name in ("forget", "keep"))


def indicators(sums: list[Any]) -> Iterator[Indicator]:
    """Yield every indicator of the sums, which are ordered by place, programme and month."""
    for _, months in groupby(sums, key=lambda one: (one.region_code, one.programme)):
        yield from _deviations([one for one in months if None not in (one.persons, one.paid_fen)])
    aid = [one for one in sums if one.aid_lines]
    yield from map(_modal, aid)
    by_year = sorted(aid, key=_county_year)
    for (county, year), months in groupby(by_year, key=_county_year):
        yield _digits(county, year, list(months))


def _county_year(one: Any) -> tuple[str, str]:
    return one.county_code, one.period[:4]


def _deviations(months: list[Any]) -> Iterator[Indicator]:
    """The months of one place and programme, each beside those of the twelve before it that are on record."""
    for place, one in enumerate(months):
        before = [past for past in months[max(0, place - deviation.MOST_MONTHS) : place]
                  if _number(past.period) >= _number(one.period) - deviation.MOST_MONTHS]  # fmt: skip
        people = deviation.judge(one.persons, [past.persons for past in before])
        amount = deviation.judge(one.paid_fen, [past.paid_fen for past in before if past.period >= (one.changed_period or "")])
        moved = people.middle is not None and deviation.is_moved(one.persons, people.middle, before[-1].persons)
        yield _deviation("people", one, one.persons, people, moved=moved)
        yield _deviation("amount", one, one.paid_fen, amount, moved=moved)


def _number(period: str) -> int:
    return int(period[:4]) * 12 + int(period[5:])


def _deviation(kind: str, one: Any, value: int, found: deviation.Deviation, *, moved: bool) -> Indicator:
    """As rule F15: nothing is said of a month in which a standard changed, nor where hardly anybody came or went since the month before."""
    is_changed = one.changed_period == one.period
    band = "standard" if is_changed else "few" if found.z is None else "far" if found.is_far(value) and moved else "usual"
    detail = {"middle": found.middle, "spread": found.spread, "by": found.by, "months": found.n}
    return Indicator(kind, one.region_code, one.programme, one.period, None if band == "standard" else found.z, value, band, Jsonb(detail))


def _modal(one: Any) -> Indicator:
    verdict = deviation.is_one_size(one.aid_lines, one.modal_lines, one.round_lines)
    band = {None: "few", True: "one_size", False: "spread"}[verdict]
    value = None if verdict is None else one.modal_lines / one.aid_lines
    detail = {"modal_fen": one.modal_fen, "modal_lines": one.modal_lines, "round_lines": one.round_lines}
    return Indicator("modal", one.region_code, one.programme, one.period, value, one.aid_lines, band, Jsonb(detail))


def _digits(county: str, year: str, months: list[Any]) -> Indicator:
    counts = [sum(column) for column in zip(*(one.digits for one in months), strict=True)]
    least = min((one.least_fen for one in months if one.least_fen is not None), default=None)
    most = max((one.most_fen for one in months if one.most_fen is not None), default=None)
    found = digits.judge(counts, least, most)
    detail = {"counts": counts, "least_fen": least, "most_fen": most}
    return Indicator("digits", county, AID, year, found.distance, found.n, found.band, Jsonb(detail))
