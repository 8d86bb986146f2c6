"""Tables made ready: cells cleaned as the configuration says, empty ones unknown, columns made from others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date

import pandas as pd

from monitors.identifiers import citizen, normal_digits, normal_id_number, normal_name
from monitors.linkage import chinese
from monitors.linkage.errors import LinkageError


def _iso(text: str) -> str:
    """Return a date as YYYY-MM-DD; ValueError when it is none."""
    digits = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", text)
    if digits is None:
        raise ValueError(text)
    return date(int(digits[1]), int(digits[2]), int(digits[3])).isoformat()


def _iso_or_unknown(text: str) -> str:
    try:
        return _iso(text)
    except ValueError:
        return ""


def _checked(number: str) -> str:
    """Tell of an ID number whether its own check holds: ``valid``, ``wrong``."""
    return "valid" if citizen(normal_id_number(number), date.max).fault is None else "wrong"


#: cleaning step → what it does to a cell that is not empty; what is empty afterwards is unknown
STEPS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "squeeze": lambda text: " ".join(text.split()),
    "letters": lambda text: "".join(c for c in text if c.isalpha()),
    "letters_digits": lambda text: "".join(c for c in text if c.isalnum()),
    "digits": lambda text: "".join(c for c in text if c.isdigit()),
    "name": normal_name,
    "id_number": normal_id_number,
    "number": normal_digits,
    "check": _checked,
    "date": _iso,
    "date_or_unknown": _iso_or_unknown,
}
#: suffix of a made column → how it is made of the plain one
MADE: dict[str, Callable[[str], str]] = {
    "sound": chinese.sound, "near_sound": chinese.near_sound, "plain": chinese.plain, "look": chinese.look, "sorted": chinese.rearranged,
}  # fmt: skip


def cleaned(table: pd.DataFrame, where: str, clean: Mapping[str, tuple[str, ...]], make: Mapping[str, tuple[str, ...]],
            made: Iterable[tuple[str, str]]) -> pd.DataFrame:  # fmt: skip
    """Return the table with columns made and cleaned; the columns of ``made`` are called ``<column>__<suffix>``."""
    found = table.copy()
    for column, parts in make.items():
        found[column] = [" ".join(filter(None, values)) for values in zip(*(found[one] for one in parts), strict=True)]
    for column in found.columns:
        found[column] = _cells(found[column], where, ("half_width", *clean.get(str(column), ())))
    for column, suffix in dict.fromkeys(made):
        found[f"{column}__{suffix}"] = _mapped(found[column], MADE[suffix])
    return found.astype(object).where(found.notna() & (found != ""), None)


def cleaned_record(record: Mapping[str, str | None], clean: Mapping[str, tuple[str, ...]], make: Mapping[str, tuple[str, ...]],
                   made: Iterable[tuple[str, str]]) -> dict[str, str | None]:  # fmt: skip
    """Return one record as ``cleaned`` would, without the price of a table; ValueError where a step refuses a value."""
    found = {column: value or "" for column, value in record.items()}
    found |= {column: " ".join(filter(None, (found[one] for one in parts))) for column, parts in make.items()}
    for column, value in found.items():
        text = _half_width(value)
        for step in clean.get(column, ()):
            text = STEPS[step](text) if text else ""
        found[column] = text
    found |= {f"{column}__{suffix}": MADE[suffix](found[column]) for column, suffix in made}
    return {column: value or None for column, value in found.items()}


def _cells(cells: pd.Series, where: str, steps: tuple[str, ...]) -> pd.Series:
    for step in steps:
        act = _half_width if step == "half_width" else STEPS[step]
        try:
            cells = _mapped(cells, act)
        except ValueError:
            raise LinkageError(where, _bad(cells, act, step)) from None
    return cells


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _mapped(cells: pd.Series, act: Callable[[str], str]) -> pd.Series:
    """Apply a step to every different value once: names and places repeat."""
    return cells.map({value: act(value) if value else "" for value in cells.unique()})


def _bad(cells: pd.Series, act: Callable[[str], str], step: str) -> str:
    """Say which cell a step refuses. Rows are counted as in a spreadsheet, with the heading as row 1."""
    for row, value in enumerate(cells, start=2):
        try:
            act(value) if value else ""
        except ValueError:
            return f"row {row}, column `{cells.name}`: {value!r} is no {step}; mend it, or clean with `{step}_or_unknown`"
    raise AssertionError("a step that refused a value refuses it again")
