"""Keeps a deployment running: servers first, then every process of the Procfile; restarts what dies; stops in order."""

import fcntl
import os
import shlex
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from monitors.errors import SupervisionError
from workers.embedded.launch import LaunchError
from workers.output import Output
from workers.supervised import Restarts, Supervised

PROCFILE = Path(__file__).resolve().parent.parent / "Procfile"
_LOOK_EVERY_S = 0.1
_STOP_WITHIN_S = 15.0


class ProcfileError(SupervisionError):
    """A Procfile that cannot be read."""


def read_procfile(path: Path) -> dict[str, list[str]]:
    """Return the command of each process, in the order of the file."""
    commands = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, command = line.partition(":")
        if not colon or not command.strip():
            raise ProcfileError(f"{path}:{number}: {line!r} is not `name: command`")
        commands[name.strip()] = shlex.split(command)
    return commands


def child_environ(environ: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the processes: ours, our own programs first on the path, nothing buffered."""
    path = os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", os.defpath)])
    return {**environ, "PYTHONUNBUFFERED": "1", "PATH": path, **extra}


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home's lock, so that two supervisors never share one."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (home / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SupervisionError(f"aidwatch already runs on {home}: stop it, or set AIDWATCH_HOME") from None
        yield


class Supervisor:
    """Runs ``things`` in their order until told to stop. Call from the main thread: children die with it."""

    def __init__(self, things: Sequence[Supervised], output: Output) -> None:
        self._things = things
        self._output = output
        self._restarts = {thing.name: Restarts() for thing in things}
        self._due: dict[str, float] = {}

    def start(self) -> None:
        """Start what is not running yet."""
        for thing in self._things:
            self._start(thing)

    def watch(self, stop: threading.Event) -> None:
        """Restart what dies until ``stop``."""
        while not stop.wait(_LOOK_EVERY_S):
            for thing in self._things:
                self._look_after(thing)

    def stop(self) -> None:
        """Ask every process at once, wait for them, then stop the servers, the last started first."""
        for thing in self._things:
            thing.ask_to_stop()
        until = time.monotonic() + _STOP_WITHIN_S
        for thing in reversed(self._things):
            thing.stop(max(0.1, until - time.monotonic()))

    def _look_after(self, thing: Supervised) -> None:
        if thing.name in self._due:
            if time.monotonic() >= self._due[thing.name]:
                del self._due[thing.name]
                self._start(thing)
        elif (how := thing.died()) is not None:
            self._again(thing, how)

    def _start(self, thing: Supervised) -> None:
        try:
            thing.start()
        except (LaunchError, OSError) as fault:
            self._again(thing, f"could not be started: {fault}")

    def _again(self, thing: Supervised, how: str) -> None:
        delay_s, keeps_dying = self._restarts[thing.name].after_death()
        self._due[thing.name] = time.monotonic() + delay_s
        trouble = ": IT KEEPS DYING, its log says why" if keeps_dying else ""
        self._output.say(f"{thing.name} {how}; again in {delay_s:g} s{trouble}", loud=keeps_dying)
