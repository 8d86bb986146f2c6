"""A builder of CloudEvents for tests."""

from __future__ import annotations

import itertools
import json
from typing import Any

from monitors.entities import ENTITIES

_numbers = itertools.count(1)


def event(entity: str, *, at: str = "2026-11-05T10:00:00+08:00", event_id: str | None = None, source: str = "/test", deleted: str | None = None,
          sequence: int | None = None, **data: Any) -> bytes:  # fmt: skip
    """Return one event: ``data`` is the whole record, or ``deleted`` the key of a record that is gone."""
    told: dict[str, Any] = {"specversion": "1.0", "id": event_id or f"e{next(_numbers)}", "source": source, "time": at}
    if sequence is not None:
        told["sequence"] = str(sequence)
    if deleted is not None:
        told |= {"type": f"aidwatch.{entity}.deleted", "subject": deleted}
    else:
        told |= {"type": f"aidwatch.{entity}.upserted", "subject": data[ENTITIES[entity].key], "data": data}
    return json.dumps(told, ensure_ascii=False).encode()
