"""The settings of an embedded PostgreSQL. They go to a file: with a replication slot in the data
and ``wal_level`` missing from one start's arguments, the server refuses to start."""

import os
from collections.abc import Mapping
from pathlib import Path

_FIXED = {
    "listen_addresses": "",
    "port": "5432",  # names the socket file
    "unix_socket_permissions": "0700",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "log_line_prefix": "%m [%p] %u@%d ",
    "wal_level": "logical",
    "max_wal_senders": "8",
    "max_replication_slots": "8",
    "max_slot_wal_keep_size": "8GB",  # a forgotten slot must not fill the disk
    "synchronous_commit": "on",  # what was acknowledged survives kill -9
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "max_connections": "150",
    "max_locks_per_transaction": "256",  # one lock for each partition a statement names
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
}


def conf_text(run_dir: Path, extra: Mapping[str, str]) -> str:
    """Return the settings as text; ``extra`` overrides."""
    settings = {**_FIXED, **_memory(), "unix_socket_directories": str(run_dir), **extra}
    return "".join(["# Written at every start.\n", *(_line(name, value) for name, value in settings.items())])


def _line(name: str, value: str) -> str:
    quoted = value.replace("'", "''")
    return f"{name} = '{quoted}'\n"


def _memory() -> dict[str, str]:
    total_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {"shared_buffers": f"{min(512, total_mb // 8)}MB", "effective_cache_size": f"{total_mb // 2}MB"}
