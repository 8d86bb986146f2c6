"""Files read back by programs that did not write them: pypdf always, LibreOffice in the long form where it is installed."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
with_office = pytest.mark.skipif(os.environ.get("AIDWATCH_PROVE") != "1" or OFFICE is None, reason="make prove, where LibreOffice is installed")


def plain(text: str) -> str:
    """A text without blanks, hyphens, dashes (pypdf loses some of those LibreOffice draws) and ligatures: where a line breaks does not matter."""
    return re.sub(r"[\s\-\u00ad\u2010\u2011\u2014]", "", unicodedata.normalize("NFKC", text))


def pages(pdf: bytes) -> list[str]:
    """The text of each page, made plain."""
    return [plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def printed(file: bytes, kind: str, at: Path) -> str:
    """What LibreOffice prints of a document or a workbook."""
    source = at / f"file.{kind}"
    source.write_bytes(file)
    assert OFFICE is not None
    command = [OFFICE, f"-env:UserInstallation={(at / 'profile').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", str(at), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return "".join(pages(source.with_suffix(".pdf").read_bytes()))
