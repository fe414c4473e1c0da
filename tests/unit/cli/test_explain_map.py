"""Dots, labels and lines of the small map."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.explain_map import BOTTOM, LEFT, MAX_LABEL, RIGHT, TOP, Place, frame_of, maps_of

DAMASCUS = Place("Damascus", "دمشق", 33.51, 36.29, "town")
DARAA = Place("Daraa", "درعا", 32.62, 36.1, "town", happened=True)
SUVA = Place("Suva", "سوفا", -18.14, 178.44, "town")
APIA = Place("Apia", "آبيا", -13.83, -171.77, "town")

PLACES = st.lists(
    st.builds(
        Place,
        name=st.sampled_from(["Daraa", "Aden", "Tyre"]),
        label=st.text(alphabet="ابتثج ", min_size=1, max_size=40),
        lat=st.floats(-90, 90),
        lon=st.floats(-180, 180),
        precision=st.sampled_from(["exact", "near", "town", "region", "country"]),
        happened=st.booleans(),
    ),
    max_size=25,
)


def apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


@given(PLACES)
def test_every_place_is_on_a_map_and_no_labels_overlap(places: list[Place]) -> None:
    maps = maps_of(places)
    assert bool(maps) == bool(places)
    assert {dot.place for map_ in maps for dot in map_.dots} == set(places)
    for map_ in maps:
        for dot in map_.dots:
            assert LEFT - 1e-6 <= dot.x <= RIGHT + 1e-6
            assert TOP - 1e-6 <= dot.y <= BOTTOM + 1e-6
        labels = [dot.label for dot in map_.dots if dot.label]
        boxes = [label.box for label in labels]
        assert all(len(label.text) <= MAX_LABEL for label in labels)
        assert all(apart(one, other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])
        assert all(box[0] >= LEFT and box[1] >= TOP and box[2] <= RIGHT and box[3] <= BOTTOM for box in boxes)


@given(PLACES.filter(bool))
def test_degrees_are_round_few_and_on_the_map(places: list[Place]) -> None:
    for map_ in maps_of(places):
        assert len(map_.meridians) <= 6
        assert len(map_.parallels) <= 6
        assert all(LEFT - 1e-6 <= x <= RIGHT + 1e-6 and -180 <= lon <= 180 for lon, x in map_.meridians)
        assert all(TOP - 1e-6 <= y <= BOTTOM + 1e-6 and -90 <= lat <= 90 for lat, y in map_.parallels)
        assert 0 < map_.bar[1] <= (RIGHT - LEFT) / 2


def test_north_is_up_and_east_is_right() -> None:
    [map_] = maps_of([DAMASCUS, DARAA])
    damascus, daraa = map_.dots
    assert damascus.y < daraa.y
    assert damascus.x > daraa.x


def test_a_single_place_stands_in_the_middle_of_its_surroundings() -> None:
    [map_] = maps_of([DAMASCUS])
    [dot] = map_.dots
    assert (dot.x, dot.y) == pytest.approx(((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2))
    assert dot.label
    assert dot.label.text == "دمشق"


def test_two_islands_across_the_date_line_are_neighbours() -> None:
    frame = frame_of([SUVA, APIA])
    assert frame.east - frame.west < 30
    [map_] = maps_of([SUVA, APIA])
    suva, apia = map_.dots
    assert suva.x < apia.x


def test_places_that_crowd_on_a_wide_map_get_one_of_their_own() -> None:
    crowd = [Place(f"Village {n}", f"قرية رقم {n}", 35.6 + n * 0.05, 36.5 + n * 0.07, "town") for n in range(8)]
    far = [Place("Washington", "واشنطن", 38.9, -77.04, "town"), Place("Syria", "سوريا", 35.1, 37.2, "country")]
    overview, close = maps_of([*crowd, *far])
    assert overview.close_up
    assert close.close_up is None
    assert {dot.place for dot in close.dots} == set(crowd)
    assert sum(dot.label is not None for dot in close.dots) >= 6
