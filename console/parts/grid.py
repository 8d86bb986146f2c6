"""The list of findings as a grid: blocks from the server, sorting by whitelisted columns only."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import dash_ag_grid as dag

from console import format as shown
from console import rulebook, words
from console.i18n import language, t
from console.queries.findings import Row
from console.queries.regions import Named

LOCALE = Path(__file__).parents[2] / "assets" / "vendor" / "ag-grid-locale" / "zh-CN.json"
BLOCK = 100


@cache
def _chinese() -> dict[str, str]:
    found: dict[str, str] = json.loads(LOCALE.read_text(encoding="utf-8"))
    return found


def grid(name: str) -> dag.AgGrid:
    """Return the empty grid; it asks for its rows itself."""
    return dag.AgGrid(
        id=name, rowModelType="infinite", columnDefs=columns(), getRowId="params.data.finding_id",
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True, "suppressMovable": True},
        dashGridOptions={
            "theme": "themeQuartz", "localeText": _chinese() if language() == "zh" else {}, "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 10, "infiniteInitialRowCount": 30, "rowBuffer": 20, "animateRows": False,
            "rowSelection": {"mode": "multiRow", "checkboxes": True, "headerCheckbox": False, "enableClickSelection": False},
            "selectionColumnDef": {"width": 40, "pinned": None}, "suppressCellFocus": False, "tooltipShowDelay": 400,
            "tabToNextCell": {"function": "leave(params)"},  # one stop on the way through the page; arrow keys move inside
        },
        style={"height": "100%", "minHeight": 320}, className="grid-box", dangerously_allow_code=False,
    )  # fmt: skip


def columns() -> list[dict[str, Any]]:
    """Return the columns; ids are keys of the whitelisted orders."""
    card, about, amount, stage = (100, 140, 120, 96) if language() == "zh" else (128, 170, 140, 130)
    return [
        {"field": "card", "headerName": t("Card"), "cellRenderer": "CardCell", "colId": "card", "width": card},
        {"field": "title", "headerName": t("What was found"), "cellRenderer": "RuleCell", "colId": "rule", "minWidth": 190, "flex": 3},
        {"field": "why", "headerName": t("Why"), "minWidth": 170, "flex": 4, "sortable": False, "tooltipField": "why"},
        {"field": "place", "headerName": t("Place"), "colId": "region", "width": 140, "tooltipField": "place"},
        {"field": "subject", "headerName": t("About"), "colId": "subject_kind", "width": about, "tooltipField": "subject_key"},
        {"field": "amount", "headerName": t("Amount at risk"), "colId": "amount", "width": amount, "type": "rightAligned"},
        {"field": "stage", "headerName": t("Stage"), "colId": "stage", "width": stage},
        {"field": "opened", "headerName": t("Opened at"), "colId": "opened", "width": 116, "tooltipField": "opened_minute"},
    ]  # fmt: skip


def cells(row: Row, places: dict[str, Named]) -> dict[str, Any]:
    """Return one finding as the grid shows it: the same words as the export."""
    kind = row.card or "cleared"
    place = places.get(row.region_code or "")
    stale = t("Unknown since {at}.", at=shown.minute(row.stale_since)) if row.stale_since else ""
    return {
        "finding_id": row.finding_id, "card": t(words.CARD[kind]), "card_kind": kind, "card_title": stale,
        "rule": row.rule, "title": rulebook.title(row.rule, row.subject_kind), "why": rulebook.why(row) or stale,
        "place": place.full if place else (row.region_code or ""), "subject_key": row.subject_key,
        "subject": f"{words.word(words.SUBJECT, row.subject_kind)} {shown.short_key(row.subject_key)}",
        "amount": shown.yuan(row.amount_at_risk_fen) if row.amount_at_risk_fen is not None else "",
        "stage": _stage(row), "opened": shown.day(row.opened_at),
        "opened_minute": shown.minute(row.opened_at),
    }  # fmt: skip


def _stage(row: Row) -> str:
    stage = words.word(words.STAGE, row.stage)
    return t("{stage}, silenced", stage=stage) if row.is_silenced else stage
