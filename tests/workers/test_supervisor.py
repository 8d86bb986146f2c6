"""The supervisor: what dies comes back, what stops stays down, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest
import redis

from workers.embedded.valkey import ValkeyServer
from workers.output import Output
from workers.supervised import EmbeddedServer, Program, Restarts
from workers.supervisor import ProcfileError, Supervisor, alone, child_environ, read_procfile

_SLEEPER = "import time; print('here', flush=True); time.sleep(60)"


def until(true: Callable[[], bool], limit_s: float = 10) -> bool:
    give_up = time.monotonic() + limit_s
    while not true() and time.monotonic() < give_up:
        time.sleep(0.02)
    return true()


def program(home: Path, name: str, code: str) -> Program:
    environ = child_environ(os.environ, {})
    return Program(name, [sys.executable, "-c", code], environ, Output(home / "log"), home)


def pid(home: Path, name: str) -> int:
    file = home / f"{name}.pid"
    return int(file.read_text()) if file.exists() else 0


def test_a_killed_process_comes_back_and_stop_ends_it(tmp_path: Path) -> None:
    supervisor = Supervisor([program(tmp_path, "web", _SLEEPER)], Output(tmp_path / "log"))
    supervisor.start()
    first = pid(tmp_path, "web")
    stop = threading.Event()

    def starts() -> int:
        log = tmp_path / "log" / "web.log"
        return log.read_text().count("here") if log.exists() else 0

    def act() -> None:
        until(lambda: starts() == 1)
        os.kill(first, signal.SIGKILL)
        until(lambda: starts() == 2)
        stop.set()

    actor = threading.Thread(target=act)
    actor.start()
    supervisor.watch(stop)
    actor.join()
    second = pid(tmp_path, "web")
    assert second != first
    supervisor.stop()
    assert not psutil.pid_exists(second)
    assert starts() == 2
    assert "web was ended by SIGKILL" in (tmp_path / "log" / "aidwatch.log").read_text()


def test_a_killed_embedded_server_comes_back_with_its_data(tmp_path: Path) -> None:
    valkey = ValkeyServer(tmp_path / "valkey")
    supervisor = Supervisor([EmbeddedServer(valkey, tmp_path)], Output(tmp_path / "log"))
    supervisor.start()
    first = pid(tmp_path, "valkey")
    with closing(redis.Redis.from_url(valkey.url)) as client:
        client.set("kept", "1")
    stop = threading.Event()

    def act() -> None:
        os.kill(first, signal.SIGKILL)
        until(lambda: pid(tmp_path, "valkey") != first)
        stop.set()

    actor = threading.Thread(target=act)
    actor.start()
    supervisor.watch(stop)
    actor.join()
    with closing(redis.Redis.from_url(valkey.url)) as client:
        assert client.get("kept") == b"1"
    supervisor.stop()
    assert not valkey.answers()


def test_a_dead_process_leaves_no_children_that_hold_its_port(tmp_path: Path) -> None:
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True); sys.exit(3)"
    parent = program(tmp_path, "web", code)
    parent.start()
    log = tmp_path / "log" / "web.log"
    assert until(lambda: log.exists() and log.read_text().strip().isdigit())
    assert until(lambda: parent.died() == "ended with status 3")
    child = int(log.read_text())
    assert until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def test_a_stubborn_process_is_killed(tmp_path: Path) -> None:
    stubborn = program(tmp_path, "web", f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {_SLEEPER}")
    stubborn.start()
    assert until((tmp_path / "log" / "web.log").exists)
    stubborn.ask_to_stop()
    stubborn.stop(0.1)
    assert stubborn.died() == "was ended by SIGKILL"


def test_restarts_come_later_each_time_and_loudly_after_five_in_a_minute() -> None:
    restarts = Restarts()
    assert [restarts.after_death(now_s) for now_s in range(6)] == [
        (0.25, False), (0.5, False), (1.0, False), (2.0, False), (30.0, True), (30.0, True),
    ]  # fmt: skip
    assert restarts.after_death(1000) == (0.25, False), "a death long ago must not count"


_SUPERVISE = """
import sys, threading
from pathlib import Path
from tests.workers.test_supervisor import _SLEEPER, program
from workers.output import Output
from workers.supervisor import Supervisor
home = Path(sys.argv[1])
supervisor = Supervisor([program(home, 'web', _SLEEPER)], Output(home / 'log'))
supervisor.start()
supervisor.watch(threading.Event())
"""


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _SUPERVISE, str(tmp_path)], stdout=subprocess.DEVNULL) as supervisor:
        assert until((tmp_path / "log" / "web.log").exists, 30)
        child = pid(tmp_path, "web")
        supervisor.kill()
    assert until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def test_two_supervisors_do_not_share_a_home(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Exception, match="already runs"), alone(tmp_path):
        pass


def test_the_procfile_names_a_command_for_each_process(tmp_path: Path) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text("# processes\nweb: aidwatch run web\n\njobs: rq worker --name 'a b'\n")
    assert read_procfile(procfile) == {"web": ["aidwatch", "run", "web"], "jobs": ["rq", "worker", "--name", "a b"]}
    procfile.write_text("web\n")
    with pytest.raises(ProcfileError, match=":1:"):
        read_procfile(procfile)
