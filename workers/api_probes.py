"""Liveness, readiness and /metrics: for machines, without a session."""

from __future__ import annotations

from http import HTTPStatus

import redis
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from sql.load import named
from workers.api_access import Given, bearer, is_local
from workers.api_errors import Json, Problem
from workers.api_services import Services
from workers.metrics_state import exposition

LATE_S = 120.0  #: an evaluator that is further behind is not ready: what the console shows is old
router = APIRouter()


@router.get("/healthz", tags=["probes"])
async def is_alive() -> Json:
    """Answer at all."""
    return Json({"status": "ok"})


@router.get("/readyz", tags=["probes"])
def is_ready(services: Given) -> Json:
    """Answer 200 when the database and the bus answer and the evaluator keeps up, else 503 and what is missing."""
    lag_s = _lag(services)
    parts = {
        "database": "away" if lag_s is None else "ok",
        "bus": "ok" if _bus_answers(services) else "away",
        "evaluator": "unknown" if lag_s is None else "ok" if lag_s <= LATE_S else "late",
    }
    ready = set(parts.values()) == {"ok"}
    body = {"ready": ready, **parts, "evaluator_lag_s": None if lag_s is None else round(lag_s, 3)}
    return Json(body, status_code=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)


@router.get("/metrics", tags=["probes"])
def read_metrics(request: Request, services: Given) -> Response:
    """Return the Prometheus text: open on this machine, else for tokens with scope ``metrics``."""
    if not is_local(request):
        grant = bearer(request, services)
        if grant is None or "metrics" not in grant.scopes:
            raise Problem(
                HTTPStatus.FORBIDDEN if grant else HTTPStatus.UNAUTHORIZED, "send a token with scope 'metrics'"
            )
    return Response(exposition(services.settings, services.state), media_type=CONTENT_TYPE_LATEST)


def _lag(services: Services) -> float | None:
    try:
        with services.engine.connect() as conn:
            return float(conn.execute(named("status.lag")).scalar_one())
    except SQLAlchemyError:
        return None


def _bus_answers(services: Services) -> bool:
    try:
        return bool(services.bus.ping())
    except redis.RedisError:
        return False
