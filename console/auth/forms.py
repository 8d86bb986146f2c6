"""The plain pages of signing in: one form in the middle of the screen."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import Response, make_response, request
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
<script src="/assets/mode.js"></script>
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
{body}
{below}
<p class="form-language"><a href="{zh}" lang="zh-CN">中文</a> · <a href="{en}" lang="en">English</a></p>
</main>
</body>
</html>""")
_FORM = Markup("""{said}
<form method="post" action="{action}" autocomplete="on">
{fields}
<button type="submit" class="form-go">{go}</button>
{also}</form>""")
_ALSO = Markup('<button type="submit" name="act" value="{}" formtarget="_blank" class="form-also">{}</button>\n')
_FIELD = Markup("""<label for="{name}">{label}</label>
<input id="{name}" name="{name}" type="{kind}" autocomplete="{fills}"{more}>""")
NOTHING = Markup("")
_HIDDEN = Markup('<input type="hidden" name="{name}" value="{value}">')


SHORTEST, LONGEST = 4, 500  #: letters of a reason


def field(name: str, label: str, kind: str, fills: str, *, focus: bool = False, digits: bool = False, value: str = "",
          required: bool = True) -> Markup:  # fmt: skip
    """Return one labelled input; ``fills`` is what a password manager may put there."""
    more = Markup(" autofocus") if focus else Markup("")
    more += Markup(' inputmode="numeric" maxlength="9"') if digits else Markup("")
    more += Markup(' value="{}"').format(value) if value else Markup("")
    more += Markup(" required") if required else Markup("")
    return _FIELD.format(name=name, label=label, kind=kind, fills=fills, more=more)


def choices(name: str, label: str, options: Iterable[tuple[str, str, bool]]) -> Markup:
    """Return a group of boxes to tick: (value, text, ticked)."""
    boxes = Markup("").join(
        Markup('<label class="form-choice"><input type="checkbox" name="{}" value="{}"{}> {}</label>').format(
            name, value, Markup(" checked") if ticked else "", text)
        for value, text, ticked in options
    )  # fmt: skip
    return Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(label, boxes)


def area(name: str, label: str, value: str, *, required: bool = True) -> Markup:
    """Return a field for some sentences."""
    more = Markup(" required") if required else NOTHING
    return Markup('<label for="{0}">{1}</label>\n<textarea id="{0}" name="{0}" rows="4" maxlength="2000"{2}>{3}</textarea>').format(
        name, label, more, value)  # fmt: skip


def tick(name: str, label: str, ticked: bool) -> Markup:
    """Return one box to tick; ticked it says "yes"."""
    box = Markup('<label class="form-choice"><input type="checkbox" name="{}" value="yes"{}> {}</label>')
    return box.format(name, Markup(" checked") if ticked else NOTHING, label)


def select(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str | None = None, *, required: bool = True) -> Markup:
    """Return one choice out of several: (value, text)."""
    lines = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if value == chosen else "", text)
        for value, text in options
    )
    more = Markup(" required") if required else NOTHING
    return Markup('<label for="{0}">{1}</label>\n<select id="{0}" name="{0}"{3}>{2}</select>').format(name, label, lines, more)


def whose(name: str) -> Markup:
    """Return a field nobody sees, from which a password manager learns whose password this is."""
    return Markup('<input type="text" autocomplete="username" value="{}" hidden>').format(name)


def hidden(name: str, value: str) -> Markup:
    return _HIDDEN.format(name=name, value=value)


def page(  # noqa: PLR0913 – what a form is, named
    heading: str, action: str, fields: Iterable[Markup], go: str, *, advice: str = "", fault: str | None = None,
    below: Markup = NOTHING, status: int = 200, also: Iterable[tuple[str, str]] = (),
) -> Response:  # fmt: skip
    """Return a page with one form. ``fault`` is said as an alert above it, ``advice`` as a sentence.

    ``also`` names further buttons (value of ``act``, text), whose answer opens beside the page.
    """
    said = Markup('<p class="form-advice">{}</p>').format(advice) if advice else Markup("")
    if fault:
        said += Markup('<p class="form-fault" role="alert">{}</p>').format(fault)
    more = Markup("").join(_ALSO.format(value, text) for value, text in also)
    form = _FORM.format(said=said, action=action, fields=Markup("\n").join(fields), go=go, also=more)
    return make_response(str(_whole(heading, form, below)), status)


def _whole(heading: str, body: Markup, below: Markup) -> Markup:
    brand, lang = t("Social assistance watch"), "en" if language() == "en" else "zh-CN"
    switch = {to: f"?{urlencode({**request.args.to_dict(flat=False), 'lang': to}, doseq=True)}" for to in ("zh", "en")}
    said = {"title": f"{heading} · {brand}", "brand": brand, "heading": heading, "body": body, "below": below}
    return _PAGE.format(lang=lang, theme=theme(), **switch, **said)


def link(text: str, href: str) -> Markup:
    return Markup('<p class="form-below"><a href="{}">{}</a></p>').format(href, escape(text))


def button(text: str, action: str, **told: str) -> Markup:
    """Return a second way out of the page: a form of its own with one button, which tells ``told``."""
    fields = Markup("").join(hidden(name, value) for name, value in told.items())
    form = Markup('<form method="post" action="{}" class="form-below">{}<button type="submit">{}</button></form>')
    return form.format(action, fields, text)


def notice(heading: str, shown: str, advice: str, below: Markup, status: int = 200) -> Response:
    """Return a page without a form, which says something; ``shown`` is a value to be copied."""
    value = Markup('<p class="form-shown">{}</p>').format(shown) if shown else NOTHING
    said = value + Markup('<p class="form-advice">{}</p>').format(advice)
    return make_response(str(_whole(heading, said, below)), status)
