"""No words reach people past the catalogue: what stands in a place that is shown goes through ``t``, ``tn`` or ``marked``.

The places are read from the source: children and titles of components, the words of the parts and forms that draw them, plain answers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.console.test_words import CONSOLE, SAYING

#: Calls whose arguments at these places are shown; any component shows its first.
SHOWN = {
    "make_response": (0,), "abort": (1,), "field": (1,), "area": (1,), "tick": (1,), "select": (1,), "choices": (1,), "link": (0,), "button": (0,), "page": (0, 3),
    "notice": (0, 1, 2), "empty": (0, 1, 2), "unreported": (0,), "stale": (0,), "advice": (0,), "silent": (0,), "panel": (0, 1), "chart_panel": (1,), "head": (0, 1),
    "tag": (1,), "Column": (0,), "Tile": (0, 1, 2),
}  # fmt: skip
ATTRIBUTES = {"title", "children", "placeholder", "alt", "label", "aria-label", "headerName", "text", "name_shown", "advice", "fault"}
COMPONENTS = {"html", "dcc", "dbc"}
#: Names, the same in every language.
NAMES = {"aidwatch", "TEST", "PNG", "CSV", "XLSX", "PDF", "EN", "English", "中", "中文", "Word", "p95", "SQL"}
WORD = re.compile(r"[A-Za-z][A-Za-z0-9]+|[\u4e00-\u9fff]+")
MARKUP = re.compile(r"<[^>]*>|<[^>]*$|^[^<>]*>|{[^}]*}")
SENTENCE = re.compile(r"^[A-Z][a-z]+(,? [a-z]+)+\b")


def literals(node: ast.AST | None) -> Iterator[ast.Constant]:
    """The strings an expression may turn out as, or be put together from; what is called or looked up is not looked into."""
    match node:
        case ast.Constant(value=str()):
            yield node
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            for part in parts:
                yield from literals(part)
        case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
            yield from literals(one)
            yield from literals(other)


def places(call: ast.Call) -> Iterator[ast.AST]:
    """What of a call's arguments is shown."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            wanted = (0,) if module in COMPONENTS else SHOWN.get(name, ())
        case ast.Attribute(attr=name) | ast.Name(id=name):
            wanted = SHOWN.get(name, ())
        case _:
            wanted = ()
    if isinstance(call.func, ast.Name) and call.func.id == "Markup" and call.args:  # what has no tag is an attribute
        yield from (one for one in literals(call.args[0]) if "<" in str(one.value))
    yield from (call.args[n] for n in wanted if n < len(call.args))
    for word in call.keywords:
        if word.arg in ATTRIBUTES:
            yield word.value


def sayings(tree: ast.AST) -> set[int]:
    """The strings that are translated, and those that stand alone: docstrings."""
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in SAYING]
    alone = [one.value for one in ast.walk(tree) if isinstance(one, ast.Expr)]
    return {id(text) for one in (*(arg for call in calls for arg in call.args), *alone) for text in literals(one)}


def bare(source: str) -> list[str]:
    """The words of a module that people would see in English whatever they speak."""
    tree = ast.parse(source)
    said, found = sayings(tree), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += [text for place in places(node) for text in literals(place)]
        if isinstance(node, ast.Dict):
            shown = [value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant) and key.value in ATTRIBUTES - {"text", "label"}]
            found += [text for value in shown for text in literals(value)]
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SENTENCE.match(node.value):
            found.append(node)
    texts = {id(one): MARKUP.sub(" ", str(one.value)) for one in found if id(one) not in said}
    return [text for text in texts.values() if set(WORD.findall(text)) - NAMES]


#: Both languages at once, because nobody knows who will read it; names of fonts.
BOTH = {"evidence/verify.py", "letters/word.py"}


def test_every_word_on_a_page_is_said_in_the_language_of_its_reader() -> None:
    found = {path.relative_to(CONSOLE).as_posix(): bare(path.read_text(encoding="utf-8")) for path in sorted(CONSOLE.rglob("*.py"))}
    assert {path: words for path, words in found.items() if words and path not in BOTH} == {}


@pytest.mark.parametrize("source", [
    'html.Div("Sources")', 'html.Div([icon("x"), " ", "late"])', 'html.Button(name, title="Close")', 'html.Div(id="x", **{"aria-label": "Pages"})',
    'make_response("Sign in first.", 401)', 'states.empty(t("None."), "Look elsewhere")', 'html.B(f"{n} late" if n else "")', 'forms.field("a", "Account", "text", "off")',
    'say = "Nothing was found"', 'panel("Money", t("x"))', 'Markup("<p class=\'x\'>Hello {name}</p>")', '{"headerName": "Card"}',
])  # fmt: skip
def test_a_bare_word_is_found(source: str) -> None:
    assert bare(source)


@pytest.mark.parametrize("source", [
    'html.Div(t("Sources"), id="sources", className="rows places")', 'html.Div([" · ", f"{n:,}"])', 'dcc.Link(t("Home"), href="/data", className="chip")',
    '"""Say what a module does."""', 'make_response(t("No."), 403)', 'Markup(\'<p class="form-below"><a href="{}">{}</a></p>\')', 'TITLE = marked("Nothing was found")',
])  # fmt: skip
def test_what_is_translated_or_no_word_is_left_alone(source: str) -> None:
    assert bare(source) == []
