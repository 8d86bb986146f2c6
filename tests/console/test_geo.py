"""The map: outlines, labels inside them, hatching that ends where they do, steps with a meaning."""

import math

import pytest

from console import geo
from console.i18n import speaking
from console.parts.map import Scale, Spot, county_map, scale, short_name

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
HOOK = ((0.0, 0.0), (3.0, 0.0), (3.0, 1.0), (1.0, 1.0), (1.0, 3.0), (3.0, 3.0), (3.0, 4.0), (0.0, 4.0), (0.0, 0.0))


def inside(ring: geo.Ring, point: geo.Point) -> bool:
    x, y = point
    edges = zip(ring, ring[1:] + ring[:1], strict=True)
    crossings = [x0 + (y - y0) * (x1 - x0) / (y1 - y0) > x for (x0, y0), (x1, y1) in edges if (y0 > y) != (y1 > y)]
    return sum(crossings) % 2 == 1


def test_there_is_an_outline_for_each_county() -> None:
    assert len(geo.outlines()) == 11
    assert geo.outlines()["371402000000"].name == "德城区"


def test_outer_rings_run_clockwise() -> None:
    for feature in geo.geojson()["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            assert geo.area(tuple(polygon[0])) < 0


def test_labels_lie_inside_even_of_a_bent_place() -> None:
    for outline in geo.outlines().values():
        assert any(inside(ring, outline.label) for ring in outline.rings)
    assert inside(HOOK, geo.centre(HOOK))


def test_hatching_stays_inside() -> None:
    for outline in geo.outlines().values():
        assert outline.hatching
        for (x0, y0), (x1, y1) in outline.hatching:
            middle = ((x0 + x1) / 2, (y0 + y1) / 2)
            assert any(inside(ring, middle) for ring in outline.rings)
            assert math.isclose(y1 - y0, x1 - x0)  # rising at 45 degrees


def test_hatching_covers_a_square_evenly() -> None:
    lines = geo.hatch((SQUARE,), step=0.1)
    assert len(lines) == 20
    length = sum(math.dist(one, other) for one, other in lines)
    assert length == pytest.approx(1 / 0.1 * math.sqrt(2), rel=0.05)  # area over the distance between lines


def test_unknown_is_hatched_and_never_a_step() -> None:
    spots = [Spot("371402000000", "德城区", 0), Spot("371426000000", "平原县", None)]
    with speaking("zh"):
        figure = county_map(spots, scale(10))
    known, blind, hatching = figure.data[0], figure.data[1], figure.data[2]
    assert list(known.locations) == ["371402000000"]
    assert list(blind.locations) == ["371426000000"]
    assert {colour for _at, colour in blind.colorscale} == {"var(--hatch-a)"}
    assert len(hatching.lon) == 3 * len(geo.outlines()["371426000000"].hatching)
    assert "未知" in figure.data[-1].text[1]


@pytest.mark.parametrize("largest", [0, 1, 5, 6, 21, 99, 1_000, 123_456])
def test_steps_cover_every_number_and_zero_stands_alone(largest: int) -> None:
    steps = scale(largest)
    assert steps.step(0) == 0
    assert steps.step(1) == 1
    assert steps.step(largest) <= 5
    assert steps.step(largest * 100 + 100) == 5
    assert [steps.step(n) for n in range(largest + 1)][:5000] == sorted(steps.step(n) for n in range(largest + 1))[
        :5000
    ]


def test_the_legend_says_what_the_steps_hold() -> None:
    assert Scale((0, 5, 10, 15, 20)).ranges() == ["0", "1–5", "6–10", "11–15", "16–20", "≥ 21"]
    assert scale(3).ranges() == ["0", "1", "2", "3", "4", "≥ 5"]


def test_names_on_maps_are_short() -> None:
    assert [short_name(name) for name in ("平原县", "乐陵市", "德城区", "市中区")] == ["平原", "乐陵", "德城", "市中"]
