"""Findings as a file: the same rows as the list, with the question printed on top."""

import csv
import io
import re
from datetime import datetime
from typing import Any

from flask import Flask, Response, request

from console import format as shown
from console.answering import Asked, Reading, may
from console.i18n import t
from console.parts.filter_bar import described
from console.parts.grid import cells, columns
from console.queries import data, findings, regions
from console.sentences import total
from console.url import SHANGHAI, parse

FORMULA = re.compile(r"^[\s]*[=+\-@\t\r|]")


def safe(cell: Any) -> str:
    """Return a cell that no spreadsheet will take for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if FORMULA.match(text) else text


def written(asked: Asked) -> str:
    """Return the file: as of, filters, sum, then the rows in the order of the list."""
    question = findings.asked(asked.filters, asked.now)
    sums = findings.totals(asked.conn, question)
    found = findings.page(asked.conn, question, start=0, end=findings.MOST_EXPORTED)
    named = regions.places(asked.conn, [*(row.region_code for row in found), asked.filters.region])
    region = named[asked.filters.region].full if asked.filters.region in named else asked.filters.region
    head = [(t("As of"), shown.second(asked.now)), *described(asked.filters, region),
            (t("Sum"), total(sums.n, sums.amount_fen, sums.n_no_amount))]  # fmt: skip
    if sums.n > len(found):
        head.append(
            (
                t("Cut"),
                t("First {shown} of {all}: narrow the filter or export.", shown=f"{len(found):,}", all=f"{sums.n:,}"),
            )
        )
    return _text([*head, ()], [_row(row, named) for row in found])


def _row(row: findings.Row, named: dict[str, regions.Named]) -> dict[str, Any]:
    amount = "" if row.amount_at_risk_fen is None else f"{row.amount_at_risk_fen / 100:.2f}"
    shown_row = cells(row, named)
    return shown_row | {"amount": amount, "opened": shown_row["opened_minute"]}


def _text(head: list[Any], rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([[safe(cell) for cell in line] for line in head])
    fields = [
        ("rule", t("Rule")),
        *((column["field"], column["headerName"]) for column in columns()),
        ("subject_key", t("Key")),
        ("finding_id", t("Finding number")),
    ]
    writer.writerow([name for _, name in fields])
    writer.writerows([[safe(row.get(field)) for field, _ in fields] for row in rows])
    return out.getvalue()


def file_name(at: datetime) -> str:
    """Return a name that says when the rows held."""
    return f"findings-{at.astimezone(SHANGHAI):%Y%m%d-%H%M%S}.csv"


def serve(server: Flask, reading: Reading) -> None:
    """Offer the export of any question at /findings.csv."""

    @server.get("/findings.csv")
    def findings_csv() -> Response:
        if not may(("export",)):
            return Response(t("This page is not for your role."), 403, mimetype="text/plain; charset=utf-8")
        with reading() as conn:
            asked = Asked(conn, "/findings", parse(request.query_string.decode()), data.now(conn))
            body = "\ufeff" + written(asked)
        name = file_name(asked.now)
        return Response(
            body, mimetype="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
