"""One rule: why it exists, what it stands on, what it cannot see, its limits by place, and what became of its findings."""

from __future__ import annotations

import re
from typing import Any

from dash import Dash, Output, dcc, html

from console import format as shown
from console import rulebook, words
from console.actions.trials import may_try
from console.answering import Asked, Reading, answer, may
from console.gate import viewer
from console.i18n import marked, of, t
from console.pages.rules import precision
from console.parts import chart, panel, states, trial, trial_months
from console.parts import limits as limit_changes
from console.parts.drawn import content, drawn
from console.parts.evidence import label
from console.parts.panel import pairs
from console.queries import limits, rules, trials
from console.queries.rules import Yield
from console.url import Filters
from monitors.parameter import written
from monitors.rule import Rule
from sql.rights import Right

PATH, TITLE = "/rule/", marked("Rule")
OPENS_WITH: tuple[Right, ...] = ("read", "rules")
BODY, TRIAL, MONTHS = "rule-body", "rule-trial", "rule-months"


def layout(_path: str) -> html.Div:
    """Return the page as a skeleton; trials are for who may see what they count."""
    body = drawn(BODY, [states.loading(60), html.Br(), states.loading(220)])
    return html.Div([body, *(_trials() if may_try(viewer()) else _no_trials())], className="stack")


def _no_trials() -> list[html.P]:
    """Why somebody who keeps rules cannot try one here."""
    said = t("Trials count the findings of every region: they are for rule owners who see all of them.")
    return [html.P(said, className="faint")] if may(("rules",)) else []


def _trials() -> list[html.Section | html.Div]:
    picture = html.Div([chart.graph(MONTHS, height=170), trial_months.legend()], className="picture")
    twin = drawn(f"{MONTHS}-table", className="twin")
    return [drawn(TRIAL, states.loading(160)), panel.chart_panel(MONTHS, t("Cards by month"), html.Div([picture, twin]), picture=True)]


def tell(asked: Asked) -> list[Any]:
    """Return everything about one rule, or that there is none."""
    code = asked.path.removeprefix(PATH)[:8]
    rule = rulebook.rule(code, "") if code in rulebook.known() else None
    return [states.missing(asked.path) if rule is None else _told(asked, code, rule)]


def tell_trials(asked: Asked) -> list[Any]:
    """Return the panel of trials, and sentence, note, bars and table of the newest result by month."""
    code = asked.path.removeprefix(PATH)[:8]
    rule = rulebook.rule(code, "") if code in rulebook.known() else None
    if rule is None or not may_try(viewer()):
        return [None, "", None, None, None, ""]
    tried = trials.of(asked.conn, rule.file)
    done = trial.newest(tried)
    panel_of_trials = trial.section(asked, code, rule, tried)
    if done is None or done.result is None:
        say = t("What stands and what other limits would find are drawn side by side here.")
        note = states.empty(t("No trial has a result yet."), t("Try a value: it is compared with what stands and with people's verdicts."))
        return [panel_of_trials, say, note, None, None, say]
    months = done.result["months"]
    say = trial_months.say(months)
    return [panel_of_trials, say, None, trial_months.bars(months).to_plotly_json(), trial_months.table(months), say]


def _told(asked: Asked, code: str, rule: Rule) -> html.Div:
    version = t("version {n}", n=rule.version)
    title = html.Span([rulebook.title(code), " ", html.Span(f"{code} · {version}", className="code")])
    left = [_why(code, rule), _text(rule)]
    right = [_yield(asked, code), _parameters(asked, rule)]
    proposed = limit_changes.section(code, limits.of(asked.conn, code), may_set=may(("rules",))) if rule.params else None
    return html.Div([panel.head(title, of(rule.why)), html.Div([html.Div(left), html.Div(right)], className="dossier"), proposed],
                    className="stack")  # fmt: skip


