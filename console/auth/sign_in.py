"""The way in and out: name and password, a code where one is due, a new password where one is owed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console.auth import attempts, forms, passwords, second_factor, sessions
from console.auth.attempts import Refused
from console.auth.going import back, go
from console.auth.paths import CODE, HERE, PASSWORD, SECOND_FACTOR, SIGN_IN, SIGN_OUT, SSO
from console.auth.sessions import Acting, Sealing
from console.i18n import t
from sql import accounts, people
from sql.people import Account, Owed

MOST_EYES = 50  #: cards a browser tells of at once


def serve(server: Flask, acting: Acting, keys: Sealing, painted: Callable[[float], None], *, with_single_sign_on: bool = False) -> None:
    """Put the pages of signing in on ``server``."""
    views = _Views(acting, keys, with_single_sign_on=with_single_sign_on)
    server.add_url_rule(SIGN_IN, "sign_in", views.sign_in, methods=["GET", "POST"])
    server.add_url_rule(SIGN_OUT, "sign_out", views.sign_out, methods=["POST"])
    server.add_url_rule(HERE, "here", partial(_here, painted))
    server.add_url_rule(CODE, "code", views.code, methods=["GET", "POST"])
    server.add_url_rule(PASSWORD, "password", views.password, methods=["GET", "POST"])
    server.add_url_rule(SECOND_FACTOR, "second_factor", views.second_factor, methods=["GET", "POST"])


def _here(painted: Callable[[float], None]) -> Response:
    """The gate has renewed the session; the browser says how many milliseconds its newest cards took to be seen."""
    for told in request.args.get("eye", "").split(",")[:MOST_EYES]:
        if told.isdecimal() and len(told) < 7:
            painted(int(told) / 1000)
    return Response(status=204)


class _Views:
    """What each address answers; every change is one transaction with its line in the trail."""

    def __init__(self, acting: Acting, keys: Sealing, *, with_single_sign_on: bool) -> None:
        self._acting, self._keys, self._sso = acting, keys, with_single_sign_on

    def sign_in(self) -> AnyResponse:
        if request.method == "GET":
            return self._sign_in_page()
        name, password = request.form.get("name", "").strip(), request.form.get("password", "")
        with self._acting() as conn:
            found = attempts.by_password(conn, name, password, request.remote_addr)
            if isinstance(found, Refused):
                return self._sign_in_page(found, name)
            answer = go(request.form.get("next"))
            sessions.begin(conn, answer, found, second_factor=found.totp_sealed is None)
            if found.totp_sealed is None:
                people.note(conn, found.name, "signed_in", address=request.remote_addr)
        return answer

    def _sign_in_page(self, refused: Refused | None = None, name: str = "") -> Response:
        wanted = request.values.get("next", "/")
        fields = [
            forms.field("name", t("Account"), "text", "username", focus=not name, value=name),
            forms.field("password", t("Password"), "password", "current-password", focus=bool(name)),
            forms.hidden("next", back(wanted)),
        ]
        fault = _refusal(refused) if refused else None
        status = {None: 200, Refused.WRONG: 401, Refused.LOCKED: 429}[refused]
        elsewhere = forms.link(t("Sign in with the account of your organisation"), f"{SSO}?{urlencode({'next': back(wanted)})}")
        below = elsewhere if self._sso else forms.NOTHING
        return forms.page(t("Sign in"), SIGN_IN, fields, t("Sign in"), fault=fault, below=below, status=status)

    def sign_out(self) -> AnyResponse:
        answer = go(SIGN_IN)
        with self._acting() as conn:
            sessions.end(conn, answer)
            if g.viewer.name:
                people.note(conn, g.viewer.name, "signed_out", address=request.remote_addr)
        return answer

    def code(self) -> AnyResponse:
        if request.method == "GET" or g.viewer.owes is not Owed.CODE:
            return _code_page() if g.viewer.owes is Owed.CODE else go("/")
        with self._acting() as conn:
            refused = attempts.by_code(conn, _own(conn), request.form.get("code", ""), self._keys, request.remote_addr)
            if refused:
                return _code_page(refused)
            people.run(conn, "passed_second_factor", sha256=sessions.this())
            people.note(conn, g.viewer.name, "signed_in", detail="with code", address=request.remote_addr)
        return go(request.form.get("next"))

    def password(self) -> AnyResponse:
        if request.method == "GET":
            return _password_page()
        with self._acting() as conn:
            fault = _change_password(conn, g.viewer.name)
        return _password_page(fault) if fault else go("/")

    def second_factor(self) -> AnyResponse:
        if request.method == "GET":
            return _enrol_page(second_factor.new_secret())
        secret = request.form.get("secret", "")
        step = second_factor.step_of(secret, request.form.get("code", "")) if second_factor.is_secret(secret) else None
        if step is None:
            return _enrol_page(second_factor.new_secret(), t("That code is not right. Scan the new picture and try again."))
        with self._acting() as conn:
            people.run(conn, "set_second_factor", name=g.viewer.name, sealed=self._keys.seal(secret.encode()), step=step)
            people.run(conn, "passed_second_factor", sha256=sessions.this())
            people.run(conn, "end_sessions", name=g.viewer.name, but=sessions.this())
            people.note(conn, g.viewer.name, "second_factor_set", address=request.remote_addr)
        return go("/")


def _own(conn: Connection) -> Account:
    found = people.account(conn, g.viewer.name)
    assert found is not None
    return found


def _change_password(conn: Connection, name: str) -> str | None:
    """Change the password; return what was wrong instead, in the reader's language."""
    form = request.form
    right = attempts.by_password(conn, name, form.get("password", ""), request.remote_addr)
    if isinstance(right, Refused):
        return _refusal(right)
    fault = passwords.fault(name, form.get("new", ""), form.get("again", ""))
    if fault is None and form.get("new") == form.get("password"):
        fault = t("The new password is the old one.")
    if fault is None:
        people.run(conn, "set_password", name=name, password_hash=accounts.hashed(form["new"]), must_change=False)
        people.run(conn, "end_sessions", name=name, but=sessions.this())
        people.note(conn, name, "password_changed", address=request.remote_addr)
    return fault


