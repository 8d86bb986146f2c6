"""The embedded Valkey: unix socket only, every write on disk before it is answered."""

import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from sql.sockets import make_socket_directory
from workers.embedded.launch import LaunchError, spawn, stop_process, tail, wait_until
from workers.embedded.programs import valkey_program

_CONF = """\
# Written at every start.
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{data}"
appendonly yes
appendfsync always
save ""
maxmemory-policy noeviction
"""


class ValkeyServer:
    """One Valkey with its data under ``directory`` and its socket in ``run_dir``."""

    def __init__(self, directory: Path, run_dir: Path | None = None, name: str = "valkey") -> None:
        self.name = name
        self.directory = directory.absolute()
        self._run_dir = run_dir or self.directory / "run"
        self.log = self.directory / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return make_socket_directory(self._run_dir) / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, limit_s: float = 60) -> None:
        """Start the server and wait until it has loaded its data. One that runs already is taken as it is."""
        if self.answers():
            return
        conf = self._write_conf()
        command = [valkey_program(), conf]
        with self.log.open("ab") as log:
            self.process = spawn(command, output=log, death=signal.SIGTERM, environ=os.environ, cwd=self.directory)
        if not wait_until(self.answers, self.process, limit_s=limit_s):
            self.kill()
            raise LaunchError(f"Valkey did not start within {limit_s:.0f} s. The end of {self.log}:\n{tail(self.log)}")

    def stop(self) -> None:
        """Stop what we started."""
        if self.process is not None:
            stop_process(self.process, signal.SIGTERM, limit_s=20)
            self.process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def answers(self) -> bool:
        """Return whether a server answers on the socket with its data loaded."""
        once = Retry(NoBackoff(), 0)
        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=once) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _write_conf(self) -> Path:
        data = self.directory / "data"
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        conf = self.directory / "valkey.conf"
        conf.write_text(_CONF.format(socket=self.socket, data=data), encoding="utf-8")
        return conf