def _why(code: str, rule: Rule) -> html.Section:
    told = [(t("What it says"), _spoken(of(rule.says))), (t("What would clear it"), _spoken(of(rule.clears))),
            (t("What to do"), of(rule.remedy)),
            (t("What this rule cannot see"), of(rule.blind_to)), (t("Who acts"), words.word(words.ADDRESSEE, rule.to)),
            (t("About"), words.word(words.SUBJECT, rule.subject)), (t("Family"), words.word(words.FAMILY, rule.family))]  # fmt: skip
    articles = html.Ul([html.Li(article) for article in rulebook.basis(code)], className="articles")
    return panel.panel(t("Rule and article"), t("What the rule stands on and what it does not know."), articles, pairs(told))


def _spoken(text: str) -> str:
    """A sentence of the rule with the names of its values in place of the values."""
    return re.sub(r"{(\w+)}", lambda found: f"〔{label(found[1])}〕", text)


def _text(rule: Rule) -> html.Section:
    summary = html.Summary(t("Show the question it asks of the facts"))
    return panel.panel(t("The rule itself"), t("One question in SQL; it reads no clock and decides nothing about anybody."),
                       html.Details([summary, html.Pre(rule.sql, className="sql", tabIndex=0)]))  # fmt: skip


def _yield(asked: Asked, code: str) -> html.Section:
    by_version = rules.yields(asked.conn, Filters(region=asked.filters.region, rule=(code,)), asked.now).get(code, {})
    total = sum(by_version.values(), Yield())
    rows = [
        html.Tr([html.Td(t("version {n}", n=version)), *(html.Td(said, className="n") for said in (
            shown.count(one.flagged), shown.count(one.verified), shown.count(one.confirmed), precision(one)))])
        for version, one in by_version.items()
    ]  # fmt: skip
    table = panel.table([t("Version"), t("Flagged"), t("Verified"), t("Confirmed"), t("Confirmed share")], rows, numbers=4)
    address = Filters(region=asked.filters.region, rule=(code,)).href("/findings")
    more = dcc.Link(t("All findings of this rule"), href=address, className="all")
    say = t("Not confirmed for wrong data: {data}; exempt: {exempt}; corrected: {corrected}; confirmed amount: {amount}.",
            data=shown.count(total.data_problem), exempt=shown.count(total.exempt), corrected=shown.count(total.corrected),
            amount=shown.yuan_short(total.confirmed_fen))  # fmt: skip
    return panel.panel(t("What became of it"), say, table, more)


def _parameters(asked: Asked, rule: Rule) -> html.Section:
    if not rule.params:
        return panel.panel(t("Limits"), t("This rule has no limits to set."))
    local = rules.parameters(asked.conn, list(rule.codes))
    rows = [_limit(name, value, t("everywhere"), "") for name, value in rule.params.items()]
    rows += [
        _limit(one.name, one.value, one.place or one.region_code or words.word(words.PROGRAMME, one.programme) or t("everywhere"),
               t("from {day}", day=shown.day(one.valid_from)) if one.valid_from else "")
        for one in local if one.name in rule.params
    ]  # fmt: skip
    return panel.panel(t("Limits"), t("The default, and what places have set for themselves."),
                       panel.wide(panel.table([t("Limit"), t("Value"), t("Where"), t("When")], rows), t("Limits")))  # fmt: skip


def _limit(name: str, value: Any, where: str, when: str) -> html.Tr:
    return html.Tr([html.Td(name, className="code"), html.Td(written(value), className="n wrap"), html.Td(where), html.Td(when)])


def register(app: Dash, reading: Reading) -> None:
    """Wire the page."""

    def here(path: str) -> bool:
        return path.startswith(PATH)

    answer(app, reading, [content(BODY)], tell, here=here, note=0, needs=OPENS_WITH)
    months = [Output(f"{MONTHS}-say", "children"), content(f"{MONTHS}-note"), Output({"type": "figure", "chart": MONTHS}, "data"),
              content(f"{MONTHS}-table"), Output(f"{MONTHS}-picture", "aria-label")]  # fmt: skip
    answer(app, reading, [content(TRIAL), *months], tell_trials, here=here, note=0, needs=("rules",))
