"""Questions about places and units: names, and the way from the whole down to one."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from sql.load import named


@dataclass(frozen=True)
class Region:
    """A region with its name and level (province, city, county, township, village)."""

    region_code: str
    name: str
    level: str | None


@dataclass(frozen=True)
class Named:
    """A region with the county it lies in, where it lies in one."""

    region_code: str
    name: str
    level: str | None
    county: str | None

    @property
    def full(self) -> str:
        """Return the name with its county before it, as one would write it on an envelope."""
        return f"{self.county} {self.name}" if self.county and self.county != self.name else self.name


def root(conn: Connection) -> Region | None:
    """Return the region the deployment watches; None before any region was reported."""
    row = conn.execute(named("console_regions.root")).mappings().one_or_none()
    return Region(**row) if row else None


def here(conn: Connection, region: str | None) -> str:
    """Return the place looked at: the one asked for, else the whole; empty before any region was reported."""
    top = None if region else root(conn)
    return region or (top.region_code if top else "")


def path(conn: Connection, region: str | None) -> list[Region]:
    """Return the regions from the top down to ``region``."""
    if region is None:
        return []
    return [Region(**row) for row in conn.execute(named("console_regions.path"), {"region": region}).mappings()]


def children(conn: Connection, region: str) -> list[Region]:
    """Return the regions one level below."""
    return [Region(**row) for row in conn.execute(named("console_regions.children"), {"region": region}).mappings()]


def places(conn: Connection, codes: Iterable[str | None]) -> dict[str, Named]:
    """Return the names of the regions asked for, by code; unknown codes are left out."""
    wanted = sorted({code for code in codes if code})
    rows = conn.execute(named("console_regions.places"), {"codes": wanted}).mappings()
    return {row["region_code"]: Named(**row) for row in rows}


def units(conn: Connection, codes: Iterable[str | None]) -> dict[str, str]:
    """Return the names of the units asked for, by code."""
    wanted = sorted({code for code in codes if code})
    rows = conn.execute(named("console_regions.units"), {"codes": wanted})
    return {row.unit_code: row.name for row in rows if row.name}


def names(conn: Connection) -> dict[str, str]:
    """Return names down to townships, for cards that arrive in the browser with a code only."""
    return {row.region_code: row.name for row in conn.execute(named("console_regions.names")) if row.name}


def within(conn: Connection, region: str | None) -> list[str] | None:
    """Return the codes of a region and everything below it; None stands for everywhere."""
    if region is None:
        return None
    return list(conn.execute(named("console_regions.within"), {"region": region}).scalars())
