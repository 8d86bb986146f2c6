"""The embedded PostgreSQL: a cluster under one directory, reachable through a unix socket only."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from sql.settings import socket_url
from sql.sockets import make_socket_directory
from workers.embedded.account import Account, account, readable_programs, require_reach
from workers.embedded.launch import LaunchError, spawn, stop_process, tail, wait_until
from workers.embedded.postgres_conf import conf_text
from workers.embedded.programs import postgres_programs

_ENVIRON = {"LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"}
_INITDB = (
    "--username=postgres", "--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--auth-local=trust",
    "--auth-host=reject", "--no-sync", "--no-instructions",
)  # fmt: skip


class PostgresServer:
    """One cluster with its data under ``directory`` and its socket in ``run_dir``."""

    def __init__(
        self,
        directory: Path,
        run_dir: Path | None = None,
        name: str = "main",
        programs: Path | None = None,
        conf: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.directory = directory.absolute()
        self.data = self.directory / "data"
        self.log = self.directory / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._run_dir = run_dir or self.directory / "run"
        self._programs = programs
        self._conf = dict(conf or {})

    @property
    def run_dir(self) -> Path:
        return make_socket_directory(self._run_dir)

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """Return the SQLAlchemy URL of a database of this cluster."""
        return socket_url(self.run_dir, database, user)

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """Return a superuser's connection in autocommit mode."""
        return psycopg.connect(
            host=str(self.run_dir), user="postgres", dbname=database, autocommit=True, connect_timeout=10
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, limit_s: float = 90) -> None:
        """Make the cluster if there is none, start it, wait until it answers. One that runs is taken as it is."""
        if self.answers():
            return
        who = account()
        programs = self._prepare(who)
        give_up = time.monotonic() + limit_s
        while True:
            self._clear_stale_pid()
            self.process = self._spawn(programs, who)
            if wait_until(self.answers, self.process, limit_s=give_up - time.monotonic()):
                return
            self.kill()
            if time.monotonic() > give_up or not self._predecessor_is_leaving():
                raise LaunchError(f"PostgreSQL did not start. The end of {self.log}:\n{tail(self.log)}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop what we started; open transactions are rolled back."""
        if self.process is not None:
            stop_process(self.process, signal.SIGINT, limit_s=60)
            self.process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def answers(self) -> bool:
        """Return whether a server answers on the socket."""
        if not (self.run_dir / ".s.PGSQL.5432").exists():
            return False
        try:
            with self.connect():
                return True
        except psycopg.OperationalError:
            return False

    def _predecessor_is_leaving(self) -> bool:
        """Whether the start failed only because the last server, or its back ends, are not quite gone."""
        return any(sign in tail(self.log, 5) for sign in ("shared memory block", '"postmaster.pid" already exists'))

    def _prepare(self, who: Account) -> Path:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (self.directory, self.run_dir):
            who.give(path)
        require_reach(who, self.directory)
        installed = self._programs or postgres_programs()
        programs = readable_programs(installed, who, self.directory / "programs")
        if not (self.data / "PG_VERSION").exists():
            self._initdb(programs, who)
        self._write_conf()
        return programs

    def _initdb(self, programs: Path, who: Account) -> None:
        """Make the cluster aside and move it into place, so that a half-made one is never started."""
        half_made = self.data.with_name("data.new")
        shutil.rmtree(half_made, ignore_errors=True)
        command = [*who.prefix, str(programs / "initdb"), f"--pgdata={half_made}", *_INITDB]
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=self.directory,
            env=_environ(),
            timeout=120,
            check=False,
            **who.how,
        )
        if made.returncode != 0:
            raise LaunchError(f"initdb failed in {self.directory}:\n{made.stdout}{made.stderr}")
        with (half_made / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("include = 'aidwatch.conf'\n")
        half_made.rename(self.data)

    def _write_conf(self) -> None:
        conf = self.data / "aidwatch.conf"
        conf.write_text(conf_text(self.run_dir, self._conf), encoding="utf-8")

    def _spawn(self, programs: Path, who: Account) -> "subprocess.Popen[bytes]":
        command = [*who.prefix, str(programs / "postgres"), "-D", str(self.data)]
        death = signal.SIGINT  # fast shutdown
        with self.log.open("ab") as log:
            return spawn(command, output=log, death=death, environ=_environ(), cwd=self.directory, **who.how)

    def _clear_stale_pid(self) -> None:
        """After a kill -9 the number in postmaster.pid may by now be another program's, and block the start."""
        lock = self.data / "postmaster.pid"
        if lock.exists() and not _is_postgres(int(lock.read_text(encoding="utf-8").split("\n")[0])):
            lock.unlink()


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "postgres"
    except OSError:
        return False


def _environ() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), **_ENVIRON}
