"""The members of a package, the list of their hashes, and the signature over that list."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from console import rulebook
from console.answering import Asked
from console.auth.sessions import Sealing
from console.evidence import verify
from console.evidence.ledger import Proof, proof
from console.evidence.page import index
from console.evidence.workbook import workbook
from console.gate import viewer
from console.pages.finding import names_in
from console.queries import dossier
from sql.load import named

HERE = Path(__file__).parent


def fingerprint(keys: Sealing) -> str:
    """Return the SHA-256 of the public key (DER), by which people know it."""
    return verify.fingerprint_of(keys.public_key)


def write(asked: Asked, finding: dossier.Finding, keys: Sealing, out: IO[bytes]) -> Proof:
    """Write the package of a finding as a zip; return what of the ledger is in it."""
    found, members = made(asked, finding, keys)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in members.items():
            package.writestr(name, body)
    return found


def made(asked: Asked, finding: dossier.Finding, keys: Sealing) -> tuple[Proof, dict[str, bytes]]:
    """Return what of the ledger is in a package, and all its members, sealed."""
    homes = dossier.households(asked.conn, finding)
    found = proof(asked.conn, finding, homes)
    members = _members(asked, finding, found, homes, keys)
    told = {
        "package": "aidwatch evidence 1", "finding_id": finding.finding_id, "rule": finding.rule, "rule_version": finding.rule_version,
        "subject_kind": finding.subject_kind, "subject_key": finding.subject_key,
        "events": len(found.events), "events_cut": found.cut, "batches": len(found.batches),
    }  # fmt: skip
    return found, members | sealed(asked, told, members, keys)


def sealed(asked: Asked, told: Mapping[str, Any], members: Mapping[str, bytes], keys: Sealing) -> dict[str, bytes]:
    """Return the manifest of members, with what is ``told`` of them, and the signature over it."""
    manifest = _json({
        **told, "as_of": asked.now.astimezone(UTC).isoformat(), "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_by": viewer().name, "key": fingerprint(keys),
        "files": {name: {"sha256": verify.sha256(body), "bytes": len(body)} for name, body in members.items()},
    })  # fmt: skip
    seal = {"algorithm": "Ed25519", "manifest_sha256": verify.sha256(manifest), "signature": keys.sign(manifest).hex()}
    return {verify.MANIFEST: manifest, verify.SIGNATURE: _json(seal)}


def _members(asked: Asked, finding: dossier.Finding, found: Proof, homes: list[str], keys: Sealing) -> dict[str, bytes]:
    story = dossier.timeline(asked.conn, finding, homes)
    names = names_in(asked, [finding.evidence, *(event.body or {} for event in story.events)])
    return {
        "README.txt": (HERE / "README.txt").read_bytes(),
        "index.html": index(asked, finding, found, fingerprint(keys)).encode(),
        "finding.xlsx": workbook(asked, finding, story, names),
        verify.EVENTS: _lines(found.events),
        verify.CHAIN: _lines(found.batches),
        "rule.sql": rule_text(asked, finding).encode(),
        "verify.py": (HERE / "verify.py").read_bytes(),
        verify.KEY: keys.public_key,
    }


def rule_text(asked: Asked, finding: dossier.Finding) -> str:
    """Return the text of the rule at the version of the finding, or a comment that says it is no longer kept."""
    judging = rulebook.rule(finding.rule, finding.subject_kind)
    if judging and judging.version == finding.rule_version:
        return judging.text
    asked_for = {"code": finding.rule, "subject": finding.subject_kind, "version": finding.rule_version}
    kept: str | None = asked.conn.execute(named("evidence.rule_text"), asked_for).scalar_one_or_none()
    lost = ("-- {} 第 {} 版的规则文本未保存；所用数值见 index.html。\n"
            "-- The text of {}, version {}, is no longer kept; the values it used are in index.html.\n")  # fmt: skip
    return kept or lost.format(*(finding.rule, finding.rule_version) * 2)


def _json(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, indent=1) + "\n").encode()


def _lines(records: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
