"""Outlines of counties for the map: rings, a place for the label, and hatching for where we are blind.

Plotly's maps have no pattern fill, so hatching is drawn as lines, clipped to the outline here.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = tuple[Point, ...]
OUTLINES = Path(__file__).parents[1] / "assets" / "geo" / "dezhou_counties.geojson"
AIR = 0.02
HATCH_STEP = 0.036  # degrees between two hatch lines


@dataclass(frozen=True)
class Outline:
    """One county: its 12-digit code, its rings, where its label goes, and the lines that hatch it."""

    region_code: str
    name: str
    rings: tuple[Ring, ...]
    label: Point
    hatching: tuple[tuple[Point, Point], ...]


@cache
def outlines() -> dict[str, Outline]:
    """Return the outlines we have, by region code."""
    features = _collection()["features"]
    return {outline.region_code: outline for outline in map(_outline, features)}


@cache
def geojson() -> dict[str, Any]:
    """Return the collection for Plotly, keyed by region code, outer rings clockwise as it wants them."""
    features = [
        {
            "type": "Feature", "id": outline.region_code, "properties": {"name": outline.name},
            "geometry": {"type": "MultiPolygon", "coordinates": [[[*_clockwise(ring)]] for ring in outline.rings]},
        }
        for outline in outlines().values()
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


@cache
def bounds() -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ranges of longitude and latitude the outlines fill, with a little air around them."""
    points = [point for outline in outlines().values() for ring in outline.rings for point in ring]
    lon, lat = [x for x, _ in points], [y for _, y in points]
    return (min(lon) - AIR, max(lon) + AIR), (min(lat) - AIR, max(lat) + AIR)


@cache
def _collection() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(OUTLINES.read_text(encoding="utf-8"))
    return found


def _outline(feature: dict[str, Any]) -> Outline:
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = tuple(tuple((x, y) for x, y in polygon[0]) for polygon in polygons)
    largest = max(rings, key=lambda ring: abs(area(ring)))
    return Outline(f"{feature['id']}000000", feature["properties"]["name"], rings, centre(largest), hatch(rings))


def area(ring: Ring) -> float:
    """Return the signed area of a ring in square degrees; positive when it runs counter-clockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def _clockwise(ring: Ring) -> Ring:
    return ring if area(ring) < 0 else ring[::-1]


def centre(ring: Ring) -> Point:
    """Return the centre of gravity of a ring, moved inside when the ring is bent around it."""
    total = area(ring) * 6
    pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
    x = sum((x0 + x1) * (x0 * y1 - x1 * y0) for (x0, y0), (x1, y1) in pairs) / total
    y = sum((y0 + y1) * (x0 * y1 - x1 * y0) for (x0, y0), (x1, y1) in pairs) / total
    spans = [span for span in _inside(ring, y) if span[1] > span[0]]
    if any(left < x < right for left, right in spans) or not spans:
        return x, y
    left, right = max(spans, key=lambda span: span[1] - span[0])
    return (left + right) / 2, y


def _inside(ring: Ring, y: float) -> list[tuple[float, float]]:
    """Return the parts of the horizontal line at ``y`` that lie inside the ring."""
    cuts = sorted(
        x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True)
        if (y0 > y) != (y1 > y)
    )
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def hatch(rings: tuple[Ring, ...], step: float = HATCH_STEP) -> tuple[tuple[Point, Point], ...]:
    """Return lines rising to the right, ``step`` apart, that end where the outline does.

    The ring is sheared so that the lines lie level, cut there, and sheared back.
    """
    lines = []
    for ring in rings:
        sheared = tuple((x, y - x) for x, y in ring)
        low, high = min(y for _, y in sheared), max(y for _, y in sheared)
        for n in range(int(low / step), int(high / step) + 1):
            level = n * step + step * 0.37  # off the lattice: a line through a corner would be cut there
            lines += [((x0, x0 + level), (x1, x1 + level)) for x0, x1 in _inside(sheared, level)]
    return tuple(lines)
