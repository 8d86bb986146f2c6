"""Under which account PostgreSQL runs: it refuses to run as root.

As root, the server runs in a user namespace in which root is called nobody: files stay root's, and
neither a system user nor wider permissions are needed. Where namespaces are forbidden (containers),
it runs as nobody, with a copy of its programs where nobody cannot read the installed ones.
"""

import functools
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workers.embedded.launch import LaunchError

_AS_NOBODY_TO_ITSELF = ("unshare", "-U", "--map-user=65534", "--map-group=65534")


@dataclass(frozen=True)
class Account:
    """How to run a command: a prefix, Popen's further arguments, and who must own the files (None: we)."""

    prefix: tuple[str, ...] = ()
    how: dict[str, Any] = field(default_factory=dict)
    owner: tuple[int, int] | None = None

    def give(self, path: Path) -> None:
        if self.owner is not None:
            os.chown(path, *self.owner)


def account() -> Account:
    """Return how this process can run PostgreSQL."""
    if os.getuid() != 0:
        return Account()
    return Account(prefix=_AS_NOBODY_TO_ITSELF) if _namespaces_work() else nobody()


def nobody() -> Account:
    """Return the account ``nobody``, for root where user namespaces are forbidden."""
    entry = pwd.getpwnam("nobody")
    how = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return Account(how=how, owner=(entry.pw_uid, entry.pw_gid))


@functools.cache
def _namespaces_work() -> bool:
    try:
        return (
            subprocess.run([*_AS_NOBODY_TO_ITSELF, "true"], capture_output=True, timeout=10, check=False).returncode
            == 0
        )
    except OSError:  # no unshare here
        return False


def readable_programs(programs: Path, who: Account, copies: Path) -> Path:
    """Return ``programs``, or a copy of their package under ``copies`` where ``who`` cannot read them."""
    if who.owner is None or _can(who, "test", "-x", str(programs / "postgres")):
        return programs
    package = programs.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):  # they find each other by relative path
        shutil.copytree(folder, copies / folder.name, dirs_exist_ok=True)
    return copies / package.name / programs.relative_to(package)


def require_reach(who: Account, directory: Path) -> None:
    """Refuse a directory the account cannot enter, before PostgreSQL does so less clearly."""
    if who.owner is not None and not _can(who, "test", "-w", str(directory)):
        raise LaunchError(
            f"PostgreSQL does not run as root, and user nobody cannot enter {directory}. Set AIDWATCH_HOME to a "
            "directory all users may enter, such as /var/lib/aidwatch, or run as an ordinary user, or set DATABASE_URL."
        )


def _can(who: Account, *test: str) -> bool:
    return subprocess.run([*test], check=False, cwd="/", **who.how).returncode == 0
