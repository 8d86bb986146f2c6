"""A lasting name for each long-lived process: its consumer, its hash chain, its metrics file.

The name is held by a lock on a file, so that two processes never share one, and a process that takes
the place of a killed one finds its name free and goes on with it.
"""

import fcntl
import socket
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from monitors.errors import SupervisionError

_MOST = 64  # processes of one kind on one host


class Lane:
    """The first free ``<process>-<n>`` of this home, held until released or until the process ends."""

    def __init__(self, home: Path, process: str) -> None:
        directory = home / "lanes"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file, self.short = _first_free(directory, process)
        self.name = f"{socket.gethostname()}/{self.short}"  # hosts may share one database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        self._file.close()


def is_free(home: Path, process: str) -> bool:
    """Return whether no process of this kind runs on this home."""
    try:
        with (home / "lanes" / f"{process}-0.lock").open("a") as file:
            return _lock(file)
    except FileNotFoundError:
        return True


def _first_free(directory: Path, process: str) -> tuple[IO[str], str]:
    for n in range(_MOST):
        file = (directory / f"{process}-{n}.lock").open("a")
        if _lock(file):
            return file, f"{process}-{n}"
        file.close()
    raise SupervisionError(f"{_MOST} processes '{process}' already run on {directory.parent}")


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
