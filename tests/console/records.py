"""Records of the business written straight into the store, as intake would leave them; and what a page's numbers lead to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from console.queries.projects import MOST
from tests.console.guests import Guest, ask
from tests.console.world import NOW, World
from workers import remade

VERSIONED = ("household", "benefit")


def put(world: World, entity: str, **record: Any) -> None:
    """Write one record; a field left out is absent if ``absent`` names it, else known to be empty."""
    row = {"event_source": "/test", "event_at": NOW, "arrival": 1, **({"from_at": NOW} if entity in VERSIONED else {}), **record}
    names = ", ".join(row)
    world.conn.execute(text(f"insert into store.{entity}({names}) values ({', '.join(f':{name}' for name in row)})"), row)


def reports(world: World, *entities: str) -> None:
    """Let a source be known to report these entities."""
    for entity in entities:
        world.conn.execute(text("insert into store.source_state(source, entity, last_at, events) values ('/test', :entity, :at, 1) on conflict do nothing"),
                           {"entity": entity, "at": NOW})  # fmt: skip


def remade_now(world: World) -> None:
    """What the clock does each minute: last visits, sums of projects, what bears a stop out."""
    with world.engine.connect() as conn:
        for what in remade.ALL:
            remade.refresh(conn.connection.driver_connection, what, again=True)  # type: ignore[arg-type]


def numbers(told: Any, path: str) -> Iterator[tuple[int, str]]:
    """The numbers of a drawing that are links to a list of the page at ``path``, or stand in one, and where they lead."""
    if isinstance(told, list):
        for one in told:
            yield from numbers(one, path)
    elif isinstance(told, dict):
        href, said = str(told.get("href", "")), json.dumps(told.get("children"))
        number = re.search(r'"([\d,]+)", "className": "v"', said) or re.fullmatch(r'"([\d,]+)"', said)
        if href.startswith(f"{path}?") and number:
            yield int(number[1].replace(",", "")), href
        for one in told.values():
            yield from numbers(one, path)


def told(who: Guest, part: str, path: str, search: str = "") -> Any:
    """What a part of a page says, as data."""
    return json.loads(ask(who, part, search=search, path=path))


def rows(who: Guest, part: str, href: str) -> int:
    """How many rows the list at an address says it has; and so many it shows, or says where it was cut."""
    path, _, search = href.partition("#")[0].partition("?")
    said = ask(who, part, search=f"?{search}", path=path)
    found = re.search(r'"([\d,]+) 条"', said)
    assert found, (href, said[:300])
    n = int(found[1].replace(",", ""))
    assert said.count('"type": "Tr"') == (n + 1 if 0 < n <= MOST else 0 if n == 0 else MOST + 1), href
    return n
