"""The tables of page Procedure: ways taken, applications, places, programmes, units. Every number opens as many applications."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from console import format as shown
from console import words
from console.answering import Asked
from console.i18n import t, tn
from console.parts import panel, states
from console.parts.flow import opens
from console.queries import procedure, regions
from console.queries.procedure import Line, Variant
from console.url import Filters

PATH, MOST_SHOWN = "/procedure", 12
FAULTS = ("broken", "skipped", "reversed", "repeated", "backdated", "late", "unknown")


def step(code: str) -> str:
    """Return the word for a step."""
    return words.word(words.STAGE_CODE, code)


def listed(asked: Asked) -> Filters:
    """Return what the lists heed: place, programme, time and unit."""
    return asked.filters.scope().but(unit=asked.filters.unit)


def variants_of(asked: Asked) -> list[Variant]:
    """Return the ways taken, the most frequent first."""
    return procedure.variants(asked.conn, procedure.asked(asked.filters, asked.now))


def _none() -> html.Div:
    return states.empty(t("No application here."), t("Choose a wider place, a longer time or all programmes."))


def tell_variants(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the most frequent ways; the rest is one line."""
    found = variants_of(asked)
    if not found:
        return [t("No way was taken."), _none(), None]
    every, scope = sum(one.n for one in found), listed(asked)
    told = alike(found)
    top, rest = told[:MOST_SHOWN], told[MOST_SHOWN:]
    share, whole = shown.share(sum(way.n for way in top) / every), shown.count(every)
    say = tn("{n} way; the first {top} cover {share} of {all} applications.",
             "{n} ways; the first {top} cover {share} of {all} applications.", len(told), top=len(top),
             share=share, all=whole)  # fmt: skip
    rows = [_way(way, every, scope) for way in top]
    if rest:
        n, late = sum(way.n for way in rest), sum(way.n_late for way in rest)
        said = tn("{n} other way", "{n} other ways", len(rest))
        rows.append(html.Tr([html.Td(said), html.Td(""), *_numbers(shown.count(n), n / every, late / n)]))
    note = states.cut(len(found), len(found) + 1) if len(found) >= procedure.MOST_VARIANTS else None
    return [say, note, panel.table([t("Way"), t("Beside the path"), t("Cases"), t("Share"), t("Late")], rows, numbers=3)]


@dataclass(frozen=True)
class Way:
    """Variants that look the same: the same steps judged the same, whatever path they belong to."""

    ids: str
    like: Variant
    n: int
    n_late: int


def alike(found: list[Variant]) -> list[Way]:
    """Return ways that look the same as one, the most frequent first."""
    ways: dict[Any, list[Variant]] = defaultdict(list)
    for one in found:
        ways[one.fits, *map(tuple, (one.trace, one.skipped, one.reversed, one.repeated))].append(one)
    told = [Way("-".join(str(one.variant_id) for one in same), same[0], sum(one.n for one in same), sum(one.n_late for one in same))
            for same in ways.values()]  # fmt: skip
    return sorted(told, key=lambda way: -way.n)


def _way(way: Way, every: int, scope: Filters) -> html.Tr:
    number = opens(way.n, scope, f"variant:{way.ids}", PATH)
    return html.Tr([html.Td(steps_of(way.like.trace), className="wrap"), html.Td(wrong_of(way.like), className="wrap"),
                    *_numbers(number, way.n / every, way.n_late / way.n)])  # fmt: skip


def _numbers(number: Any, share: float, late: float) -> list[html.Td]:
    return [html.Td(one, className="n") for one in (number, shown.share(share), shown.share(late))]


def steps_of(trace: list[str]) -> str:
    """Return a way as the words of its steps."""
    return " → ".join(map(step, trace)) or t("no step on record")


def wrong_of(one: Any) -> str:
    """Say what a way is beside its path."""
    if one.fits is None:
        return t("unknown")
    said = [(t("skipped"), one.skipped), (t("too early"), one.reversed), (t("repeated"), one.repeated)]
    wrong = t("; ").join(name + t(": ") + t(", ").join(map(step, codes)) for name, codes in said if codes)
    return wrong or t("keeps to the path")


