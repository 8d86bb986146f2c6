"""The embedded servers a deployment needs: those it was given no URL for."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sql.settings import Settings
from workers.embedded.database import prepare_database
from workers.embedded.postgres import PostgresServer
from workers.embedded.valkey import ValkeyServer

Server = PostgresServer | ValkeyServer


def embedded_servers(settings: Settings) -> list[Server]:
    """Return the servers to start, in order, none of them started."""
    servers: list[Server] = []
    if settings.embeds_postgres:
        servers.append(PostgresServer(settings.home / "postgres", settings.home / "run", name="postgres"))
    if settings.embeds_valkey:
        servers.append(ValkeyServer(settings.home / "valkey", settings.home / "run"))
    return servers


def start(server: Server) -> None:
    """Start a server and give a PostgreSQL our roles and our database."""
    server.start()
    if isinstance(server, PostgresServer) and server.name == "postgres":
        prepare_database(server)


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Have the servers running for one command; those that run already stay as they are, and stay up."""
    settings.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    with ExitStack() as stack:
        for server in embedded_servers(settings):
            start(server)
            stack.callback(server.stop)
        yield
