"""The one gate every request passes: whose it is, and in which language it is answered.

Sign-in and roles come in here: ``admit`` is the only before_request function of the console.
"""

from dataclasses import dataclass

from flask import Flask, Response, g, has_request_context, request

from console.i18n import LANGUAGES, speak

LANGUAGE, THEME = "lang", "theme"  # names of the cookies; not secret, readable by the page
YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True)
class User:
    """Who is looking. Until sign-in exists there is one, who may read everything."""

    name: str


def user() -> User:
    """Return whose request this is. Dash also calls layouts once at start, with no request at all."""
    return getattr(g, "user", NOBODY) if has_request_context() else NOBODY


NOBODY = User("")


def theme() -> str:
    """Return the colour mode of this browser."""
    return "dark" if request.cookies.get(THEME) == "dark" else "light"


def guard(server: Flask) -> None:
    """Let every request of ``server`` pass through the gate."""

    @server.before_request
    def admit() -> None:
        g.user = NOBODY
        speak(_wanted_language())

    @server.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get(LANGUAGE)
        if asked in LANGUAGES:
            response.set_cookie(LANGUAGE, asked, max_age=YEAR_S, samesite="Lax")
        return response


def _wanted_language() -> str | None:
    """Return the language in the address, else the remembered one."""
    asked = request.args.get(LANGUAGE)
    return asked if asked in LANGUAGES else request.cookies.get(LANGUAGE)
