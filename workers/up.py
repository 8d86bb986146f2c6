"""``aidwatch up``: a whole deployment on this machine, until Ctrl-C."""

import argparse
import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path

from sql.settings import Settings
from workers import bootstrap, migrate_cli
from workers.banner import announce
from workers.embedded.servers import Server, embedded_servers
from workers.output import Output
from workers.supervised import EmbeddedServer, Program
from workers.supervisor import PROCFILE, Supervisor, alone, child_environ, read_procfile

NEEDS_SERVERS = False  # it starts them itself


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--procfile", type=Path, default=PROCFILE, help="default: the one of the project")


def main(args: argparse.Namespace, settings: Settings) -> int:
    return run(settings, read_procfile(args.procfile))


def run(settings: Settings, commands: Mapping[str, list[str]], also: Server | None = None, *, demo: bool = False, **extra: str) -> int:
    """Start servers (and ``also``), migrate, start ``commands`` with ``extra`` in their environment; run until told."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    with alone(settings.home):
        output = Output(settings.home / "log")
        pids = settings.home / "pids"
        pids.mkdir(exist_ok=True)
        wanted = [*embedded_servers(settings), *([also] if also else [])]
        servers = [EmbeddedServer(server, pids) for server in wanted]
        environ = child_environ(os.environ, extra)
        programs = [Program(name, command, environ, output, pids) for name, command in commands.items()]
        _run(settings, servers, programs, output, stop, demo=demo)
    return 0


def _run(
    settings: Settings, servers: list[EmbeddedServer], programs: list[Program], output: Output, stop: threading.Event, *, demo: bool
) -> None:
    supervisor = Supervisor([*servers, *programs], output)
    try:
        for server in servers:
            output.say(f"starting {server.name}")
            server.start()
        migrate_cli.prepare(settings)
        made = bootstrap.ensure(settings, demo=demo)
        for program in programs:
            program.start()
        announcing = threading.Thread(target=announce, args=(settings, made, output, stop))
        announcing.start()
        supervisor.watch(stop)
        announcing.join()
    finally:
        output.say("stopping")
        supervisor.stop()
