"""Rules: the catalogue, what became of what each rule flagged, and which rules are too weak to show cards."""

from __future__ import annotations

from typing import Any

from dash import Dash, Output, dcc, html

from console import format as shown
from console import rulebook, words
from console.answering import Asked, Reading, answer
from console.files.serving import offer
from console.i18n import marked, t, tn, together
from console.parts import panel, states
from console.parts.drawn import content, drawn
from console.queries import rules
from console.queries.rules import Yield
from console.url import Filters
from sql.rights import Right

PATH, TITLE, ICON = "/rules", marked("Rules"), "journal-check"
OPENS_WITH: tuple[Right, ...] = ("read", "rules")
LIST = "rules-list"


def layout(_path: str) -> html.Div:
    """Return the page with its panel still empty."""
    body = drawn(f"{LIST}-table", states.loading(400, lines=14), className="wide-table")
    return html.Div([
        panel.head(t(TITLE), t("Which rules there are, how often people confirmed what they flagged, and which should be mended.")),
        panel.chart_panel(LIST, t("Catalogue and yield"), body, twin=False, files=True),
    ])  # fmt: skip


def tell(asked: Asked) -> list[Any]:
    """Return sentence, note and table of all rules."""
    scope = asked.filters.scope()
    ledger, known = rules.yields(asked.conn, scope, asked.now), rules.states(asked.conn)
    total = sum((one for of in ledger.values() for one in of.values()), Yield())
    weak = [code for code, of in ledger.items() if sum(of.values(), Yield()).is_weak]
    note = states.empty(t("To be demoted to notices until mended: {codes}", codes=", ".join(weak)),
                        t("Fewer than one in five of what they flagged was confirmed.")) if weak else None  # fmt: skip
    names = [t("Rule"), t("What was found"), t("Family"), t("Who acts"), t("State"), t("Flagged"), t("Holds now"), t("Handed over"),
             t("Verified"), t("Confirmed"), t("Confirmed share"), t("Corrected"), t("Confirmed amount")]  # fmt: skip
    lines = [_line(code, sum(ledger.get(code, {}).values(), Yield()), known.get(code), scope) for code in rulebook.known()]
    return [_say(total), note, panel.table(names, lines, numbers=8)]


def _say(total: Yield) -> str:
    said = tn("{n} rule.", "{n} rules.", len(rulebook.known()))
    if not total.verified:
        return together(said, t("Nothing has been verified yet: how often they are right is unknown."))
    verified = shown.count(total.verified)
    return together(said, t("Of {verified} verified findings {share} were confirmed ({low}–{high}).", verified=verified, **_shares(total)))


def _shares(one: Yield) -> dict[str, str]:
    low, high = one.interval
    return {"share": shown.share(one.precision), "low": shown.share(low), "high": shown.share(high)}


def _line(code: str, became: Yield, known: tuple[Any, Any] | None, scope: Filters) -> html.Tr:
    rule = rulebook.rule(code, "")
    question = scope.but(rule=(code,))
    name = dcc.Link(rulebook.title(code), href=f"/rule/{code}", className="all")
    numbers = [
        opens(became.flagged, question), opens(became.present, question.but(present=True)),
        opens(became.handed_over, question.but(done="handed_over")),
        _verdicts(became.verified, became.verified_now, question.but(outcome="verified")),
        _verdicts(became.confirmed, became.confirmed_now, question.but(outcome="confirmed")), precision(became),
        opens(became.corrected, question.but(done="corrected")), shown.yuan_short(became.confirmed_fen or None),
    ]  # fmt: skip
    family, to = (words.word(words.FAMILY, rule.family), words.word(words.ADDRESSED, rule.to)) if rule else ("", "")
    return html.Tr([
        html.Td(code, className="code"), html.Td(name), html.Td(family), html.Td(to), html.Td(state_of(known)),
        *(html.Td(one, className="n") for one in numbers),
    ], className="warn" if became.is_weak else "")  # fmt: skip


def opens(n: int, question: Filters) -> Any:
    """Return a number that opens as many findings."""
    return dcc.Link(shown.count(n), href=question.but(said=n).href("/findings")) if n else shown.count(n)


def _verdicts(n: int, standing: int, question: Filters) -> list[Any]:
    """Verdicts: those that stand open their findings; the others were given on findings that ended and came back."""
    said = t("given before the finding ended and came back: in no list of today")
    earlier = html.Span([" ", t("+ {n} earlier", n=shown.count(n - standing))], className="sub", title=said) if n > standing else None
    return [opens(standing, question), earlier]


def precision(one: Yield) -> Any:
    """Return the share confirmed with its interval, or that it is unknown."""
    if not one.verified:
        return html.Span(shown.NOTHING, title=t("unknown: nothing verified yet"))
    told = _shares(one)
    return html.Span([told["share"], html.Span(f" {told['low']}–{told['high']}", className="sub")])


def state_of(known: tuple[Any, Any] | None) -> str:
    """Return when a rule was last asked, or since when its answers are unknown."""
    if known is None:
        return t("not asked yet")
    asked_at, unknown_since = known
    return t("unknown since {at}", at=shown.minute(unknown_since)) if unknown_since else t("asked {at}", at=shown.minute(asked_at))


def register(app: Dash, reading: Reading) -> None:
    """Wire the page."""
    outputs = [Output(f"{LIST}-say", "children"), content(f"{LIST}-note"), content(f"{LIST}-table")]
    answer(app, reading, outputs, tell, here=lambda path: path == PATH, note=1, needs=OPENS_WITH)
    offer(app, reading, PATH, {LIST: "ledger"})
