"""The filters of the work list: every choice is a link, every set filter can be taken away."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from console import format as shown
from console import rulebook, words
from console.auth.paths import SAMPLE
from console.i18n import t
from console.parts.menu import Choice, menu, removable, toggled
from console.parts.states import icon
from console.queries.findings import Totals
from console.url import ACTIVE, CARDS, STAGES, SUBJECTS, Filters

PATH = "/findings"


def filter_bar(filters: Filters, by_rule: Mapping[str, Totals]) -> list[Any]:
    """Return the chips of the work list. ``by_rule`` counts the rules of the question without its rule filter."""
    return [
        _cards(filters), _stages(filters), _presence(filters), _silence(filters), _families(filters), _rules(filters, by_rule),
        _subjects(filters), *_others(filters), _sample(filters), _reset(filters),
    ]  # fmt: skip


def _cards(filters: Filters) -> Any:
    choices = [
        (
            f"{words.SHAPE[card]} {t(words.CARD[card])}",
            filters.but(card=toggled(card, filters.card)).href(PATH),
            card in filters.card,
        )
        for card in CARDS
    ]
    chosen = " ".join(t(words.CARD[card]) for card in filters.card) or None
    return menu(t("Card"), choices, chosen=chosen)


def _stages(filters: Filters) -> Any:
    active = (
        t("Still to act on"),
        filters.but(stage=() if filters.stage == ACTIVE else ACTIVE).href(PATH),
        filters.stage == ACTIVE,
    )
    choices = [
        (t(words.STAGE[stage]), filters.but(stage=toggled(stage, filters.stage)).href(PATH), stage in filters.stage)
        for stage in STAGES
    ]
    chosen = (
        t("Still to act on")
        if filters.stage == ACTIVE
        else " ".join(t(words.STAGE[stage]) for stage in filters.stage) or None
    )
    return menu(t("Stage"), [active, *choices], chosen=chosen)


def _presence(filters: Filters) -> Any:
    names = {True: t("Holds now"), False: t("No longer holds"), None: t("Holds or held")}
    choices = [(name, filters.but(present=state).href(PATH), state == filters.present) for state, name in names.items()]
    return menu(names[None], choices, chosen=names[filters.present] if filters.present is not None else None)


def _silence(filters: Filters) -> Any:
    names = {None: t("Silenced or not"), False: t("Not silenced"), True: t("Silenced")}
    choices = [(name, filters.but(silenced=state).href(PATH), state == filters.silenced) for state, name in names.items()]
    return menu(names[None], choices, chosen=names[filters.silenced] if filters.silenced is not None else None)


def _families(filters: Filters) -> Any:
    choices: list[Choice] = [
        (
            words.word(words.FAMILY, family),
            filters.but(family=None if family == filters.family else family).href(PATH),
            family == filters.family,
        )
        for family in rulebook.families()
    ]
    return menu(t("Family"), choices, chosen=words.word(words.FAMILY, filters.family) if filters.family else None)


def _rules(filters: Filters, by_rule: Mapping[str, Totals]) -> Any:
    codes = list(dict.fromkeys([*by_rule, *filters.rule]))
    choices = [
        (
            f"{code} {rulebook.title(code)} · {by_rule[code].n if code in by_rule else 0:,}",
            filters.but(rule=toggled(code, filters.rule)).href(PATH),
            code in filters.rule,
        )
        for code in codes
    ]
    return menu(t("Rule"), choices, chosen=" ".join(filters.rule) or None)


def _subjects(filters: Filters) -> Any:
    choices = [
        (
            t(words.SUBJECT[kind]),
            filters.but(subject_kind=None if kind == filters.subject_kind else kind).href(PATH),
            kind == filters.subject_kind,
        )
        for kind in SUBJECTS
    ]
    return menu(
        t("About"), choices, chosen=words.word(words.SUBJECT, filters.subject_kind) if filters.subject_kind else None
    )


def _others(filters: Filters) -> list[Any]:
    """Filters that come from a click elsewhere: they have no menu, but are never hidden."""
    found = []
    if filters.subject_key:
        found.append(removable(shown.short_key(filters.subject_key), filters.but(subject_key=None).href(PATH)))
    if filters.unit:
        found.append(removable(t("Unit {code}", code=filters.unit), filters.but(unit=None).href(PATH)))
    if filters.amount:
        found.append(removable(t("With an amount"), filters.but(amount=None).href(PATH)))
    if filters.outcome:
        found.append(removable(words.word(words.FOUND, filters.outcome), filters.but(outcome=None).href(PATH)))
    if filters.done:
        found.append(removable(words.word(words.DONE, filters.done), filters.but(done=None).href(PATH)))
    if filters.waits:
        found.append(removable(words.word(words.WAITS, filters.waits), filters.but(waits=None).href(PATH)))
    if filters.due:
        found.append(removable(words.word(words.DUE, filters.due), filters.but(due=None).href(PATH)))
    if filters.since:
        found.append(
            removable(t("Changed since {at}", at=shown.minute(filters.since)), filters.but(since=None).href(PATH))
        )
    return found


def _sample(filters: Filters) -> Any:
    if filters.sample:
        return removable(t("Sample of {n}", n=filters.drawn[0]), filters.but(sample=None).href(PATH))
    form = f"{SAMPLE}?{urlencode({'at': filters.href(PATH)})}"
    return html.A([icon("dice-5"), " ", t("Draw a sample")], href=form, className="chip quiet")


def _reset(filters: Filters) -> Any:
    bare = filters.scope()
    if bare == filters:
        return None
    return dcc.Link(t("Take all filters away"), href=bare.href(PATH), className="chip quiet")


def described(filters: Filters, region: str | None, when: str = "") -> list[tuple[str, str]]:
    """Return the filters as names and words, for the head of an export; ``when`` names what their time is of."""
    span = t(words.RANGE[filters.span]) if filters.span else ""
    if filters.start or filters.end:
        span = f"{filters.start or '…'} – {filters.end or '…'}"
    present = {True: t("Holds now"), False: t("No longer holds"), None: ""}[filters.present]
    pairs = [
        (t("Place"), region or ""), (t("Programme"), words.word(words.PROGRAMME, filters.programme)), (when or t("Opened at"), span),
        (t("Card"), " ".join(t(words.CARD[card]) for card in filters.card)),
        (t("Stage"), " ".join(t(words.STAGE[stage]) for stage in filters.stage)), (t("State"), present),
        (t("Silence"), {True: t("Silenced"), False: t("Not silenced"), None: ""}[filters.silenced]),
        (t("Family"), words.word(words.FAMILY, filters.family)), (t("Rule"), " ".join(filters.rule)),
        (t("About"), " ".join(filter(None, (words.word(words.SUBJECT, filters.subject_kind), filters.subject_key)))),
        (t("Unit"), filters.unit or ""), (t("Amount"), t("With an amount") if filters.amount else ""),
        (t("What people found"), words.word(words.FOUND, filters.outcome)),
        (t("What was done"), words.word(words.DONE, filters.done)),
        (t("Waits for"), words.word(words.WAITS, filters.waits)), (t("Due"), words.word(words.DUE, filters.due)),
        (t("Changed since"), shown.minute(filters.since) if filters.since else ""),
    ]  # fmt: skip
    return [(name, said) for name, said in pairs if said]
