"""One stream for the output of all processes, and one log file for each."""

import sys
import threading
from contextlib import suppress
from itertools import cycle
from pathlib import Path

_COLOURS = cycle(("36", "33", "32", "35", "34", "96", "93", "92"))
_LARGEST = 20 * 2**20  # bytes; then the log becomes <name>.log.1


class Output:
    """Writes a line to ``<logs>/<name>.log`` and, with the name in front, to the terminal."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._colours: dict[str, str] = {}
        self._lock = threading.Lock()
        self._on_terminal = sys.stdout.isatty()

    def write(self, name: str, line: bytes) -> None:
        with self._lock:
            self._log(name, line)
            _print(f"{self._prefix(name)} {line.decode('utf-8', 'replace').rstrip()}")

    def say(self, text: str, *, loud: bool = False) -> None:
        """Write a word of the supervisor's own."""
        bold = loud and self._on_terminal
        self.write("aidwatch", (f"\033[1;31m{text}\033[0m" if bold else text).encode() + b"\n")

    def show(self, text: str) -> None:
        """Show a line on the terminal only: secrets do not go into a log."""
        with self._lock:
            _print(text)

    def _log(self, name: str, line: bytes) -> None:
        path = self._logs / f"{name}.log"
        if path.exists() and path.stat().st_size > _LARGEST:
            path.replace(path.with_name(f"{name}.log.1"))
        with path.open("ab") as log:
            log.write(line)

    def _prefix(self, name: str) -> str:
        if not self._on_terminal:
            return f"{name:10}|"
        if name not in self._colours:
            self._colours[name] = next(_COLOURS)
        return f"\033[{self._colours[name]}m{name:10}|\033[0m"


def _print(text: str) -> None:
    """Print; a terminal that has gone must not stop the supervisor before it has stopped everything else."""
    with suppress(OSError, ValueError):
        print(text, flush=True)