def _refusal(why: Refused) -> str:
    if why is Refused.LOCKED:
        return t("Too many attempts. Wait a quarter of an hour, or ask the security administrator.")
    return t("Name, password or code is wrong.")


def _code_page(refused: Refused | None = None) -> Response:
    fields = [forms.field("code", t("Code of six digits"), "text", "one-time-code", focus=True, digits=True),
              forms.hidden("next", back(request.values.get("next")))]  # fmt: skip
    return forms.page(t("Second step"), CODE, fields, t("Go on"), advice=t("Your authenticator shows the code."),
                      fault=_refusal(refused) if refused else None, below=forms.button(t("Sign out"), SIGN_OUT),
                      status=401 if refused else 200)  # fmt: skip


def _password_page(fault: str | None = None) -> Response:
    fields = [
        forms.whose(g.viewer.name),
        forms.field("password", t("Password now"), "password", "current-password", focus=True),
        forms.field("new", t("New password"), "password", "new-password"),
        forms.field("again", t("New password again"), "password", "new-password"),
    ]
    advice = t("This password was set by somebody else: choose your own.") if g.viewer.owes is Owed.PASSWORD else ""
    return forms.page(t("New password"), PASSWORD, fields, t("Change it"), advice=advice, fault=fault,
                      below=forms.button(t("Sign out"), SIGN_OUT), status=400 if fault else 200)  # fmt: skip


def _enrol_page(secret: str, fault: str | None = None) -> Response:
    picture = Markup('<div class="form-qr" role="img" aria-label="{}">{}</div><p class="form-secret">{}</p>').format(
        t("The code to scan"), Markup(second_factor.picture(secret, g.viewer.name)), secret
    )
    fields = [picture, forms.hidden("secret", secret),
              forms.field("code", t("Code of six digits"), "text", "one-time-code", focus=True, digits=True)]  # fmt: skip
    advice = t("Scan the picture with an authenticator, or type the key below it, then enter the code it shows.")
    return forms.page(t("Second factor"), SECOND_FACTOR, fields, t("Go on"), advice=advice, fault=fault,
                      below=forms.button(t("Sign out"), SIGN_OUT), status=400 if fault else 200)  # fmt: skip
