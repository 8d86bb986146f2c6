"""Nothing of the console comes from elsewhere, and what others wrote is what they published."""

import hashlib
import re
from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"
VENDOR = ASSETS / "vendor"
NAMESPACES = ("http://www.w3.org/",)  # names, not places


def test_vendored_files_are_the_ones_listed() -> None:
    lines = (line.split(None, 1) for line in (VENDOR / "sha256.txt").read_text().splitlines())
    listed = {name: digest for digest, name in lines}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*") if path.is_file() and path.name not in ("sha256.txt", "SOURCES.txt")
    }  # fmt: skip
    assert found == listed


def test_every_vendored_folder_carries_its_licence() -> None:
    sources = (VENDOR / "SOURCES.txt").read_text()
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert (folder / "LICENSE.txt").exists()
        assert folder.name in sources


def test_nothing_is_loaded_from_another_host() -> None:
    for path in [*ASSETS.glob("*.*"), *VENDOR.rglob("*.css")]:
        for url in re.findall(r"(?:https?:)?//[\w.-]+\.\w+/[^\s\"')]*", path.read_text(encoding="utf-8")):
            comment_only = path.suffix == ".css" and "url(" + url not in path.read_text(encoding="utf-8")
            assert url.startswith(NAMESPACES) or comment_only, f"{path.name}: {url}"


def test_no_script_needs_eval_or_inner_html() -> None:
    for path in ASSETS.glob("*.js"):
        assert not re.search(
            r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", path.read_text(encoding="utf-8")
        ), path.name
