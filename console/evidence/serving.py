"""Where packages are handed out, and where the key they are signed with is shown."""

from __future__ import annotations

import tempfile

from dash import html
from flask import Flask, Response, current_app, request

from console.answering import Asked, Reading, may
from console.auth.sessions import Acting, Sealing
from console.evidence import collection, package
from console.files import serving
from console.i18n import t
from console.pages import findings
from console.pages.finding import PATH
from console.queries import data, dossier
from console.url import SHANGHAI, Filters, parse

KEY = "/evidence/public-key.pem"
_KEYS = "AIDWATCH_KEYS"  # of the application's config


def serve(server: Flask, reading: Reading, acting: Acting, keys: Sealing) -> None:
    """Offer the package of a finding beside its page, those of a list beside the list, and the public key."""
    server.config[_KEYS] = keys

    @server.get(f"{PATH}<finding_id>/evidence.zip")
    def evidence(finding_id: str) -> Response:
        if not may(("export",)):
            return serving.refused()
        out = tempfile.SpooledTemporaryFile(serving.IN_MEMORY)  # noqa: SIM115 – closed with the response
        with reading() as conn:
            finding = dossier.one(conn, finding_id[:64])
            if finding is None:
                out.close()
                return Response(t("There is no such finding, or it is outside your regions."), 404, mimetype="text/plain; charset=utf-8")
            asked = Asked(conn, f"{PATH}{finding.finding_id}", Filters(), data.now(conn))
            found = package.write(asked, finding, keys, out)
        said = f"{len(found.events)} events, {len(found.batches)} batches"
        serving.note(acting, "evidence_taken", about=asked.path, detail=said)
        name = f"evidence-{finding.rule}-{finding.finding_id}-{asked.now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}.zip"
        return serving.handed_out(out, name, "application/zip")

    @server.get(f"{findings.PATH}/evidence.zip")
    def evidence_of_all() -> Response:
        if not may(("export",)):
            return serving.refused()
        out = tempfile.SpooledTemporaryFile(serving.IN_MEMORY)  # noqa: SIM115 – closed with the response
        with reading() as conn:
            asked = Asked(conn, findings.PATH, parse(request.query_string.decode()), data.now(conn))
            n = collection.write(asked, keys, out)
        if not n:
            out.close()
            said = t("One file holds the evidence of 1 to {most} findings: narrow the filter or draw a sample.", most=collection.MOST)
            return Response(said, 400, mimetype="text/plain; charset=utf-8")
        serving.note(acting, "evidence_taken", about=asked.filters.href(findings.PATH), detail=f"{n} packages")
        return serving.handed_out(out, f"evidence-{n}-{asked.now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}.zip", "application/zip")

    @server.get(KEY)
    def public_key() -> Response:
        named = {"Content-Disposition": "attachment; filename=public-key.pem"}
        return Response(keys.public_key, mimetype="application/x-pem-file", headers=named)


def key_shown() -> list[html.P]:
    """Return the fingerprint of this deployment's public key, and where to get the key."""
    said = package.fingerprint(current_app.config[_KEYS])
    return [html.P(said, className="code"), html.P(html.A(t("Public key (PEM)"), href=KEY))]
