"""The page that carries the application: our files only, language and colour mode set before the first paint."""

import json
from html import escape
from typing import Any

from dash import Dash

from console.gate import theme
from console.i18n import language, t

VENDOR = "/assets/vendor"
SHELL = """<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="{theme}">
<head>
{metas}
<meta name="color-scheme" content="light dark">
<meta name="words" content="{words}">
<title>{title}</title>
<script src="/assets/mode.js"></script>
<link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
<link rel="stylesheet" href="{vendor}/bootstrap/bootstrap.min.css">
<link rel="stylesheet" href="{vendor}/bootstrap-icons/bootstrap-icons.min.css">
{css}
</head>
<body>
{app_entry}
<footer hidden>
{config}
{scripts}
{renderer}
</footer>
</body>
</html>"""


class Console(Dash):
    """Dash whose index page speaks the reader's language and starts in the reader's colour mode."""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        """Return the index page for this request."""
        said = {
            "lang": "en" if language() == "en" else "zh-CN", "theme": theme(), "vendor": VENDOR,
            "words": escape(json.dumps(browser_words(), ensure_ascii=False)),
            "title": escape(t("Social assistance watch")),
        }  # fmt: skip
        return SHELL.format_map(parts | said | {"metas": parts.get("metas", "")})


def browser_words() -> dict[str, str]:
    """Return the few words that are put together in the browser; {names} are filled in there."""
    return {
        "red": t("Red card"), "yellow": t("Yellow card"), "notice": t("Notice"), "cleared": t("Cleared"),
        "gone": t("No longer holds, cleared by itself"), "waiting": t("{n} new, show them"),
        "now": t("just now"), "seconds": t("{n} s ago"), "minutes": t("{n} min ago"), "hours": t("{n} h ago"),
        "days": t("{n} d ago"), "eye": t("event to screen p95 {s} s"), "live": t("Live"), "paused": t("Paused"),
        "lost": t("Link lost"), "connecting": t("Connecting"), "ended": t("Signed out"),
        "lost_since": t("The link to the server is lost since {at}. What you see is as it was then; it catches up by itself."),
        "session_ended": t("The session ended at {at}. What you see is as it was then. Load the page again to sign in."),
    }  # fmt: skip
