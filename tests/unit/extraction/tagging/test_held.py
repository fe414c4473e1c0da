"""What the lists know of names that look like ordinary words."""

from __future__ import annotations

import pytest

from services.extraction.mentions import Mention
from services.extraction.tagging.ordinary import is_ordinary
from tests.unit.extraction.tagging.test_names import told


@pytest.mark.parametrize(
    ("name", "form", "country"), [("بيشار", "بيشار", "DZ"), ("تنويان", "تنويان", "AR"), ("كيبدو", "كيبدو", "CO")]
)
def test_a_listed_name_is_kept_though_its_words_look_ordinary(name: str, form: str, country: str) -> None:
    assert is_ordinary(Mention(2, 3, 0, "LOC", 0.9, 5), ["تحدث", "عن", form, "صباحا"])
    (place,) = told(f"تحدث المسافر عن {name} صباحا.", (name, "LOC", 0))
    assert (place.text, place.country) == (name, country)
