"""The order of work on the open queue: who is most likely to be late comes first. Chances are no findings, and look like none."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from console import format as shown
from console import rulebook, words
from console.answering import Asked
from console.i18n import t, tn
from console.parts import panel, states
from console.queries import forecast, regions
from console.url import SHANGHAI

ENOUGH_DUE = 100  #: forecasts that came due before anything is said of how true they are


def tell(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the order of work in the place and programme looked at."""
    made = forecast.told(asked.conn)
    if made is None or not made[1].get("made_on"):
        none = states.empty(t("No forecast yet."), t("It is made each night, from the history of cases that ran before."))
        return [t("How likely open cases are to be late is unknown."), none, None]
    question = forecast.asked(asked.filters, asked.now)
    total = forecast.totals(asked.conn, question)
    rows = forecast.first(asked.conn, question)
    if not rows:
        none = states.empty(t("No running clock with a history here."), t("Choose a wider place or all programmes to see more."))
        return [t("Nothing is to be foretold here."), none, None]
    old = asked.now.astimezone(SHANGHAI).date().isoformat() > made[1]["made_on"]
    notes = [states.stale(t("The forecast of tonight has not been made."), made[0]) if old else None,
             states.cut(len(rows), total.n) if total.n > len(rows) else None]  # fmt: skip
    return [f"{_say(total)} {_how_true(made[1])}", notes, _table(asked, rows)]


def _say(total: forecast.Totals) -> str:
    expected = f"{total.expected:.1f}"
    said = tn("{n} open application, about {expected} of them to get its next card.",
              "{n} open applications, about {expected} of them to get their next card.", total.n, expected=expected)  # fmt: skip
    share = total.expected_tenth / total.expected if total.expected else 0.0
    first = tn("Chasing the first {n} in time would save up to {saved} cards ({share} of those expected).",
               "Chasing the first {n} in time would save up to {saved} cards ({share} of those expected).",
               total.n_tenth, saved=f"{total.expected_tenth:.1f}", share=shown.share(share))  # fmt: skip
    return f"{said} {first}"


def _how_true(told: dict[str, Any]) -> str:
    """Say how earlier forecasts turned out; with few of them nothing can be said."""
    if told.get("came_due", 0) < ENOUGH_DUE or told.get("auc") is None:
        return t("How true this is cannot be said yet: fewer than {n} forecasts have come due.", n=ENOUGH_DUE)
    shares = {"error": told["calibration_error"], "auc": told["auc"], "elapsed": told["auc_days_elapsed"]}
    return t("Of {n} earlier forecasts that came due, chances were off by {error} on average; "
             "their order was right in {auc} of all pairs, by days elapsed in {elapsed}.", n=shown.count(told["came_due"]),
             **{name: shown.share(one) for name, one in shares.items()})  # fmt: skip


def _table(asked: Asked, rows: list[Any]) -> html.Table:
    places = regions.places(asked.conn, [row.region_code for row in rows])
    names = [t("Application"), t("Place"), t("Programme"), t("Time limit"), t("Now at"), t("Likely late at"), t("Working days left"),
             t("Chance of yellow"), t("Chance of red"), t("Cases like it")]  # fmt: skip
    return panel.table(names, [_row(row, places) for row in rows], numbers=4)


def _row(row: Any, places: dict[str, Any]) -> html.Tr:
    place = places[row.region_code].full if row.region_code in places else row.region_code
    cause = f"{words.word(words.STAGE_CODE, row.cause)} ({shown.share(row.cause_share)})" if row.cause_share else shown.NOTHING
    return html.Tr([
        html.Td(dcc.Link(shown.short_key(row.application_id), href=f"/dossier/application/{row.application_id}", className="all")),
        html.Td(place), html.Td(words.word(words.PROGRAMME, row.programme)),
        html.Td([html.Span(row.rule, className="code"), " ", rulebook.title(row.rule)]),
        html.Td(f"{words.word(words.STAGE_CODE, row.state)}, {shown.day(row.state_since)}"), html.Td(cause),
        html.Td(shown.count(row.days_left), className="n"),
        html.Td(shown.share(row.yellow_share) if row.days_left >= 0 else t("has come"), className="n"),
        html.Td(shown.share(row.red_share), className="n"), html.Td(shown.count(row.cases), className="n"),
    ])  # fmt: skip


