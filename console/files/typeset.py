"""Everything that becomes a PDF is set here: data goes in as JSON, never as markup; rare signs come from the machine's fonts."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import typst
from flask import Response

from console.i18n import t

FONTS = Path(__file__).parents[2] / "assets" / "vendor" / "noto-sans-sc"
_ALONE, _PATIENCE_S = threading.Lock(), 60.0  # 2,000 rows take 1.4 s and 250 MB: one at a time in each process


def pdf(template: Path, told: dict[str, Any]) -> bytes:
    """Return the PDF of a template, which reads ``told`` from ``sys.inputs.told``. Raises TimeoutError after a minute of waiting."""
    if not _ALONE.acquire(timeout=_PATIENCE_S):
        raise TimeoutError(f"other PDFs are being made since {_PATIENCE_S:.0f} s")
    try:
        made: Any = typst.compile(template, root=template.parent, font_paths=[FONTS], format="pdf",
                                  sys_inputs={"told": json.dumps(told, ensure_ascii=False)})  # fmt: skip
    finally:
        _ALONE.release()
    assert isinstance(made, bytes)
    return made


def busy(_error: TimeoutError) -> Response:
    """Return what somebody is told whose PDF would have waited too long."""
    said = t("Other PDFs are being made: take a CSV or XLSX, or try again in a minute.")
    return Response(said, 503, mimetype="text/plain; charset=utf-8")
