#!/usr/bin/env python3
"""Check an evidence package of aidwatch 检验证据包: python3 verify.py [folder] [--key FINGERPRINT]

Needs Python 3.8 or newer and nothing else; asks no network. The signature is checked where the package `cryptography`
or the program `openssl` is at hand, and it is said when it could not be. Exit status 0: what was checked holds; 1: it does not.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Iterator, NamedTuple  # noqa: UP035 – as Python 3.8 has it, too

MANIFEST, SIGNATURE, KEY, EVENTS, CHAIN = "manifest.json", "manifest.sig", "public-key.pem", "events.ndjson", "chain.ndjson"


class Check(NamedTuple):
    """One thing looked at; ``holds`` is None where it could not be checked."""

    holds: bool | None
    zh: str
    en: str


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as fault:
        raise ValueError(f"{path.name}: {fault}") from fault


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [parsed(path, line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def check_files(folder: Path, manifest: dict[str, Any]) -> Iterator[Check]:
    """Every file is the one that was packed, and there is no other."""
    expected = manifest["files"]
    for name, told in sorted(expected.items()):
        path = folder / name
        if not path.is_file():
            yield Check(False, f"缺少文件 {name}", f"{name} is missing")
        elif sha256(path.read_bytes()) != told["sha256"]:
            yield Check(False, f"文件 {name} 被改动", f"{name} was changed")
        else:
            yield Check(True, f"文件 {name} 未被改动", f"{name} is unchanged")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in sorted(there - set(expected) - {MANIFEST, SIGNATURE}):
        yield Check(False, f"文件 {name} 不属于本证据包", f"{name} does not belong to this package")


def check_signature(folder: Path, wanted: str | None) -> Iterator[Check]:
    """The list of files was signed with the key in the package, and that key is the one expected."""
    pem, body, text = ((folder / name).read_bytes() for name in (KEY, MANIFEST, SIGNATURE))
    try:
        told = json.loads(text)
        signature = bytes.fromhex(told["signature"])
        canonical = text == (json.dumps(told, indent=1) + "\n").encode() and signature.hex() == told["signature"]
        whole = canonical and told["algorithm"] == "Ed25519"
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        yield Check(False, f"{SIGNATURE} 被改动", f"{SIGNATURE} was changed")
        return
    if told["manifest_sha256"] != sha256(body):
        yield Check(False, f"{MANIFEST} 或 {SIGNATURE} 被改动", f"{MANIFEST} or {SIGNATURE} was changed")
    yield signed(pem, signature, folder / MANIFEST)
    yield check_key(pem, wanted)


def check_key(pem: bytes, wanted: str | None) -> Check:
    try:
        fingerprint = fingerprint_of(pem)
    except ValueError:
        return Check(False, f"{KEY} 无法读取", f"{KEY} cannot be read")
    if wanted is None:
        return Check(None, f"公钥指纹 {fingerprint}：请与签发机关公布的指纹核对（--key）",
                     f"key fingerprint {fingerprint}: compare it with the one the authority has published (--key)")  # fmt: skip
    same = re.sub(r"[\s:]", "", wanted).lower() == fingerprint
    return Check(same, "公钥指纹与所给一致" if same else f"公钥指纹 {fingerprint} 与所给不符",
                 "the key is the one expected" if same else f"the key {fingerprint} is not the one expected")  # fmt: skip


def fingerprint_of(pem: bytes) -> str:
    """SHA-256 of the key as DER, as `openssl pkey -pubin -outform DER | sha256sum` prints it."""
    return sha256(base64.b64decode(b"".join(pem.splitlines()[1:-1]), validate=True))


def signed(pem: bytes, signature: bytes, signed_file: Path) -> Check:
    good = by_cryptography(pem, signature, signed_file.read_bytes())
    if good is None:
        good = by_openssl(pem, signature, signed_file)
    if good is None:
        return Check(None, "签名未检验：本机没有 cryptography 或 openssl",
                     "signature not checked: neither cryptography nor openssl is here")  # fmt: skip
    if good:
        return Check(True, "清单的签名有效", "the signature over the manifest is good")
    return Check(False, f"{MANIFEST} 的签名无效：{MANIFEST}、{SIGNATURE} 或 {KEY} 被改动",
                 f"the signature is not good: {MANIFEST}, {SIGNATURE} or {KEY} was changed")  # fmt: skip


def by_cryptography(pem: bytes, signature: bytes, message: bytes) -> bool | None:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError:
        return None
    try:
        key = load_pem_public_key(pem)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def by_openssl(pem: bytes, signature: bytes, signed_file: Path) -> bool | None:
    with tempfile.TemporaryDirectory() as scratch:
        key, sig = Path(scratch, "key.pem"), Path(scratch, "signature")
        key.write_bytes(pem)
        sig.write_bytes(signature)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(key), "-rawin", "-in", str(signed_file), "-sigfile", str(sig)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
    if done.returncode == 0:
        return True
    return False if b"Verification Failure" in done.stdout + done.stderr else None  # an openssl too old says something else


def row_hash(event: dict[str, Any]) -> str:
    """The hash an event got when it was taken into the ledger."""
    sequence = "" if event["sequence"] is None else str(event["sequence"])
    told = (event["source"], event["event_id"], event["time"], event["entity"], event["key"], event["op"], sequence)
    return sha256("\x1f".join(told).encode() + b"\x1f" + (event["body"] or "").encode())


def check_events(events: list[dict[str, Any]], manifest: dict[str, Any]) -> Iterator[Check]:
    """Every event has the content its hash was made of."""
    if len(events) != manifest["events"]:
        yield Check(False, f"事件应有 {manifest['events']} 条，实有 {len(events)} 条",
                    f"there should be {manifest['events']} events, there are {len(events)}")  # fmt: skip
    plain = [event for event in events if "withheld" not in event]
    wrong = [event["event_id"] for event in plain if row_hash(event) != event["hash"]]
    for event_id in wrong:
        yield Check(False, f"事件 {event_id} 的内容与校验值不符", f"event {event_id} does not have the content of its hash")
    n = len(plain) - len(wrong)
    yield Check(not wrong, f"{n} 条事件的内容与校验值一致", f"{n} events have the content of their hashes")
    if len(plain) < len(events):
        n = len(events) - len(plain)
        yield Check(None, f"{n} 条事件含完整出生日期，已隐去，内容无法重算",
                    f"{n} events are given without a birth date: their content cannot be recomputed")  # fmt: skip


def check_chain(events: list[dict[str, Any]], batches: list[dict[str, Any]]) -> Iterator[Check]:
    """Every event stands at its place in a batch, every batch has the hash of its events, and none that was packed is left out."""
    there = {(event["batch_id"], event["source"], event["arrival"]): event["hash"] for event in events}
    for slot in sorted(set(there) - {(b["batch_id"], b["source"], arrival) for b in batches for arrival in b["ours"]}):
        yield Check(False, f"事件（批 {slot[0]}，序号 {slot[2]}）没有链上位置",
                    f"the event of batch {slot[0]}, arrival {slot[2]} has no place in the chain")  # fmt: skip
    whole = 0
    for batch in batches:
        yield from left_out(batch, there)
        if batch["hashes"] is not None:
            whole += 1
            yield from check_batch(batch, there)
    yield from check_links(batches)
    yield Check(True, f"{whole} 批按校验值重算完毕", f"{whole} batches were recomputed from their hashes")
    if whole < len(batches):
        n = len(batches) - whole
        yield Check(None, f"{n} 批过大，未附全部校验值，未重算", f"{n} batches are too large to be given in full and were not recomputed")


def left_out(batch: dict[str, Any], there: dict[tuple[int, str, int], str]) -> Iterator[Check]:
    for arrival in batch["ours"]:
        if (batch["batch_id"], batch["source"], arrival) not in there:
            yield Check(False, f"缺少事件：批 {batch['batch_id']}，序号 {arrival}",
                        f"an event is left out: batch {batch['batch_id']}, arrival {arrival}")  # fmt: skip


def check_batch(batch: dict[str, Any], there: dict[tuple[int, str, int], str]) -> Iterator[Check]:
    name, raw = f"{batch['source']} {batch['lane']} {batch['n']}", bytes.fromhex(batch["hashes"])
    if len(raw) != 32 * batch["events"] or sha256(bytes.fromhex(batch["previous"]) + raw) != batch["hash"]:
        yield Check(False, f"批 {name} 的校验值不符", f"batch {name} does not have the hash of its events")
    for n, place in enumerate(batch["places"]):
        found = there.get((batch["batch_id"], batch["source"], batch["ours"][n]))
        if found is not None and found != raw[32 * place : 32 * place + 32].hex():
            yield Check(False, f"批 {name} 第 {place} 位不是该事件", f"place {place} of batch {name} is another event")


def check_links(batches: list[dict[str, Any]]) -> Iterator[Check]:
    """Where one batch of a lane follows another, it goes on from the hash of that one."""
    at = {(batch["source"], batch["lane"], batch["n"]): batch for batch in batches}
    for (source, lane, n), batch in at.items():
        before = at.get((source, lane, n - 1))
        if before is not None and before["hash"] != batch["previous"]:
            yield Check(False, f"批 {source} {lane} {n} 没有接续前一批", f"batch {source} {lane} {n} does not go on from the one before")


def check_packages(folder: Path, names: list[str], wanted: str | None) -> Iterator[Check]:
    """Every package of a collection holds by itself; of one that does, one line is said, and what could not be checked."""
    for name in names:
        found = list(checks(folder / name, wanted))
        said = [one for one in found if one.holds is not True]
        n = len(found) - len(said)
        if all(one.holds is not False for one in found):
            yield Check(True, f"证据包 {name}：所检 {n} 项均成立", f"package {name}: {n} checks hold")
        for one in said:
            yield Check(one.holds, f"证据包 {name}：{one.zh}", f"package {name}: {one.en}")


def check(folder: Path, wanted: str | None) -> Iterator[Check]:
    yield from check_signature(folder, wanted)
    manifest = parsed(folder / MANIFEST, (folder / MANIFEST).read_text(encoding="utf-8"))
    yield from check_files(folder, manifest)
    if "packages" in manifest:
        yield from check_packages(folder, manifest["packages"], wanted)
        return
    events = read_lines(folder / EVENTS)
    yield from check_events(events, manifest)
    yield from check_chain(events, read_lines(folder / CHAIN))


def checks(folder: Path, wanted: str | None) -> Iterator[Check]:
    """As ``check``; what cannot even be read is a check that does not hold."""
    try:
        yield from check(folder, wanted)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        yield Check(False, f"无法读取：{fault}", f"cannot be read: {type(fault).__name__}: {fault}")


def main() -> int:
    asking = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asking.add_argument("folder", nargs="?", default=str(Path(__file__).resolve().parent))
    asking.add_argument("--key", help="fingerprint of the authority's key 签发机关的公钥指纹")
    told = asking.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    found = list(checks(Path(told.folder), told.key))
    for one in found:
        mark = {True: "[ok]", False: "[FAILED]", None: "[not checked]"}[one.holds]
        print(f"{mark} {one.zh} / {one.en}")
    holds = all(one.holds is not False for one in found)
    good, bad = "所检各项均成立 / what was checked holds", "证据包已被改动或不完整 / the package was changed or is incomplete"
    print(f"结论 Result: {good if holds else bad}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
