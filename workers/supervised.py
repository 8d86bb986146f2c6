"""What the supervisor keeps alive: programs of the Procfile, and embedded servers."""

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from workers.embedded import servers
from workers.embedded.launch import spawn
from workers.output import Output

_LOUD_AFTER = 5  # deaths within a minute
_LOUD_DELAY_S = 30.0


class Supervised(Protocol):
    """One thing that must be running."""

    name: str

    def start(self) -> None: ...

    def died(self) -> str | None:
        """Return how it ended; None while it runs."""

    def ask_to_stop(self) -> None: ...

    def stop(self, limit_s: float, /) -> None: ...


class Program:
    """A line of the Procfile: its output goes to ``output``, its number to a pid file."""

    def __init__(self, name: str, command: list[str], environ: Mapping[str, str], output: Output, pids: Path) -> None:
        self.name = name
        self._command, self._environ, self._output = command, environ, output
        self._pid_file = pids / f"{name}.pid"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        process = spawn(self._command, output=subprocess.PIPE, death=signal.SIGTERM, environ=self._environ)
        self._process = process
        self._pid_file.write_text(f"{process.pid}\n", encoding="ascii")
        threading.Thread(target=self._relay, args=(process,), daemon=True).start()

    def died(self) -> str | None:
        if self._process is None or (status := self._process.poll()) is None:
            return None
        self._kill_group()
        return _how_it_ended(status)

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, limit_s: float, /) -> None:
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(limit_s)
        self._kill_group()
        self._process.wait()
        self._pid_file.unlink(missing_ok=True)

    def _kill_group(self) -> None:
        """End what a dead process left behind in its session: a web server's workers would keep the port."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _relay(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self._output.write(self.name, line)


class EmbeddedServer:
    """An embedded PostgreSQL or Valkey; it writes its own log."""

    def __init__(self, server: servers.Server, pids: Path) -> None:
        self.name = server.name
        self.server = server
        self._pid_file = pids / f"{server.name}.pid"

    def start(self) -> None:
        servers.start(self.server)
        if self.server.process is not None:
            self._pid_file.write_text(f"{self.server.process.pid}\n", encoding="ascii")

    def died(self) -> str | None:
        process = self.server.process
        if process is None or (status := process.poll()) is None:
            return None
        return _how_it_ended(status)

    def ask_to_stop(self) -> None:
        """Servers stop last, one after the other, when their clients have gone."""

    def stop(self, _limit_s: float, /) -> None:
        self.server.stop()
        self._pid_file.unlink(missing_ok=True)


class Restarts:
    """When to start a thing again: soon at first, later each time, every 30 s when it keeps dying."""

    def __init__(self) -> None:
        self._deaths: deque[float] = deque(maxlen=_LOUD_AFTER)

    def after_death(self, now_s: float | None = None) -> tuple[float, bool]:
        """Return in how many seconds to start again, and whether it keeps dying."""
        now_s = time.monotonic() if now_s is None else now_s
        self._deaths.append(now_s)
        recent = sum(now_s - death < 60 for death in self._deaths)
        if recent >= _LOUD_AFTER:
            return _LOUD_DELAY_S, True
        return 0.25 * 2 ** (recent - 1), False


def _how_it_ended(status: int) -> str:
    return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
