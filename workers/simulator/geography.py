"""The city's places: counties, townships and villages of Dezhou, with a made-up point for each township."""

import csv
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from random import Random

PROVINCE, CITY = "37", "3714"
#: What a degree is in kilometres at this latitude.
KM_PER_LON, KM_PER_LAT = 88.6, 111.2


@dataclass(frozen=True, slots=True)
class Village:
    code: str
    name: str

    @property
    def is_urban(self) -> bool:
        return "社区" in self.name or "居委会" in self.name

    @property
    def kind(self) -> str:
        return "城镇" if self.is_urban else "农村"


@dataclass(frozen=True, slots=True)
class Town:
    """A township or street office. ``short`` is what tells it from the others in our own numbers."""

    code: str
    name: str
    county: str
    lon: float
    lat: float
    villages: list[Village] = field(default_factory=list)

    @property
    def short(self) -> str:
        return self.code[4:]

    @property
    def office(self) -> str:
        return f"JG{self.code}"

    @property
    def county_office(self) -> str:
        return f"JG{self.county}01"


@dataclass(frozen=True, slots=True)
class County:
    code: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Geography:
    names: dict[str, str]
    counties: list[County]
    towns: list[Town]

    def town(self, code: str) -> Town:
        return next(town for town in self.towns if town.code == code)


@cache
def dezhou() -> Geography:
    """Read the code table shipped beside this module."""
    text = files("workers.simulator").joinpath("data/dezhou_regions.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    counties = [County(r["code"], r["name"], float(r["lon"]), float(r["lat"])) for r in rows if len(r["code"]) == 6]
    towns = {r["code"]: _town(r["code"], r["name"], counties) for r in rows if len(r["code"]) == 9}
    for row in rows:
        if len(row["code"]) == 12:
            towns[row["code"][:9]].villages.append(Village(row["code"], row["name"]))
    return Geography({r["code"]: r["name"] for r in rows}, counties, list(towns.values()))


def _town(code: str, name: str, counties: list[County]) -> Town:
    county = next(county for county in counties if code.startswith(county.code))
    rng = Random(code)
    lon, lat = county.lon + rng.uniform(-0.12, 0.12), county.lat + rng.uniform(-0.1, 0.1)
    return Town(code, name, county.code, lon, lat)
