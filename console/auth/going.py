"""Where somebody goes on to after a form: to one of our own addresses, never elsewhere."""

from urllib.parse import urlsplit

from flask import redirect
from werkzeug.wrappers import Response


def back(wanted: str | None) -> str:
    """Return the address to go on to: one of ours, else the start. Nobody is sent elsewhere by a link."""
    parts = urlsplit((wanted or "/").replace("\\", "/"))
    ours = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("//")
    return parts.geturl() if ours else "/"


def go(wanted: str | None) -> Response:
    return redirect(back(wanted), 303)
