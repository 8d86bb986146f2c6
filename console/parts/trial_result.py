"""What came out of a trial: gained, lost and changed by county, what of people's verdicts is kept, and some findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dash import html

from console import format as shown
from console import words
from console.answering import Asked
from console.i18n import t, tn
from console.parts import panel, states
from console.queries import regions
from console.queries.trials import Trial
from monitors.comparison import Precision, precision
from monitors.parameter import written
from monitors.rule import Rule

MOST_PLACES = 50
OLD = timedelta(days=7)  #: after that the facts have moved on


def said(rule: Rule, done: Trial) -> str:
    """Say in one sentence what came out; a screen reader gets the same."""
    assert done.result is not None
    return t("With {values}: {gained} gained, {lost} lost, {changed} change their card, {same} stay as they are; "
             "at risk gained {more}, lost {less}.", values=_values(rule, done.given), **numbers(done.result["total"]))  # fmt: skip


def numbers(tally: Mapping[str, int]) -> dict[str, str]:
    """Return the counts and amounts of a tally as they are said."""
    counts = {kind: shown.count(tally[kind]) for kind in ("gained", "lost", "changed", "same")}
    return {**counts, "more": shown.yuan_short(tally["gained_fen"]), "less": shown.yuan_short(tally["lost_fen"])}


def _values(rule: Rule, given: Mapping[str, str]) -> str:
    told = [t("{name} = {value} (in force {now})", name=name, value=value, now=written(rule.params.get(name, shown.NOTHING)))
            for name, value in given.items()]  # fmt: skip
    return t(", ").join(told)


def banner(icon: str, text: str) -> html.Div:
    """Return a word about a result: what it leaves out, or that it is still to come."""
    return html.Div([states.icon(icon), html.Span(text)], className="banner cut", role="status")


def told(asked: Asked, rule: Rule, trial: Trial) -> list[Any]:
    """Return what came out: warnings, counties, verdicts, examples."""
    assert trial.result is not None
    result, at = trial.result, datetime.fromisoformat(trial.result["at"])
    warnings = _warnings(rule, trial, at, asked.now)
    named = {code: one.name for code, one in regions.places(asked.conn, [place["county"] for place in result["places"]]).items()}
    return [
        *warnings, _places(result["places"], named), _verdicts(result["verdicts"]), _examples(result["examples"]),
        html.P(t("As of {at}, asked by {who}.", at=shown.minute(at), who=trial.who), className="say"),
    ]  # fmt: skip


def _warnings(rule: Rule, trial: Trial, at: datetime, now: datetime) -> list[Any]:
    result = trial.result or {}
    warned: list[Any] = []
    if trial.rule_version != rule.version:
        said_old = t("Tried with version {old}; version {new} is in force now. Try again.", old=trial.rule_version, new=rule.version)
        warned.append(states.stale(said_old, None))
    elif now - at > OLD:
        warned.append(states.stale(t("The facts have moved on since {at}. Try again.", at=shown.minute(at)), None))
    if result["waiting"]:
        left_out = tn("{n} finding is left out: its subject was still to be evaluated.",
                      "{n} findings are left out: their subjects were still to be evaluated.", result["waiting"])  # fmt: skip
        warned.append(banner("hourglass", left_out))
    if result["asked_at"]:
        last = shown.minute(datetime.fromisoformat(result["asked_at"]))
        told_by = t("This rule is asked by the clock, last at {at}: what happened since shows as a difference.", at=last)
        warned.append(banner("clock", told_by))
    return warned


def _places(places: Sequence[Mapping[str, Any]], named: Mapping[str, str]) -> html.Div:
    rows = [html.Tr([
        html.Td(named.get(place["county"], place["county"]) or t("no county")), html.Td(place["rule"], className="code"),
        *(html.Td(shown.count(place[kind]), className="n") for kind in ("gained", "lost", "changed", "same")),
        *(html.Td(shown.yuan_short(place[kind] or None), className="n") for kind in ("gained_fen", "lost_fen")),
    ]) for place in places[:MOST_PLACES]]  # fmt: skip
    names = [t("Place"), t("Rule"), t("Gained"), t("Lost"), t("Card changed"), t("As before"), t("Amount gained"), t("Amount lost")]
    cut = states.cut(MOST_PLACES, len(places)) if len(places) > MOST_PLACES else None
    return panel.wide([cut, panel.table(names, rows, numbers=6)], t("Place"))


def _verdicts(verdicts: Mapping[str, Mapping[str, int]]) -> html.Div:
    """Precision before and after; a verdict on what was put right meanwhile counts for neither."""
    outcomes = list(words.OUTCOME)
    rows = [html.Tr([html.Td(name), *(html.Td(shown.count(verdicts[side].get(one, 0)), className="n") for one in outcomes),
                     html.Td(_share(precision(verdicts[side])), className="n")])
            for side, name in (("before", t("On what stands")), ("after", t("With these limits")), ("all", t("All verdicts")))]  # fmt: skip
    names = [t("Verdicts"), *(words.word(words.OUTCOME, one) for one in outcomes), t("Confirmed share")]
    return panel.wide(panel.table(names, rows, numbers=len(outcomes) + 1), t("Verdicts"), lane=True)


def _share(one: Precision) -> Any:
    if one.share is None:
        return html.Span(shown.NOTHING, title=t("unknown: nothing verified yet"))
    return html.Span([shown.share(one.share), html.Span(f" {shown.share(one.low)}–{shown.share(one.high)}", className="sub")])


def _examples(examples: Mapping[str, Sequence[Mapping[str, Any]]]) -> Any:
    """Some findings of each kind by what they are about: keys and pseudonyms."""
    kinds = {"gained": t("Gained"), "lost": t("Lost"), "changed": t("Card changed")}
    rows = [html.Tr([html.Td(kinds[kind]), html.Td(shown.short_key(one["subject_key"]), className="code", title=one["subject_key"]),
                     html.Td(_card(one["was"])), html.Td(_card(one["card"]))])
            for kind in kinds for one in examples[kind]]  # fmt: skip
    if not rows:
        return None
    table = panel.table([t("Examples"), t("About"), t("Before"), t("After")], rows)
    return html.Details([html.Summary(t("Some of these findings")), table], className="blind")


def _card(card: str | None) -> Any:
    return panel.tag(card) if card else shown.NOTHING
