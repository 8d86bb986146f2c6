"""The forms of the security administrator: make an account, change it, give it a new password, disable it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, g, make_response, redirect, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console import words
from console.auth import forms
from console.auth.paths import ACCOUNTS, EDIT_ACCOUNT
from console.auth.sessions import Acting
from console.i18n import t
from sql import accounts, people
from sql.accounts import AccountError, Wanted
from sql.people import Account
from sql.rights import ROLES


def serve(server: Flask, acting: Acting) -> None:
    """Put the form of one account on ``server``."""

    @server.route(EDIT_ACCOUNT, methods=["GET", "POST"])
    def account() -> AnyResponse:
        if not g.viewer.may("accounts"):
            return make_response(t("This page is not for your role."), 403)
        with acting() as conn:
            known = people.account(conn, request.values.get("name", ""))
            return _page(known) if request.method == "GET" else _act(conn, known)


def _act(conn: Connection, known: Account | None) -> AnyResponse:
    """Do what the button says. A fault is said above the form, and nothing is done."""
    by, name = g.viewer.name, request.form.get("name", "").strip()
    acts: dict[str, Callable[[], str | None]] = {
        "save": lambda: accounts.change(conn, _wanted(name), by) if known else accounts.add(conn, _wanted(name), by),
        "reset": lambda: accounts.reset(conn, name, by),
        "disable": lambda: accounts.disable(conn, name, by),
        "enable": lambda: accounts.disable(conn, name, by, disabled=False),
    }
    act = acts.get(request.form.get("act", ""))
    if act is None or (known and known.name == by):
        return _page(known, t("Nobody changes the own account here.") if act else t("Say what to do."))
    try:
        password = act()
    except AccountError as fault:
        return _page(known, t(fault.template, **fault.values))
    return _told(name, password) if password else redirect(ACCOUNTS, 303)


def _wanted(name: str) -> Wanted:
    form = request.form
    regions = tuple(form.get("regions", "").replace(",", " ").split())
    return Wanted(name, tuple(form.getlist("role")), regions, form.get("display_name") or None, form.get("unit_code") or None,
                  form.get("single_sign_on") or None)  # fmt: skip


def _page(known: Account | None, fault: str | None = None) -> Response:
    """The form of one account; what was typed stays where there is a fault."""
    held = {} if known is None else {"display_name": known.display_name, "regions": " ".join(known.regions), "unit_code": known.unit_code}
    roles = known.roles if known else ()

    def line(name: str, label: str, *, required: bool = False) -> Markup:
        now = request.form.get(name, "") if fault else held.get(name) or ""
        return forms.field(name, label, "text", "off", value=now, required=required)

    chosen = set(request.form.getlist("role") if fault else roles)
    first = [forms.hidden("name", known.name)] if known else [line("name", t("Account"), required=True)]
    fields = [
        *first, line("display_name", t("Name")),
        forms.choices("role", t("Roles"), [(role, words.word(words.ROLE, role), role in chosen) for role in ROLES]),
        line("regions", t("Region codes, * for all")), line("unit_code", t("Unit of a handler")),
        *([] if known else [line("single_sign_on", t("Single sign-on: issuer and subject"))]), forms.hidden("act", "save"),
    ]  # fmt: skip
    title = t("Account {name}", name=known.name) if known else t("New account")
    return forms.page(title, EDIT_ACCOUNT, fields, t("Save"), fault=fault, below=_below(known), status=400 if fault else 200)


def _below(known: Account | None) -> Markup:
    back = forms.link(t("Back to the accounts"), ACCOUNTS)
    if known is None:
        return back
    other = ("enable", t("Let it sign in again")) if known.disabled_at else ("disable", t("Disable"))
    acts = (("reset", t("New first password, no second factor")), other)
    return Markup("").join(forms.button(text, EDIT_ACCOUNT, name=known.name, act=act) for act, text in acts) + back


def _told(name: str, password: str) -> Response:
    said = t("Give it to {name} on a safe way. It is shown this once and must be changed at the first sign-in.", name=name)
    return forms.notice(t("First password"), password, said, forms.link(t("Back to the accounts"), ACCOUNTS))
