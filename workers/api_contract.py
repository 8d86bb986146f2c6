"""``/api/v1/contract``: the event contract as JSON Schema and AsyncAPI, from the definition intake itself checks by."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from fastapi import APIRouter

from monitors.entities import ENTITIES, LOCAL_ONLY
from monitors.event import SENT
from workers.api_errors import Json

VERSION = "1.0"
router = APIRouter()


@router.get("/contract", tags=["contract"])
async def read_contract() -> Json:
    """Return the contract; it is public."""
    return Json({"version": VERSION, "json_schema": json_schema(), "asyncapi": asyncapi()})


@cache
def json_schema() -> dict[str, Any]:
    """Return the schema of one event (``event``) and of each entity's record (``records``)."""
    open_to_all = [entity for name, entity in ENTITIES.items() if name not in LOCAL_ONLY]
    found = msgspec.json.schema_components(
        [SENT[e.name] for e in open_to_all], ref_template="#/json_schema/records/{name}"
    )[1]
    records = {e.name: _record(found[SENT[e.name].__name__], e.name) for e in open_to_all}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "event": {"oneOf": [_event(e.name, e.key, op) for e in open_to_all for op in ("upserted", "deleted")]},
        "records": records,
    }


def _record(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """Further fields are kept in the ledger and read by nobody, so they are allowed."""
    return {**schema, "title": name, "additionalProperties": True}


def _event(entity: str, key: str, op: str) -> dict[str, Any]:
    data = {"$ref": f"#/json_schema/records/{entity}"} if op == "upserted" else {"type": ["object", "null"]}
    short = {"type": "string", "minLength": 1, "maxLength": 200}
    return {
        "type": "object",
        "title": f"aidwatch.{entity}.{op}",
        "required": ["specversion", "id", "source", "type", "subject", "time", *(["data"] if op == "upserted" else [])],
        "properties": {
            "specversion": {"const": "1.0"}, "id": short, "source": short, "type": {"const": f"aidwatch.{entity}.{op}"},
            "subject": {"type": "string", "minLength": 1, "maxLength": 64, "description": f"equals data.{key}"},
            "time": {"type": "string", "format": "date-time"},
            "sequence": {"type": ["string", "null"], "pattern": "^[0-9]{1,18}$"}, "data": data,
        },
    }  # fmt: skip


@cache
def asyncapi() -> dict[str, Any]:
    """Return the two channels: events in, changes of findings out."""
    changed = {name: {"type": ["string", "null"]} for name in ("card", "region_code")} | {
        name: {"type": "string"} for name in ("finding_id", "rule", "what", "title_zh", "title_en", "at", "committed_at")
    } | {"present": {"type": "boolean"}}  # fmt: skip
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "aidwatch", "version": VERSION},
        "channels": {
            "events": {
                "address": "/api/v1/events",
                "messages": {"event": {"payload": {"$ref": "#/json_schema/event"}}},
            },
            "live": {
                "address": "/live/events",
                "messages": {"finding": {"payload": {"type": "object", "properties": changed}}},
            },
        },
        "operations": {
            "takeEvents": {"action": "receive", "channel": {"$ref": "#/asyncapi/channels/events"}},
            "announceFindings": {"action": "send", "channel": {"$ref": "#/asyncapi/channels/live"}},
        },
    }
