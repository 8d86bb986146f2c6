"""Somebody signed in to the console, without a browser: what its pages and callbacks answer them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Connection

from console.app import ReadingAs, create_app
from sql.access import see_as
from sql.people import COOKIE, Viewer
from sql.settings import Settings
from tests.conftest import Database
from tests.signing import signed_in
from workers.keys import Keys

KEYS = Keys(b"h" * 32, b"v" * 32, b"s" * 32)
SETTINGS = Settings.read({"AIDWATCH_TEST": "1"})


@dataclass
class Guest:
    """The application, and somebody signed in to it."""

    app: Dash
    client: FlaskClient


def guest(
    database: Database, reading_as: ReadingAs | None = None, *, keys: Keys = KEYS, ring: Callable[[], None] = lambda: None, **who: Any
) -> Guest:
    """Return somebody signed in; ``who`` as tests.signing.signed_in takes it."""
    engine = database.engine("console")

    @contextmanager
    def reading(viewer: Viewer) -> Iterator[Connection]:
        with engine.connect() as conn:
            see_as(conn, viewer)
            yield conn

    app = create_app(reading_as or reading, engine.begin, keys, SETTINGS, ring)
    client: FlaskClient = app.server.test_client()
    client.set_cookie(COOKIE, signed_in(engine, **who))
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return Guest(app, client)


def ask(of: Guest, part: str, **address: str) -> str:
    """Return what the callback that fills ``part`` answers to a browser at an address; empty: nothing."""
    app = of.app
    output = next(key for key in app.callback_map if part in key)
    values = {"search": address["search"], "data": None, "pathname": address["path"]}
    spec = app.callback_map[output]
    given = {kind: [{**one, "value": values[one["property"]]} for one in spec[kind]] for kind in ("inputs", "state")}
    outputs = [identity(one) for one in output.strip(".").split("...")]
    body = {"output": output, "outputs": outputs if output.startswith("..") else outputs[0], "changedPropIds": ["url.search"], **given}
    answer = of.client.post("/_dash-update-component", json=body)
    told = answer.get_json()["response"] if answer.status_code == 200 else None
    return json.dumps(told, ensure_ascii=False) if told else ""


def ask_grid(of: Guest, search: str) -> str:
    """Return the first rows of the list of findings, as its grid asks for them."""
    output = next(key for key in of.app.callback_map if "getRowsResponse" in key)
    wanted = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}
    body = {"output": output, "outputs": [identity(one) for one in output.strip(".").split("...")], "changedPropIds": ["findings-grid.getRowsRequest"],
            "inputs": [{"id": "findings-grid", "property": "getRowsRequest", "value": wanted}],
            "state": [{"id": "url", "property": "search", "value": search}]}  # fmt: skip
    answer = of.client.post("/_dash-update-component", json=body)
    return answer.get_data(as_text=True) if answer.status_code == 200 else ""


def identity(output: str) -> dict[str, Any]:
    name, prop = output.rsplit(".", 1)
    return {"id": json.loads(name) if name.startswith("{") else name, "property": prop}


def taken(who: Guest, address: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the head of a CSV file somebody takes out, and its rows by the names of their columns."""
    told = who.client.get(address, buffered=True)
    assert told.status_code == 200, address
    lines = list(csv.reader(io.StringIO(told.get_data().decode("utf-8-sig"))))
    edge = lines.index([])
    return {line[0]: line[1] for line in lines[:edge]}, [dict(zip(lines[edge + 1], line, strict=True)) for line in lines[edge + 2 :]]
