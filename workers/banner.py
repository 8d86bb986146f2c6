"""What a person needs to begin: printed once everything is ready."""

import http.client
import threading

from sql.settings import Settings
from workers.bootstrap import ADMINISTRATOR, Bootstrap
from workers.output import Output

_EARLIER = "(printed at the first start)"


def announce(settings: Settings, made: Bootstrap, output: Output, stop: threading.Event) -> None:
    """Wait until the web process says it is ready, then print address, password and token.

    Stopped before that, a password that was just made is printed all the same: it cannot be shown later.
    """
    while not (ready := is_ready(settings)) and not stop.wait(0.5):
        pass
    if ready or made.password:
        for line in _lines(settings, made, "is ready" if ready else "was stopped"):
            output.show(line)


def is_ready(settings: Settings) -> bool:
    """Return whether /readyz answers 200."""
    connection = http.client.HTTPConnection(reachable_host(settings), settings.port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def reachable_host(settings: Settings) -> str:
    """Return an address this machine can open, also where the web process listens on all of them."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)


def _lines(settings: Settings, made: Bootstrap, state: str) -> list[str]:
    host = reachable_host(settings)
    shown = f"[{host}]" if ":" in host else host
    return [
        "",
        f"  {f'aidwatch {state}':20} http://{shown}:{settings.port}/",
        f"  administrator        {ADMINISTRATOR}",
        f"  password             {made.password or _EARLIER}",
        *([f"  same password        {', '.join(made.others)}"] if made.others else []),
        f"  API token            {made.token or _EARLIER}",
        f"  logs                 {settings.home / 'log'}",
        "  Ctrl-C stops it.",
        "",
    ]