def tell_cases(asked: Asked) -> list[Any]:
    """Return sentence, note and the applications a number opened; those that left the path where none was asked for."""
    course = asked.filters.course or "broken"
    n, rows = procedure.cases(asked.conn, procedure.asked(asked.filters, asked.now), course, variants_of(asked))
    say = tn("{n} application: {what}.", "{n} applications: {what}.", n, what=meaning(course))
    if not rows:
        advice = t("Choose another number, a wider place or a longer time.")
        return [say, states.empty(t("No application of this kind here."), advice), None]
    places = regions.places(asked.conn, [row.region_code for row in rows])
    units = regions.units(asked.conn, [row.unit_code for row in rows])
    names = [t("Application"), t("Begun"), t("Place"), t("Unit"), t("Programme"), t("Way"), t("Beside the path"), t("Late")]
    note = states.cut(len(rows), n) if n > len(rows) else None
    return [say, note, panel.table(names, [_case(row, places, units) for row in rows])]


def _case(row: Any, places: dict[str, Any], units: dict[str, str]) -> html.Tr:
    place = places[row.region_code].full if row.region_code in places else row.region_code
    wrong = wrong_of(row) + (t("; ") + t("entered afterwards") if row.backdated else "")
    return html.Tr([
        html.Td(dcc.Link(shown.short_key(row.application_id), href=f"/dossier/application/{row.application_id}", className="all")),
        html.Td(shown.day(row.begun_at)), html.Td(place), html.Td(units.get(row.unit_code or "", row.unit_code)),
        html.Td(programme_of(row.programme, row.path)), html.Td(steps_of(row.trace), className="wrap"),
        html.Td(wrong, className="wrap"), html.Td(t("late") if row.late else ""),
    ])  # fmt: skip


def programme_of(programme: str | None, path: str | None) -> str:
    """Return a programme and its path in words."""
    return " · ".join(filter(None, (words.word(words.PROGRAMME, programme), words.value(path or ""))))


def meaning(course: str) -> str:
    """Say what the applications listed have in common."""
    kind, _, which = course.partition(":")
    steps = " → ".join(map(step, which.split("-"))) if which and kind != "variant" else ""
    said = {
        "all": t("all"), "broken": t("left the prescribed path"), "unknown": t("no step on record, or no path prescribed"),
        "backdated": t("steps entered afterwards"), "late": t("a card for being late"), "skipped": t("a step skipped"),
        "reversed": t("a step too early"), "repeated": t("a step repeated"), "variant": t("this way"),
        "step": t("took the step"), "edge": t("went this way between steps"),
    }[kind]  # fmt: skip
    return f"{said} ({steps})" if steps else said


def parent_of(asked: Asked) -> str:
    """Return the place whose parts are compared."""
    return regions.here(asked.conn, asked.filters.region)


def tell_places(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the places one level below."""
    def means(line: Line) -> tuple[str, Filters]:
        return line.name or line.key or "", listed(asked).but(region=line.key)

    return _told(asked, "place", t("Place"), means, parent_of(asked))


def tell_units(asked: Asked) -> list[Any]:
    """Return sentence, note and table of units."""
    def means(line: Line) -> tuple[str, Filters | None]:
        return line.name or line.key or t("no unit named"), listed(asked).but(unit=line.key) if line.key else None

    return _told(asked, "unit", t("Unit"), means)


def tell_programmes(asked: Asked) -> list[Any]:
    """Return sentence, note and table of programmes and their paths; a path has no address, so these numbers open nothing."""
    return _told(asked, "programme", t("Programme"), lambda line: (programme_of(line.key, line.name), None))


def _told(asked: Asked, by: str, name: str, means: Any, parent: str = "") -> list[Any]:
    found = procedure.lines(asked.conn, procedure.asked(asked.filters, asked.now), by, parent)
    if not found:
        return [t("Nothing to compare."), _none(), None]
    worst = next((line for line in found if line.fit_share is not None), None)
    say = t("How many keep to their paths is unknown.")
    if worst:
        say = t("Least often to the path: {name} ({share}).", name=means(worst)[0], share=shown.share(worst.fit_share))
    names = [name, t("Applications"), t("Keep to the path"), t("Left the path"), t("A step skipped"), t("A step too early"), t("Repeated"),
             t("Entered afterwards"), t("Late"), t("unknown")]  # fmt: skip
    note = states.cut(len(found), found[0].of) if found[0].of > len(found) else None
    return [say, note, panel.table(names, [_line(line, *means(line)) for line in found], numbers=9)]


def _line(line: Line, name: str, inside: Filters | None) -> html.Tr:
    def number(n: int, course: str) -> html.Td:
        return html.Td(opens(n, inside, course, PATH) if inside else shown.count(n), className="n")

    return html.Tr([
        html.Td(dcc.Link(name, href=inside.href(PATH), className="all") if inside else name), number(line.n, "all"),
        html.Td(shown.share(line.fit_share) if line.fit_share is not None else t("unknown"), className="n"),
        *(number(getattr(line, fault), fault) for fault in FAULTS),
    ])  # fmt: skip
