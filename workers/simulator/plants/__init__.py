"""Violations planted through ordinary SQL, one rule wide each, and the lawful look-alikes of every rule."""

from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random

from workers.simulator.book import Connection
from workers.simulator.plants import fund, people, procedure, project
from workers.simulator.plants.ground import Ground, NoGroundError
from workers.simulator.truth import Truth, keep

__all__ = ["LOOK_ALIKES", "PLANTS", "NoGroundError", "look_alike", "plant", "plant_many"]

Maker = Callable[[Ground], Truth]

PLANTS: dict[str, Maker] = {
    "T02": procedure.t02, "T03": procedure.t03, "T04": procedure.t04, "T06": procedure.t06, "T07": procedure.t07,
    "T05": procedure.t05, "T09": procedure.t09, "T10": procedure.t10, "T11": procedure.t11, "T21": procedure.t21,
    "P01": procedure.p01, "P02": procedure.p02, "P04": procedure.p04, "P10": procedure.p10,
    "P16": procedure.p16, "D01": people.d01, "D02": people.d02, "D07": people.d07, "D08": people.d08, "E01": people.e01,
    "E02": people.e02, "F01": fund.f01, "F02": fund.f02, "F03": fund.f03, "F06": fund.f06, "F20": fund.f20,
    "J04": project.j04, "J08": project.j08, "Q01": people.q01,
}  # fmt: skip
LOOK_ALIKES: dict[str, Maker] = {
    "T02": procedure.t02_lawful, "T03": procedure.t03_lawful, "T04": procedure.t04_lawful,
    "T06": procedure.t06_lawful, "T07": procedure.t07_lawful, "T09": procedure.t09_lawful,
    "T05": procedure.t05_lawful, "T10": procedure.t10_lawful, "T11": procedure.t11_lawful, "T21": procedure.t21_lawful,
    "P01": procedure.p01_lawful, "P02": procedure.p02_lawful, "P04": procedure.p04_lawful,
    "P10": procedure.p10_lawful, "P16": procedure.p16_lawful, "D01": people.d01_lawful, "D02": people.d02_lawful,
    "D07": people.d07_lawful, "D08": people.d08_lawful, "E01": people.e01_lawful, "E02": people.e02_lawful, "F01": fund.f01_lawful,
    "F02": fund.f02_lawful, "F03": fund.f03_lawful, "F06": fund.f06_lawful, "F20": fund.f20_lawful,
    "J04": project.j04_lawful, "J08": project.j08_lawful, "Q01": people.q01_lawful,
}  # fmt: skip


def plant(conn: Connection, rule: str, rng: Random, now: datetime, *, past: bool = False) -> Truth:
    """Plant one violation of ``rule`` in a transaction of its own and return what must come of it.

    now: Beijing wall clock. past: as part of the history, with dates spread over the year.
    Raises NoGroundError where the city has nobody left to plant it on.
    """
    return _make(conn, PLANTS[rule], rng, now, past)


def look_alike(conn: Connection, rule: str, rng: Random, now: datetime, *, past: bool = False) -> Truth:
    """Plant what looks like a violation of ``rule`` and is lawful."""
    return _make(conn, LOOK_ALIKES[rule], rng, now, past)


def plant_many(
    conn: Connection, rules: Iterable[str], rng: Random, now: datetime, *, past: bool = False
) -> list[Truth]:
    """Plant one violation for each of ``rules`` (repeat a code for more of it)."""
    return [plant(conn, rule, rng, now, past=past) for rule in rules]


def _make(conn: Connection, maker: Maker, rng: Random, now: datetime, past: bool) -> Truth:
    with conn.transaction():
        ground = Ground(conn, rng, now, past)
        truth = maker(ground)
        ground.flush()
        keep(conn, truth)
    return truth
