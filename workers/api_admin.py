"""``/api/v1/admin``: what test deployments and operators need; scope ``admin``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from sql.access import Grant
from workers import fixed_clock
from workers.api_access import Given, need
from workers.api_errors import Json, Problem
from workers.settle import LIMIT_S, NotSettledError, settle

Admin = Annotated[Grant, Depends(need("admin"))]
router = APIRouter(prefix="/admin")


class Instant(BaseModel):
    """Where to set the test clock."""

    now: AwareDatetime


@router.post("/clock")
def move_clock(services: Given, _grant: Admin, asked: Instant) -> Json:
    """Move the test clock; what follows from it is evaluated as after any other change."""
    if services.settings.test_clock is None:
        raise Problem(HTTPStatus.NOT_FOUND, "this deployment follows real time: AIDWATCH_TEST_CLOCK is not set")
    return Json({"now": fixed_clock.move(services.settings, asked.now)})


@router.post("/settle")
def settle_all(services: Given, _grant: Admin, capture: Annotated[bool, Query()] = False) -> Json:
    """Answer once everything accepted so far has been evaluated."""
    try:
        return Json({"settled": True, "as_of": settle(services.settings, limit_s=LIMIT_S, capture=capture)})
    except NotSettledError as fault:
        raise Problem(HTTPStatus.GATEWAY_TIMEOUT, str(fault), waiting=fault.waiting) from None
