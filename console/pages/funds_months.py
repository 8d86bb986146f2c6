"""Where and when money departed from the decisions: the map of months and places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dash import html

from console import format as shown
from console.answering import Asked
from console.i18n import t, together
from console.pages.funds_rows import PATH, opens
from console.parts import heat, states
from console.parts.chart import blank
from console.queries import data, funds, regions
from console.queries.funds import Sum, Sums
from console.url import Filters
from monitors.indicators.reconciliation import DEVIATING, deviation_fen

MONTHS = "funds-months"
MOST_MONTHS = 13
SHARES = (0.0, 0.001, 0.005, 0.01, 0.05)  # of what was decided
REPORTED = ("payment", "payment_batch", "benefit")


def notes(asked: Asked, *more: Any) -> list[Any] | None:
    """Return what one must know to read the page: late sources, nothing reported, nothing made yet."""
    told, made_at = data.reporting(asked.conn, REPORTED), funds.made_at(asked.conn)
    late = states.stale(t("Late: {sources}. What came after that is not in these numbers.", sources=t(", ").join(told.late)),
                        told.stale_since) if told.late else None
    missing = [entity for entity in REPORTED if entity not in told.entities]
    unseen = states.unreported(t("Money is reconciled from the records {names}.", names=t(", ").join(missing))) if missing else None
    unmade = states.stale(t("Money has not been reconciled yet; it is done every few minutes."), None) if made_at is None else None
    return [note for note in (late, unseen, unmade, *more) if note] or None


def tell_months(asked: Asked) -> list[Any]:
    """Return sentence, note, table, picture and legend of months by place."""
    asks = funds.question(asked.conn, asked.filters, asked.now)
    parent, rows = _places(asked, asks)
    found = funds.months(asked.conn, asks, [*rows, *([parent] if parent else [])])
    if parent:
        _itself(found, parent, list(rows))
        rows[parent] = t("{place} itself", place=_name(asked, parent))
    periods = sorted({period for _, period in found})[-MOST_MONTHS:]
    rows = {code: name for code, name in rows.items() if any((code, period) in found for period in periods)}
    if not rows:
        say = t("Nothing was decided, listed or paid here in this time.")
        return [say, notes(asked, states.empty(say, t("Choose a wider place, another programme or a longer time."))), None, blank(),
                None, say]
    down = {code: asked.filters.but(region=code, rows=None).href(PATH) if code != parent else None for code in rows}
    cells = {key: _cell(of, _question(asked.filters, key, parent)) for key, of in found.items() if key[0] in rows and key[1] in periods}
    ordered = sorted(rows.items(), key=lambda row: (-_gone(found, row[0], periods), row[0]))
    columns = [(period, _column(period, first=place == 0 and not period.endswith("-12"))) for place, period in enumerate(periods)]
    say = _say(found, rows, periods)
    cut = [states.cut(heat.MOST_ROWS, len(rows))] if len(rows) > heat.MOST_ROWS else []
    picture = heat.Matrix(ordered, columns, cells, SHARES)
    twin = heat.Matrix(ordered, [(period, period) for period in periods],
                       {key: heat.Cell(cell.value, _full(found[key]), cell.href) for key, cell in cells.items()}, SHARES)
    foot = [html.Td(t("All of these")), *(html.Td(_full(_together(found, rows, [period])), className="n") for period in periods)]
    legend = heat.legend(["0 %", "≤ 0.1 %", "≤ 0.5 %", "≤ 1 %", "≤ 5 %", "> 5 %"], t("empty: nothing decided, listed or paid"))
    return [say, notes(asked, *cut), heat.table(t("Place"), twin, down, foot), heat.heat_map(picture), legend, say]


def _places(asked: Asked, asks: Mapping[str, Any]) -> tuple[str | None, dict[str, str]]:
    """Return the place looked at, and the places below it; several places of a viewer stand beside each other."""
    top = regions.root(asked.conn)
    seen = asks["tops"] if asks["tops"] != [""] else [top.region_code] if top else []
    if len(seen) != 1:
        named = regions.places(asked.conn, seen)
        return None, {code: named[code].name if code in named else code for code in seen}
    return seen[0], {one.region_code: one.name or one.region_code for one in regions.children(asked.conn, seen[0])}


def _name(asked: Asked, code: str) -> str:
    named = regions.places(asked.conn, [code])
    return named[code].name if code in named else code


def _itself(found: dict[tuple[str, str], Sums], parent: str, below: list[str]) -> None:
    """Leave of the place looked at what lies in none of those below it."""
    for (code, period), of in list(found.items()):
        if code != parent:
            continue
        rest = {kind: _less(one, [found.get((child, period), {}).get(kind, Sum()) for child in below]) for kind, one in of.items()}
        if any(one.n for one in rest.values()):
            found[code, period] = rest
        else:
            del found[code, period]


def _less(whole: Sum, parts: list[Sum]) -> Sum:
    return Sum(whole.n - sum(part.n for part in parts), whole.fen - sum(part.fen for part in parts))


def _together(found: Mapping[tuple[str, str], Sums], rows: Mapping[str, str], periods: list[str]) -> Sums:
    whole: Sums = {}
    for code in rows:
        for period in periods:
            for kind, one in found.get((code, period), {}).items():
                held = whole.get(kind, Sum())
                whole[kind] = Sum(held.n + one.n, held.fen + one.fen)
    return whole


def _gone(found: Mapping[tuple[str, str], Sums], code: str, periods: list[str]) -> int:
    return sum(deviation_fen(funds.fens(found.get((code, period), {}))) for period in periods)


def share(of: Sums) -> float | None:
    """Return what departed of what was decided (all of it where nothing was); None where neither is known."""
    gone, decided = deviation_fen(funds.fens(of)), of.get("decided", Sum()).fen
    if decided:
        return gone / decided
    return 1.0 if gone else None


def _cell(of: Sums, scope: Filters | None) -> heat.Cell:
    n = sum(of.get(name, Sum()).n for name in DEVIATING)
    return heat.Cell(share(of), _short(share(of)), opens(scope, "deviation", n) if scope else "")


def _short(part: float | None) -> str:
    """A share for a narrow cell: nothing wrong is 0, a trace is not."""
    return "0" if part == 0 else shown.share(part)


def _column(period: str, *, first: bool) -> str:
    """The month, and its year where one begins: columns are narrow on a phone."""
    year, month = period[:4], period[5:]
    return f"{month} {year}" if first or month == "01" else month


def _full(of: Sums) -> str:
    return f"{shown.yuan_short(of.get('paid', Sum()).fen)} · {shown.share(share(of))}"


def _question(filters: Filters, key: tuple[str, str], parent: str | None) -> Filters | None:
    """The lines of one place in one month; what lies in a place itself has no address of its own."""
    code, period = key
    if code == parent or not period:
        return None
    start = date.fromisoformat(f"{period}-01")
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return filters.scope().but(region=code, span=None, start=start, end=end)


def _say(found: Mapping[tuple[str, str], Sums], rows: Mapping[str, str], periods: list[str]) -> str:
    whole = _together(found, rows, periods)
    said = t("{paid} paid of {decided} decided from {first} to {last}; {gone} departed from the decisions ({share}).",
             paid=shown.yuan_short(whole.get("paid", Sum()).fen), decided=shown.yuan_short(whole.get("decided", Sum()).fen),
             first=periods[0],
             last=periods[-1], gone=shown.yuan_short(deviation_fen(funds.fens(whole))), share=shown.share(share(whole)))  # fmt: skip
    worst = max(found, key=lambda key: deviation_fen(funds.fens(found[key])) if key[0] in rows and key[1] in periods else -1)
    if len(rows) < 2 or not deviation_fen(funds.fens(found[worst])):
        return said
    return together(said, t("Most: {place}, {period}.", place=rows[worst[0]], period=worst[1]))
