"""What the reconciliation adds up to, what the bank returned, and how budgets are used."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from console import format as shown
from console import words
from console.answering import Asked
from console.i18n import t, tn
from console.pages.funds_months import notes
from console.pages.funds_rows import PATH, execution, opens
from console.parts import measured, panel, states
from console.parts.chart import blank
from console.parts.measured import Look
from console.queries import funds, regions
from console.queries.funds import Sum, Sums
from console.url import Filters
from monitors.indicators.reconciliation import LISTING, PAYING, unexplained_fen

RECONCILED, RETURNED, BUDGET = "funds-reconciled", "funds-returned", "funds-budget"
DRAWN = 14  #: budget lines of the picture


def tell_reconciled(asked: Asked) -> list[Any]:
    """Return sentence, note and the way from what was decided over the lists to what was paid."""
    held = funds.sums(asked.conn, funds.question(asked.conn, asked.filters, asked.now))
    if not held:
        say = t("Nothing was decided, listed or paid here in this time.")
        return [say, notes(asked, states.empty(say, t("Choose a wider place, another programme or a longer time."))), None]
    rest = unexplained_fen(funds.fens(held))
    say = t("Decided {decided}, paid {paid}: {difference} apart, and each fen of it in one class.",
            decided=shown.yuan(_fen(held, "decided")),
            paid=shown.yuan(_fen(held, "paid")), difference=shown.yuan(_fen(held, "decided") - _fen(held, "paid")))  # fmt: skip
    broken = states.stale(t("The classes do not add up: {amount} is missing. It is mended at night.", amount=shown.yuan(rest)),
                          None) if rest else None
    unknown = held.get("unknown", Sum()).n
    scope = asked.filters.scope()
    left = dcc.Link(tn("{n} line not compared", "{n} lines not compared", unknown), href=opens(scope, "unknown", unknown),
                    className="chip quiet") if unknown else None
    return [[say, " ", left] if left else say, notes(asked, broken), _ledger(held, scope)]


def _fen(held: Sums, kind: str) -> int:
    return held.get(kind, Sum()).fen


def _ledger(held: Sums, scope: Filters) -> html.Table:
    """The table one could add up by hand: each class takes away from, or adds to, what stands above it."""
    rows = [
        _total(held, "decided"), *(_class(held, name, scope) for name in LISTING if name in held),
        _total(held, "listed"), *(_class(held, name, scope) for name in PAYING if name in held), _total(held, "paid"),
    ]  # fmt: skip
    return panel.table([t("From decision to bank"), t("Lines"), t("Amount")], rows, numbers=2)


def _total(held: Sums, kind: str) -> html.Tr:
    one = held.get(kind, Sum())
    return html.Tr([html.Td(html.B(t(words.MONEY[kind]))), html.Td(shown.count(one.n), className="n"),
                    html.Td(html.B(shown.yuan(one.fen)), className="n")])


def _class(held: Sums, kind: str, scope: Filters) -> html.Tr:
    one = held[kind]
    return html.Tr([
        html.Td(t(words.MONEY[kind]), className="wrap"), html.Td(_counted(one.n, scope, kind), className="n"),
        html.Td(signed(-one.fen), className="n"),
    ])  # fmt: skip


def signed(fen: int) -> str:
    """Return an amount with its sign before it: what takes away, and what adds."""
    return f"{'−' if fen < 0 else '+' if fen else ''} {shown.yuan(abs(fen))}".strip()


def tell_returned(asked: Asked) -> list[Any]:
    """Return sentence, note and what the bank returned by how long it has been waiting to be paid again."""
    asks = funds.question(asked.conn, asked.filters, asked.now)
    rows = funds.returned(asked.conn, asks)
    if not rows:
        return [t("Nothing the bank returned waits to be paid again."), notes(asked), None]
    held = {row.clock: Sum(row.clock_n, row.clock_fen) for row in rows}
    limits = funds.repay_days(asked.conn, asks)
    days, red_days = limits["repay_days"], limits["red_days"]
    say = tn("{n} returned payment waits to be paid again, {late} of them longer than {days} working days.",
             "{n} returned payments wait to be paid again, {late} of them longer than {days} working days.", len(rows),
             late=shown.count(sum(held[name].n for name in ("late", "long") if name in held)), days=days)  # fmt: skip
    kinds = {
        "long": ("red", t("more than {n} working days", n=red_days)),
        "late": ("yellow", t("{from_} to {to} working days", from_=days + 1, to=red_days)),
        "intime": ("notice", t("up to {n} working days", n=days)), "unknown": (None, t("unknown: no date, or no calendar")),
    }  # fmt: skip
    scope = asked.filters.scope()
    lines = [html.Tr([
        html.Td(panel.tag(card, said) if card else said),
        html.Td(_counted(held[name].n, scope, f"returned-{name}"), className="n"), html.Td(shown.yuan(held[name].fen), className="n"),
    ]) for name, (card, said) in kinds.items() if name in held]  # fmt: skip
    return [say, notes(asked), panel.table([t("Returned since"), t("Lines"), t("Amount")], lines, numbers=2)]


def _counted(n: int, scope: Filters, rows: str) -> dcc.Link:
    return dcc.Link(shown.count(n), href=opens(scope, rows, n), className="link")


def tell_batches(asked: Asked) -> list[Any]:
    """Return sentence, note and how many lists there are, are not closed, and are not as their head says."""
    rows = funds.batches(asked.conn, funds.question(asked.conn, asked.filters, asked.now), 1)
    if not rows:
        return [t("No payment list here in this time."), notes(asked), None]
    (first,) = rows
    say = tn("{n} payment list; {off} differ from what their head says.", "{n} payment lists; {off} differ from what their head says.",
             first.n, off=shown.count(first.n_off))
    scope = asked.filters.scope()
    lines = [html.Tr([html.Td(said, className="wrap"), html.Td(number, className="n")]) for said, number in (
        (t("Payment lists"), _counted(first.n, scope, "batches")),
        (t("Closed, and lines or total differ from the head"), _counted(first.n_off, scope, "batches-off")),
        (t("Not closed"), shown.count(first.n_open)),
    )]  # fmt: skip
    return [say, notes(asked), panel.table([t("State"), t("How many")], lines, numbers=1)]


def looks() -> dict[str, Look]:
    """Return the two parts of a budget bar."""
    return {"paid": Look(t("paid"), "var(--seq-4)"), "ahead": Look(t("projected to the end of the year"), "var(--seq-1)", "/")}


def tell_budget(asked: Asked) -> list[Any]:
    """Return sentence, note, bars, legend and table of budget lines of the year, the fullest first."""
    asks = funds.question(asked.conn, asked.filters, asked.now)
    rows = sorted(funds.budgets(asked.conn, asks), key=lambda row: -(execution(row).projected_share or 0))
    if not rows:
        say = t("No budget for {year} is known here.", year=asks["year"])
        return [say, [states.unreported(t("Budgets come with the records “budget”."))], blank(), None, None, say]
    over = sum(execution(row).verdict in ("overrun", "over") for row in rows)
    say = tn("{n} budget line for {year}; {over} over the budget, or will be if the year goes on like this. Counted by month of payment.",
             "{n} budget lines for {year}; {over} over the budget, or will be if the year goes on like this. Counted by month of payment.",
             rows[0].n,
             year=asks["year"], over=shown.count(over))  # fmt: skip
    named = regions.places(asked.conn, [row.region_code for row in rows])
    names = {id(row): _budget_name(row, named) for row in rows}
    bars = {names[id(row)]: {"paid": done.share or 0.0, "ahead": max((done.projected_share or 0) - (done.share or 0), 0)}
            for row in rows[:DRAWN] for done in [execution(row)]}  # fmt: skip
    table = panel.table([t("Budget line"), t("State"), t("Budget"), t("Paid"), t("Share paid"), t("Projected for the year"),
                         t("Share projected")],
                        [_budget(row, names[id(row)]) for row in rows], numbers=5)  # fmt: skip
    files = dcc.Link(t("As a list"), href=opens(asked.filters.scope(), "budgets", rows[0].n), className="chip quiet")
    cut = states.cut(DRAWN, len(rows)) if len(rows) > DRAWN else None
    return [[say, " ", files], notes(asked, cut), measured.stacked(bars, looks(), whole=1.0).to_plotly_json(),
            measured.key(looks(), set(looks())), table, say]


def _budget_name(row: Any, named: dict[str, regions.Named]) -> str:
    place = named[row.region_code].name if row.region_code in named else row.region_code or ""
    return f"{place} {words.word(words.PROGRAMME, row.programme)}"


def _budget(row: Any, name: str) -> html.Tr:
    done = execution(row)
    numbers = (shown.yuan(row.budget_fen), shown.yuan(row.paid_fen), shown.share(done.share), shown.yuan(done.projected_fen),
               shown.share(done.projected_share))
    return html.Tr([html.Td(name), html.Td(t(words.EXECUTION[done.verdict])), *(html.Td(one, className="n") for one in numbers)])


__all__ = ["PATH", "tell_batches", "tell_budget", "tell_reconciled", "tell_returned"]
