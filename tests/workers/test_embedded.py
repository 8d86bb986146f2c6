"""The launchers: start, power cut, restart, and nothing lost or left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import redis

from workers.embedded import account, programs
from workers.embedded.database import prepare_database
from workers.embedded.launch import LaunchError
from workers.embedded.postgres import PostgresServer
from workers.embedded.valkey import ValkeyServer


def test_postgres_keeps_committed_rows_through_a_kill(tmp_path: Path) -> None:
    with PostgresServer(tmp_path / "pg") as server:
        with server.connect() as conn:
            conn.execute("create table kept (n int)")
            conn.execute("insert into kept values (1)")
        server.kill()
        server.start()
        with server.connect() as conn:
            assert conn.execute("select n from kept").fetchall() == [(1,)]


def test_postgres_starts_over_a_pid_file_that_names_another_program(tmp_path: Path) -> None:
    with PostgresServer(tmp_path / "pg") as server:
        server.kill()
        lock = server.data / "postmaster.pid"
        lock.write_text("\n".join([str(os.getpid()), *lock.read_text().split("\n")[1:]]))
        server.start()
        assert server.answers()


def test_two_clusters_run_at_once_and_starting_again_changes_nothing(tmp_path: Path) -> None:
    with PostgresServer(tmp_path / "a") as one, PostgresServer(tmp_path / "b") as two:
        process = one.process
        one.start()
        assert one.process is process
        assert one.url() != two.url()
        assert one.answers()
        assert two.answers()


def test_the_cluster_is_set_up_for_change_capture_and_durability(tmp_path: Path) -> None:
    with PostgresServer(tmp_path / "pg", conf={"shared_buffers": "32MB"}) as server, server.connect() as conn:
        shown = {
            name: conn.execute(f"show {name}").fetchone()
            for name in ("wal_level", "synchronous_commit", "fsync", "listen_addresses", "timezone", "shared_buffers")
        }
    values = {name: row[0] for name, row in shown.items() if row}
    assert values == {
        "wal_level": "logical",
        "synchronous_commit": "on",
        "fsync": "on",
        "listen_addresses": "",
        "timezone": "Asia/Shanghai",
        "shared_buffers": "32MB",
    }


def test_no_login_role_of_ours_can_pass_row_level_security(tmp_path: Path) -> None:
    with PostgresServer(tmp_path / "pg") as server:
        prepare_database(server)
        prepare_database(server)  # a second time finds everything there
        with server.connect("aidwatch") as conn:
            roles = conn.execute(
                "select rolname, rolsuper or rolbypassrls, rolcanlogin from pg_roles where rolname !~ '^(pg_|postgres)'"
            ).fetchall()
    assert sorted(roles) == [
        ("aidwatch_console", False, True),
        ("aidwatch_owner", False, True),
        ("aidwatch_worker", False, True),
        ("rule_reader", False, False),
        ("vault_reader", False, False),
    ]


@pytest.mark.skipif(os.getuid() != 0, reason="only root changes accounts")
def test_root_without_namespaces_runs_postgres_as_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.embedded.postgres.account", account.nobody)
    directory = Path(f"/var/tmp/aidwatch-test-{os.getpid()}")
    try:
        with PostgresServer(directory) as server:
            assert server.process is not None
            assert psutil.Process(server.process.pid).username() == "nobody"
            server.kill()
            server.start()
    finally:
        subprocess.run(["rm", "-rf", str(directory)], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root changes accounts")
def test_a_home_nobody_cannot_enter_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.embedded.postgres.account", account.nobody)
    tmp_path.chmod(0o700)
    with pytest.raises(LaunchError, match="AIDWATCH_HOME"):
        PostgresServer(tmp_path / "pg").start()


def test_a_server_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="shared_bufferz"):
        PostgresServer(tmp_path / "pg", conf={"shared_bufferz": "1"}).start()


def test_a_missing_wheel_names_the_variable_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_in_wheel", lambda *_: [])
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    with pytest.raises(LaunchError, match="DATABASE_URL"):
        programs.postgres_programs()
    with pytest.raises(LaunchError, match="REDIS_URL"):
        programs.valkey_program()


def test_valkey_keeps_answered_writes_through_a_kill(tmp_path: Path) -> None:
    with ValkeyServer(tmp_path / "valkey") as server:
        with redis.Redis.from_url(server.url) as client:
            client.xadd("events", {"d": "1"})
        server.kill()
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.xlen("events") == 1
            assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
            assert client.config_get("port")["port"] == "0"


_HOLDER = """
import sys, time
from pathlib import Path
from workers.embedded.postgres import PostgresServer
from workers.embedded.valkey import ValkeyServer
with PostgresServer(Path(sys.argv[1]) / "pg") as pg, ValkeyServer(Path(sys.argv[1]) / "valkey") as valkey:
    print(pg.process.pid, valkey.process.pid, flush=True)
    time.sleep(60)
"""


def test_servers_end_with_a_killed_parent(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        servers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
        _gone, alive = psutil.wait_procs(servers, timeout=10)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


def test_a_start_waits_for_a_server_that_is_still_leaving(tmp_path: Path) -> None:
    first = PostgresServer(tmp_path / "pg")
    first.start()
    assert first.process is not None
    first.process.send_signal(signal.SIGTERM)  # smart shutdown: waits for sessions, refuses new ones
    with PostgresServer(tmp_path / "pg") as second:
        assert second.answers()
    first.stop()
