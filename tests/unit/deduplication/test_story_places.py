"""Which places lie in which."""

from __future__ import annotations

import pytest

from schemas.stories import Precision
from services.deduplication.story_state import Place
from services.deduplication.story_tolls import contains


@pytest.mark.parametrize("precision", ["exact", "near", "town"])
def test_a_region_holds_places_that_are_known_to_the_town(precision: Precision) -> None:
    region = Place("Idlib Governorate", "SY", 35.8, 36.7, "region", 1)
    inner = Place("قرية", "SY", 35.9, 36.6, precision, 1)
    places = {place.canonical: place for place in (region, inner)}
    assert contains(region.canonical, inner.canonical, places)
    assert not contains(inner.canonical, region.canonical, places)
