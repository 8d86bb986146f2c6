"""Files of events: NDJSON, a JSON array, one CloudEvent, or a table (CSV, XLSX) with a mapping.

Every event comes with the place where it stands in its file (a line, a row, an item), so that who sent it
can find what was refused.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BufferedReader, TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from monitors.errors import SupervisionError
from workers.changes import Translator
from workers.mapping import BoundTable, MappingError
from workers.mapping_file import load_mapping

TABLES = frozenset((".csv", ".csv.gz", ".xlsx"))
_SNIFFED = 50  #: lines looked at before a file that is no JSON as a whole is given up
Cells = list[str | None]


class UnreadableFileError(SupervisionError):
    """A file of which nothing can be taken."""


class Placed(NamedTuple):
    """An event, or what stands in its place: ``fault`` says why there is none."""

    place: str
    event: bytes
    fault: str | None = None


def read(path: Path, mapping: str | None = None) -> Iterator[Placed]:
    """Yield the events of a file in their order. Raises UnreadableFileError, MappingError, OSError."""
    if _kind(path) in TABLES:
        return _rows(path, mapping)
    if mapping is not None:
        raise UnreadableFileError(f"{path}: --mapping is for tables (CSV, also as .csv.gz, and XLSX); JSON already names its fields")
    return _json(path)


def _kind(path: Path) -> str:
    """What a file's name says it is: ".csv", ".csv.gz", ".xlsx", …"""
    return ".csv.gz" if path.name.lower().endswith(".csv.gz") else path.suffix.lower()


def _opened(path: Path) -> BufferedReader | gzip.GzipFile:
    return gzip.open(path) if _kind(path) == ".csv.gz" else path.open("rb")


def _json(path: Path) -> Iterator[Placed]:
    with path.open("rb") as file:
        head = list(islice((line for line in file if line.strip(b" \t\r\n\xef\xbb\xbf")), _SNIFFED))
    if not head:
        return
    if head[0].lstrip(b" \t\xef\xbb\xbf").startswith(b"["):
        yield from _array(path)
    elif any(map(_is_object, head)):
        yield from _lines(path)
    else:
        yield Placed("the file", _one(path))


def _array(path: Path) -> Iterator[Placed]:
    try:
        items = msgspec.json.decode(_text(path), type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise UnreadableFileError(f"{path}: is not a JSON array of events: {fault}") from None
    for n, item in enumerate(items, 1):
        yield Placed(f"item {n}", bytes(item))


def _lines(path: Path) -> Iterator[Placed]:
    with path.open("rb") as file:
        for n, line in enumerate(file, 1):
            if event := line.strip(b" \t\r\n\xef\xbb\xbf"):
                yield Placed(f"line {n}", event)


def _one(path: Path) -> bytes:
    body = _text(path)
    try:
        msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise UnreadableFileError(f"{path}: is neither NDJSON, a JSON array of events nor one event: {fault}") from None
    return body


def _text(path: Path) -> bytes:
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf")


def _is_object(line: bytes) -> bool:
    try:
        msgspec.json.decode(line.lstrip(b"\xef\xbb\xbf"), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _rows(path: Path, mapping: str | None) -> Iterator[Placed]:
    if mapping is None:
        raise UnreadableFileError(f"{path}: a table needs --mapping, which says what its columns mean")
    told = load_mapping(mapping)
    rows = iter(_xlsx(path, [table.table for table in told.tables]) if _kind(path) == ".xlsx" else _csv(path))
    name, header = next(rows, ("", []))
    names = [table.table for table in told.tables]
    table_name = name if name in names else names[0] if len(names) == 1 else _stem(path)
    translator = Translator(told, path.name)
    table = translator.bound(table_name, [str(cell or "").strip() for cell in header])
    if table is None:
        raise MappingError(
            told.file, table_name, "name", f"is not mapped; name the file after one of {', '.join(names)}"
        )
    yield from _translated(translator, table, (cells for _, cells in rows), _changed_at(path))


def _translated(translator: Translator, table: BoundTable, rows: Iterable[Cells], at: datetime) -> Iterator[Placed]:
    width = len(table.columns)
    for n, cells in enumerate(rows, 2):
        if not any(cells):
            continue
        values = [*cells, *[None] * (width - len(cells))][:width]
        for one in table.all:
            if one.is_carried(values):
                translator.faults.clear()
                event = translator.of_row(one, values, at)
                yield Placed(f"row {n}", event or b"", "; ".join(translator.faults) if event is None else None)


def _stem(path: Path) -> str:
    return path.name[: -len(_kind(path))]


def _changed_at(path: Path) -> datetime:
    """The time of rows that have none of their own: the file's, so that reading it again brings the same events."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _csv(path: Path) -> Iterator[tuple[str, Cells]]:
    """UTF-8, or GB 18030 as office programs write it here."""
    with _opened(path) as file:
        sample = file.read(2**20)
    try:
        sample[: sample.rfind(b"\n") + 1].decode("utf-8")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "gb18030"
    with _opened(path) as file, TextIOWrapper(file, encoding=encoding, errors="replace", newline="") as text:
        for row in csv.reader(text):
            yield _stem(path), [cell or None for cell in row]


def _xlsx(path: Path, names: Sequence[str]) -> Iterator[tuple[str, Cells]]:
    """The sheet that carries the name of a mapped table, else the first one."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as fault:  # the library lets through whatever zip and XML have to say
        raise UnreadableFileError(f"{path}: is not an XLSX workbook: {type(fault).__name__}") from fault
    try:
        sheet = next((book[name] for name in names if name in book.sheetnames), book.worksheets[0])
        for row in chain(sheet.iter_rows(values_only=True)):
            yield sheet.title, [_cell(value) for value in row]
    finally:
        book.close()


def _cell(value: object) -> str | None:
    """Return a cell as the text a CSV file would hold."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
