"""The HTTP API: ``/api/v1``, the probes, /metrics. Its documents are served as plain JSON: the usual pages that
draw them fetch scripts from the internet, which a machine room has not got."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from workers import api_admin, api_contract, api_events, api_findings, api_probes, api_status
from workers.api_errors import install
from workers.api_services import Services

PREFIX = "/api/v1"
#: The framework would send spans and exception messages wherever the environment says; ours stay here.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
PROBES = frozenset(("/healthz", "/readyz", "/metrics"))


def create_api(services: Services) -> FastAPI:
    """Return the ASGI app; whoever opened ``services`` closes them."""
    api = FastAPI(
        title="aidwatch", version=_version(), docs_url=None, redoc_url=None, openapi_url=f"{PREFIX}/openapi.json"
    )
    api.state.services = services
    for part in (api_events, api_findings, api_status, api_admin, api_contract):
        api.include_router(part.router, prefix=PREFIX)
    api.include_router(api_probes.router)
    install(api)
    return api


def is_ours(path: str) -> bool:
    """Return whether a path belongs to the API; every other is the console's."""
    return path.startswith("/api/") or path in PROBES


def _version() -> str:
    try:
        return version("aidwatch")
    except PackageNotFoundError:
        return "0"
