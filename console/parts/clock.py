"""The clock of one case drawn as a time line: days off, what the case did between its steps, and its limits below.

Plain boxes placed by percent, so that it is drawn like all else of a dossier; the tables below say the same in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from dash import html

from console import format as shown
from console import rulebook, words
from console.i18n import t, tn
from console.parts import panel, states
from console.queries.clock import Clock, Limit, Step, lasting
from console.url import SHANGHAI
from monitors.indicators.waiting import KINDS, kind_after

DAY = timedelta(days=1)


def clock(held: Clock | None, now: datetime) -> html.Section | None:
    """Return the panel; None where no step of the case is known."""
    if held is None:
        return None
    say = _say(held, now)
    provisional = states.stale(t("The calendar of part of this time is not published yet: days are counted by plain weeks."), None)
    picture = html.Div([_axis(held), _track(held), *(_limit_line(held, limit, now) for limit in held.limits), _now(held, now)],
                       className="clock", role="img", **{"aria-label": say})  # fmt: skip
    return panel.panel(t("Clock of the case"), say, provisional if held.provisional else None, html.Div(picture, className="clock-box"),
                       _legend(), _limits_table(held, now), _steps_table(held))  # fmt: skip


def _say(held: Clock, now: datetime) -> str:
    running = [limit for limit in held.limits if limit.ended_at is None]
    if running:
        first = min(running, key=lambda limit: limit.due_at)
        name = words.word(words.STAGE_CODE, first.evidence.get("to_stage"))
        if first.due_at <= now:
            return t("{step} is overdue since {day}.", step=name, day=shown.day(first.due_at))
        left = held.working_days(now, first.due_at - DAY)
        return t("{step} is due by {day}: {left} working days left.", step=name, day=shown.day(first.due_at - DAY), left=shown.count(left))
    took = held.working_days(held.steps[0].at, held.steps[-1].at)
    return tn("No limit is running; {n} step in {days} working days.", "No limit is running; {n} steps in {days} working days.",
              len(held.steps), days=shown.count(took))  # fmt: skip


def _at(held: Clock, at: datetime) -> float:
    """Return where an instant lies, in percent of the whole."""
    return round(100 * min(max((at - held.begin) / (held.end - held.begin), 0), 1), 3)


def _box(held: Clock, begin: datetime, end: datetime, name: str, title: str = "") -> html.Div:
    left = _at(held, begin)
    return html.Div(className=name, title=title, style={"left": f"{left}%", "width": f"{round(_at(held, end) - left, 3)}%"})


def _axis(held: Clock) -> html.Div:
    """Days off as shades over the whole height, and some dates."""
    n = max((held.end - held.begin) // DAY, 1)
    every = next(step for step in (1, 2, 7, 14, 28, 56, 112, 364, 10_000) if n / step <= 10)
    dates = [html.Span(f"{held.begin + k * DAY:%m-%d}", style={"left": f"{_at(held, held.begin + k * DAY)}%"}) for k in range(0, n, every)]
    off = [_box(held, _start(first), _start(last) + DAY, "off", t("no working days")) for first, last in _runs(held.off)]
    return html.Div([*off, *dates], className="clock-axis")


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _runs(days: tuple[date, ...]) -> Iterator[tuple[date, date]]:
    """Return days as stretches of days that follow each other."""
    if not days:
        return
    first = days[0]
    for one, after in pairwise((*days, date.max)):
        if after - one != DAY:
            yield first, one
            first = after


def _track(held: Clock) -> html.Div:
    """What the case did from step to step, and a mark for each step."""
    spans = [_box(held, one.at, after.at, f"span {kind_after(one.stage_code)}",
                  f"{words.word(words.STAGE_CODE, one.stage_code)} → {words.word(words.STAGE_CODE, after.stage_code)}")
             for one, after in lasting(held.steps)]  # fmt: skip
    spans += [_box(held, begin, end, "span applicant", t("clock stopped")) for begin, end in pauses(held)]
    marks = [html.Div(className="tick late" if step.late else "tick", style={"left": f"{_at(held, step.at)}%"},
                      title=f"{words.word(words.STAGE_CODE, step.stage_code)} {shown.minute(step.at)}") for step in held.steps]  # fmt: skip
    return html.Div([*spans, *marks], className="clock-track")


def pauses(held: Clock) -> list[tuple[datetime, datetime]]:
    """Return the stretches in which the clock stood: from each stop to the next resumption, else to the end of what is drawn."""
    resumed = [step.at for step in held.steps if step.stage_code == "RESUME"]
    return [(step.at, min((at for at in resumed if at >= step.at), default=held.end)) for step in held.steps if step.stage_code == "PAUSE"]


def _limit_line(held: Clock, limit: Limit, now: datetime) -> html.Div:
    """One limit: from its start to its last day, what was taken of it or beyond it, and where it turns red."""
    end = limit.ended_at or now
    state = "missed" if end >= limit.due_at else "kept" if limit.ended_at else "running"
    taken = {"missed": [_box(held, limit.due_at, end, "over")], "kept": [_box(held, limit.started_at, end, "used")], "running": []}[state]
    given = _instant(limit.evidence.get("extended_at"))
    extended = [html.Div(className="extended", title=t("extended"), style={"left": f"{_at(held, given)}%"})] if given else []
    red = [html.Div(className="red-at", title=t(words.CARD["red"]), style={"left": f"{_at(held, limit.red_at)}%"})] \
        if limit.red_at and limit.red_at < held.end else []  # fmt: skip
    name = html.Span(f"{limit.rule} {words.word(words.STAGE_CODE, limit.evidence.get('to_stage'))} ≤ {shown.day(limit.due_at - DAY)}",
                     className="name", style={"left": f"{min(_at(held, limit.started_at), 70)}%"})  # fmt: skip
    return html.Div([_box(held, limit.started_at, limit.due_at, f"limit {state}"), *taken, *extended, *red, name], className="clock-limit")


def _instant(told: Any) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) else None


def _now(held: Clock, now: datetime) -> html.Div | None:
    if not held.begin <= now < held.end:
        return None
    return html.Div(className="now", title=t("now"), style={"left": f"{_at(held, now)}%"})


def _legend() -> html.Div:
    kinds = [html.Span([html.I(className=f"span {kind}"), t(words.WAITING[kind])]) for kind in KINDS]
    more = [html.Span([html.I(className="off"), t("no working days")]), html.Span([html.I(className="limit running"), t("limit")]),
            html.Span([html.I(className="used"), t("taken of a limit that was kept")]),
            html.Span([html.I(className="over"), t("past the limit")])]  # fmt: skip
    return html.Div([*kinds, *more], className="legend clock-legend", **{"aria-hidden": "true"})


def _limits_table(held: Clock, now: datetime) -> html.Div | None:
    if not held.limits:
        return None
    names = [t("Time limit"), t("Counted from"), t("Last day"), t("How it is counted"), t("Done"), t("Taken")]
    rows = [html.Tr([
        html.Td([rulebook.title(limit.rule, "application"), " ", html.Span(limit.rule, className="code")], className="wrap"),
        html.Td(shown.minute(limit.started_at)), html.Td(shown.day(limit.due_at - DAY)), html.Td(_arithmetic(limit), className="wrap"),
        html.Td(shown.minute(limit.ended_at) if limit.ended_at else t("not yet")),
        html.Td(shown.count(held.working_days(limit.started_at, limit.ended_at or now)), className="n"),
    ]) for limit in held.limits]  # fmt: skip
    return panel.wide(panel.table(names, rows, numbers=1), t("Time limit"))


def _arithmetic(limit: Limit) -> str:
    """The sum in words: the days given, the days the clock stood, an extension, and the article."""
    told = limit.evidence
    parts = [t("{n} {unit}", n=told.get("limit_days", shown.NOTHING), unit=words.value(str(told.get("unit", ""))))]
    if told.get("days_paused"):
        parts.append(tn("stopped {n} day", "stopped {n} days", int(told["days_paused"])))
    if told.get("extended_at"):
        parts.append(t("extended {at}", at=shown.minute(_instant(told["extended_at"]))))
    return t("; ").join([*parts, str(told.get("deadline_basis") or "")]).rstrip("；; ")


def _steps_table(held: Clock) -> html.Details:
    names = [t("Step"), t("Done"), t("Since the step before"), t("What the case does"), t("In time")]
    before = {after: one for one, after in lasting(held.steps)}
    rows = [html.Tr([
        html.Td(" · ".join(filter(None, (words.word(words.STAGE_CODE, step.stage_code), _reason(step))))),
        html.Td(shown.minute(step.at)),
        html.Td(shown.working_days(held.working_days(before[step].at, step.at) or 0) if step in before else shown.NOTHING),
        html.Td(t(words.WAITING[kind_after(before[step].stage_code)]) if step in before else ""),
        html.Td(shown.NOTHING if step.late is None else html.Span(t("late"), className="late") if step.late else t("in time")),
    ]) for step in held.steps]  # fmt: skip
    table = panel.wide(panel.table(names, rows), t("The steps as a table"))
    return html.Details([html.Summary(t("The steps as a table")), table], className="blind")


def _reason(step: Step) -> str:
    """Why the clock was stopped or the limit extended; other reasons are free text, and stand in the timeline."""
    return words.value(step.reason) if step.stage_code in ("PAUSE", "EXTEND") and step.reason else ""
