"""The city of tests/console/world.py in a database, read as the console reads it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from sql.access import see_as
from sql.people import Viewer
from tests.conftest import Database
from tests.console.world import World, fill

EVERYTHING = Viewer("chen", "Chen", frozenset({"supervisor", "auditor"}), ("*",))


@pytest.fixture
def world(database: Database) -> World:
    return fill(database.engine("owner"))


@pytest.fixture
def conn(world: World, database: Database) -> Iterator[Connection]:
    """A connection of the console's own role."""
    with database.engine("console").connect() as reading:
        see_as(reading, EVERYTHING)
        yield reading
