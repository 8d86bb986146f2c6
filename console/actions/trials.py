"""Trying other limits of a rule: the form, and the row the job works out. Nothing is activated by it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, g, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from console import rulebook
from console.auth import forms
from console.auth.paths import TRIAL
from console.auth.sessions import Acting
from console.i18n import t
from console.queries import trials
from monitors.identifiers import scrub
from monitors.parameter import ParameterError, with_values, written
from monitors.rule import Rule
from sql.access import see_as
from sql.people import Viewer


def may_try(viewer: Viewer) -> bool:
    """Whether somebody may try limits and see what came out: it counts the findings of every county."""
    return viewer.may("rules") and viewer.sees_every_region and "unit_handler" not in viewer.roles


def asked_rule(heading: str) -> Rule | AnyResponse:
    """Return the rule a form of limits names; else what to answer instead."""
    if not g.viewer.may("rules"):
        return make_response(t("This page is not for your role."), 403)
    rule = rulebook.rule(request.values.get("rule", "")[:8], "")
    if rule is None or not rule.params:
        said = t("There is no such rule, or it has no limits to set.")
        return forms.notice(heading, "", said, forms.link(t("Rules"), "/rules"), 404)
    return rule


def serve(server: Flask, acting: Acting, ring: Callable[[], None]) -> None:
    """Put the form on ``server``; ``ring`` tells the job that something waits."""

    @server.route(TRIAL, methods=["GET", "POST"])
    def trial() -> AnyResponse:
        found = asked_rule(t("Try other limits"))
        if not isinstance(found, Rule):
            return found
        code, rule = request.values["rule"], found
        if not may_try(g.viewer):
            return make_response(t("Limits are tried over all regions; your account sees some of them."), 403)
        if request.method == "GET":
            return _page(code, rule)
        return _asked(acting, ring, code, rule)


def _asked(acting: Acting, ring: Callable[[], None], code: str, rule: Rule) -> AnyResponse:
    """Keep what is to be tried, and ring: the job must not look before it is kept."""
    typed = {name: scrub(request.form.get(f"p-{name}", "").strip()) for name in rule.params}
    try:
        values = with_values(rule, typed).params
    except ParameterError as fault:
        return _page(code, rule, t("{name}: write something like {value}.", name=fault.name, value=written(rule.params[fault.name])))
    changed = {name: typed[name] for name, value in values.items() if value != rule.params[name]}
    if not changed:
        return _page(code, rule, t("Change at least one limit."))
    with acting() as conn:
        see_as(conn, g.viewer)
        is_kept = trials.ask(conn, rule.file, rule.version, g.viewer.name, changed)
    if not is_kept:
        return _page(code, rule, t("A trial of this rule is under way: wait for its result."), 409)
    ring()
    return redirect(f"/rule/{code}", 303)


def _page(code: str, rule: Rule, fault: str | None = None, status: int = 400) -> AnyResponse:
    fields = [forms.field(f"p-{name}", t("{name} (in force: {value})", name=name, value=written(value)), "text", "off",
                          value=scrub(request.form.get(f"p-{name}", written(value))), required=not isinstance(value, list))
              for name, value in rule.params.items()]  # fmt: skip
    advice = t("{title} {code}: what would it find with other limits? It is worked out over all facts and everywhere; "
               "nothing is activated.", title=rulebook.title(code), code=code)  # fmt: skip
    return forms.page(t("Try other limits"), TRIAL, [*fields, forms.hidden("rule", code)], t("Work out"), advice=advice, fault=fault,
                      below=forms.link(t("Back"), f"/rule/{code}"), status=status if fault else 200)  # fmt: skip
