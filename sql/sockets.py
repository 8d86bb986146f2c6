"""Where unix sockets lie: a socket's path has a hard limit of 107 bytes, and a home may be deep."""

import hashlib
import os
import tempfile
from pathlib import Path

_NOBODY = 65534
_LONGEST_DIRECTORY = 90  # bytes; leaves room for the longest socket name, .s.PGSQL.5432.lock


def socket_directory(wanted: Path) -> Path:
    """Return ``wanted``, or a short directory under the temporary one where ``wanted`` is too long.

    The short one is recorded beside ``wanted`` (``run.path``), so that a process with another
    TMPDIR finds the same place.
    """
    if len(os.fsencode(wanted)) <= _LONGEST_DIRECTORY:
        return wanted
    if (record := _record(wanted)).exists():
        return Path(record.read_text(encoding="utf-8").strip())
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"aidwatch-{os.getuid()}-{digest}"


def make_socket_directory(wanted: Path) -> Path:
    """Make the directory of ``socket_directory``, private to us, and return it."""
    directory = socket_directory(wanted)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory != wanted:
        _refuse_a_stranger(directory)
        _record(wanted).parent.mkdir(parents=True, exist_ok=True)
        _record(wanted).write_text(f"{directory}\n", encoding="utf-8")
    return directory


def _record(wanted: Path) -> Path:
    return wanted.with_name(f"{wanted.name}.path")


def _refuse_a_stranger(directory: Path) -> None:
    """In a shared temporary directory somebody else may have made our name first."""
    status = directory.lstat()
    ours = {0, _NOBODY} if os.getuid() == 0 else {os.getuid()}  # root's PostgreSQL may run as nobody
    if status.st_uid not in ours or status.st_mode & 0o077:
        raise PermissionError(f"{directory} belongs to somebody else or is open to others: remove it, or set TMPDIR")
