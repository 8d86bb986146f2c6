"""The panel of trials of a rule: the newest result, what is under way, and what was tried before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from console import format as shown
from console import words
from console.answering import Asked
from console.auth.paths import TRIAL
from console.i18n import t, tn
from console.parts import panel, states, trial_result
from console.parts.trial_result import banner
from console.queries.trials import Trial
from monitors.rule import Rule


def newest(tried: Sequence[Trial]) -> Trial | None:
    """The newest trial with a result; None where there is none."""
    return next((one for one in tried if one.result), None)


def section(asked: Asked, code: str, rule: Rule, tried: Sequence[Trial]) -> html.Section:
    """Return the panel of the trials of a rule, newest first."""
    if not rule.params:
        return panel.panel(t("Try other limits"), t("This rule has no limits to set."))
    done = newest(tried)
    say = trial_result.said(rule, done) if done else t("What the rule would find with other limits. A trial activates nothing.")
    link = html.A([states.icon("sliders"), " ", t("Try other limits")], href=f"{TRIAL}?rule={code}", className="chip on")
    offer = html.Div(link, className="offers")
    shown_now = trial_result.told(asked, rule, done) if done else [] if tried else [_nothing()]
    earlier = _earlier([one for one in tried if one is not done])
    return panel.panel(t("Trial"), say, offer, _now(tried[0]) if tried else None, *shown_now, earlier, id="trial")


def _nothing() -> html.Div:
    return states.empty(t("Nothing has been tried yet."), t("Try a value: it is compared with what stands and with people's verdicts."))


def _now(trial: Trial) -> Any:
    """How the newest trial stands, where it has no result."""
    if trial.state == "queued":
        asked_at = shown.minute(trial.asked_at)
        return banner("hourglass", t("{who} asked at {at}; it waits to be worked out. The result appears here by itself.",
                                     who=trial.who, at=asked_at))  # fmt: skip
    if trial.state == "running":
        since = shown.minute(trial.begun_at)
        return banner("hourglass-split", t("Being worked out since {at}. The result appears here by itself.", at=since))
    if trial.state == "done":
        return None
    return html.Div([states.icon("exclamation-octagon"), html.B(t("The trial of {at} gave no result.", at=shown.minute(trial.asked_at))),
                     html.Span(words.word(words.TRIAL, trial.fault or "lost")), html.Span(t("Nothing was changed."))],
                    className="state error", role="alert")  # fmt: skip


def _earlier(tried: Sequence[Trial]) -> Any:
    """The other trials that are kept, one a line."""
    if not tried:
        return None
    rows = [html.Tr([html.Td(shown.minute(one.asked_at)), html.Td(one.who), html.Td(_given(one), className="wrap"), html.Td(_became(one))])
            for one in tried]  # fmt: skip
    names = [t("Asked at"), t("Who"), t("Values"), t("Result")]
    return html.Details([html.Summary(tn("{n} other trial", "{n} other trials", len(tried))), panel.table(names, rows)], className="blind")


def _given(one: Trial) -> str:
    return t(", ").join(f"{name} = {value}" for name, value in one.given.items())


def _became(one: Trial) -> str:
    if one.result:
        return t("{gained} gained, {lost} lost, {changed} changed", **trial_result.numbers(one.result["total"]))
    return words.word(words.TRIAL, one.fault or one.state)
