"""The plain pages of signing in: one form in the middle of the screen, no script."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, make_response
from markupsafe import Markup, escape

from console.gate import theme
from console.i18n import language, t

_PAGE = Markup("""<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/vendor/bootstrap/bootstrap.min.css">
<link rel="stylesheet" href="/assets/10-tokens.css">
<link rel="stylesheet" href="/assets/20-bridge.css">
<link rel="stylesheet" href="/assets/30-frame.css">
<link rel="stylesheet" href="/assets/60-forms.css">
</head>
<body class="form-page">
<main class="form-box">
<p class="form-brand">{brand}</p>
<h1>{heading}</h1>
{said}
<form method="post" action="{action}" autocomplete="on">
{fields}
<button type="submit" class="form-go">{go}</button>
</form>
{below}
<p class="form-language"><a href="?lang=zh" lang="zh-CN">中文</a> · <a href="?lang=en" lang="en">English</a></p>
</main>
</body>
</html>""")
_FIELD = Markup("""<label for="{name}">{label}</label>
<input id="{name}" name="{name}" type="{kind}" autocomplete="{fills}"{more} required>""")
NOTHING = Markup("")
_HIDDEN = Markup('<input type="hidden" name="{name}" value="{value}">')


def field(name: str, label: str, kind: str, fills: str, *, focus: bool = False, digits: bool = False, value: str = "") -> Markup:
    """Return one labelled input; ``fills`` is what a password manager may put there."""
    more = Markup(" autofocus") if focus else Markup("")
    more += Markup(' inputmode="numeric" maxlength="9"') if digits else Markup("")
    more += Markup(' value="{}"').format(value) if value else Markup("")
    return _FIELD.format(name=name, label=label, kind=kind, fills=fills, more=more)


def hidden(name: str, value: str) -> Markup:
    return _HIDDEN.format(name=name, value=value)


def page(heading: str, action: str, fields: Iterable[Markup], go: str, *, advice: str = "", fault: str | None = None,
         below: Markup = NOTHING, status: int = 200) -> Response:  # fmt: skip
    """Return a page with one form. ``fault`` is said as an alert above it, ``advice`` as a sentence."""
    said = Markup('<p class="form-advice">{}</p>').format(advice) if advice else Markup("")
    if fault:
        said += Markup('<p class="form-fault" role="alert">{}</p>').format(fault)
    brand = t("Social assistance watch")
    body = _PAGE.format(
        lang="en" if language() == "en" else "zh-CN", theme=theme(), title=f"{heading} · {brand}", brand=brand,
        heading=heading, action=action, said=said, fields=Markup("\n").join(fields), go=go, below=below,
    )  # fmt: skip
    return make_response(str(body), status)


def link(text: str, href: str) -> Markup:
    return Markup('<p class="form-below"><a href="{}">{}</a></p>').format(href, escape(text))


def button(text: str, action: str) -> Markup:
    """Return a second way out of the page: a form of its own with one button."""
    return Markup('<form method="post" action="{}" class="form-below"><button type="submit">{}</button></form>').format(action, text)
