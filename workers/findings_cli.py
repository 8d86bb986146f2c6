"""``aidwatch findings``: the same list as ``GET /api/v1/findings``, for a terminal, a script or a spreadsheet."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy
from pydantic import ValidationError

from monitors.errors import SupervisionError
from sql.settings import Settings
from workers.api_findings import Filters, read_page
from workers.api_services import reading_engine
from workers.explaining import LANGUAGES

FORMATS = ("table", "json", "csv")
_PAGE = 1000
_COLUMNS = (
    "id", "rule", "card", "ladder_card", "stale_since", "stage", "present", "subject_kind", "subject_key", "item", "opened_at",
    "card_since", "cleared_at", "region_code", "unit_code", "amount_at_risk_fen", "explanation",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  #: what makes a spreadsheet run a cell instead of showing it
_BEIJING = ZoneInfo("Asia/Shanghai")


class WrongFilterError(SupervisionError):
    """A filter that means nothing."""


def arguments(parser: argparse.ArgumentParser) -> None:
    for name in ("rule", "card", "stage"):
        parser.add_argument(f"--{name}", action="append", default=[], help="may be given several times")
    for name, purpose in (("subject-kind", None), ("subject-key", None), ("region", "a region code, with all below it"),
                          ("present", "true or false (default: both)"), ("since", "changed at or after (RFC 3339)")):  # fmt: skip
        parser.add_argument(f"--{name}", help=purpose)
    parser.add_argument("--limit", type=int, default=1000, help="at most so many; 0 for all (default: %(default)s)")
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help="of the explanations in table and csv")


def main(args: argparse.Namespace, settings: Settings) -> int:
    asked = _filters(args)
    engine = reading_engine(settings)
    try:
        with engine.connect() as conn:
            found = Found(conn, asked, args.limit)
            {"table": _table, "json": _json, "csv": _csv}[args.format](found, args.lang)
    finally:
        engine.dispose()
    if found.is_cut and args.format != "json":
        print(f"only the newest {args.limit}; --limit 0 shows all", file=sys.stderr)
    return 0


def _filters(args: argparse.Namespace) -> Filters:
    names = ("rule", "card", "stage", "subject_kind", "subject_key", "region", "present", "since")
    told = {name: value for name in names if (value := getattr(args, name)) not in (None, [])}
    try:
        return Filters(**told, limit=_PAGE)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise WrongFilterError(f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}") from None


class Found:
    """Findings page by page; ``is_cut`` when there are more than were asked for."""

    def __init__(self, conn: sqlalchemy.Connection, asked: Filters, limit: int) -> None:
        self._conn, self._asked, self._limit = conn, asked, limit
        self.as_of: Any = None
        self.is_cut = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        cursor, n = None, 0
        while True:
            page = read_page(self._conn, self._asked.model_copy(update={"cursor": cursor}))
            self.as_of, cursor = page["as_of"], page["next"]
            for one in page["items"]:
                if n == self._limit != 0:
                    self.is_cut = True
                    return
                yield one
                n += 1
            if cursor is None:
                return


def _json(found: Found, _lang: str) -> None:
    items = list(found)
    print(msgspec.json.encode({"as_of": found.as_of, "items": items, "cut": found.is_cut}).decode())


def _csv(found: Found, lang: str) -> None:
    out = csv.writer(sys.stdout)
    out.writerow(_COLUMNS)
    for one in found:
        cells = {**one, "explanation": one["explanation"][lang]}
        out.writerow([_inert(cells[name]) for name in _COLUMNS])


def _inert(value: Any) -> Any:
    text = value.isoformat() if hasattr(value, "isoformat") else value
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


def _table(found: Found, lang: str) -> None:
    n = 0
    for one in found:
        n += 1
        card = one["card"] or "cleared"
        opened = one["opened_at"].astimezone(_BEIJING)
        subject = f"{one['subject_kind']} {one['subject_key']} {one['item']}".rstrip()
        print(f"{card:8} {one['rule']:5} {opened:%Y-%m-%d %H:%M}  {one['region_code'] or '-':13} {subject}")
        print(f"{'':8} {one['explanation'][lang]}")
    print(f"{n} findings as of {found.as_of.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}")
