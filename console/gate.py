"""The one gate every request passes: whose it is, whether it may come in, and in which language it is answered.

``admit`` is the only before_request function of the console, and turns everybody away who is not let in by name.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, g, has_request_context, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from console.auth import sessions
from console.auth.paths import OPEN, SIGN_IN, SIGN_OUT, START, WHERE
from console.auth.sessions import Acting
from console.i18n import LANGUAGES, speak, t
from console.shared import forget_all
from sql.people import Viewer

LANGUAGE, THEME = "lang", "theme"  # names of the cookies; not secret, readable by the page
YEAR_S = 365 * 24 * 3600
SAFE = ("GET", "HEAD", "OPTIONS")
NOBODY = Viewer("", "", frozenset(), ())


def viewer() -> Viewer:
    """Return whose request this is. Dash also calls layouts once at start, with no request at all."""
    return getattr(g, "viewer", NOBODY) if has_request_context() else NOBODY


def theme() -> str:
    """Return the colour mode of this browser."""
    return "dark" if request.cookies.get(THEME) == "dark" else "light"


def guard(server: Flask, acting: Acting) -> None:
    """Let every request of ``server`` pass through the gate."""

    @server.before_request
    def admit() -> AnyResponse | None:
        speak(_wanted_language())
        g.viewer = NOBODY
        if request.method not in SAFE and not is_from_here():
            return make_response(t("This request comes from another site."), 403)
        if request.path.startswith(OPEN):
            return None
        g.viewer = sessions.viewer(acting, renew=not request.path.startswith("/_dash")) or NOBODY
        return _turned_away(g.viewer)

    @server.after_request
    def remember(response: Response) -> Response:
        if request.method not in SAFE and not request.path.startswith("/_dash"):
            forget_all()
        asked = request.args.get(LANGUAGE)
        if asked in LANGUAGES:
            response.set_cookie(LANGUAGE, asked, max_age=YEAR_S, samesite="Lax")
        return response


def _turned_away(who: Viewer) -> AnyResponse | None:
    """Return where somebody must go first; None for who may come in."""
    wanted = SIGN_IN if who is NOBODY else WHERE[who.owes] if who.owes else None
    start = next((path for right, path in START.items() if who.may(right)), "/")
    if wanted is None and request.path == "/" != start:  # whose work is elsewhere begins there
        return redirect(start, 303)
    if wanted is None or request.path == wanted or (request.path, request.method) == (SIGN_OUT, "POST"):
        return None
    if request.method != "GET" or request.path.startswith("/_dash"):
        return make_response(t("Sign in first."), 401)
    return redirect(f"{wanted}?{urlencode({'next': request.full_path.rstrip('?')})}", 303)


def is_from_here() -> bool:
    """Return whether a request that changes something comes from one of our own pages (Fetch metadata, else Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.host


def _wanted_language() -> str | None:
    """Return the language in the address, else the remembered one."""
    asked = request.args.get(LANGUAGE)
    return asked if asked in LANGUAGES else request.cookies.get(LANGUAGE)
