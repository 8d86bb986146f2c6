"""The packages of all findings of a short list, or of a sample, in one file: each whole by itself, and one signed list over all of them."""

from __future__ import annotations

import io
import zipfile
from typing import IO

from console.answering import Asked
from console.auth.sessions import Sealing
from console.evidence import package, verify
from console.files import xlsx_file
from console.gate import viewer
from console.pages import findings as page
from console.pages import findings_sheet
from console.queries import dossier, findings

MOST = page.MOST_EVIDENCE


def write(asked: Asked, keys: Sealing, out: IO[bytes]) -> int | None:
    """Write the packages of what answers the question as a zip; return how many. None, and nothing written: they are more than MOST."""
    question = findings.asked(asked.filters, asked.now)
    rows = findings.page(asked.conn, question, end=MOST + 1)
    if len(rows) > MOST:
        return None
    members = {
        "README.txt": (package.HERE / "COLLECTION.txt").read_bytes(), "findings.xlsx": _list(asked),
        "verify.py": (package.HERE / "verify.py").read_bytes(), verify.KEY: keys.public_key,
    }  # fmt: skip
    folders = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for finding in filter(None, (dossier.one(asked.conn, row.finding_id) for row in rows)):
            folders.append(folder := f"{finding.rule}-{finding.finding_id}")
            members |= {f"{folder}/{name}": body for name, body in package.made(asked, finding, keys)[1].items()}
        told = {"package": "aidwatch evidence list 1", "packages": folders}
        for name, body in {**members, **package.sealed(asked, told, members, keys)}.items():
            file.writestr(name, body)
    return len(folders)


def _list(asked: Asked) -> bytes:
    sheet, out = findings_sheet.sheet(asked, MOST), io.BytesIO()
    xlsx_file.write(sheet, sheet.printed_head(MOST, viewer().display_name), out)
    return out.getvalue()
