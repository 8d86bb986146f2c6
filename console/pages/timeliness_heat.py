"""Where steps take long: the matrix of steps and places, and the cases behind one of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from console import format as shown
from console import words
from console.answering import Asked
from console.files.serving import links
from console.i18n import t, tn, together
from console.pages.dossier import href as dossier_of
from console.parts import heat, panel, states
from console.parts.chart import blank
from console.queries import regions, steps
from console.queries.steps import WHOLE, Length
from console.url import Filters

PATH = "/timeliness"
DAYS = (2.0, 5.0, 10.0, 20.0, 30.0)  # working days; limits of the law are 3, 10, 15, 20 and 30 of them
SHARES = (0.0, 0.02, 0.05, 0.1, 0.2)


def measure_of(filters: Filters) -> str:
    """Return what the cells say."""
    return filters.measure or "median"


def told(one: Length, measure: str) -> str:
    """Return a value as a cell shows it."""
    value = one.measure(measure)
    if value is None:
        return ""
    return shown.share(value) if measure == "late" else shown.days(int(value))


@dataclass(frozen=True)
class Below:
    """Lengths by what lies one step down: places, or the units that took the steps. A key without a link is the place itself."""

    by: str
    found: list[Length]
    names: dict[str, str]
    filters: Filters

    def at(self, key: str) -> Filters | None:
        """Return the question one step down; None where it would hold more than this row: what lies in no smaller place."""
        if self.by == "unit":
            return self.filters.but(unit=key) if key else None
        return None if key in ("", self.filters.region) or self.names[key].startswith(ITSELF) else self.filters.but(region=key)


ITSELF = "\u200b"  # marks the name of a place passed on the way; it is not seen


def tell_heat(asked: Asked) -> list[Any]:
    """Return sentence, note, table, picture and legend of steps by place, at the end of the tree by unit."""
    below = below_of(asked)
    if not below.found:
        none = states.empty(t("No step of a case ended here in this time."), t("Choose a wider place, another programme or a longer time."))
        return [t("Nothing to measure."), [*_notes(asked, 0), none], None, blank(), None, t("Nothing to measure.")]
    measure = measure_of(asked.filters)
    matrix = _matrix(below, measure)
    say = _say(below, measure)
    sums = [told(steps.together(below.found, step), measure) for step, _ in matrix.columns]
    foot = [html.Td(t("All of these")), *(html.Td(value, className="n") for value in sums)]
    down = {key: at.but(said=None).href(PATH) for key in below.names if (at := below.at(key))}
    rows = heat.table(t("Unit") if below.by == "unit" else t("Place"), matrix, down, foot)
    return [say, _notes(asked, len(matrix.rows)), rows, heat.heat_map(matrix), heat.legend(_scale(measure)), say]


def below_of(asked: Asked) -> Below:
    """Look one step down: at places; in a place without any, or at one unit, at units."""
    if not asked.filters.unit:
        found = steps.lengths(asked.conn, asked.filters, asked.now, "region")
        codes = {one.key for one in found}
        if codes - {asked.filters.region, ""} or not asked.filters.region:
            named = regions.places(asked.conn, codes)
            own = {region.region_code for region in regions.path(asked.conn, asked.filters.region or _top(asked))}
            return Below("region", found, {code: _name(code, named, own) for code in codes}, asked.filters)
    found = steps.lengths(asked.conn, asked.filters, asked.now, "unit")
    units = regions.units(asked.conn, {one.key for one in found})
    return Below("unit", found, {one.key: units.get(one.key, one.key) or t("no unit named") for one in found}, asked.filters)


def _top(asked: Asked) -> str | None:
    top = regions.root(asked.conn)
    return top.region_code if top else None


def _name(code: str, named: dict[str, regions.Named], own: set[str]) -> str:
    name = named[code].name if code in named else code or t("no known place")
    return ITSELF + t("{place} itself", place=name) if code in own else name


def _matrix(below: Below, measure: str) -> heat.Matrix:
    weight, present = weights(below.found), {one.step for one in below.found}
    columns = [(code, t(name)) for code, name in words.STEP_OF_CASE.items() if code in present]
    rows = sorted(below.names.items(), key=lambda row: (-weight[row[0]], row[0]))
    cells = {(one.key, one.step): heat.Cell(one.measure(measure), told(one, measure), _opens(below, one, measure)) for one in below.found}
    return heat.Matrix(rows, columns, cells, SHARES if measure == "late" else DAYS)


def weights(found: list[Length]) -> dict[str, int]:
    """Return how many steps ended at each key."""
    weight: dict[str, int] = {}
    for one in found:
        weight[one.key] = weight.get(one.key, 0) + one.n
    return weight


def _opens(below: Below, one: Length, measure: str) -> str:
    """The cases behind one cell: of a share those that were late."""
    at, late = below.at(one.key), measure == "late"
    return at.but(step=one.step, left=None, due="late" if late else None, said=one.late if late else one.n).href(PATH) if at else ""


def _say(below: Below, measure: str) -> str:
    """Say how long the whole takes and where longest."""
    whole = steps.together(below.found, WHOLE)
    if not whole.n:
        return t("No case was decided here in this time; the steps that ended are below.")
    said = t("From acceptance to decision: median {median}, nine of ten within {p90} working days; {share} late.",
             median=shown.days(whole.working.quantile(0.5)), p90=shown.days(whole.working.quantile(0.9)),
             share=shown.share(whole.late_share))  # fmt: skip
    decided = [one for one in below.found if one.step == WHOLE and one.measure(measure) is not None]
    if len(decided) < 2:
        return said
    worst = max(decided, key=lambda one: one.measure(measure) or 0)
    return together(said, t("Highest: {place}, {value}.", place=below.names[worst.key].lstrip(ITSELF), value=told(worst, measure)))


def _scale(measure: str) -> list[str]:
    if measure == "late":
        return ["0 %", "≤ 2 %", "≤ 5 %", "≤ 10 %", "≤ 20 %", "> 20 %"]
    return [t("{range} days", range=n) for n in ("0–2", "3–5", "6–10", "11–20", "21–30", "> 30")]


def _notes(asked: Asked, rows: int) -> list[Any]:
    notes: list[Any] = []
    if since := steps.stale_since(asked.conn):
        notes.append(states.stale(t("A source of cases is late: steps that ended since may be missing."), since))
    if rows > heat.MOST_ROWS:
        notes.append(states.cut(heat.MOST_ROWS, rows))
    return notes


def tell_cases(asked: Asked) -> list[Any]:
    """Return sentence, note and table of the cases behind the step the address names."""
    if not asked.filters.step:
        return [t("Choose a number above: the cases it counts stand here, the slowest first."), None, None]
    found = steps.cases(asked.conn, asked.filters, asked.now)
    step = words.word(words.STEP_OF_CASE, asked.filters.step)
    if asked.filters.due == "late":
        step += t(", late")
    said = tn("{step}: {n} case.", "{step}: {n} cases.", found.n, step=step)
    if not found.n:
        none = states.empty(t("No case answers this question."), t("Choose a wider place, another programme or a longer time."))
        return [said, none, None]
    note = states.cut(len(found.rows), found.n) if found.n > len(found.rows) else None
    names = [t("Case"), t("Programme"), t("Place"), t("Unit"), t("From"), t("Until"), t("Working days"), t("Calendar days")]
    close = dcc.Link(t("Close this list"), href=asked.filters.but(step=None, due=None).href(PATH), className="chip quiet")
    files = links(PATH, asked.filters.but(rows="cases"), look="chip quiet")
    return [[said, " ", agrees(found.n, asked.filters.said), " ", close, *files], note, panel.table(names, _lines(asked, found), numbers=2)]


def agrees(n: int, said: int | None) -> html.Span | None:
    """Say whether a list has as many rows as the number that led to it."""
    if said is None:
        return None
    if n == said:
        return html.Span(t("✓ as many as the number said you came from"), className="agrees")
    return html.Span(t("The number you came from said {said}; it has changed since.", said=f"{said:,}"), className="agrees not")


def whereabouts(asked: Asked, rows: Sequence[Any]) -> Callable[[Any], list[html.Td]]:
    """Return what says the place and unit of a row, their names read once for all rows."""
    places = regions.places(asked.conn, {row.region_code for row in rows})
    units = regions.units(asked.conn, {row.unit_code for row in rows})

    def say(row: Any) -> list[html.Td]:
        place = places.get(row.region_code)
        return [html.Td(place.full if place else row.region_code), html.Td(units.get(row.unit_code, row.unit_code))]

    return say


def case_of(row: Any) -> html.Td:
    """Return the case of a row as the way to its dossier."""
    return html.Td(dcc.Link(row.application_id, href=dossier_of("application", row.application_id), className="all"))


def _lines(asked: Asked, found: steps.Cases) -> list[html.Tr]:
    where = whereabouts(asked, found.rows)
    return [html.Tr([
        case_of(row), html.Td(words.word(words.PROGRAMME, row.programme)), *where(row),
        html.Td(f"{words.word(words.STAGE_CODE, row.from_stage)} {shown.minute(row.from_at)}"), html.Td(shown.minute(row.at)),
        html.Td([html.Span(t("late"), className="late") if row.late else "", " ", shown.count(row.working_days)], className="n"),
        html.Td(shown.count(row.calendar_days), className="n"),
    ]) for row in found.rows]  # fmt: skip
