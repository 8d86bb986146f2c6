"""index.html of a package: the finding as the console shows it, and what was done so that it can be checked."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup

from console import format as shown
from console.answering import Asked
from console.evidence.ledger import Proof
from console.evidence.printed import printed
from console.gate import viewer
from console.i18n import language, t
from console.pages import finding as finding_page
from console.queries.dossier import Finding

ASSETS = Path(__file__).parents[2] / "assets"
_DARK = re.compile(r"\[data-bs-theme=dark\]\{(.*?)\}", re.DOTALL)
_PAGE = Markup("""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body><main>
<header class="made"><b>{title}</b><p>{made}</p><p>{key} <span class="hash">{fingerprint}</span></p></header>
{body}
<section class="panel check"><h2>{check}</h2><ul>{advice}</ul></section>
</main></body>
</html>
""")


def index(asked: Asked, finding: Finding, proof: Proof, fingerprint: str) -> str:
    """Return the page: readable in either colour mode, in print, and without any network."""
    advice = Markup().join(Markup("<li>{}</li>").format(line) for line in _advice(proof))
    return _PAGE.format(
        lang="en" if language() == "en" else "zh-CN", title=t("Evidence package"), style=Markup(_style()), made=_made(asked, finding),
        key=t("Fingerprint of the key that signed this package:"), fingerprint=fingerprint,
        body=printed(finding_page.dossier_of(asked, finding)), check=t("How to check this package"), advice=advice,
    )  # fmt: skip


def _made(asked: Asked, finding: Finding) -> str:
    return t("Finding {id}, as of {at}, taken out by {who}.", id=finding.finding_id, at=shown.second(asked.now), who=viewer().display_name)


def _advice(proof: Proof) -> list[str]:
    withheld = sum("withheld" in event for event in proof.events)
    said = [
        t("Run python3 verify.py in this folder. It needs nothing but Python 3.8 or newer, and no network."),
        t("Compare the fingerprint with the one the authority shows or has published; only then is it known who signed."),
        t("events.ndjson holds the events of the ledger ({n}), chain.ndjson the batches they came in.", n=f"{len(proof.events):,}"),
    ]
    if withheld:
        said.append(t("Events that tell a full birth date ({n}) are given without it: only their place in the chain can be checked.",
                      n=withheld))  # fmt: skip
    if proof.cut:
        said.append(t("The subject has more events than a package holds: the first {n} are in it.", n=f"{len(proof.events):,}"))
    return said


def _style() -> str:
    """The console's tokens and parts; the dark ones by the wish of the reader's system, because nothing here can be pressed."""
    tokens = (ASSETS / "10-tokens.css").read_text(encoding="utf-8")
    tokens = _DARK.sub(r"@media screen and (prefers-color-scheme:dark){:root{\1}}", tokens)
    parts = (ASSETS / "40-parts.css").read_text(encoding="utf-8")
    return tokens + parts + Path(__file__).with_name("index.css").read_text(encoding="utf-8")
