"""Single sign-on by OpenID Connect (Authlib): code flow with PKCE, state and nonce; the ID token is checked by the library.

Who the provider vouches for must have an account here that names "<issuer> <subject>": the provider says who somebody
is, never what they may see.
"""

from __future__ import annotations

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from joserfc.errors import JoseError
from requests import RequestException
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console.auth import forms, sessions
from console.auth.going import back, go
from console.auth.paths import SIGN_IN, SSO, SSO_BACK
from console.auth.sessions import Acting
from console.i18n import t
from sql import people
from sql.settings import Settings

LIMIT_S = 10


def is_offered(settings: Settings) -> bool:
    return settings.oidc_issuer is not None and settings.oidc_client_id is not None


def serve(server: Flask, acting: Acting, settings: Settings) -> None:
    """Put the two addresses of single sign-on on ``server``, where the settings name a provider."""
    if not is_offered(settings):
        return
    server.session_interface = _Cookie()
    views = _Views(server, acting, settings)
    server.add_url_rule(SSO, "single_sign_on", views.leave)
    server.add_url_rule(SSO_BACK, "single_sign_on_back", views.come_back)


class _Cookie(SecureCookieSessionInterface):
    """The short-lived cookie of the way to the provider and back; over TLS it never travels in clear."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure


class _Views:
    def __init__(self, server: Flask, acting: Acting, settings: Settings) -> None:
        self._acting, self._issuer = acting, str(settings.oidc_issuer).rstrip("/")
        self._provider = OAuth(server).register(
            "provider", server_metadata_url=f"{self._issuer}/.well-known/openid-configuration", client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": LIMIT_S},
        )  # fmt: skip

    def leave(self) -> AnyResponse:
        """Send the browser to the provider."""
        session["next"] = back(request.args.get("next"))
        try:
            gone: AnyResponse = self._provider.authorize_redirect(url_for("single_sign_on_back", _external=True))
        except (AuthlibBaseError, RequestException):
            return _refused(t("The sign-on service cannot be reached. Try again, or sign in with a password."), 503)
        return gone

    def come_back(self) -> AnyResponse:
        """Take back who the provider vouches for."""
        try:
            claims = self._provider.authorize_access_token()["userinfo"]
        except (AuthlibBaseError, JoseError, RequestException, KeyError) as fault:
            return self._turn_away("?", type(fault).__name__, t("The sign-on service did not vouch for you. Try again."))
        identity = f"{claims['iss'].rstrip('/')} {claims['sub']}"
        with self._acting() as conn:
            names = people.rows(conn, "by_single_sign_on", identity=identity)
            if names:
                return self._enter(conn, names[0].name)
        said = t("No account here belongs to {identity}. Ask the security administrator.", identity=identity)
        return self._turn_away(identity, "no account", said)

    def _enter(self, conn: Connection, name: str) -> AnyResponse:
        found = people.account(conn, name)
        assert found is not None
        answer = go(session.pop("next", "/"))
        sessions.begin(conn, answer, found, second_factor=found.totp_sealed is None)
        people.note(conn, name, "signed_in", detail="single sign-on", address=request.remote_addr)
        return answer

    def _turn_away(self, who: str, why: str, said: str) -> AnyResponse:
        with self._acting() as conn:
            people.note(conn, who, "refused", detail=f"single sign-on: {why}", address=request.remote_addr)
        return _refused(said, 401)


def _refused(said: str, status: int) -> AnyResponse:
    return forms.notice(t("Not signed in"), "", said, forms.link(t("Back to signing in"), SIGN_IN), status)
