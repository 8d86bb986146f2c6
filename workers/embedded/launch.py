"""Starting a server that must not outlive us, and saying why one did not start."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from monitors.errors import SupervisionError

_PR_SET_PDEATHSIG = 1
# Looked up now: between fork and exec the child must not load a library.
_prctl = getattr(ctypes.CDLL(None), "prctl", None)


class LaunchError(SupervisionError):
    """A server that cannot be started; the message says what to do instead."""


def die_with_parent(death: signal.Signals) -> Callable[[], None]:
    """Return a preexec_fn after which the kernel sends ``death`` when the thread that starts it ends.

    So start children from a thread that lives as long as they should: the main thread.
    """
    parent = os.getpid()

    def arrange() -> None:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, int(death))
        if os.getppid() != parent:  # the parent died before the line above
            os.kill(os.getpid(), death)

    return arrange


def spawn(
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    death: signal.Signals,
    environ: Mapping[str, str],
    **how: Any,
) -> "subprocess.Popen[bytes]":
    """Start ``command`` in a session of its own, so that Ctrl-C in our terminal does not reach it."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environ),
        start_new_session=True,
        preexec_fn=die_with_parent(death),  # noqa: PLW1509 - arrange() is one system call
        **how,
    )


def wait_until(ready: Callable[[], bool], process: "subprocess.Popen[bytes]", *, limit_s: float) -> bool:
    """Wait until ``ready``; return False when the process ended or ``limit_s`` passed first."""
    give_up = time.monotonic() + limit_s
    while time.monotonic() < give_up:
        if ready():
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.02)
    return False


def stop_process(process: "subprocess.Popen[bytes]", gently: signal.Signals, *, limit_s: float) -> None:
    """Ask the process to stop; kill it when it has not within ``limit_s``."""
    if process.poll() is None:
        process.send_signal(gently)
    try:
        process.wait(limit_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log, for the message of an error."""
    if not log.exists():
        return "(no log was written)"
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
